"""From what is asked to an order that a worker takes: plans, their second look, and the second person's word.

Every check is made again at the moment that counts, in the transaction that keeps the order. Knows nothing of HTTP
but the statuses that its refusals bear.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final, TypeAlias

from pydantic import JsonValue
from sqlalchemy import Connection

from services.agreement import Policy
from services.controlplane.audit import Actor, write_entry
from services.controlplane.known import AskAws, UnansweredError, asks_aws, known_of, with_answers
from services.controlplane.order_book import add_order, move, one_at_a_time, read_order, under_way
from services.controlplane.refusals import CHANGED, NotDoneError, VoidError, made_anew, part, refusal
from services.controlplane.store import Database
from services.now import Now
from services.orders.base import RefusedError
from services.orders.confirming import BREAK_GLASS_MOST
from services.orders.planning import make_plan
from services.orders.world import TENANT_TAG, Known
from services.wire.orders import (
    Asked,
    Confirmation,
    Decision,
    OrderRecord,
    OrderRequest,
    OrderState,
    Plan,
    StepState,
    differences,
    plan_digest,
)
from services.wire.registry import Role

SECOND: Final[frozenset[Role]] = frozenset({"approver"})
"""Roles whose word counts as a second person's."""


Answers: TypeAlias = Mapping[str, JsonValue] | None
"""Of AWS, to the questions of a plan; ``None``: it was not asked."""
BREAK_GLASS: Final = "BREAK-GLASS"
"""The outcome that its entry of the audit log stands out by."""


