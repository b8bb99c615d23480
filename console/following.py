"""Following an order to its end, its progress on stderr. Whoever stops following stops nothing else."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from console.desk import OpenDesk
from console.errors import FAILED, OK, CommandError
from console.output import say
from services.model import Outcome
from services.orders.saying import progress_words, state_words, steps_of
from services.wire.orders import OrderState, StepState

if TYPE_CHECKING:
    from services.wire.orders import OrderRecord

Pause = threading.Event
EVERY_S: Final = 1.0
PATIENCE_S: Final = 600.0
"""For so long nobody may answer before it is given up."""


def follow(desk: OpenDesk, order: OrderRecord) -> OrderRecord:
    """The order at its end. Raises ``CommandError`` where it cannot be followed; ``KeyboardInterrupt`` leaves it."""
    told = _Told()
    told.tell(order)
    pause, heard = Pause(), time.monotonic()
    try:
        while not order.state.ended:
            pause.wait(EVERY_S)
            answer = desk.ask(lambda cancel, key=order.id: desk.desk.order(key, cancel))  # type: ignore[misc]
            if answer.value is not None:
                order, heard = answer.value, time.monotonic()
                told.tell(order)
                continue
            final = answer.status == 404 or answer.outcome is Outcome.DENIED
            if final or time.monotonic() - heard > PATIENCE_S:
                raise CommandError(
                    f"it is not known how it ended: {answer.error}\nto look again: tenure order {order.id}"
                )
            told.silence(answer.error or "no answer")
    except KeyboardInterrupt:
        say(f"tenure: left; the order goes on: tenure order {order.id} --follow")
        raise
    return order


def exit_code(order: OrderRecord) -> int:
    """What a scheduler is told of an order that has ended."""
    return OK if order.state is OrderState.DONE else FAILED


def tell_end(order: OrderRecord) -> None:
    """Says how it ended, and of what is not done why."""
    say(f"tenure: {state_words(order)}{f': {order.failure}' if order.failure else ''}")


@dataclass
class _Told:
    """What was said already, so that a line is said once."""

    state: str = ""
    steps: dict[int, StepState] = field(default_factory=dict)
    silent: str | None = None

    def tell(self, order: OrderRecord) -> None:
        if self.silent is not None:
            say("tenure: answers again")
            self.silent = None
        for step, progress in steps_of(order):
            before = self.steps.get(step.number, StepState.PENDING)
            if progress.state is not before:
                say(f"  {progress_words(step, progress)}")
            self.steps[step.number] = progress.state
        if order.state.value != self.state and not order.state.ended:
            say(f"tenure: {state_words(order)}")
        self.state = order.state.value

    def silence(self, why: str) -> None:
        if why != self.silent:
            say(f"tenure: not answered: {why}; the order goes on all the same")
        self.silent = why
