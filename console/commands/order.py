"""``tenure order KEY``: one order with its steps; ``--follow`` waits for its end."""

from __future__ import annotations

import sys
from typing import Annotated, Literal

from cyclopts import Parameter

from console.commands.plan import print_rows
from console.desk import OrderKey, checked_key, opened, read
from console.errors import OK
from console.following import exit_code, follow
from services.orders.saying import order_lines, order_title


def order(
    key: OrderKey,
    /,
    *,
    follow_: Annotated[
        bool, Parameter(name="--follow", negative="", help="Wait for its end; the progress goes to stderr.")
    ] = False,
    output: Annotated[
        Literal["text", "json"], Parameter(name=["--output", "-o"], help="Form of the order on stdout.")
    ] = "text",
) -> int:
    """Print one order: who ordered it, how far each step is, and what became of it.

    Exits 2 where there is no such order, 3 where the internal API did not answer; with --follow 0 when it is done,
    and 4 where it ended otherwise.
    """
    checked_key(key)
    with opened() as desk:
        found = read(desk.ask(lambda cancel: desk.desk.order(key, cancel)))
        if follow_:
            found = follow(desk, found)
    if output == "json":
        sys.stdout.write(found.model_dump_json(indent=2, ensure_ascii=True) + "\n")
        sys.stdout.flush()
    else:
        print_rows(order_title(found.plan), order_lines(found))
    return exit_code(found) if follow_ else OK
