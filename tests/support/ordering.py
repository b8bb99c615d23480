"""A desk in memory: plans what is asked at once; what it refuses, and how far an order is, a test says."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from services.model import Outcome
from services.orders.actions import ACTIONS
from services.orders.desk import Answer
from services.wire.orders import (
    Asked,
    Decision,
    OrderRecord,
    OrderRequest,
    OrderState,
    Plan,
    StepProgress,
    StepState,
)
from services.wire.registry import ProblemPart
from tests.support.plans import AT, order, plan

Refusal = Answer[Any]


def refusal(status: int, error: str, *parts: tuple[str, str], undecided: bool = False) -> Refusal:
    """An answer without a value."""
    told = tuple(ProblemPart(where=where, what=what) for where, what in parts)
    return Answer(None, Outcome.FAILED, status, error, told, undecided=undecided)


class FakeDesk:
    """An ``OrderDesk``. ``refusals`` answer in turn in place of the truth, by the method's name."""

    def __init__(self, make: Callable[[Asked], Plan] | None = None) -> None:
        self.make = make or planned
        self.asked: list[Asked] = []
        self.submitted: list[OrderRequest] = []
        self.decided: list[tuple[str, str, Decision]] = []
        self.known: dict[str, OrderRecord] = {}
        self.refusals: dict[str, list[Refusal]] = {}
        self.looked = 0
        """How often an order was asked for."""
        self.user = "olga"
        self.down: str | None = None
        """Why nobody answers who asks for an order."""

    def _refused(self, method: str) -> Refusal | None:
        coming = self.refusals.get(method)
        return coming.pop(0) if coming else None

    def plan(self, asked: Asked, cancel: threading.Event) -> Answer[Plan]:
        self.asked.append(asked)
        return self._refused("plan") or Answer(self.make(asked), Outcome.SEEN, 200)

    def submit(self, request: OrderRequest, cancel: threading.Event) -> Answer[OrderRecord]:
        self.submitted.append(request)
        if (refused := self._refused("submit")) is not None:
            return refused
        until = request.break_glass_until
        state = OrderState.WAITING if request.plan.approval and until is None else OrderState.ACCEPTED
        pending = [StepState.PENDING] * len(request.plan.steps)
        given = {"ticket": request.ticket, "reason": request.reason, "break_glass_until": until}
        made = order(request.plan, state, pending, author=self.user, **given)
        self.known[made.id] = made
        return Answer(made, Outcome.SEEN, 201)

    def order(self, key: str, cancel: threading.Event) -> Answer[OrderRecord]:
        self.looked += 1
        if (refused := self._refused("order")) is not None:
            return refused
        if self.down is not None:
            return refusal(0, self.down)
        if key not in self.known:
            return refusal(404, f"there is no order {key}")
        return Answer(self.known[key], Outcome.SEEN, 200)

    def orders(
        self, cancel: threading.Event, *, tenant: str | None = None, open_only: bool = False, limit: int = 200
    ) -> Answer[tuple[OrderRecord, ...]]:
        return Answer(tuple(self.known.values()), Outcome.SEEN, 200)

    def approve(self, key: str, decision: Decision, cancel: threading.Event) -> Answer[OrderRecord]:
        return self._decided("approve", key, decision, state=OrderState.ACCEPTED, approved_by="anna", approved_at=AT)

    def review(self, key: str, decision: Decision, cancel: threading.Event) -> Answer[OrderRecord]:
        return self._decided("review", key, decision, reviewed_by="anna", reviewed_at=AT)

    def withdraw_order(self, key: str, decision: Decision, cancel: threading.Event) -> Answer[OrderRecord]:
        order = self.known.get(key)
        if order is not None and order.state is OrderState.RUNNING:
            members = {"failure": f"taken back by {order.author}", "taken_back_by": order.author, "taken_back_at": AT}
            return self._decided("withdraw_order", key, decision, **members)
        return self._decided("withdraw_order", key, decision, state=OrderState.CANCELLED, ended_at=AT)

    def _decided(self, what: str, key: str, decision: Decision, **members: Any) -> Answer[OrderRecord]:
        self.decided.append((what, key, decision))
        if (refused := self._refused(what)) is not None:
            return refused
        self.known[key] = self.known[key].model_copy(update=members)
        return Answer(self.known[key], Outcome.SEEN, 200)

    # What a test lets the worker do

    def further(self, state: OrderState, *steps: StepState, failure: str | None = None) -> None:
        """The newest order is as far as that."""
        before = list(self.known.values())[-1]
        progress = tuple(
            StepProgress(
                number=number,
                state=it,
                started_at=AT + timedelta(minutes=1),
                attempts=1,
                request_id=f"7f0c-{number}" if it is StepState.DONE else None,
                error="the disk is full" if it is StepState.FAILED else None,
            )
            for number, it in enumerate(steps, start=1)
        )
        ended = AT + timedelta(minutes=2) if state.ended else None
        members = {"state": state, "steps": progress, "failure": failure, "ended_at": ended}
        self.known[before.id] = before.model_copy(update=members)


def planned(asked: Asked) -> Plan:
    """A plan of what is asked, whatever it is: each tenant's record is written once."""
    action = ACTIONS[asked.action]
    return plan(
        asked.tenants,
        action.confirmation,
        key=asked.key,
        asked=asked,
        title=action.title,
        clause=action.clause,
        approval=action.name in ("hold-lift", "reinstate"),
    )


__all__ = ["FakeDesk", "planned", "refusal"]
