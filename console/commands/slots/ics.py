"""``tenure slots ics [--tenant ID] -o FILE``: maintenance slots for calendars."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

from cyclopts import Parameter

from console.errors import OK, UNANSWERED, UsageError
from console.output import say
from console.waiting import Task

if TYPE_CHECKING:
    from services.fleet.registry import RegistryAnswer
    from services.model import Slot

READ: Final = frozenset({"tenants", "slots"})
STDOUT: Final = "-"


def ics(
    *,
    tenant: Annotated[
        str | None, Parameter(help="Only the slots of this tenant, those of its tier and region included.")
    ] = None,
    output: Annotated[
        str, Parameter(name=["--output", "-o"], allow_leading_hyphen=True, help="The .ics file to write; - for stdout.")
    ],
) -> int:
    """Write the maintenance slots of the registry as an iCalendar: all of them, or those of one tenant.

    Times are in UTC. A slot is the same event whenever it is written, so that a calendar which reads the file again
    moves or cancels what it has.

    Exits 2 for a tenant that there is not and for a file that cannot be written, 3 where the internal API did not
    answer in full: without the list of slots nothing is written.
    """
    from console.settings import load_settings
    from console.wiring import make_api
    from services.now import make_now
    from services.orders.ics import calendar

    settings = load_settings(os.environ)
    now = make_now(settings.clock_offset)
    with make_api(settings, now, "UTC") as api:
        read = Task("slots", lambda: api.registry(threading.Event(), only=READ)).wait()
    troubles = _troubles(read)
    if not read.answered("slots") or (tenant is not None and not read.answered("tenants")):
        for trouble in troubles:
            say(f"tenure: {trouble}")
        say("tenure: nothing is written")
        return UNANSWERED
    slots = read.slots if tenant is None else _of(read, tenant)
    _write(output, calendar(slots, now()))
    for trouble in troubles:
        say(f"tenure: {trouble}")
    said = "1 slot" if len(slots) == 1 else f"{len(slots)} slots"
    say(f"tenure: {said} written" + ("" if output == STDOUT else f" to {output}"))
    return UNANSWERED if troubles else OK


def _troubles(read: RegistryAnswer) -> list[str]:
    """What of the lists that were asked for did not come."""
    unread = [
        f"{it.source.operation} {it.outcome}: {it.error or 'no answer'}"
        for it in read.observations
        if not it.outcome.answered and any(name in it.source.operation for name in READ)
    ]
    return unread + [f"{it.collection}: a record cannot be read" for it in read.bad if it.collection in READ]


def _of(read: RegistryAnswer, id_: str) -> tuple[Slot, ...]:
    """The slots that concern a tenant. Raises ``UsageError`` where there is none of that id."""
    tenant = next((it for it in read.tenants if it.id == id_), None)
    if tenant is None:
        raise UsageError(f"there is no tenant {id_}")
    return tuple(slot for slot in read.slots if slot.concerns(tenant.id, tenant.tier, tenant.region))


def _write(output: str, data: bytes) -> None:
    if output == STDOUT:
        sys.stdout.buffer.write(data)
        return
    try:
        Path(output).write_bytes(data)
    except OSError as error:
        raise UsageError(f"{output} cannot be written: {error.strerror}") from None
