"""Telling: what is new is written down first, then delivered, and crossed out when it has arrived."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.telling.items import Item, news
from services.telling.message import messages
from services.telling.sender import Sender
from services.telling.state import State, Waiting

MOST_WAITING = 1000
"""Messages that are kept for a target that does not answer; beyond them the oldest are given up, and it is said."""
NOTED_AFTER = 20
"""Deliveries between two notes: so many at most come twice where it ends without a word."""


@dataclass(frozen=True, slots=True)
class Report:
    """What came of it."""

    new: tuple[Item, ...]
    delivered: int
    """Messages, each counted once for every target that it reached."""
    failures: tuple[str, ...]
    """A line each: whom something did not reach, and why. It is sent again the next time."""
    given_up: tuple[str, ...] = ()
    """A line each: what nobody will be sent any more."""


def tell(
    items: Iterable[Item],
    state: State,
    senders: Sequence[Sender],
    keep: Callable[[State], None],
    *,
    at: datetime,
    whole: bool,
    make_id: Callable[[], str],
) -> Report:
    """Tells ``senders`` what is new in ``items``, and what earlier times left undelivered.

    At least once: ``keep`` has the messages before the first is sent, and a message is only crossed out once its
    target has answered. One that ends in between is sent again, under the same id. A target that does not answer
    keeps no other waiting, and its own messages keep their order, but for one that it refuses. What waits for a target
    that is none of ``senders`` is given up. Raises what ``keep`` does.
    """
    new, told = news(items, state.told, whole=whole)
    names = tuple(sender.name for sender in senders)
    outbox = (*state.outbox, *(Waiting(it, names) for it in messages(new, at, make_id)))
    outbox, given_up = _kept(outbox, names)
    state = State(told, outbox)
    keep(state)
    arrived: set[tuple[str, str]] = set()
    failures: list[str] = []
    try:
        for sender in senders:
            for message in [it.message for it in outbox if sender.name in it.targets]:
                delivery = sender.send(message)
                if delivery.done:
                    arrived.add((message.id, sender.name))
                    if len(arrived) % NOTED_AFTER == 0:
                        keep(_without(state, arrived))
                    continue
                failures.append(f"{sender.name}: {delivery.error or 'not delivered'}")
                if not delivery.refused:
                    break
    finally:  # an interrupt, too, leaves noted what has arrived
        keep(_without(state, arrived))
    return Report(new, len(arrived), tuple(failures), given_up)


def _kept(outbox: tuple[Waiting, ...], names: tuple[str, ...]) -> tuple[tuple[Waiting, ...], tuple[str, ...]]:
    """What is still to be delivered to these targets, and what is given up."""
    gone = Counter(target for waiting in outbox for target in waiting.targets if target not in names)
    given_up = [f"{target}: {count} messages, since it is not told any more" for target, count in gone.items()]
    left = [replace(it, targets=tuple(name for name in it.targets if name in names)) for it in outbox]
    wanted = [it for it in left if it.targets]
    if len(wanted) > MOST_WAITING:
        given_up.append(f"{len(wanted) - MOST_WAITING} of the oldest messages, since too many wait")
    return tuple(wanted[-MOST_WAITING:]), tuple(given_up)


def _without(state: State, arrived: set[tuple[str, str]]) -> State:
    """The state with these (message, target) crossed out."""
    outbox = []
    for waiting in state.outbox:
        left = tuple(target for target in waiting.targets if (waiting.message.id, target) not in arrived)
        if left:
            outbox.append(replace(waiting, targets=left))
    return replace(state, outbox=tuple(outbox))
