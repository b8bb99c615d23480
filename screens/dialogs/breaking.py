"""Doing without the second person: what it means, said before it is done, and by when it has to be begun. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from screens.dialogs.giving import UnsaidError
from screens.notes import ENDS, REASON
from services.instants import InstantError, read_ahead
from services.orders.confirming import BREAK_GLASS_MOST, may_break_glass
from services.orders.saying import Row
from services.wire.orders import Plan
from services.wire.registry import Role
from services.words import say_instant

ALONE: Final = "Alone"
SECOND: Final = "Second"
MEANING: Final = (
    "BREAK-GLASS: carried out at once, in your name alone.",
    "The audit log says so in capitals, and it is due until another approver has reviewed it.",
)


def alone_rows(plan: Plan, role: Role | None, *, read_only: bool, alone: bool) -> tuple[Row, ...]:
    """What stands above a plan that wants a second person: who that is, or what it means to do without."""
    if not plan.approval:
        return ()
    if alone:
        return (Row(ALONE, MEANING[0]), *(Row("", it) for it in MEANING[1:]))
    who = "an approver other than you has to agree before anything happens"
    why = may_break_glass(plan, role, read_only=read_only)
    if why is None:
        return (Row(SECOND, f"{who}; B: it cannot wait for one"),)
    return (Row(SECOND, who), Row("", f"not without one: {why}"))


def begun_by(said: Mapping[str, str], zone: str, now: datetime) -> datetime:
    """By when it has to be begun. Raises ``UnsaidError`` for what is missing, or lies outside the next 24 hours."""
    if not said.get(ENDS):
        raise UnsaidError(ENDS, "say by when it has to be begun: 30m, 2h, at most 24h")
    try:
        at = read_ahead(said[ENDS], zone, now)
    except InstantError as error:
        raise UnsaidError(ENDS, str(error)) from None
    if at > now + BREAK_GLASS_MOST:
        raise UnsaidError(ENDS, f"{say_instant(at)} is more than 24 hours away")
    if not said.get(REASON):
        raise UnsaidError(REASON, "say why it cannot wait for the second person")
    return at
