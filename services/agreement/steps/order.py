"""An order, step by step."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from services.agreement.orders import APPROVAL_WITHIN, STANDSTILL, TAKEN_WITHIN, judge_order
from services.agreement.policy import Policy
from services.agreement.schedule import after
from services.agreement.steps.base import Reckoning, Step, by_itself, changes, countdown, reckoning
from services.model import Order, OrderState, Status, Verdict
from services.words import say_instant, say_length


def explain_order(verdict: Verdict, order: Order, policy: Policy, now: datetime) -> Reckoning:
    """How the verdict on an order comes about. Never raises."""
    when = verdict.changes_at
    then = judge_order(order, None, when) if when is not None else None
    promise = "what was ordered is carried out as a whole or not at all, and by as many people as it takes"
    steps = [*_steps(order)]
    return reckoning(
        verdict, promise, policy, (), steps, _last(order, now), changes(_act(order), by_itself(verdict, then))
    )


def _steps(order: Order) -> Iterator[str]:
    yield f"{order.title} ({order.action}), of {order.scope}"
    yield f"ordered {say_instant(order.created_at)} by {order.author}, {order.role}"
    if order.needs_approval:
        agreed = f"agreed by {order.approved_by}" if order.approved_by else f"nobody but {order.author} has seen it yet"
        yield f"a second person has to agree: {agreed}"
    if order.break_glass_until is not None:
        seen = f"reviewed by {order.reviewed_by}" if order.reviewed_by else "reviewed by nobody yet"
        yield f"done without one (break-glass): {order.reason or 'no reason'}; {seen}"
    yield f"{order.steps_done} of {order.steps} steps done"
    if order.state is OrderState.WAITING:
        yield f"may wait for {say_length(APPROVAL_WITHIN)}, by Tenure's own measure"


def _last(order: Order, now: datetime) -> Step | None:
    """The comparison that gives the status; ``None`` where the record alone does."""
    match order.state:
        case OrderState.WAITING:
            end = after(order.created_at, APPROVAL_WITHIN)
            return countdown(now, end, due=APPROVAL_WITHIN, at_risk=None, over=Status.AT_RISK)
        case OrderState.ACCEPTED:
            return _still(now, after(order.progress_at, TAKEN_WITHIN), "a worker takes it at once where one runs")
        case OrderState.RUNNING:
            return _still(now, after(order.progress_at, STANDSTILL), "it makes progress")
        case _:
            return None


def _still(now: datetime, end: datetime, otherwise: str) -> Step:
    if now < end:
        return Step(f"{say_instant(now)} < {say_instant(end)}, until when {otherwise}", Status.OK)
    return Step(f"{say_instant(now)} ≥ {say_instant(end)}, by when {otherwise}", Status.AT_RISK)


def _act(order: Order) -> str | None:
    if order.break_glass_until is not None and order.reviewed_by is None and order.state.ended:
        return f"an approver other than {order.author} reviews it"
    match order.state:
        case OrderState.WAITING:
            return f"an approver other than {order.author} agrees, or it is taken back"
        case OrderState.ACCEPTED:
            return "a worker takes it: tenure serve runs one"
        case OrderState.RUNNING:
            return "its next step ends"
        case OrderState.HALF_DONE:
            return "the same is ordered again and carried out, or an approver has reviewed what is left"
        case _:
            return None
