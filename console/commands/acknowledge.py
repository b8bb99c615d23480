"""``tenure acknowledge TENANT FIGURE --until …``: that somebody has seen an item of the due list, for all to see."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from console.errors import OK, CommandError, UsageError
from console.looking import TenantOrNobody, looking, read_ahead, whom
from console.output import say
from services.model import Acknowledgement


def acknowledge(
    tenant: TenantOrNobody,
    figure: Annotated[str, Parameter(help="As tenure due names it: grace, recovery.orders-db, case.c-7.")],
    /,
    *,
    until: Annotated[
        str | None, Parameter(help="For how long: an instant, a day, or a length such as 8h or 7d.")
    ] = None,
    assign: Annotated[str | None, Parameter(help="Whose it is.")] = None,
    note: Annotated[str | None, Parameter(help="What others should know.")] = None,
    withdraw: Annotated[bool, Parameter(negative="", help="Take it back.")] = False,
) -> int:
    """Say that an item of the due list is seen, until when, and whose it is. It changes no verdict.

    Exits 2 where there is no such figure, 4 where the internal API refused or did not answer.
    """
    if withdraw == (until is not None):
        raise UsageError("write --until WHEN, or --withdraw")
    from console.desk import writing
    from services.why import NoSuchFigureError, find

    writing()
    owner = whom(tenant)
    with looking() as look:
        if withdraw:
            refused = look.reader.withdraw(owner, figure)
        else:
            now = look.now()
            ahead = read_ahead("--until", until or "", look.fleet.default_zone, now)
            try:
                find(look.fleet, owner, figure)
            except NoSuchFigureError as error:
                raise UsageError(str(error)) from None
            by = look.fleet.identity.user
            if by is None:
                raise CommandError("the internal API does not say whose the token is")
            refused = look.reader.acknowledge(Acknowledgement(owner, figure, by, now, ahead, assign, note))
    if refused is not None:
        raise CommandError(refused)
    say(f"tenure: {'withdrawn' if withdraw else 'acknowledged'}: {tenant} {figure}")
    return OK
