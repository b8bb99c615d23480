"""An application that draws no faster than its line: while a picture is on its way the next ones become one."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable
from typing import Any, ClassVar, TypeVar

from rich.console import RenderableType
from textual import on
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.geometry import Region
from textual.screen import Screen
from textual.timer import Timer, TimerCallback

from screens.line.driver import CameBack, LineDriver, LineFree, SuspendAsked
from services.text import clean

ReturnT = TypeVar("ReturnT")

LOOK_S = 0.25
"""How often it is looked whether the line is free, beside what it says itself."""


class PacedApp(App[ReturnT]):
    """Keys and messages take effect at once; what they change is drawn when the line has room, as it is then.

    Only what has changed meanwhile is drawn. In a test without a terminal it draws as any application.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+z", "suspend_process", "to the shell", show=False)]

    def __init__(self) -> None:
        super().__init__()
        self._owed: set[Region] = set()
        """What of the screen is not as it should be, in cells."""
        self._look: Timer | None = None

    def get_driver_class(self) -> type[Driver]:
        usual = super().get_driver_class()
        return LineDriver if issubclass(LineDriver, usual) else usual

    @property
    def _line(self) -> LineDriver | None:
        return self._driver if isinstance(self._driver, LineDriver) else None

    @property
    def pasted_beyond(self) -> int:
        """Characters of the last paste that were dropped before anybody saw them."""
        return 0 if self._line is None else self._line.keyboard.left_out

    def set_timer(
        self, delay: float, callback: TimerCallback | None = None, *, name: str | None = None, pause: bool = False
    ) -> Timer:
        """As Textual's, and called however late: Textual skips what came too late, a single call too.

        It waits a 120th of a second for the last of many sizes. If the machine, or SIGSTOP, lets more time pass at
        the wrong moment, that timer never comes, and no later size takes effect either.
        """
        timer = super().set_timer(delay, callback, name=name, pause=pause)
        timer._skip = False  # noqa: SLF001 - set_timer takes no such word
        return timer

    # Drawing: Textual calls these

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        line = self._line
        if line is None or renderable is None or not self._running or self._closed:
            super()._display(screen, renderable)
        elif self._batch_count:
            self._owed.update(_regions(renderable, screen))  # Textual takes it for drawn, and drops it
        elif line.full:
            self._owed.update(_regions(renderable, screen))
            line.waiting = True
            if self._look is None:
                self._look = self.set_interval(LOOK_S, self._draw_owed)
            self.post_display_hook()
        else:
            with line.picture():
                super()._display(screen, renderable)

    def _end_batch(self) -> None:
        """Draw at once what a batch held back. The first picture is made in one: Textual would draw it when a timer
        has the whole screen drawn anew, a sixtieth of a second later, and pieces of it before."""
        super()._end_batch()
        self._draw_owed()

    @on(LineFree)
    def _draw_owed(self) -> None:
        line = self._line
        if line is None or not self._owed or line.full or self._batch_count:
            return
        line.waiting = False
        if self._look is not None:
            self._look.stop()
            self._look = None
        compositor = self.screen._compositor  # noqa: SLF001 - a refresh of the screen drops its widgets' own
        inside = (region.intersection(compositor.size.region) for region in self._owed)  # it may have shrunk
        compositor._dirty_regions.update(region for region in inside if region)  # noqa: SLF001
        self._owed.clear()
        # what widgets have asked for since, and waits for the screen's timer: the refresh forgets that it was asked for
        compositor.update_widgets(self.screen._dirty_widgets)  # noqa: SLF001
        self.screen._compositor_refresh()  # noqa: SLF001

    # The clipboard

    def copy_to_clipboard(self, text: str) -> None:
        """Copy ``text``, cleaned; what hinders it is said, after what the caller says."""
        from screens import clipboard

        text = clean(text)
        hindrance = clipboard.too_long(text)
        if hindrance is not None:
            self.call_later(self.flash, hindrance, error=True)
        elif self._line is None:
            super().copy_to_clipboard(text)
        elif clipboard.has_tmux(os.environ):
            threading.Thread(target=self._copy_through_tmux, args=(text,), name="clipboard", daemon=True).start()
        else:
            self._clipboard = text
            self._line.write(clipboard.sequence(text, os.environ))

    def _copy_through_tmux(self, text: str) -> None:
        from screens import clipboard

        hindrance = clipboard.through_tmux(text, os.environ)
        if hindrance is not None:
            self.call_later(self.flash, hindrance, error=True)

    # Leaving the terminal for a while

    def action_suspend_process(self) -> None:
        line = self._line
        if line is None:
            return
        with self.suspend():
            stopped = line.stop_group()
        if not stopped:
            self.flash("No shell is there to go back to: ctrl+z does nothing here; ctrl+q quits.")

    def flash(self, message: str, *, error: bool = False) -> None:  # noqa: ARG002 - for who can say it
        """Say one line to the operator."""
        self.bell()

    @on(SuspendAsked)
    def _suspend_asked(self) -> None:
        self.action_suspend_process()

    @on(CameBack)
    def _came_back(self) -> None:
        if self._line is not None:
            self._line.come_back()
            self.refresh(layout=True)


def _regions(update: RenderableType, screen: Screen[Any]) -> Iterable[Region]:
    """The cells that an update would have drawn."""
    if isinstance(update, ChopsUpdate):
        return [Region(first, y, last - first, 1) for y, first, last in update.spans]
    return [update.region if isinstance(update, LayoutUpdate) else screen.size.region]
