"""The generation-safe loader."""

from __future__ import annotations

import sys
from collections.abc import Callable
from threading import Event
from typing import Any

from textual.app import App
from textual.message import Message
from textual.pilot import Pilot

from screens.loading import Loader
from tests.support.pilot import drive, until
from tests.support.pty import ROOT, Terminal

HANGING = """
from threading import Event
from textual.app import App
from textual.widgets import Label
from screens.loading import Loader

class Hanging(App):
    def compose(self):
        yield Label("hanging")
    def on_mount(self):
        self.loaders = [Loader(self) for _ in range(64)]
        for loader in self.loaders:
            loader.start(lambda publish, cancel: Event().wait(60))

Hanging().run()
"""


class Told(App[None]):
    """Notes what a loader tells."""

    def __init__(self) -> None:
        super().__init__()
        self.loader: Loader[str] = Loader(self)
        self.told: list[tuple[str, Any, bool]] = []

    def on_loader_partial(self, message: Loader.Partial) -> None:
        """Note it."""
        self.told.append(("partial", message.value, message.current))

    def on_loader_loaded(self, message: Loader.Loaded) -> None:
        """Note it."""
        self.told.append(("loaded", message.value, message.current))

    def on_loader_failed(self, message: Loader.Failed) -> None:
        """Note it."""
        self.told.append(("failed", str(message.error), message.current))


def test_tells_parts_then_the_whole() -> None:
    """What is published and what is returned arrive in order, and the loader rests then."""

    def work(publish: Callable[[str], None], cancel: Event) -> str:
        publish("half")
        return "whole"

    async def journey(app: Told, pilot: Pilot[None]) -> None:
        app.loader.start(work)
        await until(pilot, lambda: len(app.told) == 2)
        assert app.told == [("partial", "half", True), ("loaded", "whole", True)]
        assert not app.loader.running

    drive(Told(), journey)


def test_the_older_answer_never_arrives_after_the_newer() -> None:
    """A read that is overtaken is asked to stop, and what it still says is dropped."""
    release = Event()
    cancelled: list[bool] = []
    ended = Event()

    def slow(publish: Callable[[str], None], cancel: Event) -> str:
        release.wait()
        publish("old part")
        cancelled.append(cancel.is_set())
        ended.set()
        return "old"

    async def journey(app: Told, pilot: Pilot[None]) -> None:
        app.loader.start(slow)
        app.loader.start(lambda publish, cancel: "new")
        await until(pilot, lambda: bool(app.told))
        release.set()
        ended.wait()
        await pilot.pause()
        assert app.told == [("loaded", "new", True)]
        assert cancelled == [True]

    drive(Told(), journey)


def test_what_lies_in_the_queue_is_out_of_date_after_a_new_start() -> None:
    """A message that was posted before the new start and is handled after it says that it is not current."""
    posted: list[Message] = []

    class Queue:
        def post_message(self, message: Message) -> bool:
            posted.append(message)
            done.set()
            return True

    done = Event()
    loader: Loader[str] = Loader(Queue())
    loader.start(lambda publish, cancel: "old")
    done.wait()
    (message,) = posted
    assert isinstance(message, Loader.Loaded)
    assert message.current
    loader.cancel()
    assert not message.current


def test_an_error_is_told_not_raised() -> None:
    """What the callable raises arrives as a message."""

    def work(publish: Callable[[str], None], cancel: Event) -> str:
        raise OSError("no route")

    async def journey(app: Told, pilot: Pilot[None]) -> None:
        app.loader.start(work)
        await until(pilot, lambda: bool(app.told))
        assert app.told == [("failed", "no route", True)]

    drive(Told(), journey)


def test_cancel_silences() -> None:
    """After cancel nothing more is told, and the callable sees it."""
    seen = Event()

    def work(publish: Callable[[str], None], cancel: Event) -> str:
        cancel.wait()
        seen.set()
        return "late"

    async def journey(app: Told, pilot: Pilot[None]) -> None:
        app.loader.start(work)
        app.loader.cancel()
        seen.wait()
        await pilot.pause()
        assert app.told == []
        assert not app.loader.running

    drive(Told(), journey)


def test_quits_while_reads_hang() -> None:
    """With 64 reads hanging for a minute, quitting takes less than 2 s and leaves the terminal as it was."""
    with Terminal([sys.executable, "-c", HANGING], env={"PYTHONPATH": str(ROOT)}) as terminal:
        terminal.wait_for("hanging")
        terminal.press("ctrl+q")
        assert terminal.wait_exit(2) == 0
        assert terminal.problems() == []
