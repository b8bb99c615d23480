"""``tenure cancel KEY``: take back an order: one that waits, or one that is under way, which is then undone."""

from __future__ import annotations

from console.commands.bare import ReadOnly
from console.desk import OrderKey, Reason, checked_key, decision, done, opened, read, writing
from console.errors import OK
from console.output import say


def cancel(key: OrderKey, /, *, reason: Reason = None, read_only: ReadOnly = False) -> int:
    """Take back an order, or say no to it as its second person. What one that is under way has done is undone.

    Exits 2 where there is no such order, 4 where it was refused: it has ended, or can no longer be undone.
    """
    checked_key(key)
    settings = writing(read_only=read_only)
    with opened(settings) as desk:
        order = read(desk.ask(lambda cancel: desk.desk.order(key, cancel)))
        word = decision(order, reason)
        order = done(desk.ask(lambda cancel: desk.desk.withdraw_order(key, word, cancel)))
    ended = "" if order.state.ended else f"; what was done of it is being undone: tenure order {key} --follow"
    say(f"tenure: taken back: {order.plan.asked.action} of {order.author}{ended}")
    return OK