class Ordering:
    """Makes plans and keeps orders. ``taken`` is called after an order was accepted: it wakes a worker of this process.

    Safe to share between threads.
    """

    def __init__(
        self,
        database: Database,
        policy: Policy,
        now: Now,
        *,
        tenant_tag: str = TENANT_TAG,
        ask_aws: AskAws | None = None,
        taken: Callable[[], None] = lambda: None,
    ) -> None:
        self._database = database
        self._policy = policy
        self._now = now
        self._tenant_tag = tenant_tag
        self.ask_aws = ask_aws
        self.taken = taken

    def plan(self, asked: Asked) -> Plan:
        """The plan of what is asked, onto what stands there now. Raises ``NotDoneError``."""
        with self._database.read() as connection:
            known = self._known(connection, asked)
        try:
            return make_plan(self._answered(known, asked), asked)
        except RefusedError as refused:
            raise refusal(refused) from None

    def submit(self, request: OrderRequest, actor: Actor) -> tuple[OrderRecord, bool]:
        """Keep the order of a plan; tells whether it is new. Raises ``NotDoneError``.

        The same key with the same plan is the same order, however often it is sent. A plan that would be another one
        now is refused with what has changed.
        """
        given = request.plan
        asked = given.asked
        if plan_digest(given) != given.digest:
            raise NotDoneError(409, "the plan is not the one of its digest", [part("body.plan.digest", "differs")])
        with self._database.read() as connection:
            there = read_order(connection, asked.key)
            if there is not None:
                return _same(there, given), False
            self._none_under_way(connection, given)  # asked again below: here it spares others the wait for a writer
            known = self._known(connection, asked) if asks_aws(asked) else None
        until = request.break_glass_until
        if until is not None:
            _may_break_glass(request, until, actor)
        with made_anew(given):
            answered = None if known is None else self._answered(known, asked).aws
        with self._database.write() as connection:
            one_at_a_time(connection, given)
            there = read_order(connection, asked.key, lock=True)
            if there is not None:
                return _same(there, given), False
            fresh = self._unchanged(connection, given, answered)
            self._none_under_way(connection, given)
            add_order(
                connection,
                fresh,
                actor.who,
                actor.at,
                origin=actor.origin,
                ticket=request.ticket,
                reason=request.reason,
                break_glass_until=until,
            )
            state = OrderState.WAITING if fresh.approval else OrderState.ACCEPTED
            outcome = state if until is None else BREAK_GLASS
            kept = read_order(connection, asked.key)  # before the log's end is locked, which all others wait for
            _note(connection, actor, fresh, outcome, request.ticket, request.reason)
        if kept is None:
            raise LookupError(asked.key)
        if kept.state is OrderState.ACCEPTED:
            self.taken()
        return kept, True

    def approve(self, key: str, decision: Decision, actor: Actor) -> OrderRecord:
        """The second person agrees with the plan of that digest. Raises ``NotDoneError``; where what the plan rests on
        has changed, the order is void from then on."""
        if actor.who.role not in SECOND:
            raise NotDoneError(403, f"the role {actor.who.role} may not do this; it takes approver")
        order = self._order(key)
        asked = order.plan.asked
        with self._database.read() as connection:
            known = self._known(connection, asked)
        void: VoidError | None = None
        answered: Answers = None
        try:
            with made_anew(order.plan):
                answered = self._answered(known, asked).aws
        except VoidError as refused:
            void = refused
        with self._database.write() as connection:
            one_at_a_time(connection, order.plan)
            order = _waiting(connection, key, decision)
            if order.author == actor.who.user:
                raise NotDoneError(403, "the second person is another one than the author")
            if void is None:
                try:
                    self._unchanged(connection, order.plan, answered)
                except VoidError as refused:
                    void = refused
            if void is None:
                self._none_under_way(connection, order.plan)
                move(connection, key, OrderState.ACCEPTED, approved_by=actor.who.user, approved_at=actor.at)
                _note(connection, actor, order.plan, "approved", order.ticket, decision.reason)
            else:
                said = void.told()
                move(connection, key, OrderState.VOID, ended_at=actor.at, failure=said)
                _note(connection, actor, order.plan, "void", order.ticket, said)
        if void is not None:
            raise void
        self.taken()
        return self._order(key)

    def withdraw(self, key: str, decision: Decision, actor: Actor) -> OrderRecord:
        """Take back an order: its author, or an approver. One that waits ends with it; what one that is under way has
        done is undone by its worker. Raises ``NotDoneError``."""
        with self._database.write() as connection:
            order = _looked_at(connection, key, decision)
            if actor.who.user != order.author and actor.who.role not in SECOND:
                raise NotDoneError(403, f"it is {order.author}'s order: an approver may take it back, nobody else")
            if order.state is OrderState.RUNNING:
                _may_be_undone(order)
                said = f"taken back by {actor.who.user}" + (f": {decision.reason}" if decision.reason else "")
                members = {"taken_back_by": actor.who.user, "taken_back_at": actor.at, "failure": said}
                move(connection, key, order.state, **members)
                _note(connection, actor, order.plan, "taken back", order.ticket, decision.reason)
            elif order.state in (OrderState.WAITING, OrderState.ACCEPTED):
                move(connection, key, OrderState.CANCELLED, ended_at=actor.at, failure=decision.reason)
                _note(connection, actor, order.plan, "cancelled", order.ticket, decision.reason)
            else:
                raise NotDoneError(409, f"it has ended: it is {order.state}")
        self.taken()  # its worker looks at once
        return self._order(key)

    def review(self, key: str, decision: Decision, actor: Actor) -> OrderRecord:
        """An approver has looked at what an order has left half done, or, another one than its author, at one that did
        without a second person. Raises ``NotDoneError``."""
        if actor.who.role not in SECOND:
            raise NotDoneError(403, f"the role {actor.who.role} may not do this; it takes approver")
        with self._database.write() as connection:
            order = read_order(connection, key, lock=True)
            if order is None:
                raise NotDoneError(404, f"there is no order {key}")
            alone, half = order.break_glass_until is not None, order.state is OrderState.HALF_DONE
            if not (alone or half) or order.reviewed_by is not None or not order.state.ended:
                what = "it is neither half done nor an ended one without a second person"
                raise NotDoneError(409, f"there is nothing to review: {what}")
            if order.plan.digest != decision.digest:
                raise NotDoneError(412, "the plan is not the one that was looked at", [part("body.digest", "differs")])
            if alone and order.author == actor.who.user:
                raise NotDoneError(403, "who did without a second person is not the one who reviews it")
            move(connection, key, order.state, reviewed_by=actor.who.user, reviewed_at=actor.at)
            _note(connection, actor, order.plan, "reviewed", order.ticket, decision.reason)
        return self._order(key)

    def _order(self, key: str) -> OrderRecord:
        with self._database.read() as connection:
            order = read_order(connection, key)
        if order is None:
            raise NotDoneError(404, f"there is no order {key}")
        return order

    def _known(self, connection: Connection, asked: Asked) -> Known:
        return known_of(connection, asked, self._policy, self._now(), self._tenant_tag)

    def _answered(self, known: Known, asked: Asked) -> Known:
        """Raises ``RefusedError``, and ``NotDoneError`` where AWS does not answer."""
        try:
            return with_answers(known, asked, self.ask_aws)
        except UnansweredError as error:
            raise NotDoneError(503, f"not planned, since AWS did not answer: {error}") from None

    def _unchanged(self, connection: Connection, given: Plan, answered: Answers) -> Plan:
        """The plan made anew, with what AWS has answered, which is the one that was given. Raises ``VoidError`` where
        it is not."""
        known = replace(self._known(connection, given.asked), aws=answered)
        with made_anew(given):
            fresh = make_plan(known, given.asked)
        if fresh.digest != given.digest:
            lines = differences(given, fresh) or ("the plan itself would be another one now",)
            raise VoidError(412, CHANGED, [part("plan", each) for each in lines])
        return fresh

    def _none_under_way(self, connection: Connection, plan: Plan) -> None:
        other = under_way(connection, plan)
        if other is not None:
            raise NotDoneError(
                409,
                f"{other.plan.asked.action} of {other.author} is under way for one of these tenants",
                [part("order", other.id)],
            )


