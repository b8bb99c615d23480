"""The RPO of one store (clause ``recovery``).

RPO = time of the observation − newest usable restore point. Which kinds of points count is the policy's word
(``recovery.evidence``). The figure is reckoned at the observation and does not grow with the clock; ``now`` only
decides whether the evidence is still young enough to be believed (``recovery.max_age``).

The time of the observation is the restore point's own (``RestorePoint.observed_at``); where it has none, that of the
store as a whole: the earliest of its sources, the one from which the age of the evidence counts too.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from services.agreement.observed import observed_at, refusal, stale_from
from services.agreement.policy import Policy
from services.agreement.proof import Proof, proof_of
from services.agreement.schedule import after
from services.agreement.scratch import judge_scratch
from services.model import RestorePoint, Status, Store, Verdict
from services.words import say_instant, say_length

CLAUSE = "recovery"


class _Seen(NamedTuple):
    """What the store's restore points amount to."""

    newest: RestorePoint | None
    rpo: timedelta | None
    """Of ``newest``, at its observation; zero where it lies after that by no more than the policy tolerates."""
    ahead: RestorePoint | None
    """``newest``, where it lies further in the future than that."""
    undatable: tuple[RestorePoint, ...]
    """Points of unknown age that could be newer than ``newest`` and could meet the target."""
    too_old: tuple[RestorePoint, ...]
    """Points of unknown age that are known to be too old for the target."""


def judge_rpo(store: Store, tier: str | None, policy: Policy, now: datetime, *, figure: str) -> Verdict:
    """Judge how much data a store would lose. Pure; never raises.

    What makes it ``unknown``, in this order: nobody owns the store, or its tier is none of the policy's; a source that
    speaks about it did not answer; its kind is none of the policy's; the evidence is older than the tier allows; a
    restore point lies in the future by more than the policy's tolerance, so that one of the clocks is wrong.

    An answer that is missing, or too old, leaves unknown only what is not proven without it: where the store was listed
    and a point was read that is well inside the target, no other point could make that worse, and it is ``ok``.

    A restore point without a date neither proves nor breaks the promise. A dated one bounds the RPO from above:
    where that bound meets the target the undated ones cannot make it worse, and where it does not, one of them may
    be newer, so the verdict is ``unknown``; unless all of them are known to be no newer than the dated point, or too
    old to meet the target themselves (``RestorePoint.not_after``).

    Where every source answered and there is no restore point, the store is ``at-risk`` until it is older than its
    target and ``breached`` from then on.

    A bucket is judged the same way: its points are versions with a protected copy, and those of AWS Backup. Troubles
    with the backups stand in the reason and change no verdict. ``due_at`` is when the promise is broken if no newer
    point comes, or was.

    ``value`` is the RPO, also where it is only what was last seen, and ``None`` where it cannot be told; ``at`` is the
    newest restore point, so that ``at + value`` is its observation (but for a point tolerated in the future); the
    evidence is every source of the store.

    A copy that a restore test made is promised nothing (``services.agreement.scratch``).
    """
    if store.scratch is not None:
        return judge_scratch(store, figure)
    observed = observed_at(store)
    target, kinds = policy.recovery.rpo.get(tier) if tier is not None else None, _kinds(store, policy)
    seen = _look(store, policy, observed, target, kinds)
    status, reason, stale_at = _judge(store, tier, policy, now, observed, seen, kinds)
    proof = _proof(store, tier, policy, now, observed, kinds)
    if proof is not None and target is not None:
        seen = _Seen(proof.point, proof.rpo, None, (), ())
        status, reason, stale_at = Status.OK, _say_proven(proof, target), proof.until
    ticks = status is not Status.UNKNOWN and target is not None
    return Verdict(
        status=status,
        figure=figure,
        clause=CLAUSE,
        reason=f"{reason}{_say_troubles(store)}" if ticks else reason,
        value=seen.rpo,
        target=target,
        at=seen.newest.at if seen.newest else None,
        evidence=store.sources,
        changes_at=stale_at,
        due_at=_broken_at(store, seen, target) if ticks else None,
        length=target if ticks else None,
    )


def standing_proof(store: Store, tier: str | None, policy: Policy, now: datetime) -> Proof | None:
    """What is proven though not every source has answered of late; ``None`` where they all have."""
    return _proof(store, tier, policy, now, observed_at(store), _kinds(store, policy))


def _proof(
    store: Store, tier: str | None, policy: Policy, now: datetime, observed: datetime | None, kinds: tuple[str, ...]
) -> Proof | None:
    if tier is None or tier not in policy.recovery.rpo:
        return None
    if observed is not None and now - observed <= policy.recovery.max_age[tier]:
        return None
    return proof_of(store, tier, policy, now, kinds)


def _say_proven(proof: Proof, target: timedelta) -> str:
    more = f" and {len(proof.without) - 1} more" if len(proof.without) > 1 else ""
    return f"{_say_rpo(proof.rpo, target)}; proven without {proof.without[0]}{more}"


