"""What has to be given before a plan is handed over, by what it can break. Pure; screens and command line share it.

Reversible: a word of agreement. Seen by the tenant: the tenant's id is typed; of several tenants the first one's, and
how many there are. Irreversible: besides, the number of stores that become unreadable, and a ticket. That a second
person agrees is the server's to see to: ``Plan.approval``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from services.model import Order
from services.wire.orders import Confirmation, OrderRecord, OrderState, Plan, StepState
from services.wire.registry import Role

BREAK_GLASS_MOST: Final = timedelta(hours=24)
"""How long an order without its second person may wait for a worker."""


class Need(StrEnum):
    """Something that is given to confirm."""

    AGREEMENT = "agreement"
    """``x``, or ``--yes``: anything that is not empty."""
    TENANT = "tenant"
    """The id of the tenant; of several that of the first."""
    TENANTS = "tenants"
    """How many there are, where there are several."""
    STORES = "stores"
    """How many stores it makes unreadable."""
    TICKET = "ticket"


@dataclass(frozen=True, slots=True)
class Needed:
    """One thing that has to be given for a plan."""

    need: Need
    label: str
    """At most ten cells."""
    told: str
    """What to give, for a person: ``type the tenant's id: acme``."""
    option: str
    """As the command line asks for it: ``--confirm TENANT_ID``."""
    expected: str | None = None
    """What has to be typed to the letter; ``None``: anything that is not blank."""

    @property
    def typed(self) -> bool:
        """Whether it is typed. A bracketed paste is refused then."""
        return self.need is not Need.AGREEMENT

    def lacks(self, given: str) -> str | None:
        """Why what was given does not suffice; ``None``: it does. Blanks around it do not matter."""
        given = given.strip()
        if not given:
            return f"{self.option} is missing"
        if self.expected is not None and given != self.expected:
            return f"{self.option}: {given} is not what the plan says"
        return None


def needed(plan: Plan) -> tuple[Needed, ...]:
    """What has to be given to hand the plan over, in the order in which it is asked."""
    tenants = [change.tenant for change in plan.tenants]
    if plan.confirmation is Confirmation.REVERSIBLE:
        return (_AGREEMENT,)
    wanted = []
    if tenants:
        first = "the tenant's id" if len(tenants) == 1 else "the first tenant's id"
        wanted.append(Needed(Need.TENANT, "Tenant", f"type {first}: {tenants[0]}", "--confirm TENANT_ID", tenants[0]))
    if len(tenants) > 1:
        count = str(len(tenants))
        wanted.append(Needed(Need.TENANTS, "Tenants", f"type the number of tenants: {count}", "--tenants N", count))
    if plan.confirmation is Confirmation.IRREVERSIBLE:
        stores = str(plan.stores)
        told = f"type the number of stores that become unreadable: {stores}"
        wanted.append(Needed(Need.STORES, "Stores", told, "--stores N", stores))
        wanted.append(Needed(Need.TICKET, "Ticket", "type the ticket that asks for it", "--ticket T"))
    return tuple(wanted) or (_AGREEMENT,)


def lacking(plan: Plan, given: Mapping[Need, str]) -> tuple[str, ...]:
    """What is missing or wrong in what was given, a line each; empty: it suffices."""
    lines = (one.lacks(given.get(one.need, "")) for one in needed(plan))
    return tuple(line for line in lines if line is not None)


def suffices(plan: Plan, given: Mapping[Need, str]) -> bool:
    """Whether the plan may be handed over with what was given."""
    return not lacking(plan, given)


def may_write(role: Role | None, *, read_only: bool) -> str | None:
    """Why nothing can be ordered, before anybody is asked; ``None``: nothing known speaks against it.

    ``role`` is ``None`` where it is not known; the server decides in any case.
    """
    if read_only:
        return "read-only: the profile or --read-only allows no write"
    if role == "viewer":
        return "your role is viewer: operators and approvers order"
    return None


def may_approve(order: OrderRecord, user: str | None, role: Role | None, *, read_only: bool) -> str | None:
    """Why this person cannot agree to the order; ``None``: nothing known speaks against it."""
    if (refused := may_write(role, read_only=read_only)) is not None:
        return refused
    if order.state is not OrderState.WAITING:
        return f"it does not wait for a second person: it is {order.state}"
    if role is not None and role != "approver":
        return f"your role is {role}: approvers agree"
    if user is not None and user == order.author:
        return "you ordered it yourself: somebody else has to agree"
    return None


def may_break_glass(plan: Plan, role: Role | None, *, read_only: bool) -> str | None:
    """Why the plan cannot do without its second person, from here; ``None``: nothing known speaks against it."""
    if (refused := may_write(role, read_only=read_only)) is not None:
        return refused
    if not plan.approval:
        return "it needs no second person to do without"
    if plan.confirmation is Confirmation.IRREVERSIBLE:
        return "what cannot be undone never goes without the second person"
    if role is not None and role != "approver":
        return f"your role is {role}: only an approver may do without the second person"
    return None


def may_withdraw(order: OrderRecord, user: str | None, role: Role | None, *, read_only: bool) -> str | None:
    """Why this person cannot take the order back; ``None``: nothing known speaks against it. One that waits ends with
    it; what one that is under way has done is undone."""
    if (refused := may_write(role, read_only=read_only)) is not None:
        return refused
    if order.state.ended:
        return f"it has ended: it is {order.state}"
    if order.state is OrderState.RUNNING:
        if order.failure is not None:
            return f"it is being undone already: {order.failure}"
        for step, progress in zip(order.plan.steps, order.steps, strict=True):
            if step.undo is None and progress.state is not StepState.PENDING:
                return f"it goes on to its end, for this cannot be undone: {step.says}"
    if role is not None and role != "approver" and user is not None and user != order.author:
        return f"it is {order.author}'s order: they or an approver take it back"
    return None


def to_review(order: Order | OrderRecord) -> bool:
    """Whether an approver is still to look at what became of it: half done, or without its second person."""
    if not order.state.ended or order.reviewed_by is not None:
        return False
    return order.break_glass_until is not None or order.state is OrderState.HALF_DONE


def may_review(order: OrderRecord, user: str | None, role: Role | None, *, read_only: bool) -> str | None:
    """Why this person cannot say that they have looked at it; ``None``: nothing known speaks against it."""
    if (refused := may_write(role, read_only=read_only)) is not None:
        return refused
    if order.reviewed_by is not None:
        return f"{order.reviewed_by} has reviewed it"
    if not to_review(order):
        return "it is neither half done nor an ended one without a second person"
    if role is not None and role != "approver":
        return f"your role is {role}: approvers review"
    if order.break_glass_until is not None and user is not None and user == order.author:
        return "you did without the second person yourself: another approver reviews it"
    return None


_AGREEMENT = Needed(Need.AGREEMENT, "Agreed", "x carries it out; on the command line --yes", "--yes")
