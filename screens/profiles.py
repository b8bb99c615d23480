"""The profiles to choose from: which banner each carries, whom it asks, which one is in force."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from rich.cells import cell_len
from textual import events, on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget

from screens.dialogs.base import WIDEST, Dialog
from screens.frame import FrameScreen
from screens.shell import ProfileView, Shell
from screens.text import ACCENT, DIM, ERROR, cut, fit, line
from screens.theme import BANNERS
from screens.widgets.stops import Stops
from services.text import clean

HEADINGS = ("PROFILE", "BANNER", "AWS PROFILE")
WIDEST_COLUMNS = (24, 16, 16)
"""Cells of the columns beside the address, at most; the address takes the rest."""
LEAST_ADDRESS = 12


class ProfilesScreen(Dialog):
    """All profiles. Enter switches; the reasons why one could not be used stand below, until one is chosen."""

    DEFAULT_CSS = """
    ProfilesScreen #page { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "switch", "switch"),
        Binding("q", "back", "back", show=False),
    ]

    def __init__(self, shell: Shell, beneath: FrameScreen, refusal: str = "") -> None:
        super().__init__(shell, beneath)
        self._refusal = refusal

    def title_line(self) -> Content:
        return line("profiles")

    def body(self) -> Iterable[Widget]:
        yield Stops(id="page")

    def on_mount(self) -> None:
        super().on_mount()
        self.set_focus(self.query_one("#page", Stops))
        self._write()

    @on(events.Resize)
    def _resized(self) -> None:
        self._write()

    def _write(self) -> None:
        page = self.query_one("#page", Stops)
        page.styles.max_height = max(self.size.height - 4, 1)  # header and keys, border
        profiles = self.shell.profiles
        width = min(self.size.width, WIDEST) - 6  # border, padding, cursor, the scroll bar
        widths = [
            min(most, max(len(heading), *(cell_len(clean(cells[column])) for cells in map(_cells, profiles))))
            for column, (heading, most) in enumerate(zip(HEADINGS, WIDEST_COLUMNS, strict=True))
        ]
        rest = max(width - sum(widths) - 8, LEAST_ADDRESS)
        headings = [fit(heading, room) for heading, room in zip(HEADINGS, widths, strict=True)]
        lines = [line(("  " + "  ".join([*headings, "INTERNAL API"]), DIM))]
        lines += [_row(profile, widths, rest) for profile in profiles]
        keys: list[str | None] = [None, *(profile.name for profile in profiles)]
        more = list(self._more(width))
        here = next((profile.name for profile in profiles if profile.current), None)
        page.show_page([*lines, *more], [*keys, *(None for _ in more)], here)

    def _more(self, width: int) -> Iterator[Content]:
        if not self._refusal:
            return
        yield Content("")
        for sentence in self._refusal.splitlines():
            yield from line((sentence, ERROR)).wrap(max(width, 20))
        yield from line(f"{self.shell.profile} is in force as before.").wrap(max(width, 20))

    def action_switch(self) -> None:
        chosen = self.query_one("#page", Stops).cursor
        self.dismiss()
        if isinstance(chosen, str) and chosen != self.shell.profile:
            self.shell.switch_profile(chosen)


def _cells(profile: ProfileView) -> tuple[str, str, str]:
    """What stands in the columns before the address."""
    return profile.name, profile.banner or "", profile.aws_profile or "—"


def _row(profile: ProfileView, widths: list[int], rest: int) -> Content:
    name, banner, aws = (cut(cell, room) for cell, room in zip(_cells(profile), widths, strict=True))
    colour = f"banner-{profile.colour}" if profile.colour in BANNERS else "status-at-risk"
    return line(
        ("● " if profile.current else "  ", ACCENT),
        fit(name, widths[0]),
        "  ",
        (banner, f"bold reverse ${colour}" if banner else ""),
        " " * (widths[1] - cell_len(banner) + 2),
        fit(aws, widths[2]),
        "  ",
        fit(profile.api_url or "—", rest),
    )
