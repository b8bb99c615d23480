"""A private link judged (clause ``peering``): whether it carries, by what AWS says of its paths.

What is promised to a tier of ``peering.tiers`` is a private connection of its own; of a link that carries nothing that
is not kept. A link that still carries and has lost a path, that is being tested or being set up, is ``at-risk``. To
other tiers no link is promised: theirs are shown, and not judged.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from types import MappingProxyType

from services.agreement.observed import answered_at, refusal, stale_from
from services.agreement.policy import Policy
from services.agreement.schedule import ALWAYS, Phase, judged
from services.model import LifecycleState, Link, LinkState, Status, Verdict
from services.words import say_instant, say_length

CLAUSE = "peering"
OVER = frozenset({LifecycleState.DISMISSED, LifecycleState.DESTROYING, LifecycleState.DESTROYED})
"""States of a tenant whose access is blocked: no link is promised any more."""

STATUSES = MappingProxyType(
    {
        LinkState.UP: Status.OK,
        LinkState.DEGRADED: Status.AT_RISK,
        LinkState.TESTING: Status.AT_RISK,
        LinkState.DOWN: Status.BREACHED,
        LinkState.UNKNOWN: Status.UNKNOWN,
    }
)
_SINCE = frozenset({Status.AT_RISK, Status.BREACHED})


def link_figure(link: Link) -> str:
    """The name under which it is judged."""
    return f"link.{link.id}"


def link_status(link: Link) -> Status:
    """What the state of a link is to whom it is promised, as long as that state is known."""
    if link.state is LinkState.DOWN and link.forming:
        return Status.AT_RISK
    return STATUSES[link.state]


def link_known(link: Link, policy: Policy, now: datetime) -> bool:
    """Whether the state of a link may be relied on: the call that lists it answered, and lately enough."""
    observed = answered_at(link.sources)
    return observed is not None and now < stale_from(observed, policy.peering.max_age)


def judge_link(
    link: Link, tier: str | None, state: LifecycleState | None, policy: Policy, now: datetime, *, figure: str
) -> Verdict:
    """Judge one link. Pure; never raises.

    ``tier`` and ``state`` are the tenant's; ``None``: nobody owns it, which is ``unknown``. ``unknown`` too where the
    call that lists it did not answer, or its answer is older than ``peering.max_age``. ``at`` and ``due_at`` are since
    when it is in its state, where AWS tells.
    """
    phases = list(_phases(link, tier, state, policy))
    return judged(figure, CLAUSE, phases, now, evidence=link.sources)


def _phases(link: Link, tier: str | None, state: LifecycleState | None, policy: Policy) -> Iterator[Phase]:
    observed, said = answered_at(link.sources), f"{link.state}: {link.id}, {link.said}"
    excused = _excused(tier, state, policy)
    if observed is None:
        reason = f"{link.id}: {refusal(link.sources) if link.sources else link.said}"
        reason += f"; last seen {said}" if link.seen and link.sources else ""
        if excused is not None:
            yield Phase(ALWAYS, Status.NOT_APPLICABLE, f"{excused}; {reason}")
        else:
            yield Phase(ALWAYS, Status.UNKNOWN, reason)
        return
    status = Status.UNKNOWN if tier is None else link_status(link)
    if tier is None:
        said = f"nobody owns it; {said}"
    if excused is not None:
        status, said = Status.NOT_APPLICABLE, f"{excused}; {said}"
    since = link.since
    if since is not None and status in _SINCE:
        said += f" since {say_instant(since)}"
    yield Phase(ALWAYS, status, said, since, since if status in _SINCE else None)
    allowed = say_length(policy.peering.max_age)
    old = f"seen {say_instant(observed)}, at most {allowed} ago is allowed; was {status}: {said}"
    after = Status.NOT_APPLICABLE if excused is not None else Status.UNKNOWN
    yield Phase(stale_from(observed, policy.peering.max_age), after, old, since)


def _excused(tier: str | None, state: LifecycleState | None, policy: Policy) -> str | None:
    """Why no link is promised to its owner; ``None``: one is, or there is no owner."""
    if tier is None:
        return None
    if tier not in policy.peering.tiers:
        return f"{tier}: no private link is promised"
    return f"{state}: no private link is promised any more" if state in OVER else None
