"""Maintenance: the slots that were planned, and what RDS itself has pending on a database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from services.areas.base import STATUSES, Area, Field, Kind
from services.areas.urgency import most_urgent_first
from services.estate.arns import parse
from services.estate.weekly import Opening, opening
from services.fleet.snapshot import FleetSnapshot, PendingView, SlotView
from services.model import SlotState, Verdict

SLOT, PENDING = "slot", "pending"
RUNNING = "running"
"""The state of a scheduled slot between its instants."""
STATES = (*SlotState, RUNNING, PENDING)
_FAR = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class MaintenanceRow:
    """A slot, or (``slot`` absent) an action that RDS has pending."""

    slot: SlotView | None
    pending: PendingView | None
    verdict: Verdict
    at: datetime = field(compare=False)
    """The snapshot's instant."""

    @property
    def tenant(self) -> str | None:
        return self.slot.slot.tenant if self.slot else self.pending.tenant if self.pending else None

    @property
    def scope(self) -> str | None:
        """A tenant, a tier in a region, or the database that RDS will work on."""
        if self.slot:
            return self.slot.slot.scope
        return _name(self.pending.arn) if self.pending else None

    @property
    def starts_at(self) -> datetime | None:
        return self.slot.slot.starts_at if self.slot else self.pending.applies_at if self.pending else None

    @property
    def ends_at(self) -> datetime | None:
        return self.slot.slot.ends_at if self.slot else None

    @property
    def state(self) -> str:
        if self.slot is None:
            return PENDING
        slot = self.slot.slot
        if slot.state is SlotState.SCHEDULED and slot.starts_at <= self.at < slot.ends_at:
            return RUNNING
        return slot.state

    @property
    def over(self) -> bool:
        """Whether it is a slot of the past."""
        return self.slot is not None and self.counted_to is None

    @property
    def counted_to(self) -> datetime | None:
        """The start; while it runs, the end; ``None`` for what is over."""
        if self.state == RUNNING:
            return self.ends_at
        over = self.slot is not None and (self.state != SlotState.SCHEDULED or self.slot.slot.ends_at <= self.at)
        return None if over else self.starts_at

    @property
    def window(self) -> Opening | None:
        """Of what is pending: the database's own weekly window, the one that is open or the next."""
        return opening(self.pending.window, self.at) if self.pending else None

    @property
    def conflicts(self) -> tuple[str, ...]:
        return self.slot.conflicts if self.slot else ()

    @property
    def what(self) -> str | None:
        """What is done."""
        return self.slot.slot.reason or None if self.slot else self.pending.action if self.pending else None


def _name(arn: str) -> str:
    parsed = parse(arn)
    return parsed.name if parsed else arn


def _rows(fleet: FleetSnapshot) -> list[MaintenanceRow]:
    rows = [MaintenanceRow(slot, None, slot.verdict, fleet.at) for slot in fleet.slots]
    rows += [MaintenanceRow(None, pending, pending.verdict, fleet.at) for pending in fleet.pending_maintenance]
    most_urgent_first(rows, lambda row: row.verdict, lambda row: (row.starts_at or _FAR, row.verdict.figure), fleet.at)
    return sorted(rows, key=lambda row: row.over)


def _fields() -> Iterator[Field[MaintenanceRow]]:
    yield Field("counted_to", Kind.COUNTDOWN, lambda row: row.counted_to, "LEFT", 10, priority=1, aliases=("left",))
    yield Field("status", Kind.STATUS, lambda row: row.verdict.status, "STATUS", 14, priority=1, choices=STATUSES)
    yield Field("scope", Kind.TEXT, lambda row: row.scope, "SCOPE", 20, priority=1)
    yield Field("kind", Kind.TEXT, lambda row: SLOT if row.slot else PENDING, choices=(SLOT, PENDING))
    yield Field("state", Kind.TEXT, lambda row: row.state, "STATE", 9, priority=2, choices=STATES)
    yield Field("starts_at", Kind.INSTANT, lambda row: row.starts_at, "STARTS", 20, priority=2, aliases=("starts",))
    yield Field("ends_at", Kind.INSTANT, lambda row: row.ends_at, "ENDS", 20, priority=7, aliases=("ends",))
    yield Field("what", Kind.TEXT, lambda row: row.what, "WHAT", 20, priority=3)
    yield Field(
        "tenants", Kind.NUMBER, lambda row: len(row.slot.tenants) if row.slot else None, "TENANTS", 7, priority=6
    )
    yield Field("conflicts", Kind.TEXTS, lambda row: row.conflicts, "CONFLICTS", 20, priority=5)
    yield Field("zone", Kind.TEXT, lambda row: row.slot.slot.zone if row.slot else None, "ZONE", 14, priority=8)
    yield Field("local_start", Kind.TEXT, _local_start, "LOCAL", 16, priority=9)
    yield Field("slot", Kind.TEXT, lambda row: row.slot.slot.id if row.slot else None, "SLOT", 12, priority=10)
    yield Field("tenant", Kind.TEXT, lambda row: row.tenant)
    yield Field("tier", Kind.TEXT, lambda row: row.slot.slot.tier if row.slot else None)
    yield Field("region", Kind.TEXT, _region)
    yield Field("store", Kind.TEXT, lambda row: row.pending.arn if row.pending else None, aliases=("arn",))
    yield Field("action", Kind.TEXT, lambda row: row.pending.action if row.pending else None)
    yield Field("forced", Kind.TEXT, lambda row: row.pending.forced if row.pending else None)
    yield Field("windows", Kind.TEXTS, _windows)
    yield Field(
        "window", Kind.TEXT, lambda row: row.pending.window if row.pending else None, "RDS WINDOW", 19, priority=9
    )
    yield Field("window_starts_at", Kind.INSTANT, lambda row: row.window.starts_at if row.window else None)
    yield Field("window_ends_at", Kind.INSTANT, lambda row: row.window.ends_at if row.window else None)
    yield Field("scheduled_at", Kind.INSTANT, lambda row: row.slot.slot.scheduled_at if row.slot else None)
    yield Field("announced_at", Kind.INSTANT, lambda row: row.slot.slot.announced_at if row.slot else None)
    yield Field("clause", Kind.TEXT, lambda row: row.verdict.clause)
    yield Field("figure", Kind.TEXT, lambda row: row.verdict.figure)
    yield Field("reason", Kind.TEXT, lambda row: row.verdict.reason or None, "REASON", 30, priority=4)


def _local_start(row: MaintenanceRow) -> str | None:
    """The announced reading of the wall clock, to the minute."""
    return f"{row.slot.slot.local_start:%Y-%m-%d %H:%M}" if row.slot else None


def _region(row: MaintenanceRow) -> str | None:
    return row.slot.slot.region if row.slot else row.pending.region if row.pending else None


def _windows(row: MaintenanceRow) -> tuple[str, ...]:
    """The SSM maintenance windows that carry the slot out, with where each is."""
    return tuple(f"{it.id} {it.account} {it.region}" for it in row.slot.windows) if row.slot else ()


MAINTENANCE: Area[MaintenanceRow] = Area(
    name="maintenance",
    title="Maintenance",
    key="6",
    fields=tuple(_fields()),
    rows=_rows,
    row_key=lambda row: row.verdict.figure if row.slot else (row.tenant, row.verdict.figure),
    tenant=lambda row: row.tenant,
    status=lambda row: row.verdict.status,
    explain=lambda row: (row.tenant, row.verdict.figure),
    help="The slots that were planned, with what they collide with, and what RDS itself has pending on a database.",
    empty="no slot is planned, and RDS has nothing pending",
)
