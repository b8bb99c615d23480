"""Signing in inside the console: the device code, the code of an MFA device, giving up, and what goes wrong."""

from __future__ import annotations

import time
from typing import Any

import pytest
from textual.pilot import Pilot

from console.app import TenureApp
from screens.dialogs.asking import MfaQuestion
from screens.dialogs.sign_in import SignInScreen
from screens.due import DueScreen
from screens.widgets.form import Line
from screens.widgets.lines import Lines
from screens.widgets.row import Row
from services.model import Renewal
from tests.support.console import Answers, Watch, console, settled, typed
from tests.support.pilot import drive, until
from tests.support.signing import DEVICE, MFA, RIGHT, AsksAgain, Signs, ended, fresh, token_ended


def dialog(app: TenureApp) -> SignInScreen:
    assert isinstance(app.screen, SignInScreen)
    return app.screen


def page(app: TenureApp) -> str:
    return dialog(app).query_one("#page", Lines).text


def said(app: TenureApp) -> str:
    return " ".join(dialog(app).query_one("#said", Lines).text.split())


def keys(app: TenureApp) -> str:
    return next(screen for screen in app.screen_stack if isinstance(screen, DueScreen)).query_one("#keys", Row).text


def flashed(app: TenureApp) -> str:
    return app.screen.query_one("#rule", Row).text


def test_a_device_code_is_shown_with_its_address_and_the_time_left() -> None:
    """The operator reads both, copies either, and sees the time run; approved, the console asks anew by itself."""
    reader, watch = Signs(), Watch()

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        asked = reader.asked
        await pilot.press("S")
        await until(pilot, lambda: DEVICE.user_code in page(app))
        assert DEVICE.verification_uri in page(app)
        clock = dialog(app).query_one("#time", Row)
        assert clock.text.startswith("0:09:42 left")
        watch.at += (DEVICE.expires_at - watch.at) / 2
        await until(pilot, lambda: clock.text.startswith("0:04:51 left"))
        await pilot.press("c")
        assert app.clipboard == DEVICE.user_code
        await pilot.press("Y")
        assert app.clipboard == DEVICE.complete_uri
        assert "Copied: https://" in said(app)
        assert "Y copy the address" in keys(app)
        reader.approved.set()
        await until(pilot, lambda: app.fleet.frozen is None)
        await until(pilot, lambda: isinstance(app.screen, DueScreen))
        assert reader.asked == asked + 1
        await until(pilot, lambda: "Signed in" in flashed(app))

    drive(console(reader, area="due", now=watch), journey)


def test_esc_gives_up_and_the_thread_ends() -> None:
    """The dialog goes, the picture stays frozen, and nobody goes on asking AWS."""
    reader = Signs()

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press("S")
        await until(pilot, lambda: DEVICE.user_code in page(app))
        await pilot.press("escape")
        assert isinstance(app.screen, DueScreen)
        await until(pilot, reader.let_go.is_set)
        assert app.fleet.frozen is not None
        assert reader.asked == 1

    drive(console(reader, area="due"), journey)


@pytest.mark.parametrize("renewal", [Renewal.SSO, Renewal.MFA])
def test_leaving_waits_for_no_sign_in(renewal: Renewal) -> None:
    """ctrl+q in the middle of it ends the console within two seconds."""
    left = 0.0

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        nonlocal left
        await settled(pilot)
        await pilot.press("S")
        await until(pilot, lambda: bool(page(app)))
        left = time.monotonic()
        await pilot.press("ctrl+q")

    drive(console(Signs(renewal), area="due"), journey)
    assert time.monotonic() - left < 2


def test_a_sign_in_that_fails_says_why_and_can_be_tried_again() -> None:
    """One line from outside, sanitized; Enter begins anew, with a new code."""
    reader = Signs()
    reader.refusal = "the code \x1b[2Jhas expired"

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        reader.approved.set()
        await pilot.press("S")
        await until(pilot, lambda: "Not signed in: the code ␛[2Jhas expired" in said(app))
        assert page(app) == ""
        assert "⏎ try again" in keys(app)
        assert "Y copy the address" not in keys(app)
        reader.refusal = None
        await pilot.press("enter")
        await until(pilot, lambda: app.fleet.frozen is None)

    drive(console(reader, area="due"), journey)


