"""An order judged: whether somebody has to look at it.

An order has no clock in the agreement; the promise that it serves has one, and its own row. The clause is that of what
it does.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from services.agreement.schedule import ALWAYS, Phase, after, judged
from services.model import Order, OrderState, Status, Verdict
from services.words import say_instant

APPROVAL_WITHIN = timedelta(hours=24)
"""How long an order may wait for a second person before that is a risk: by then every shift has had its turn, and what
the plan was made from is the likelier to have changed, which voids it. Tenure's own measure, not the agreement's."""
TAKEN_WITHIN = timedelta(minutes=15)
"""How long an accepted order may wait for a worker, which takes it at once where one runs."""
STANDSTILL = timedelta(hours=24)
"""How long one that runs may tell of no progress: longer than any backup of a store is followed for."""

_NO_MORE = {
    OrderState.UNDONE: "undone: nothing of it is left",
    OrderState.CANCELLED: "cancelled",
    OrderState.VOID: "void: what it was made from had changed",
}


def order_figure(order: Order) -> str:
    """The name under which it is judged."""
    return f"order.{order.id}"


def judge_order(order: Order, mended_by: Order | None, now: datetime) -> Verdict:
    """Judge an order. Never raises.

    One that waits for a second person is ``due``, and ``at-risk`` after ``APPROVAL_WITHIN``. One that is half done is
    ``at-risk`` until it is reviewed, or ``mended_by``, a later order of the same for the same tenants, was carried
    out: something is left behind, and no promise is broken by that alone. One that no worker takes, or that stands
    still, is ``at-risk``, and one that did without its second person until another approver has reviewed it.
    """
    return judged(order_figure(order), order.clause, list(_phases(order, mended_by)), now)


def _phases(order: Order, mended_by: Order | None) -> Iterator[Phase]:
    if order.break_glass_until is not None and order.reviewed_by is None and order.state.ended:
        said = (
            f"{order.title}: {order.state} without a second person by {order.author}; another approver is to review it"
        )
        said += f"; {order.failure}" if order.failure else ""
        yield Phase(ALWAYS, Status.AT_RISK, said, order.ended_at)
        return
    match order.state:
        case OrderState.WAITING:
            end = after(order.created_at, APPROVAL_WITHIN)
            said = (
                f"{order.title}: waits for a second person; ordered by {order.author} {say_instant(order.created_at)}"
            )
            yield Phase(ALWAYS, Status.DUE, said, order.created_at, end, APPROVAL_WITHIN)
            yield Phase(end, Status.AT_RISK, said, order.created_at, end, APPROVAL_WITHIN)
        case OrderState.ACCEPTED:
            end = after(order.progress_at, TAKEN_WITHIN)
            yield Phase(ALWAYS, Status.OK, f"{order.title}: accepted, to be carried out", order.progress_at)
            said = f"{order.title}: accepted {say_instant(order.progress_at)}, and no worker carries it out"
            yield Phase(end, Status.AT_RISK, said, order.progress_at, end, TAKEN_WITHIN)
        case OrderState.RUNNING:
            end = after(order.progress_at, STANDSTILL)
            at = f"{order.steps_done} of {order.steps} steps done" + (f", now: {order.step}" if order.step else "")
            yield Phase(ALWAYS, Status.OK, f"{order.title}: {at}", order.progress_at)
            said = f"{order.title}: {at}; no progress since {say_instant(order.progress_at)}"
            yield Phase(end, Status.AT_RISK, said, order.progress_at, end, STANDSTILL)
        case OrderState.DONE:
            yield Phase(ALWAYS, Status.OK, f"{order.title}: done", order.ended_at)
        case OrderState.HALF_DONE if mended_by is None and order.reviewed_by is None:
            left = order.failure or "what is left of it is not told"
            yield Phase(ALWAYS, Status.AT_RISK, f"{order.title}: half done: {left}", order.ended_at)
        case OrderState.HALF_DONE:
            since = (
                f"carried out since by order {mended_by.id[:8]}" if mended_by else f"reviewed by {order.reviewed_by}"
            )
            said = f"{order.title}: half done, and {since}"
            yield Phase(ALWAYS, Status.NOT_APPLICABLE, said, order.ended_at)
        case state:
            why = f": {order.failure}" if order.failure else ""
            yield Phase(ALWAYS, Status.NOT_APPLICABLE, f"{order.title}: {_NO_MORE[state]}{why}", order.ended_at)
