"""The frame that every screen stands in: header, body, command line, detail, notice, keys."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

from screens.commands import CommandError, Commands, CommandSuggester
from screens.covering import cover
from screens.frozen import no_sign_in, presses_to_sign_in
from screens.keys import footer, footer_piece
from screens.messages import Flashed, FleetChanged, Ticked
from screens.shell import Shell
from screens.states import notices
from screens.text import ERROR, line
from screens.widgets.command_line import Bar, CommandLine
from screens.widgets.header import Header
from screens.widgets.lines import Lines
from screens.widgets.row import Row
from services.areas import KEYS
from services.fleet.snapshot import FleetSnapshot

BAR_KEYS = {
    Bar.COMMAND: (("⏎", "go"), ("Tab", "complete"), ("Esc", "back")),
    Bar.FILTER: (("⏎", "keep"), ("Esc", "as it was")),
}


class FrameScreen(Screen[None]):
    """A screen of Tenure. Subclasses give the body, and say what stands under the rule."""

    DEFAULT_CSS = """
    FrameScreen {
        layout: vertical;
        #detail, #notice, #keys { padding: 0 1; }
        #detail { height: auto; min-height: 1; max-height: 8; }
        #notice { color: $status-at-risk; display: none; height: auto; max-height: 3; }
        #notice.-said { display: block; }
        &.-low #notice { max-height: 1; }
        &.-low #detail, &.-flat #detail { max-height: 1; scrollbar-size: 0 0; }
        &.-flat Header, &.-flat #notice.-said, &.-flat #keys { display: none; }
    }
    """
    ALLOW_SELECT = False
    AUTO_FOCUS = ""
    VERTICAL_BREAKPOINTS: list[tuple[int, str]] | None = [(0, "-flat"), (8, "-low"), (14, "-high")]  # noqa: RUF012 - as Textual declares it
    """In few rows what frames the list gives way to it."""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("colon", "command", "go to"),
        Binding("q,escape", "back", "back"),
        Binding("r", "refresh", "refresh", show=False),
        Binding("S,f2", "sign_in", "sign in"),
        Binding("minus", "last_area", "last area", show=False),
        Binding("question_mark,f1", "help", "help"),
        *(Binding(key, f"area('{area}')", area, show=False) for key, area in KEYS.items()),
    ]
    title_of_help = ""

    def __init__(self, shell: Shell) -> None:
        # Most terminals are: a class that is there before the widgets are costs no second styling of them all.
        super().__init__(classes="-high")
        self.shell = shell
        self.commands = Commands(shell, {"sign-in": self.sign_in})

    def compose(self) -> ComposeResult:
        yield Header(self.shell.profile, self.shell.banner, self.shell.banner_colour)
        yield from self.body()
        yield CommandLine()
        yield Lines(id="detail", focusable=False)
        yield Lines(id="notice", focusable=False)
        yield Row(id="keys")

    def body(self) -> Iterable[Widget]:
        """What stands between header and rule."""
        raise NotImplementedError

    def fleet_changed(self, fleet: FleetSnapshot) -> None:
        """Draw ``fleet``."""
        raise NotImplementedError

    def ticked(self) -> None:
        """A second has passed: write what changed."""

    @property
    def instant(self) -> datetime:
        """What countdowns count from: now, or in a forecast the instant that it is for."""
        fleet = self.shell.fleet
        return self.shell.now() if fleet.forecast_from is None else fleet.at

    @property
    def filter_text(self) -> str:
        """The filter in force."""
        return ""

    def detail(self) -> Content:
        """What is said about the thing under the cursor."""
        return Content("")

    def details(self) -> list[Content]:
        """One line, or two where that is not all."""
        return [self.detail()]

    # What the application says

    @on(events.ScreenResume)
    def _resumed(self) -> None:
        cover(self, None)
        self._draw(self.shell.fleet)

    @on(FleetChanged)
    def _fleet_changed(self, event: FleetChanged) -> None:
        self._draw(event.fleet)

    @on(Ticked)
    def _ticked(self, event: Ticked) -> None:
        self.query_one(Header).tick(self.shell.fleet, event.now)
        self._show_notice()
        self.ticked()

    @on(Flashed)
    def _flashed(self, event: Flashed) -> None:
        command_line = self.query_one(CommandLine)
        command_line.flash(event.text, error=event.error)
        if command_line.bar is not None:  # it hides the rule
            self.query_one("#detail", Lines).show([line((event.text, ERROR))])

    def _draw(self, fleet: FleetSnapshot) -> None:
        self.fleet_changed(fleet)
        self.show_frame()

    def show_frame(self) -> None:
        """Draw everything around the body anew; what has not changed is not written."""
        self.query_one(Header).show_fleet(self.shell.fleet, self.filter_text, self.shell.now())
        self._show_notice()
        self.show_detail()
        self.show_keys()

    def notices(self) -> tuple[str, ...]:
        """What must be known before the screen is believed, the gravest first."""
        return notices(self.shell.fleet, self.shell.now(), trouble=self.shell.trouble)

    def _show_notice(self) -> None:
        said = self.notices()
        lines = self.query_one("#notice", Lines)
        lines.show([line(sentence) for sentence in said])
        lines.set_class(bool(said), "-said")

    def show_detail(self) -> None:
        """Write the line about the thing under the cursor."""
        if self.query_one(CommandLine).bar is None:
            self.query_one("#detail", Lines).show(self.details())

    def silent_actions(self) -> frozenset[str]:
        """Actions that would do nothing now: the footer leaves them out."""
        return frozenset()

    def show_keys(self) -> None:
        """Write the keys that work here."""
        bar = self.query_one(CommandLine).bar
        top = self.app.screen
        if top.is_modal:
            self.query_one("#keys", Row).show(footer(top, without=self._no_sign_in()))
        elif bar is None:
            self.query_one("#keys", Row).show(footer(self, without=self.silent_actions() | self._no_sign_in()))
        else:
            pieces = [footer_piece(key, word, rank) for rank, (key, word) in enumerate(BAR_KEYS[bar], start=1)]
            self.query_one("#keys", Row).show(pieces)

    def _no_sign_in(self) -> frozenset[str]:
        pressing = presses_to_sign_in(self.shell.fleet, self.shell.now())
        return frozenset() if pressing else frozenset({"sign_in"})

    @on(events.DescendantFocus)
    @on(events.DescendantBlur)
    def _focus_moved(self) -> None:
        self.show_keys()

    # The bars

    def open_bar(self, bar: Bar, text: str = "") -> None:
        """Open the command or the filter bar."""
        suggester = CommandSuggester(self.commands) if bar is Bar.COMMAND else None
        self.query_one(CommandLine).open(bar, text, suggester)
        self._say_nothing()
        self.show_keys()

    def _say_nothing(self) -> None:
        self.query_one("#detail", Lines).show([Content("")])

    def close_bar(self) -> None:
        """Close it; the body has the focus again."""
        self.query_one(CommandLine).close()
        self.focus_body()
        self.show_frame()

    def focus_body(self) -> None:
        """Give the focus to the body."""
        self.set_focus(None)

    def point_at(self, position: int, message: str) -> None:
        """Say under the bar what is wrong with its text, at a character."""
        column = self.query_one(CommandLine).text_column(position)
        room = self.size.width - 2
        caret = " " * max(min(column - 1, room - 1), 0) + "^"
        if len(caret) + 1 + len(message) <= room:
            self.query_one("#detail", Lines).show([line((f"{caret} {message}", ERROR))])
        else:
            self.query_one("#detail", Lines).show([line((caret, ERROR)), *line((message, ERROR)).wrap(max(room, 20))])

    @on(CommandLine.Changed)
    def _bar_changed(self, event: CommandLine.Changed) -> None:
        self._say_nothing()
        if event.bar is Bar.FILTER:
            self.filter_typed(event.text)

    @on(CommandLine.Submitted)
    def _bar_submitted(self, event: CommandLine.Submitted) -> None:
        if event.bar is Bar.FILTER:
            self.filter_kept(event.text)
            return
        try:
            command = self.commands.parse(event.text)
        except CommandError as error:
            self.point_at(error.position, error.message)
            return
        self.close_bar()
        if command is not None:
            command()

    @on(CommandLine.Cancelled)
    def _bar_cancelled(self, event: CommandLine.Cancelled) -> None:
        if event.bar is Bar.FILTER:
            self.filter_dropped()
        self.close_bar()

    def filter_typed(self, text: str) -> None:
        """The filter bar holds ``text`` now."""

    def filter_kept(self, text: str) -> None:
        """Enter in the filter bar."""

    def filter_dropped(self) -> None:
        """Esc in the filter bar."""

    # Keys

    def action_command(self) -> None:
        self.open_bar(Bar.COMMAND)

    def action_refresh(self) -> None:
        self.shell.refresh_fleet()

    def action_sign_in(self) -> None:
        self.sign_in()

    def sign_in(self) -> None:
        """Open the sign-in over what is in sight; where none would help, say what does."""
        instead = no_sign_in(self.shell.fleet, self.shell.now())
        if instead is not None:
            self.shell.flash(instead)
            return
        from screens.dialogs.sign_in import SignInScreen

        self.app.push_screen(SignInScreen(self.shell, self))

    def action_area(self, name: str) -> None:
        self.shell.open_area(name)

    def action_last_area(self) -> None:
        self.shell.open_last_area()

    def action_back(self) -> None:
        self.dismiss()

    def ask_why(self, tenant: str | None, figure: str) -> None:
        """Open the explanation of a figure."""
        from screens.dialogs.why import WhyScreen

        self.app.push_screen(WhyScreen(self.shell, self, tenant, figure))

    def action_help(self) -> None:
        from screens.help import HelpScreen

        self.app.push_screen(HelpScreen(self.shell, self))
