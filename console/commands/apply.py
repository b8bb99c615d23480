"""``tenure apply FILE``: hand a plan over to be carried out, and follow it to its end."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from pydantic import ValidationError

from console.commands.bare import ReadOnly
from console.commands.plan import STDOUT, lines_of
from console.desk import OpenDesk, Reason, opened, unkept, words, writing
from console.errors import OK, CommandError, UsageError
from console.following import exit_code, follow, tell_end
from console.looking import read_ahead
from console.output import say
from services.orders.confirming import Need, lacking, needed
from services.orders.saying import plan_lines, plan_title
from services.wire.orders import OrderRecord, OrderRequest, Plan, plan_digest


def apply_plan(
    file: Annotated[
        str, Parameter(help="A plan that tenure plan -o FILE wrote; - for stdin.", allow_leading_hyphen=True)
    ],
    /,
    *,
    yes: Annotated[bool, Parameter(negative="", help="Carry out what can be undone, without asking.")] = False,
    confirm: Annotated[
        str | None, Parameter(help="The tenant's id, of what the tenant sees; of several the first one's.")
    ] = None,
    tenants: Annotated[str | None, Parameter(help="How many tenants there are, where there are several.")] = None,
    stores: Annotated[str | None, Parameter(help="How many stores become unreadable, of what is final.")] = None,
    ticket: Annotated[str | None, Parameter(help="The ticket that asks for it; needed for what is final.")] = None,
    reason: Reason = None,
    break_glass: Annotated[
        str | None,
        Parameter(help="4h: do without the second person, for a --reason, if begun by then; another reviews it."),
    ] = None,
    detach: Annotated[bool, Parameter(negative="", help="Hand it over and do not follow it.")] = False,
    read_only: ReadOnly = False,
) -> int:
    """Hand a plan over to be carried out by the worker, print the order's key, and follow it to its end on stderr.

    What can be undone asks for x on a terminal, or takes --yes. What the tenant sees takes --confirm, what is final
    --confirm, --stores and --ticket as well. A plan that no longer holds is refused, with what has changed.

    Exits 0 when it is done, or handed over with --detach; 4 where a confirmation is missing, and where it was refused,
    failed or is half done. Interrupting stops the following alone.
    """
    settings = writing(read_only=read_only)
    plan = _plan(file)
    given = {Need.TENANT: confirm, Need.TENANTS: tenants, Need.STORES: stores, Need.TICKET: ticket}
    _confirm(plan, {need: value for need, value in given.items() if value is not None}, yes=yes)
    with opened(settings) as desk:
        until = None if break_glass is None else read_ahead("--break-glass", break_glass, "UTC", desk.now())
        try:
            request = OrderRequest(plan=plan, ticket=ticket, reason=reason, break_glass_until=until)
        except ValidationError as error:
            raise unkept(error) from None
        order = _handed_over(desk, request)
        sys.stdout.write(f"{order.id}\n")
        sys.stdout.flush()
        if detach:
            say(f"tenure: handed over; to follow it: tenure order {order.id} --follow")
            return OK
        order = follow(desk, order)
    tell_end(order)
    return exit_code(order)


def _plan(file: str) -> Plan:
    """The plan of a file. Raises ``UsageError``, and ``CommandError`` where it is not as it was made."""
    try:
        text = sys.stdin.read() if file == STDOUT else Path(file).read_text(encoding="utf-8")
        plan = Plan.model_validate_json(text, strict=True)
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: {error.strerror if isinstance(error, OSError) else 'is not UTF-8'}") from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "file"
        raise UsageError(f"{file}: is no plan: {where}: {first['msg']}") from None
    if plan_digest(plan) != plan.digest:
        raise CommandError(f"{file}: was changed after it was made: it is not the plan of its digest")
    return plan


def _confirm(plan: Plan, given: Mapping[Need, str], *, yes: bool) -> None:
    """Raises ``CommandError`` that names every option which is missing."""
    given = {**given, Need.AGREEMENT: "yes"} if yes else given
    asks = [one.need for one in needed(plan)] == [Need.AGREEMENT]
    if asks and not yes and sys.stdin.isatty() and sys.stderr.isatty():
        say("\n".join(lines_of(plan_title(plan), plan_lines(plan))))
        given = {**given, Need.AGREEMENT: "x"} if agreed("x and Enter carry it out") else given
        if Need.AGREEMENT not in given:
            raise CommandError("cancelled; nothing was done")
    missing = lacking(plan, given)
    if missing:
        raise CommandError("\n".join(["not confirmed, so nothing was done", *(f"  {line}" for line in missing)]))


def agreed(question: str) -> bool:
    """Whether ``x`` was typed. Enter alone is no."""
    sys.stderr.write(f"{question}, anything else does nothing: ")
    sys.stderr.flush()
    return sys.stdin.readline().strip() == "x"


def _handed_over(desk: OpenDesk, request: OrderRequest) -> OrderRecord:
    answer = desk.ask(lambda cancel: desk.desk.submit(request, cancel))
    if answer.value is None:
        lines = words(answer)
        if answer.undecided:
            key = request.plan.asked.key
            lines.append(f"apply the same plan again, it is carried out once; or look: tenure order {key}")
        raise CommandError("\n".join(lines))
    if answer.status != 201:
        say("tenure: it was handed over before; it is carried out once")
    return answer.value
