"""What a sign-in asks on its thread, put to whoever draws: neither waits for the other.

The thread publishes what it needs; the answer comes back through a queue of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Event
from typing import TypeAlias

from services.model import DeviceCode, MfaDevice

_LOOK_S = 0.2
"""Between two looks at whether anybody still waits for the sign-in."""


@dataclass(frozen=True, slots=True)
class MfaQuestion:
    """The code of a device is wanted."""

    device: MfaDevice
    answers: SimpleQueue[str] = field(default_factory=SimpleQueue, repr=False, compare=False)
    """Where the code goes; it never is in a ``repr``."""


Asked: TypeAlias = DeviceCode | MfaQuestion


class Asker:
    """``services.model.Prompts`` for the thread of a ``Loader``: what is asked is published."""

    def __init__(self, publish: Callable[[Asked], None], cancel: Event) -> None:
        self._publish = publish
        self._cancel = cancel

    def device_code(self, code: DeviceCode) -> None:
        self._publish(code)

    def mfa_code(self, device: MfaDevice) -> str | None:
        question = MfaQuestion(device)
        self._publish(question)
        while not self._cancel.is_set():
            try:
                return question.answers.get(timeout=_LOOK_S)
            except Empty:
                continue  # nothing was answered so far: no failure
        return None  # cancelled: nobody waits for it
