"""What can be done with a plan that was not taken on: mend a line, make it anew, look at what is in its way. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from screens.dialogs.confirmable import Stage, why_not
from screens.text import DIM, ERROR
from services.orders.desk import Answer
from services.wire.orders import OrderRecord

CHANGED: Final = 412
"""The status of a plan that rests on what is no longer so (RFC 9110, precondition failed)."""
CONFLICT: Final = 409
IN_THE_WAY: Final = "order"
"""Where the part of a refusal stands that names another order by its key."""
_KEY: Final = re.compile("[0-9a-f]{32}")
GIVEN: Final = "body."
"""What the parts begin with that are about something said with the plan, which can be mended where it stands."""


@dataclass(frozen=True, slots=True)
class Refused:
    """How far the dialog is, and what it says."""

    stage: Stage
    said: str
    changed: tuple[str, ...] = ()
    """What the plan was made from and is no longer so."""
    order: str | None = None
    """The key of the order that is in its way."""
    style: str = ERROR


def refused_by(answer: Answer[OrderRecord], anew: str) -> Refused:
    """What becomes of a dialog whose plan was not taken on; ``anew``: what ``r`` does in it."""
    if answer.status == CHANGED:
        changed = tuple(part.what for part in answer.parts) or (answer.error or "something",)
        said = f"What it was made from has changed, so nothing was done. r to {anew}."
        return Refused(Stage.STALE, said, changed)
    if answer.undecided:
        said = f"{answer.error or 'no answer'}\nThe same may be handed over again: it is carried out once."
        return Refused(Stage.SHOWN, said)
    if answer.status != CONFLICT or any(part.where.startswith(GIVEN) for part in answer.parts):
        return Refused(Stage.SHOWN, why_not(answer))
    other = next((it.what for it in answer.parts if it.where == IN_THE_WAY and _KEY.fullmatch(it.what)), None)
    if other is None:
        return Refused(Stage.STALE, f"{why_not(answer)}\nSo nothing was done. r to {anew}.")
    why = answer.error or "another order is under way"
    return Refused(Stage.HELD, f"{why}: nothing was done.\no opens it; once it has ended, r to {anew}.", order=other)


def after_a_look(other: OrderRecord | None, anew: str) -> Refused | None:
    """What becomes of it once one has looked at the order in its way; ``None``: it is in its way as before."""
    if other is None or not other.state.ended:
        return None
    said = f"That order has ended: {other.state}. This plan may be confirmed now, or r to {anew}."
    return Refused(Stage.SHOWN, said, style=DIM)
