"""Waiting for another thread so that ctrl+c is always noticed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")

POLL_S = 0.2
"""The system may hand a signal to any thread; the main one notices when its wait ends, so no wait is longer."""


class Task(Generic[T]):
    """A call on a daemon thread of its own, which may hang: nobody is kept from leaving."""

    def __init__(self, name: str, call: Callable[[], T]) -> None:
        self._call = call
        self._ended = threading.Event()
        self._result: T | None = None
        self._error: BaseException | None = None
        threading.Thread(target=self._run, name=name, daemon=True).start()

    def _run(self) -> None:
        try:
            self._result = self._call()
        except BaseException as error:  # noqa: BLE001 - handed over to whoever waits, and raised there
            self._error = error
        finally:
            self._ended.set()

    def wait(self, meanwhile: Callable[[], None] | None = None) -> T:
        """The result; raises what the call raised. ``meanwhile`` is called at every look at the clock."""
        while not self._ended.wait(POLL_S):
            if meanwhile is not None:
                meanwhile()
        if self._error is not None:
            raise self._error
        return self._result  # type: ignore[return-value]  # the call has ended without an error: this is what it gave
