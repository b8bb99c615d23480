"""What is proven of a store's RPO by the answers that came, whatever those that did not come would have said.

A restore point that was seen bounds the RPO from above, and no other point can make it worse. So an answer that is
missing, or too old, leaves unknown only what is not proven to be good without it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.agreement.observed import say_refused, stale_from
from services.agreement.policy import Policy
from services.model import Observation, RestorePoint, Store
from services.words import say_instant


@dataclass(frozen=True, slots=True)
class Proof:
    """A restore point that keeps the promise, and how long that can be said."""

    point: RestorePoint
    rpo: timedelta
    until: datetime
    """When the next of the answers becomes too old, and other words are needed."""
    without: tuple[str, ...]
    """The answers that it stands without, each in words."""


def proof_of(store: Store, tier: str, policy: Policy, now: datetime, kinds: tuple[str, ...]) -> Proof | None:
    """The proof that a store's RPO is ``ok``; ``None`` where there is none.

    It takes that the store was listed (``Store.listed_by``) and that a point of a kind that counts was read
    (``RestorePoint.source``), both in answers no older than the tier allows; and that the newest point among those of
    such answers is inside the share of the target that is ``ok``. A point that does not say which call it was read from
    proves nothing alone.
    """
    recovery = policy.recovery
    max_age, good = recovery.max_age[tier], recovery.rpo[tier] * recovery.at_risk_ratio[tier]
    young = {it.source: it for it in store.sources if it.outcome.answered and now - it.at <= max_age}
    if store.listed_by is None or store.listed_by not in young:
        return None
    dated = [
        (point.at, it.at, point)
        for point in store.points
        if point.kind in kinds and point.at is not None and point.source is not None
        if (it := young.get(point.source)) is not None
    ]
    if not dated:
        return None
    at, read_at, point = max(dated, key=lambda found: found[0])
    rpo = (point.observed_at or read_at) - at
    if rpo < -recovery.clock_tolerance or rpo > good:
        return None
    return Proof(
        point=point,
        rpo=max(rpo, timedelta()),
        until=min(stale_from(it.at, max_age) for it in young.values()),
        without=tuple(_say(it) for it in store.sources if it.source not in young),
    )


def _say(source: Observation[object]) -> str:
    if not source.outcome.answered:
        return say_refused(source)
    return f"{source.source.service} {source.source.operation} of {say_instant(source.at)}, too old"
