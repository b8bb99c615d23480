"""``tenure review KEY``: another approver has looked at an order that did without its second person."""

from __future__ import annotations

from console.commands.bare import ReadOnly
from console.commands.plan import lines_of
from console.desk import OrderKey, Reason, checked_key, decision, done, opened, read, writing
from console.errors import OK
from console.output import say
from services.orders.saying import order_lines


def review(key: OrderKey, /, *, reason: Reason = None, read_only: ReadOnly = False) -> int:
    """Say, as an approver, that you have looked at what an order left half done, or at one without a second person.

    What was done is shown on stderr. Until somebody has, it stands among what is due. Exits 2 where there is no such
    order, 4 where it was refused.
    """
    checked_key(key)
    settings = writing(read_only=read_only)
    with opened(settings) as desk:
        order = read(desk.ask(lambda cancel: desk.desk.order(key, cancel)))
        say("\n".join(lines_of(order.plan.title, order_lines(order))))
        word = decision(order, reason)
        done(desk.ask(lambda cancel: desk.desk.review(key, word, cancel)))
    say(f"tenure: reviewed: {order.plan.asked.action} of {order.author}")
    return OK
