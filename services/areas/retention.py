"""Retention: a row a clock of every ended tenant, and one for every legal hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from services.areas.base import STATUSES, Area, Field, Kind
from services.areas.tenants import STATES
from services.areas.urgency import most_urgent_first
from services.fleet.snapshot import FleetSnapshot, TenantView
from services.model import ClockState, Status, Verdict

EXPORT_WINDOW = "export_window"
HOLD = "hold"
_OUTER = "return_or_delete"
_FAR = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class RetentionRow:
    """A clock of a tenant, or a hold on its data."""

    view: TenantView
    clock: str | None
    """``None``: the tenant's clocks cannot be reckoned."""
    starts_at: datetime | None
    ends_at: datetime | None
    clause: str
    figure: str
    verdict: Verdict | None
    """``None``: it has not started, or what it asked for is done."""
    cut: bool
    """Whether the export window was cut to the outer clock."""
    at: datetime = field(compare=False)
    """The snapshot's instant."""

    @property
    def tenant(self) -> str:
        return self.view.tenant.id

    @property
    def status(self) -> Status:
        return self.verdict.status if self.verdict else Status.NOT_APPLICABLE

    @property
    def running(self) -> str | None:
        """The clock's state."""
        if self.starts_at is None:
            return None
        if self.at < self.starts_at:
            return ClockState.NOT_STARTED
        return ClockState.RUNNING if self.ends_at is None or self.at < self.ends_at else ClockState.OVER

    @property
    def counted_to(self) -> datetime | None:
        """What LEFT counts down to: nothing where nothing is left to be done."""
        return self.ends_at if self.verdict is not None else None


def _rows(fleet: FleetSnapshot) -> list[RetentionRow]:
    rows = [row for view in fleet.tenants.values() for row in _of(view, fleet.at)]
    return most_urgent_first(
        rows, lambda row: row.verdict, lambda row: (row.ends_at or _FAR, row.tenant, row.figure), fleet.at
    )


def _of(view: TenantView, now: datetime) -> Iterator[RetentionRow]:
    verdicts = {verdict.figure: verdict for verdict in view.verdicts}
    if any(clock.name == _OUTER and clock.starts_at <= now for clock in view.clocks):
        for clock in view.clocks:
            if clock.name != EXPORT_WINDOW:
                yield RetentionRow(
                    view,
                    clock.name,
                    clock.starts_at,
                    clock.ends_at,
                    clock.clause,
                    clock.name,
                    verdicts.get(clock.name),
                    cut=False,
                    at=now,
                )
        for export in view.exports:
            if (window := export.clock) is not None:
                yield RetentionRow(
                    view,
                    EXPORT_WINDOW,
                    window.starts_at,
                    window.ends_at,
                    window.clause,
                    export.verdict.figure,
                    export.verdict,
                    cut=window.cut_by is not None,
                    at=now,
                )
    elif (state := verdicts.get("state")) and state.status is Status.UNKNOWN and not _of_its_own(view):
        yield RetentionRow(view, None, None, None, state.clause, state.figure, state, cut=False, at=now)
    for hold in view.holds:
        yield RetentionRow(
            view,
            HOLD,
            hold.hold.placed_at,
            hold.hold.lifted_at or hold.hold.expires_at,
            hold.verdict.clause,
            hold.verdict.figure,
            hold.verdict,
            cut=False,
            at=now,
        )


def _of_its_own(view: TenantView) -> bool:
    """Whether the tenant has clocks that do not hang on an export."""
    return any(clock.name != EXPORT_WINDOW for clock in view.clocks)


def _explain(row: RetentionRow) -> tuple[str, str] | None:
    """Of a clock that nothing is judged of, the state is what says why."""
    if row.verdict is not None:
        return row.tenant, row.figure
    return (row.tenant, "state") if any(it.figure == "state" for it in row.view.verdicts) else None


def _fields() -> Iterator[Field[RetentionRow]]:
    yield Field("counted_to", Kind.COUNTDOWN, lambda row: row.counted_to, "LEFT", 10, priority=1, aliases=("left",))
    yield Field("status", Kind.STATUS, lambda row: row.status, "STATUS", 14, priority=1, choices=STATUSES)
    yield Field("tenant", Kind.TEXT, lambda row: row.tenant, "TENANT", 14, priority=1)
    yield Field("clock", Kind.TEXT, lambda row: row.clock, "CLOCK", 16, priority=1)
    yield Field("ends_at", Kind.INSTANT, lambda row: row.ends_at, "ENDS", 20, priority=3, aliases=("ends",))
    yield Field("state", Kind.TEXT, lambda row: row.view.tenant.state, "STATE", 10, priority=2, choices=STATES)
    yield Field("state_due", Kind.TEXT, lambda row: row.view.state_due, "DUE STATE", 10, priority=6, choices=STATES)
    yield Field("starts_at", Kind.INSTANT, lambda row: row.starts_at, "STARTS", 20, priority=9)
    yield Field("clock_state", Kind.TEXT, lambda row: row.running, "RUNS", 11, priority=7, choices=tuple(ClockState))
    yield Field("seconds_left", Kind.LEFT, lambda row: row.ends_at - row.at if row.ends_at else None)
    yield Field("ended_on", Kind.DAY, lambda row: row.view.tenant.ended_on)
    yield Field("zone", Kind.TEXT, lambda row: row.view.tenant.zone)
    yield Field("tier", Kind.TEXT, lambda row: row.view.tenant.tier)
    yield Field("region", Kind.TEXT, lambda row: row.view.tenant.region)
    yield Field("cut", Kind.TEXT, lambda row: row.cut)
    yield Field("clause", Kind.TEXT, lambda row: row.clause, "CLAUSE", 21, priority=8)
    yield Field("figure", Kind.TEXT, lambda row: row.figure)
    yield Field("reason", Kind.TEXT, _reason, "REASON", 30, priority=5)


def _reason(row: RetentionRow) -> str | None:
    return row.verdict.reason if row.verdict else None


RETENTION: Area[RetentionRow] = Area(
    name="retention",
    title="Retention",
    key="4",
    fields=tuple(_fields()),
    rows=_rows,
    row_key=lambda row: (row.tenant, row.figure),
    tenant=lambda row: row.tenant,
    status=lambda row: row.status,
    explain=_explain,
    help="A clock of every tenant whose subscription ended, not started ones too, and every legal hold.",
    empty="no subscription has ended",
)
