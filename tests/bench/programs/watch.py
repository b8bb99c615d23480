"""The console on the due list with a clock that goes on by a second at each F5, as the console's own tick does."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from textual.binding import Binding, BindingType

from console.app import TenureApp
from tests.support.console import Answers, Watch
from tests.support.fleet import fleet


class Watched(TenureApp):
    """The console; its clock stands between two F5."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f5", "second", show=False)]

    def __init__(self) -> None:
        self.watch_clock = Watch()
        super().__init__(Answers(fleet()), now=self.watch_clock, profile="eu-prod", banner="PROD")

    def action_second(self) -> None:
        self.watch_clock.at += timedelta(seconds=1)
        self._tick()


if __name__ == "__main__":
    Watched().run()
