"""Signing in without leaving the console: with a device code in a browser, or with the code of an MFA device."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum
from typing import ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from screens.dialogs.asking import Asked, Asker, MfaQuestion
from screens.dialogs.base import WIDEST, Dialog
from screens.frame import FrameScreen
from screens.loading import Loader
from screens.shell import Shell
from screens.text import ACCENT, DIM, ERROR, STRONG, line
from screens.widgets.form import CodeEntry, Line
from screens.widgets.lines import Lines
from screens.widgets.row import Piece, Row
from services.areas.words import countdown
from services.model import DeviceCode
from services.text import clean

DIGITS = 6
"""Of a code of an MFA device (STS ``AssumeRole``, ``TokenCode``)."""


class Stage(StrEnum):
    """How far it has come."""

    ASKING = "asking"
    """Nothing is wanted of the operator: the other side is being asked."""
    DEVICE = "device"
    """The operator approves the device code in a browser."""
    MFA = "mfa"
    """A code is to be typed."""
    FAILED = "failed"


class SignInScreen(Dialog):
    """Follows one sign-in, which runs on a thread of its own. It may stand over another dialog, and gives it back."""

    DEFAULT_CSS = """
    SignInScreen {
        #page { height: auto; }
        #said { height: auto; max-height: 4; margin-top: 1; }
        #code { display: none; margin-top: 1; }
        #time { display: none; margin-top: 1; }
        &.-mfa #code { display: block; }
        &.-device #time { display: block; }
        &.-asking #said, &.-failed #said { margin-top: 0; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("Y", "copy_address", "copy the address"),
        Binding("c", "copy_code", "copy the code"),
        Binding("enter", "again", "try again"),
    ]
    _WORKS_IN: ClassVar = {"copy_address": Stage.DEVICE, "copy_code": Stage.DEVICE, "again": Stage.FAILED}

    def __init__(self, shell: Shell, beneath: FrameScreen) -> None:
        super().__init__(shell, beneath)
        self.stage = Stage.ASKING
        """How far it has come."""
        self._asked: Asked | None = None
        self._wrong = ""
        self._answered = 0
        """Codes of an MFA device that were handed over."""
        self._signer: Loader[Asked | str | None] = Loader(self, "sign-in")

    def title_line(self) -> Content:
        return line("sign in · ", self.shell.profile)

    def body(self) -> Iterable[Widget]:
        yield Lines(id="page", focusable=False)
        yield Line("Code", hint=f"{DIGITS} digits", entry=CodeEntry, id="code")
        yield Row(id="time")
        yield Lines(id="said", focusable=False)

    def on_mount(self) -> None:
        super().on_mount()
        self._begin()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's
        return action != "sign_in" and self._WORKS_IN.get(action, self.stage) is self.stage

    # The thread

    def _begin(self, wrong: str = "") -> None:
        """Start; ``wrong`` is what was wrong with the last code, which stays in sight."""
        self._wrong = wrong
        self._show(Stage.ASKING, wrong or "Asking AWS …", ERROR if wrong else DIM)
        self._signer.start(lambda publish, cancel: self.shell.sign_in(Asker(publish, cancel), cancel))

    @on(Loader.Partial)
    def _wanted(self, event: Loader.Partial) -> None:
        event.stop()
        if not event.current:
            return
        self._asked = event.value
        if isinstance(self._asked, MfaQuestion):
            again = "That code was not accepted. The device shows another one in a moment." if self._answered else ""
            self._show(Stage.MFA, again or self._wrong, ERROR)
        else:
            self._show(Stage.DEVICE, "")

    @on(Loader.Loaded)
    def _ended(self, event: Loader.Loaded) -> None:
        event.stop()
        if not event.current:
            return
        if event.value is None:
            self.dismiss()
            self.shell.flash("Signed in: all sources are asked anew.")
            self.shell.signed_in()
        else:
            self._not_done(str(event.value))

    @on(Loader.Failed)
    def _failed(self, event: Loader.Failed) -> None:
        event.stop()
        if event.current:
            self._not_done(f"{type(event.error).__name__}: {event.error}")

    def _not_done(self, why: str) -> None:
        said = f"Not signed in: {why}"
        if self._answered:
            self._answered = 0
            self._begin(said)  # the field comes back
        else:
            self._show(Stage.FAILED, said, ERROR)

    # What stands in the box

    def _show(self, stage: Stage, said: str, style: str = DIM) -> None:
        self.stage, self._said, self._style = stage, said, style
        for one in Stage:
            self.set_class(stage is one, f"-{one}")
        self._write()
        entry = self.query_one(Line).entry
        if stage is Stage.MFA:
            entry.value = ""
            self.set_focus(entry)
        else:
            self.set_focus(None)
        self.refresh_bindings()
        self.beneath.show_keys()

    @on(events.Resize)
    def _write(self) -> None:
        width = max(min(self.size.width, WIDEST) - 5, 20)
        self.query_one("#page", Lines).show([part for one in self._page() for part in one.wrap(width)])
        self.query_one("#said", Lines).show(line((self._said, self._style)).wrap(width) if self._said else [])
        self.ticked()

    def _page(self) -> list[Content]:
        asked = self._asked
        if self.stage is Stage.DEVICE and isinstance(asked, DeviceCode):
            return [
                line("On any device with a browser, open"),
                Content(""),
                line("    ", (asked.verification_uri, ACCENT)),
                Content(""),
                line("and approve this code there:"),
                Content(""),
                line("    ", (f"  {clean(asked.user_code)}  ", f"bold reverse {ACCENT}")),
            ]
        if self.stage is Stage.MFA and isinstance(asked, MfaQuestion):
            of = line((" of the profile ", DIM), asked.device.profile) if asked.device.profile else ""
            return [line("The code that the MFA device shows:"), line("    ", (asked.device.serial, STRONG), of)]
        return []

    def ticked(self) -> None:
        asked = self._asked
        if self.stage is Stage.DEVICE and isinstance(asked, DeviceCode):
            left = max(asked.expires_at - self.shell.now(), timedelta())
            shown = countdown(self.shell.now() + left, self.shell.now())
            self.query_one("#time", Row).show([Piece(line((shown, STRONG), (" left; waiting for the approval", DIM)))])

    # Keys

    def action_back(self) -> None:
        self._signer.cancel()
        super().action_back()

    def action_again(self) -> None:
        self._begin()

    def action_copy_address(self) -> None:
        if isinstance(self._asked, DeviceCode):
            self._copy(self._asked.complete_uri or self._asked.verification_uri)

    def action_copy_code(self) -> None:
        if isinstance(self._asked, DeviceCode):
            self._copy(self._asked.user_code)

    def _copy(self, text: str) -> None:
        self.app.copy_to_clipboard(clean(text))
        self._said = f"Copied: {text}"
        self._write()

    @on(Input.Submitted)
    def _code_typed(self, event: Input.Submitted) -> None:
        event.stop()
        if self.stage is not Stage.MFA or not isinstance(self._asked, MfaQuestion):
            return
        if len(event.value) != DIGITS:
            self._said, self._style = f"The code has {DIGITS} digits.", ERROR
            self._write()
            return
        self._answered += 1
        self._asked.answers.put(event.value)
        self._show(Stage.ASKING, "Checking the code …")
