"""``tenure cancel KEY``: take back an order that waits for a second person, or say no to it as that person."""

from __future__ import annotations

from console.commands.bare import ReadOnly
from console.desk import OrderKey, Reason, checked_key, decision, done, opened, read, writing
from console.errors import OK
from console.output import say


def cancel(key: OrderKey, /, *, reason: Reason = None, read_only: ReadOnly = False) -> int:
    """Take back an order that waits for a second person. What is under way goes on.

    Exits 2 where there is no such order, 4 where it was refused.
    """
    checked_key(key)
    settings = writing(read_only=read_only)
    with opened(settings) as desk:
        order = read(desk.ask(lambda cancel: desk.desk.order(key, cancel)))
        word = decision(order, reason)
        done(desk.ask(lambda cancel: desk.desk.withdraw_order(key, word, cancel)))
    say(f"tenure: taken back: {order.plan.asked.action} of {order.author}")
    return OK
