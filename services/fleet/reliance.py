"""Which lists of the internal API may be relied on at a moment, and what follows for verdicts where one may not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.fleet.registry import Registry
from services.model import Clock, LifecycleState, Status, Tenant, Verdict
from services.words import say_instant, say_length

RECORD = ("tenants", "subscriptions", "stores")
"""What everything said of a tenant rests on."""
EXPORTS, HOLDS, CASES, SLOTS, TESTS = "exports", "holds", "cases", "slots", "recovery-tests"
OPERATIONS = (EXPORTS, HOLDS, CASES)
"""What is listed of a tenant beside its record: where such a list cannot be relied on, that is a verdict."""
CLAUSES: Mapping[str, str] = {EXPORTS: "right-to-be-forgotten", HOLDS: "return-or-delete", CASES: "acceptable-use"}


@dataclass(frozen=True, slots=True)
class Reliance:
    """Of one moment and one tier: for each list why it may not be relied on, and when that changes by itself."""

    doubts: Mapping[str, str]
    """Collection → why; those that may be relied on are not in it."""
    stale: str | None
    """Why what was read of the registry is too old."""
    broken: Mapping[str, str]
    """List of ``RECORD`` → why its last question was not answered, of those that were read before."""
    until: datetime | None
    """When the next of the lists becomes too old."""

    def doubt(self, *lists: str) -> str | None:
        """Why what rests on these lists of ``RECORD`` may not be relied on; ``None`` where it may."""
        return self.stale or next((self.broken[name] for name in lists if name in self.broken), None)


def reliance(registry: Registry, now: datetime, max_age: timedelta) -> Reliance:
    """What may be relied on at ``now`` where facts may be as old as ``max_age``."""
    doubts: dict[str, str] = {}
    ends: list[datetime] = []
    for collection in (*OPERATIONS, TESTS, SLOTS):
        since = registry.since(collection)
        trouble = registry.trouble(collection)
        if trouble is not None:
            doubts[collection] = _with_age(trouble, since)
        elif since is not None and now >= since + max_age:
            doubts[collection] = f"GET /{collection} was last read {_too_old(since, max_age)}"
        elif since is not None:
            ends.append(since + max_age)
    stale = None
    since = registry.since(*RECORD)
    if since is not None and now < since + max_age:
        ends.append(since + max_age)
    elif since is not None:  # what rests on what was never read says so itself
        trouble = registry.trouble(*RECORD)
        stale = f"the registry was last read {_too_old(since, max_age)}" + (f" ({trouble})" if trouble else "")
    broken = {
        name: _with_age(trouble, read)
        for name in RECORD
        if (read := registry.since(name)) is not None and (trouble := registry.trouble(name)) is not None
    }
    return Reliance(doubts, stale, broken, min(ends, default=None))


def _with_age(trouble: str, since: datetime | None) -> str:
    return f"{trouble}, last read {say_instant(since)}" if since is not None else trouble


def _too_old(since: datetime, max_age: timedelta) -> str:
    return f"{say_instant(since)}, at most {say_length(max_age)} ago is allowed"


def unknown(verdict: Verdict, reason: str) -> Verdict:
    """The verdict while what it rests on is not known or too old. What was said last is still said."""
    if verdict.status is Status.UNKNOWN:
        return verdict
    return replace(verdict, status=Status.UNKNOWN, reason=f"{reason}; was {verdict.status}: {verdict.reason}")


def lacking(
    verdicts: tuple[Verdict, ...],
    tenant: Tenant,
    clocks: Iterable[Clock],
    now: datetime,
    doubts: Mapping[str, str],
) -> tuple[Verdict, ...]:
    """The lifecycle's verdicts where exports or holds cannot be relied on.

    An export could bring the end of hosted data forward, so that what is not broken yet may be; a hold could excuse
    what is at risk or broken, and one that excuses could have ended. Nothing else changes, and nothing before the
    subscription has ended.
    """
    if not doubts.keys() & {EXPORTS, HOLDS} or tenant.state is LifecycleState.DESTROYED:
        return verdicts
    if not any(clock.starts_at <= now for clock in clocks):
        return verdicts
    return tuple(_lacking(verdict, doubts) for verdict in verdicts)


_BROUGHT_FORWARD = frozenset({"hosted_data", "state"})
_EXCUSED = frozenset({"hosted_data", "return_or_delete", "state"})


def _lacking(verdict: Verdict, doubts: Mapping[str, str]) -> Verdict:
    if verdict.figure in _BROUGHT_FORWARD and EXPORTS in doubts and verdict.status is not Status.BREACHED:
        return unknown(verdict, f"an export could bring it forward: {doubts[EXPORTS]}")
    if verdict.figure in _EXCUSED and HOLDS in doubts:
        if verdict.status in (Status.AT_RISK, Status.BREACHED):
            return unknown(verdict, f"a legal hold could excuse it: {doubts[HOLDS]}")
        if verdict.status is Status.NOT_APPLICABLE:
            return unknown(verdict, f"the legal hold that excuses it may have ended: {doubts[HOLDS]}")
    return verdict


def unread(doubts: Mapping[str, str]) -> tuple[Verdict, ...]:
    """A verdict for each list of a tenant's that cannot be relied on: there may be more in it than is known."""
    return tuple(_untold(collection, doubts[collection]) for collection in OPERATIONS if collection in doubts)


def _untold(collection: str, doubt: str) -> Verdict:
    return Verdict(Status.UNKNOWN, collection, CLAUSES[collection], f"its {collection} cannot be told: {doubt}")


def of_tenant(common: Reliance, registry: Registry, tenant: str) -> Mapping[str, str]:
    """The doubts of all, and those that a bad record which names the tenant raises."""
    own = {
        collection: reason
        for collection in (*OPERATIONS, TESTS)
        if collection not in common.doubts and (reason := registry.incomplete(tenant, collection)) is not None
    }
    return {**common.doubts, **own} if own else common.doubts