def test_a_sign_in_that_breaks_says_so() -> None:
    """What the thread raises ends neither the console nor the dialog."""

    class Broken(Signs):
        def sign_in(self, prompts: Any, cancel: Any) -> str | None:
            raise OSError("no route to host")

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press("S")
        await until(pilot, lambda: "Not signed in: OSError: no route to host" in said(app))

    drive(console(Broken(), area="due"), journey)


@pytest.mark.parametrize(
    ("reader", "wrong"),
    [
        (Signs(Renewal.MFA), "Not signed in: AccessDenied: MultiFactorAuthentication failed"),
        (AsksAgain(Renewal.MFA), "That code was not accepted"),
    ],
    ids=["ends", "asks again"],
)
def test_a_wrong_mfa_code_says_so_and_keeps_the_dialog(reader: Signs, wrong: str) -> None:
    """Six digits and no other key; a wrong code leaves the field empty for the next one."""

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press("S")
        await until(pilot, lambda: MFA.serial in page(app))
        entry = dialog(app).query_one(Line).entry
        await pilot.press(*typed("27x1"), "enter")
        assert entry.value == "271"
        assert "The code has 6 digits." in said(app)
        await pilot.press(*typed("8289"), "enter")
        await until(pilot, lambda: wrong in said(app))
        await until(pilot, lambda: entry.has_focus and entry.value == "")
        await pilot.press(*typed(RIGHT), "enter")
        await until(pilot, lambda: isinstance(app.screen, DueScreen))
        await until(pilot, lambda: app.fleet.frozen is None)

    drive(console(reader, area="due"), journey)


def test_giving_up_on_a_code_tells_the_thread() -> None:
    """Esc while the code is asked for: whoever waits for it gets none."""
    reader = Signs(Renewal.MFA)

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press("S")
        await until(pilot, lambda: MFA.serial in page(app))
        await pilot.press("escape")
        await until(pilot, reader.let_go.is_set)
        assert reader.codes == [None]

    drive(console(reader, area="due"), journey)


def test_a_code_is_neither_shown_nor_told() -> None:
    """The field shows dots, and the question's ``repr`` has no answer in it."""
    question = MfaQuestion(MFA)
    question.answers.put(RIGHT)
    assert RIGHT not in repr(question)

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press("S")
        await until(pilot, lambda: MFA.serial in page(app))
        await pilot.press(*typed(RIGHT))
        assert RIGHT not in app.export_screenshot()
        assert "••••••" in app.export_screenshot()

    drive(console(Signs(Renewal.MFA), area="due"), journey)


def test_one_can_sign_in_before_the_end() -> None:
    """With 43 minutes left ``:sign-in`` and S open the same dialog."""

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        assert "sign in" not in app.screen.query_one("#keys", Row).text
        await pilot.press(*typed(":sign-in"), "enter")
        await until(pilot, lambda: DEVICE.user_code in page(app))

    drive(console(Signs(at_first=False), area="due"), journey)


@pytest.mark.parametrize(
    ("fleet", "way_out"),
    [
        (ended(Renewal.SHELL), "Renew in a shell, then r."),
        (ended(Renewal.ITSELF), "r tries"),
        (token_ended(), "Set a new one, then r."),
        (fresh(Renewal.SHELL), "are renewed in a shell, then r."),
        (fresh(Renewal.ITSELF), "AWS credentials renew themselves."),
    ],
    ids=["shell", "itself", "token", "shell, good", "itself, good"],
)
def test_where_no_sign_in_helps_the_key_says_what_does(fleet: Any, way_out: str) -> None:
    """No dialog opens, and the footer does not name the key."""

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        assert "sign in" not in app.screen.query_one("#keys", Row).text
        await pilot.press("S")
        assert isinstance(app.screen, DueScreen)
        assert "Nothing to sign in to" in flashed(app)
        assert way_out in flashed(app)

    drive(console(Answers(fleet), area="due"), journey)
