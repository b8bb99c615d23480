"""Garbage that refers to itself is collected while nobody types, and not more often than it is worth."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from typing import Any

import pytest
from textual.pilot import Pilot

from console.app import TenureApp
from console.tidying import EVERY_S, IDLE_S, LATEST_S, SHARE, Tidying
from tests.support.console import Answers, console
from tests.support.fleet import fleet
from tests.support.pilot import drive, until


class Knot:
    """It refers to itself, as a screen and its widgets do."""

    def __init__(self) -> None:
        self.own = self


@pytest.fixture(autouse=True)
def _only_ours() -> Iterator[None]:
    """Python's own collector stands still."""
    gc.disable()
    yield
    gc.enable()


def test_a_knot_is_untied_when_it_is_time_and_nobody_types() -> None:
    """Neither before it is due nor after a key; then at once, and the next time not before it is due again."""
    left = weakref.ref(Knot())
    tidying = Tidying(0.0)
    assert not tidying.tidy(1000.0, EVERY_S - 1)
    assert not tidying.tidy(IDLE_S / 2, EVERY_S)
    assert left() is not None
    assert tidying.tidy(IDLE_S, EVERY_S + 1)
    assert left() is None
    assert not tidying.tidy(1000.0, EVERY_S + 2)


def test_who_never_pauses_waits_for_it_in_the_end() -> None:
    """Or a console in which keys repeat would grow."""
    left = weakref.ref(Knot())
    tidying = Tidying(0.0)
    assert not tidying.tidy(0.0, EVERY_S + LATEST_S - 1)
    assert tidying.tidy(0.0, EVERY_S + LATEST_S)
    assert left() is None


def test_what_takes_long_is_done_seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a fleet of 100,000 tenants it takes a second: then minutes pass before the next."""
    times = iter((10.0, 12.0))
    monkeypatch.setattr("console.tidying.time.perf_counter", lambda: next(times))
    tidying = Tidying(0.0)
    assert tidying.tidy(IDLE_S, EVERY_S)
    assert not tidying.tidy(1000.0, EVERY_S + 2 * SHARE - 1)
    monkeypatch.undo()
    assert tidying.tidy(IDLE_S, EVERY_S + 2 * SHARE)


def test_the_console_tidies_up_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """With its ticks, once the time has come."""
    monkeypatch.setattr("console.tidying.EVERY_S", 0.0)
    monkeypatch.setattr("console.tidying.IDLE_S", 0.0)
    left = weakref.ref(Knot())

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await until(pilot, lambda: left() is None)

    drive(console(Answers(fleet()), tick_s=0.01), journey)
