"""Following an order: asked again and again, less often while nothing changes. Blocks: for a ``Loader``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from typing import Final

from services.model import Outcome
from services.orders.desk import OrderDesk
from services.wire.orders import OrderRecord

EVERY_S: Final = 1.0
LONGEST_S: Final = 8.0
SLOWER: Final = 1.5
"""By how much the next pause is longer where nothing has changed."""
MISSING: Final = 404


@dataclass(frozen=True, slots=True)
class Followed:
    """What is known of an order now."""

    order: OrderRecord | None
    trouble: str | None = None
    """Why it was not answered; ``order`` is what was known before."""
    final: bool = False
    """Nothing further comes: it has ended, or there is nobody to ask."""


def follow(
    desk: OrderDesk,
    key: str,
    known: OrderRecord | None,
    publish: Callable[[Followed], None],
    cancel: Event,
    wait: Callable[[float], bool] | None = None,
) -> Followed:
    """Asks until the order has ended, nobody can be asked any more, or ``cancel`` is set; the last that is known.

    ``wait`` pauses for so many seconds, and tells whether to end.
    """
    wait = wait or cancel.wait
    pause, last = EVERY_S, Followed(known, final=known is not None and known.state.ended)
    while not last.final:
        if last.order is not None and wait(pause):
            break
        answer = desk.order(key, cancel)
        if answer.value is not None:
            found = Followed(answer.value, final=answer.value.state.ended)
        else:
            gone = answer.status == MISSING or answer.outcome is Outcome.DENIED
            found = Followed(last.order, answer.error or "no answer", final=gone or last.order is None)
        pause = min(pause * SLOWER, LONGEST_S) if found == last else EVERY_S
        if found != last:
            publish(found)
        last = found
    return last
