"""The RPO of one store (clause ``recovery``).

RPO = time of the observation − newest usable restore point. Which kinds of points count is the policy's word
(``recovery.evidence``). The figure is reckoned at the observation and does not grow with the clock; ``now`` only
decides whether the evidence is still young enough to be believed (``recovery.max_age``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from services.agreement.policy import Policy
from services.agreement.words import say_instant, say_length
from services.model import Observation, RestorePoint, Status, Store, Verdict

CLAUSE = "recovery"

_TICK = datetime.resolution
"""Evidence may be as old as ``max_age``; it is too old from the next representable instant on."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the store's restore points amount to."""

    newest: RestorePoint | None
    rpo: timedelta | None
    """Of ``newest``; below zero where it lies after its own observation."""
    undatable: tuple[RestorePoint, ...]
    """Points of unknown age that could be newer than ``newest`` and could meet the target."""
    too_old: tuple[RestorePoint, ...]
    """Points of unknown age that are known to be too old for the target."""


def judge_rpo(store: Store, tier: str | None, policy: Policy, now: datetime, *, figure: str) -> Verdict:
    """Judge how much data a store would lose. Pure; never raises.

    What makes it ``unknown``, in this order: nobody owns the store, or its tier is none of the policy's; a source that
    speaks about it did not answer; its kind is none of the policy's; the evidence is older than the tier allows; a
    restore point lies in the future by more than the policy's tolerance, so that one of the clocks is wrong.

    A restore point without a date neither proves nor breaks the promise. A dated one bounds the RPO from above:
    where that bound meets the target the undated ones cannot make it worse, and where it does not, one of them may
    be newer, so the verdict is ``unknown``; unless all of them are known to be no newer than the dated point, or too
    old to meet the target themselves (``RestorePoint.not_after``).

    Where every source answered and there is no restore point, the store is ``at-risk`` until it is older than its
    target and ``breached`` from then on. ``value`` is the RPO, also where it is only what was last seen; ``at`` is the
    restore point; the evidence is every source of the store.
    """
    observed = max((source.at for source in store.sources), default=None)
    kinds = next((kinds for kind, kinds in policy.recovery.evidence.items() if kind == store.kind), ())
    target = policy.recovery.rpo.get(tier) if tier is not None else None
    seen = _look(store, kinds, observed, target)
    doubt = _doubt(store, tier, policy, kinds)
    stale_at = None
    if doubt is None and tier is not None:
        stale_at = min(source.at for source in store.sources) + policy.recovery.max_age[tier] + _TICK
        if stale_at <= now:
            doubt, stale_at = _stale(store, policy.recovery.max_age[tier], seen), None
    if doubt is not None or observed is None or target is None or tier is None:
        status, reason = Status.UNKNOWN, doubt or "nothing was observed"
    elif seen.rpo is None or seen.newest is None:
        status, reason = _without_points(store, seen, target, observed)
    elif seen.rpo < -policy.recovery.clock_tolerance:
        status, reason = Status.UNKNOWN, _ahead_of_time(seen.newest, seen.rpo)
    else:
        status, reason = _compare(max(seen.rpo, timedelta()), target, policy.recovery.at_risk_ratio[tier], seen)
    return Verdict(
        status=status,
        figure=figure,
        clause=CLAUSE,
        reason=reason,
        value=None if seen.rpo is None else max(seen.rpo, timedelta()),
        target=target,
        at=seen.newest.at if seen.newest else None,
        evidence=store.sources,
        changes_at=stale_at,
    )


def _look(store: Store, kinds: Iterable[str], observed: datetime | None, target: timedelta | None) -> _Seen:
    points = [point for point in store.points if point.kind in kinds]
    dated = [(point.at, point) for point in points if point.at is not None]
    newest_at, newest = max(dated, key=lambda pair: pair[0], default=(None, None))
    rpo = (newest.observed_at or observed) - newest_at if newest and newest_at and observed else None
    undated = [point for point in points if point.at is None]
    possible = [point for point in undated if _may_count(point, newest_at, observed, target)]
    too_old = [point for point in undated if point not in possible]
    return _Seen(newest, rpo, tuple(possible), tuple(too_old))


def _may_count(
    point: RestorePoint, newest: datetime | None, observed: datetime | None, target: timedelta | None
) -> bool:
    """Whether a point of unknown age could be newer than the newest dated one, and could meet the target."""
    if point.not_after is None:
        return True
    if newest is not None and point.not_after <= newest:
        return False
    return observed is None or target is None or (point.observed_at or observed) - point.not_after <= target


def _doubt(store: Store, tier: str | None, policy: Policy, kinds: Iterable[str]) -> str | None:
    """Why the store cannot be judged at all; ``None`` where it can."""
    if tier is None:
        return "no tenant: nobody is promised anything of it"
    if tier not in policy.recovery.rpo:
        return f"the agreement has no tier {tier}"
    refused = [source for source in store.sources if not source.outcome.answered]
    if refused:
        return "; ".join(map(_say_refused, refused))
    if not store.sources:
        return "nothing was observed"
    if not kinds:
        return f"the policy's recovery.evidence says nothing of the kind {store.kind}"
    return None


def _say_refused(source: Observation[object]) -> str:
    where = " ".join(part for part in (source.source.account, source.source.region) if part)
    call = f"{source.source.service} {source.source.operation}"
    why = f": {source.error}" if source.error else ""
    return f"{call}{' in ' + where if where else ''} {source.outcome} {say_instant(source.at.astimezone(UTC))}{why}"


def _stale(store: Store, max_age: timedelta, seen: _Seen) -> str:
    oldest = min(source.at for source in store.sources).astimezone(UTC)
    last = "no restore point" if seen.rpo is None else f"RPO {say_length(max(seen.rpo, timedelta()))}"
    return f"evidence of {say_instant(oldest)} is older than {say_length(max_age)}; last seen: {last}"


def _ahead_of_time(newest: RestorePoint, rpo: timedelta) -> str:
    return f"the restore point of {newest.resource} lies {say_length(-rpo)} after its observation: a clock is wrong"


def _without_points(store: Store, seen: _Seen, target: timedelta, observed: datetime) -> tuple[Status, str]:
    if seen.undatable:
        return Status.UNKNOWN, _say_undatable(seen.undatable)
    if seen.too_old:
        return (
            Status.BREACHED,
            f"no restore point within the promised {say_length(target)}: {_say_undatable(seen.too_old)}",
        )
    if store.created_at is None:
        return Status.UNKNOWN, "no restore point, and the age of the store is not known"
    age = observed - store.created_at
    said = f"no restore point; created {say_instant(store.created_at.astimezone(UTC))}, promised {say_length(target)}"
    return (Status.BREACHED if age > target else Status.AT_RISK), said


def _compare(rpo: timedelta, target: timedelta, ratio: float, seen: _Seen) -> tuple[Status, str]:
    said = f"RPO {say_length(rpo)}, promised {say_length(target)}"
    if rpo > target:
        if seen.undatable:
            return Status.UNKNOWN, f"{said}, unless a newer point counts: {_say_undatable(seen.undatable)}"
        return Status.BREACHED, said
    return (Status.OK if rpo <= target * ratio else Status.AT_RISK), said


def _say_undatable(points: tuple[RestorePoint, ...]) -> str:
    first = points[0]
    rest = f" and {len(points) - 1} more" if len(points) > 1 else ""
    return f"the age of {first.resource}{rest} is not known" + (f" ({first.note})" if first.note else "")
