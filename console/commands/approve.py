"""``tenure approve KEY``: the second person agrees with a plan that waits."""

from __future__ import annotations

import sys
from typing import Annotated

from cyclopts import Parameter

from console.commands.apply import agreed
from console.commands.bare import ReadOnly
from console.commands.plan import lines_of
from console.desk import OrderKey, Reason, checked_key, decision, done, opened, read, writing
from console.errors import OK, CommandError
from console.output import say
from services.orders.confirming import may_approve
from services.orders.saying import plan_lines, plan_title
from services.wire.orders import OrderRecord


def approve(
    key: OrderKey,
    /,
    *,
    digest: Annotated[
        str | None, Parameter(help="The digest of the plan that you have looked at; without it a terminal asks.")
    ] = None,
    reason: Reason = None,
    read_only: ReadOnly = False,
) -> int:
    """Agree, as the second person, with an order that waits. Its plan is shown on stderr before.

    Exits 2 where there is no such order, 4 where it was refused.
    """
    checked_key(key)
    settings = writing(read_only=read_only)
    with opened(settings) as desk:
        order = read(desk.ask(lambda cancel: desk.desk.order(key, cancel)))
        refused = may_approve(order, None, None, read_only=False)
        if refused is not None:
            raise CommandError(refused)
        _look(order, digest)
        word = decision(order, reason)
        order = done(desk.ask(lambda cancel: desk.desk.approve(key, word, cancel)))
    say(f"tenure: agreed; to follow it: tenure order {order.id} --follow")
    return OK


def _look(order: OrderRecord, digest: str | None) -> None:
    """Raises ``CommandError`` where it is not this very plan that somebody has looked at."""
    plan = order.plan
    if digest is not None:
        if digest != plan.digest:
            raise CommandError(f"the plan is another one than you looked at: its digest is {plan.digest}")
        return
    say("\n".join([*lines_of(plan_title(plan), plan_lines(plan)), f"ordered by {order.author} ({order.role})"]))
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise CommandError(f"not confirmed, so nothing was done\n  --digest D is missing: {plan.digest}")
    if not agreed("x and Enter agree"):
        raise CommandError("cancelled; nothing was done")