def _may_break_glass(request: OrderRequest, until: datetime, actor: Actor) -> None:
    """Raises ``NotDoneError`` where an order may not do without the second person."""
    plan, where = request.plan, "body.break_glass_until"
    if not plan.approval:
        raise NotDoneError(409, "it needs no second person to do without", [part(where, "is of no use")])
    if plan.confirmation is Confirmation.IRREVERSIBLE:
        raise NotDoneError(403, "what cannot be undone is never done without a second person")
    if actor.who.role not in SECOND:
        raise NotDoneError(403, "only who may be a second person may do without one")
    if not (request.reason or "").strip():
        raise NotDoneError(409, "it takes a reason", [part("body.reason", "is missing")])
    if not actor.at < until <= actor.at + BREAK_GLASS_MOST:
        raise NotDoneError(409, "it ends within 24 hours from now", [part(where, "lies outside the next 24 hours")])


def _same(there: OrderRecord, given: Plan) -> OrderRecord:
    if there.plan.digest != given.digest:
        raise NotDoneError(409, f"the order {there.id} is another one")
    return there


def _looked_at(connection: Connection, key: str, decision: Decision) -> OrderRecord:
    order = read_order(connection, key, lock=True)
    if order is None:
        raise NotDoneError(404, f"there is no order {key}")
    if order.plan.digest != decision.digest:
        raise NotDoneError(412, "the plan is not the one that was looked at", [part("body.digest", "differs")])
    return order


def _waiting(connection: Connection, key: str, decision: Decision) -> OrderRecord:
    order = _looked_at(connection, key, decision)
    if order.state is not OrderState.WAITING:
        raise NotDoneError(409, f"it does not wait: it is {order.state}")
    return order


def _may_be_undone(order: OrderRecord) -> None:
    """Raises ``NotDoneError`` where an order that is under way is undone already, or goes on to its end."""
    if order.failure is not None:
        raise NotDoneError(409, f"it is being undone already: {order.failure}")
    for step, progress in zip(order.plan.steps, order.steps, strict=True):
        if step.undo is None and progress.state is not StepState.PENDING:
            raise NotDoneError(409, f"it goes on to its end, for this cannot be undone: {step.says}")


def _note(
    connection: Connection, actor: Actor, plan: Plan, outcome: str, ticket: str | None, reason: str | None
) -> None:
    for tenant in dict.fromkeys(change.tenant for change in plan.tenants) or (None,):
        write_entry(
            connection,
            at=actor.at,
            who=actor.who.user,
            role=actor.who.role,
            action=plan.asked.action,
            outcome=outcome,
            tenant=tenant,
            origin=actor.origin,
            ticket=ticket,
            note=reason,
            order=plan.asked.key,
            plan=plan.digest,
        )


def cursor_of(order: OrderRecord) -> tuple[datetime, str]:
    """Its place among the orders, newest first."""
    return order.created_at, order.id
