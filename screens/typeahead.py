"""Keys that are typed faster than the application follows keep their meaning.

Over a slow line several keys arrive in one read. Textual hands each to the widget that has the focus when the key
arrives, while a binding runs only after its key has bubbled up to the application, behind the keys that came with it:
of ``:recovery⏎`` the word would still go to the list, and not to the bar that ``:`` opens. Here the next key waits
until all that the last one set off has been handled.

Keys that came with an Esc before them are for the screen that it leads to, which whoever typed them had not seen: they
are taken by a list or a page, where none of them does more than open something, and by nothing else.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import TypeVar

from textual import events
from textual.message_pump import MessagePump
from textual.timer import Timer
from textual.widgets import Input

from screens.line.escapes import AFTER
from screens.line.pacing import PacedApp
from screens.line.pasting import ENTRY, for_entry

ReturnT = TypeVar("ReturnT")

ROUNDS = 3
"""How often to follow a key from its widget up to the application: it may post a message, and that another."""

PATIENCE_S = 0.5
"""How long the next key waits at most: a widget that is removed meanwhile never answers."""


class TypeAheadApp(PacedApp[ReturnT]):
    """An application that handles keys and pastes one after the other."""

    def __init__(self) -> None:
        super().__init__()
        self._typed: deque[events.Key | events.Paste] = deque()
        self._following: object | None = None
        """The key that is being followed; a late answer about another one is told apart by it."""
        self._patience: Timer | None = None
        self._after_escape: bool | None = None
        """Whether the keys were taken that came with the last Esc; ``None``: none has come yet."""
        self._typed_at = time.monotonic()
        self._to_say: tuple[events.Paste, str] | None = None
        """A paste, and what is said of it once all is handled that it set off: a change of its line unsays the rest."""

    @property
    def idle_s(self) -> float:
        """Seconds since the last key or paste."""
        return time.monotonic() - self._typed_at

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key | events.Paste):
            self._typed_at = time.monotonic()
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            await super().on_event(event)
        elif self._following is not None:
            self._typed.append(event)
        elif (meant := self._meant(event)) is not None:
            await self._type(meant)

    def _meant(self, event: events.Key | events.Paste) -> events.Key | events.Paste | None:
        """The event as it is taken now; ``None``: it came with an Esc that led to where it is not taken."""
        if not isinstance(event, events.Key) or not event.key.startswith(AFTER):
            self._after_escape = None
            return event
        into_field = self._after_escape is None and isinstance(self.focused, Input)  # one that they did not open
        self._after_escape = self._after_escape is not False and not self.screen.is_modal and not into_field
        return events.Key(event.key.removeprefix(AFTER), event.character) if self._after_escape else None

    async def _type(self, event: events.Key | events.Paste) -> None:
        if isinstance(event, events.Paste):
            event = self._cut(event)
        self._following = event
        self._patience = self.set_timer(PATIENCE_S, lambda: self._go_on(event))
        await super().on_event(event)
        self._follow(event, ROUNDS)

    def _cut(self, event: events.Paste) -> events.Paste:
        """A paste as the line in which the cursor stands can take it; what cannot be taken is said."""
        entry = self.focused
        if not isinstance(entry, Input):
            self.flash("Nothing here takes what you pasted; : and / open a line that does.")
            return events.Paste("")
        room = ENTRY - len(entry.value) + len(entry.selected_text)
        text, said = for_entry(event.text, room, self.pasted_beyond)
        cut = events.Paste(text)
        self._to_say = (cut, said) if said is not None else None
        return cut

    def _follow(self, event: object, rounds: int) -> None:
        """Send a word after the event, through the same queues, that comes back when they have been worked off."""
        target: MessagePump = self.focused or self.screen if self._screen_stack else self
        self._hop(target, lambda: self._arrived(event, rounds - 1))

    def _hop(self, pump: MessagePump, arrived: Callable[[], None]) -> None:
        """Wait for the pump's queue, then for its parent's, up to the application's."""
        parent = pump._parent  # noqa: SLF001 - the way that messages bubble; Widget.parent hides the application
        further = arrived if pump is self or parent is None else lambda: self._hop(parent, arrived)
        if not pump.call_later(further):
            further()

    def _arrived(self, event: object, rounds: int) -> None:
        if rounds and (self._following is event or self._speaks_of(event)):
            self._follow(event, rounds)
        else:
            self.call_later(self._followed, event)

    def _speaks_of(self, event: object) -> bool:
        return self._to_say is not None and self._to_say[0] is event

    async def _followed(self, event: object) -> None:
        """All is handled that ``event`` set off."""
        if self._to_say is not None and self._speaks_of(event):
            self.flash(self._to_say[1])
            self._to_say = None
        await self._go_on(event)

    async def _go_on(self, event: object) -> None:
        """Take up the key after ``event``: that one is handled, or patience is over."""
        if self._following is not event:
            return
        self._following = None
        if self._patience is not None:
            self._patience.stop()
        while self._typed:
            if (meant := self._meant(self._typed.popleft())) is not None:
                await self._type(meant)
                break
