"""Runs faults against a sandbox whose clock stands, and judges what is seen under each."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Self

from services.sandbox.fault_spec import Kind
from tests.reliability.faults import Case
from tests.reliability.judging import Found, Look
from tests.reliability.look import Looker, led_to
from tests.reliability.picture import Picture
from tests.support.sandbox import RunningSandbox

HANG_S = 2.0
"""How long an answer is waited for while calls hang: far longer than a healthy one of the sandbox takes."""
HOLDS_S = 2.5
"""After so long keys that were refused are tried again (``FAILURE_HOLDS_S`` of the credentials, and some more)."""
AGAIN, FIRST, AFTER = "again", "first", "after"
"""A second look, with everything remembered; a first one; and one when the fault is over."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A fault, how it was looked at, and what came of that."""

    case: Case | None
    """``None``: no fault is left."""
    how: str
    found: Found


class Matrix:
    """The healthy picture, and those who have seen it. A context manager."""

    def __init__(self, running: RunningSandbox) -> None:
        self._running = running
        self._open = ExitStack()
        self._open.enter_context(led_to(running))
        self._patient = self._open.enter_context(Looker(running))
        self._hasty: Looker | None = None
        self.healthy: Picture = self._patient.again()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def run(self, cases: Iterable[Case]) -> Iterator[Judged]:
        """Looks at the fleet under each fault, again and for the first time, and once more when it is over."""
        for case in cases:
            looker = self._hurried() if case.kind is Kind.HANG else self._patient
            with self._struck(case):
                if case.kind is not Kind.SLOW:  # what is late is no other for having been seen before
                    yield self._judged(case, AGAIN, looker.again())
                yield self._judged(case, FIRST, self._first(case, looker))
            if case.of_roles or case.kind is Kind.EXPIRED:
                threading.Event().wait(HOLDS_S)
            yield self._after(case, looker)

    def run_in_turns(self, cases: Iterable[Case]) -> Iterator[Judged]:
        """One look under each fault, the first in turns with a second, and one more when all are over."""
        for index, case in enumerate(cases):
            with self._struck(case):
                if index % 2 or case.of_roles or case.kind is Kind.HANG:
                    yield self._judged(case, FIRST, self._first(case, self._patient))
                else:
                    yield self._judged(case, AGAIN, self._patient.again())
        yield self._after(None, self._patient)

    @contextmanager
    def _struck(self, case: Case) -> Iterator[None]:
        self._running.set_faults(str(case))
        try:
            yield
        finally:
            self._running.set_faults()

    def _first(self, case: Case, looker: Looker) -> Picture:
        """Without the roles' keys where they matter, so that these too have to be asked for."""
        if not case.of_roles and (case.kind is not Kind.HANG or looker is self._hasty):
            return looker.first()
        with Looker(self._running, HANG_S if case.kind is Kind.HANG else None) as new:
            return new.first()

    def _judged(self, case: Case, how: str, seen: Picture) -> Judged:
        return Judged(case, how, Look(case, self.healthy, seen, how == FIRST).judge())

    def _after(self, case: Case | None, looker: Looker) -> Judged:
        """The fault is over: every byte is as it was."""
        found, seen = Found(), looker.again()
        for key, before in self.healthy.figures.items():
            after = seen.figures.get(key)
            if after is None or after.said != before.said:
                found.differences.append(f"{key}: is not what it was before the fault")
        found.differences += [f"{key}: is new" for key in seen.figures.keys() - self.healthy.figures.keys()]
        found.differences += [f"{source.name}: still fails" for source in seen.failed]
        return Judged(case, AFTER, found)

    def _hurried(self) -> Looker:
        """One that waits for no answer for long, and has seen the healthy fleet too."""
        if self._hasty is None:
            self._hasty = self._open.enter_context(Looker(self._running, HANG_S))
            self._hasty.again()
        return self._hasty
