"""What an act on maintenance would come to, below the fields of its form, while one types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from threading import Event
from typing import Final

from textual import events, on
from textual.message import Message
from textual.timer import Timer

from screens.dialogs.order_page import WARNING, labelled
from screens.loading import Loader
from screens.shell import Shell
from screens.text import DIM, ERROR, line
from screens.widgets.form import LABEL
from screens.widgets.lines import Lines
from services.fleet.knowing import known_of, read_at
from services.fleet.snapshot import FleetSnapshot
from services.orders.ahead import CHOICE, CONFLICT, NONE_KNOWN, NOTICE, Ahead, ahead
from services.orders.saying import Row
from services.wire.orders import Asked

ACTS: Final = frozenset({"slot-schedule", "slot-move", "slot-extend"})
LEAST, MOST = 3, 8
"""Lines that it has, however much there is to say: the form stays where it is while one types."""
BESIDE: Final = 12
"""Lines of the terminal for what stands around it and the fields."""
REST_S: Final = 0.15
"""Seconds without a key before it is reckoned: a region may have a thousand tenants."""


class AheadLines(Lines):
    """Reckons on a thread, from the picture that the console has; what is out of date is dropped."""

    DEFAULT_CSS = """
    AheadLines { margin-top: 1; }
    """

    @dataclass
    class Told(Message):
        """What speaks against the fields, by their names, and which of them cannot be read yet."""

        wrong: Mapping[str, str]
        unread: frozenset[str]

    def __init__(self, shell: Shell) -> None:
        super().__init__(id="ahead", focusable=False)
        self._shell = shell
        self._asked: Asked | None = None
        self._rest: Timer | None = None
        self._reckoner: Loader[Ahead | None] = Loader(self, "ahead")
        self._rows: list[Row] = []

    @property
    def busy(self) -> bool:
        """Whether something is still to be told."""
        return self._rest is not None or self._reckoner.running

    def look(self, asked: Asked) -> None:
        """Tell what this would come to, once nothing more is typed for a moment."""
        self._asked = asked
        if self._rest is None:
            self._rest = self.set_timer(REST_S, self._reckon)
        else:
            self._rest.reset()

    def on_unmount(self) -> None:
        self._reckoner.cancel()

    def _reckon(self) -> None:
        self._rest = None
        asked, fleet, now = self._asked, self._shell.fleet, self._shell.now()
        if asked is None:
            return

        def work(_publish: object, _cancel: Event) -> Ahead | None:
            known = known_of(fleet, now)
            return ahead(known, asked) if known is not None else None

        self._reckoner.start(work)

    @on(Loader.Loaded)
    def _reckoned(self, event: Loader.Loaded) -> None:
        event.stop()
        if not event.current:
            return
        found: Ahead | None = event.value
        self._rows = list(found.rows) if found is not None else [Row("Ahead", "not known before the policy is read")]
        self.draw()
        if found is not None:
            self.post_message(self.Told(found.wrong, frozenset(found.unread)))

    @on(Loader.Failed)
    def _failed(self, event: Loader.Failed) -> None:
        event.stop()
        if event.current:
            self._rows = [Row("Ahead", f"not reckoned: {type(event.error).__name__}: {event.error}; the plan tells")]
            self.draw()

    def fit(self, height: int, fields: int) -> None:
        """Take the lines that a terminal of that height has beside so many fields."""
        self.styles.height = max(min(height - fields - BESIDE, MOST), LEAST)

    @on(events.Resize)
    def draw(self) -> None:
        """Write it as wide as it is now."""
        width = max(self.size.width, 20)
        told = labelled(self._rows, width, _style, LABEL)
        if any(row.text == NONE_KNOWN for row in self._rows):
            told.append(line((_read_when(self._shell.fleet), DIM)))
        room = self.size.height
        if 0 < room < len(told):
            told = [*told[: room - 1], line((f"{len(told) - room + 1} lines more, in the plan", DIM))]
        self.show(told)


def _style(label: str, text: str) -> str:
    if label == CONFLICT:
        return DIM if text == NONE_KNOWN else ERROR
    if label in (NOTICE, CHOICE):
        return WARNING
    return DIM if label == "Month" else ""


def _read_when(fleet: FleetSnapshot) -> str:
    at = read_at(fleet)
    when = f"what was read by {at:%H:%M:%S}Z" if at is not None else "less than all: some of it has not been read"
    return f"Reckoned here, from {when}; the plan asks the server."
