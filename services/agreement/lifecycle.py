"""The lifecycle of a tenant: a closed list of transitions, every other one refused with the reason.

Clauses ``right-to-be-forgotten`` and ``termination``. What evidence an act needs (a verified backup, an inventory that
found nothing) is asked by whoever carries it out; here stands which act leads where, when, and whether a second
person has to agree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.agreement.basics import GRACE, HOSTED_DATA
from services.agreement.clocks import reckon_clocks
from services.agreement.holding import say_hold
from services.agreement.periods import PeriodError, ZoneError
from services.agreement.policy import Policy
from services.model import Export, Hold, LifecycleState, Tenant
from services.words import say_instant


class Act(StrEnum):
    """What changes a tenant's recorded state."""

    DISABLE = "disable"
    """The service, at the end of the subscription."""
    RENEW = "renew"
    DISMISS = "dismiss"
    """A final backup verified, access blocked, live stores removed."""
    TERMINATE_FOR_BREACH = "terminate-for-breach"
    REINSTATE = "reinstate"
    """A late renewal."""
    DESTROY = "destroy"
    """The first irreversible call."""
    CERTIFY = "certify"
    """No residue remains, and a new inventory found nothing."""


@dataclass(frozen=True, slots=True)
class Transition:
    """One allowed change of state."""

    act: Act
    before: LifecycleState
    after: LifecycleState
    clause: str
    needs_approval: bool = False
    """Of a second person."""


class TransitionRefusedError(ValueError):
    """The act is none of this state, or its time has not come; the text says which."""


_EARLIEST = {
    Act.DISABLE: "the end of the service",
    Act.DISMISS: "the end of the grace",
    Act.DESTROY: "hosted data is due",
}


def transitions(policy: Policy) -> Mapping[tuple[LifecycleState, Act], Transition]:
    """The closed list. Which of them need a second person is the policy's word."""
    active, grace, dismissed = LifecycleState.ACTIVE, LifecycleState.GRACE, LifecycleState.DISMISSED
    destroying, destroyed = LifecycleState.DESTROYING, LifecycleState.DESTROYED
    forgotten, termination = "right-to-be-forgotten", "termination"
    late = policy.right_to_be_forgotten.reinstatement_needs_approval
    breach = policy.termination.breach.needs_approval
    listed = (
        Transition(Act.DISABLE, active, grace, termination),
        Transition(Act.RENEW, grace, active, forgotten),
        Transition(Act.DISMISS, grace, dismissed, forgotten),
        Transition(Act.TERMINATE_FOR_BREACH, active, dismissed, termination, needs_approval=breach),
        Transition(Act.TERMINATE_FOR_BREACH, grace, dismissed, termination, needs_approval=breach),
        Transition(Act.REINSTATE, dismissed, active, forgotten, needs_approval=late),
        Transition(Act.DESTROY, dismissed, destroying, forgotten, needs_approval=True),
        Transition(Act.CERTIFY, destroying, destroyed, forgotten),
    )
    return {(one.before, one.act): one for one in listed}


def transition(
    tenant: Tenant,
    act: Act,
    policy: Policy,
    now: datetime,
    *,
    export_available: datetime | None = None,
    export_requested: datetime | None = None,
    exports: Sequence[Export] = (),
    holds: Sequence[Hold] = (),
) -> Transition:
    """The transition that ``act`` is for ``tenant`` at ``now``. Raises ``TransitionRefusedError``.

    A hold that stands, whatever its basis, refuses that destruction begins.
    """
    allowed = transitions(policy)
    found = allowed.get((tenant.state, act))
    if found is None:
        raise TransitionRefusedError(_refusal(tenant.state, act, allowed))
    stopped = next((hold for hold in holds if hold.holds(now)), None) if act is Act.DESTROY else None
    if stopped is not None:
        raise TransitionRefusedError(f"destroy is refused: a legal hold stands: {say_hold(stopped)}")
    if act not in _EARLIEST:
        return found
    try:
        clocks = {
            clock.name: clock
            for clock in reckon_clocks(
                tenant,
                policy,
                export_available=export_available,
                export_requested=export_requested,
                exports=exports,
            )
        }
    except (ZoneError, PeriodError) as error:
        raise TransitionRefusedError(f"{act} is refused: the clocks cannot be reckoned: {error}") from None
    if tenant.ended_on is None:
        raise TransitionRefusedError(f"{act} is refused: no end of the subscription is recorded")
    earliest = {
        Act.DISABLE: clocks[GRACE].starts_at,
        Act.DISMISS: clocks[GRACE].ends_at,
        Act.DESTROY: clocks[HOSTED_DATA].ends_at,
    }[act]
    if now < earliest:
        raise TransitionRefusedError(f"{act} is refused before {say_instant(earliest)}, {_EARLIEST[act]}")
    return found


def _refusal(state: LifecycleState, act: Act, allowed: Mapping[tuple[LifecycleState, Act], Transition]) -> str:
    if act is Act.RENEW and state is LifecycleState.DISMISSED:
        return "renew is refused: the tenant is dismissed; until destruction starts it can be reinstated"
    possible = sorted(one.act for one in allowed.values() if one.before is state)
    what = f"possible: {', '.join(possible)}" if possible else "nothing follows it"
    return f"{act} is refused: the tenant is {state}; {what}"
