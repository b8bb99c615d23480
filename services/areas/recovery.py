"""Recovery: a row for every store seen, whoever owns it, and for every tenant whose stores could not be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from services.areas.base import STATUSES, Area, Field, Kind, Value
from services.fleet.snapshot import FleetSnapshot, StoreView
from services.model import Status, Verdict, severity

SECOND = timedelta(seconds=1)
RECOVERY_FIGURE = "recovery."
"""What the figure of a store begins with; that of a tenant without any is the word alone."""


def _rows(fleet: FleetSnapshot) -> list[StoreView]:
    rows = [store for view in fleet.tenants.values() for store in view.stores]
    rows += fleet.orphans
    return sorted(rows, key=_urgency)


def _urgency(row: StoreView) -> tuple[int, float, str, str]:
    """The worst status first, and in it whoever is furthest over its target.

    Counted in whole seconds: below them equals would change places from one look to the next.
    """
    verdict = row.verdict
    over = -(verdict.value // SECOND / (verdict.target / SECOND)) if verdict.value and verdict.target else 0.0
    return severity(verdict.status), over, row.tenant or "", row.store.arn if row.store else ""


def store_name(row: StoreView) -> str | None:
    """A store that was not seen has the name by which the registry maps it, the last word of its figure."""
    named = row.verdict.figure.removeprefix(RECOVERY_FIGURE)
    name = row.store.name if row.store else named if named != row.verdict.figure else None
    return f"{name}/{row.part}" if name and row.part else name


def observed_at(row: StoreView) -> datetime | None:
    """When that was observed which the figure rests on, so that figure = observation − restore point to the second.

    Where there is no figure: the oldest observation that speaks about the row.
    """
    verdict = row.verdict
    if verdict.at is not None and verdict.value:
        return verdict.at + verdict.value
    return row.observed_at


def _doubtful(row: StoreView) -> bool:
    return row.verdict.status is Status.UNKNOWN


def gap(row: StoreView) -> timedelta | None:
    """The longest time without a restore point in the policy's window before the store was seen; ``None`` where what
    is known does not reach that far, or nothing is."""
    if row.store is None or row.store.scratch is not None or row.observed_at is None:
        return None
    from services.agreement import worst_gap  # behind the first picture

    return worst_gap(row.store.points, row.store.created_at, row.observed_at, row.gap_window)


def _evidence(row: StoreView) -> tuple[str, ...] | None:
    """The kinds of restore points that were seen, that of the newest first."""
    return tuple(dict.fromkeys(point.kind for point in row.store.points)) if row.store else None


def _rto(get: Callable[[Verdict], Value]) -> Callable[[StoreView], Value]:
    return lambda row: get(row.rto) if row.rto is not None else None


def _fields() -> Iterator[Field[StoreView]]:
    yield Field("status", Kind.STATUS, lambda row: row.verdict.status, "STATUS", 14, priority=1, choices=STATUSES)
    yield Field("tenant", Kind.TEXT, lambda row: row.tenant, "TENANT", 14, priority=1)
    yield Field("store_name", Kind.TEXT, store_name, "STORE", 16, priority=2, aliases=("db",))
    yield Field("store", Kind.TEXT, lambda row: row.store.arn if row.store else None, aliases=("arn",))
    yield Field("kind", Kind.TEXT, lambda row: row.store.kind if row.store else None, "KIND", 12, priority=10)
    yield Field(
        "rpo_seconds",
        Kind.LENGTH,
        lambda row: row.verdict.value,
        "RPO",
        9,
        priority=2,
        aliases=("rpo",),
        aside=_doubtful,
    )
    yield Field(
        "target_seconds", Kind.LENGTH, lambda row: row.verdict.target, "TARGET", 6, priority=3, aliases=("target",)
    )
    yield Field("observed_at", Kind.AGE, observed_at, "SEEN", 5, priority=4, aliases=("seen", "age"))
    yield Field("region", Kind.TEXT, lambda row: row.region, "REGION", 14, priority=6)
    yield Field("account", Kind.TEXT, lambda row: row.account, "ACCOUNT", 12, priority=11)
    yield Field("engine", Kind.TEXT, lambda row: row.store.engine if row.store else None, "ENGINE", 12, priority=12)
    yield Field(
        "restore_point_at",
        Kind.INSTANT,
        lambda row: row.verdict.at,
        "RESTORE POINT",
        20,
        priority=9,
        aliases=("point",),
    )
    yield Field("rto_status", Kind.STATUS, _rto(lambda it: it.status), "RTO", 14, priority=7, choices=STATUSES)
    yield Field("rto_seconds", Kind.LENGTH, _rto(lambda it: it.value), "RESTORED", 8, priority=8, aliases=("rto",))
    yield Field("rto_target_seconds", Kind.LENGTH, _rto(lambda it: it.target))
    yield Field("rto_tested_at", Kind.INSTANT, _rto(lambda it: it.at), "TESTED", 20, priority=13, aliases=("tested",))
    yield Field("rto_figure", Kind.TEXT, _rto(lambda it: it.figure))
    yield Field("rto_reason", Kind.TEXT, _rto(lambda it: it.reason or None))
    yield Field("worst_gap_seconds", Kind.LENGTH, gap, "WORST GAP", 9, priority=14, aliases=("gap",), searched=False)
    yield Field("evidence", Kind.TEXTS, _evidence)
    yield Field("troubles", Kind.TEXTS, lambda row: row.store.troubles if row.store else None)
    yield Field("standby", Kind.TEXT, lambda row: row.store.standby if row.store else None)
    yield Field("part", Kind.TEXT, lambda row: row.part)
    yield Field("figure", Kind.TEXT, lambda row: row.verdict.figure)
    yield Field("clause", Kind.TEXT, lambda row: row.verdict.clause)
    yield Field("reason", Kind.TEXT, lambda row: row.verdict.reason or None, "REASON", 30, priority=5)


RECOVERY: Area[StoreView] = Area(
    name="recovery",
    title="Recovery",
    key="3",
    fields=tuple(_fields()),
    rows=_rows,
    row_key=lambda row: row.key,
    tenant=lambda row: row.tenant,
    status=lambda row: row.verdict.status,
    explain=lambda row: (row.tenant, row.verdict.figure),
    help="RPO and RTO of every store against their targets; a figure in parentheses was true once, and is not judged.",
    empty="no store was seen, and no tenant has one",
)