def _say_rpo(rpo: timedelta, target: timedelta) -> str:
    return f"RPO {say_length(rpo)}, promised {say_length(target)}"


def _broken_at(store: Store, seen: _Seen, target: timedelta | None) -> datetime | None:
    """When the promise was, or without a newer point will be, broken: ``target`` after the newest restore point."""
    since = seen.newest.at if seen.newest is not None else store.created_at
    return after(since, target) if since is not None and target is not None else None


def _say_troubles(store: Store) -> str:
    """What went wrong with its backups, though it is no restore point."""
    if not store.troubles:
        return ""
    more = f" and {len(store.troubles) - 1} more" if len(store.troubles) > 1 else ""
    return f"; {store.troubles[0]}{more}"


def _judge(
    store: Store,
    tier: str | None,
    policy: Policy,
    now: datetime,
    observed: datetime | None,
    seen: _Seen,
    kinds: tuple[str, ...],
) -> tuple[Status, str, datetime | None]:
    """Status, reason, and when the evidence will be too old."""
    recovery = policy.recovery
    if tier is None:
        return Status.UNKNOWN, "no tenant: nobody is promised anything of it", None
    if tier not in recovery.rpo:
        return Status.UNKNOWN, f"the agreement has no tier {tier}", None
    if observed is None:
        return Status.UNKNOWN, refusal(store.sources), None
    if not kinds:
        return Status.UNKNOWN, f"the policy's recovery.evidence says nothing of the kind {store.kind}", None
    target, max_age = recovery.rpo[tier], recovery.max_age[tier]
    if now - observed > max_age:
        return Status.UNKNOWN, _stale(observed, max_age, seen), None
    stale_at = stale_from(observed, max_age)
    if seen.ahead:
        return Status.UNKNOWN, _ahead_of_time(seen.ahead), stale_at
    if seen.rpo is None:
        return *_without_points(store, seen, target, observed), stale_at
    return *_compare(seen.rpo, target, recovery.at_risk_ratio[tier], seen), stale_at


def _kinds(store: Store, policy: Policy) -> tuple[str, ...]:
    """The kinds of restore points that count for the store."""
    for kind, kinds in policy.recovery.evidence.items():
        if kind == store.kind:
            return kinds
    return ()


def _look(
    store: Store, policy: Policy, observed: datetime | None, target: timedelta | None, kinds: tuple[str, ...]
) -> _Seen:
    newest_at: datetime | None = None
    newest: RestorePoint | None = None
    undated: list[RestorePoint] = []
    for point in store.points:
        if point.kind not in kinds:
            continue
        if point.at is None:
            undated.append(point)
        elif newest_at is None or point.at > newest_at:
            newest_at, newest = point.at, point
    seen_at = (newest.observed_at if newest else None) or observed
    rpo = seen_at - newest_at if seen_at and newest_at else None
    ahead = newest if rpo is not None and rpo < -policy.recovery.clock_tolerance else None
    possible = [point for point in undated if _may_count(point, newest_at, observed, target)]
    return _Seen(
        newest=newest,
        rpo=None if rpo is None or ahead else max(rpo, timedelta()),
        ahead=ahead,
        undatable=tuple(possible),
        too_old=tuple(point for point in undated if point not in possible),
    )


def _may_count(
    point: RestorePoint, newest: datetime | None, observed: datetime | None, target: timedelta | None
) -> bool:
    """Whether a point of unknown age could be newer than the newest dated one, and could meet the target."""
    if point.not_after is None:
        return True
    if newest is not None and point.not_after <= newest:
        return False
    return observed is None or target is None or (point.observed_at or observed) - point.not_after <= target


def _stale(observed: datetime, max_age: timedelta, seen: _Seen) -> str:
    last = "no restore point" if seen.rpo is None else f"RPO {say_length(seen.rpo)}"
    return f"evidence of {_say(observed)} is older than {say_length(max_age)}; last seen: {last}"


def _ahead_of_time(point: RestorePoint) -> str:
    at = _say(point.at) if point.at else "no date"
    return f"the restore point {at} of {point.resource} lies after its observation: a clock is wrong"


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
    said = f"no restore point; created {_say(store.created_at)}, promised {say_length(target)}"
    return (Status.BREACHED if age > target else Status.AT_RISK), said


def _compare(rpo: timedelta, target: timedelta, ratio: float, seen: _Seen) -> tuple[Status, str]:
    said = _say_rpo(rpo, target)
    if rpo > target:
        if seen.undatable:
            return Status.UNKNOWN, f"{said}, unless a newer point counts: {_say_undatable(seen.undatable)}"
        return Status.BREACHED, said
    return (Status.OK if rpo <= target * ratio else Status.AT_RISK), said


def _say_undatable(points: tuple[RestorePoint, ...]) -> str:
    first = points[0]
    rest = f" and {len(points) - 1} more" if len(points) > 1 else ""
    return f"the age of {first.resource}{rest} is not known" + (f" ({first.note})" if first.note else "")


def _say(at: datetime) -> str:
    return say_instant(at.astimezone(UTC))
