"""Pictures of a console whose credentials have ended, and of signing in; look at each before it is accepted."""

from __future__ import annotations

from typing import Any

import pytest

from console.app import TenureApp
from screens.dialogs.sign_in import SignInScreen, Stage
from screens.due import DueScreen
from screens.widgets.row import Row
from services.model import Renewal
from tests.support.console import Answers, console, settled, typed
from tests.support.pilot import until
from tests.support.shots import LARGE, SMALL, Compare, shot
from tests.support.signing import Signs, ended, token_ended


def last_key(app: TenureApp) -> str:
    """The last word of the footer."""
    frame = next(screen for screen in app.screen_stack if isinstance(screen, DueScreen))
    return frame.query_one("#keys", Row).text.split()[-1]


def painted(app: TenureApp) -> str:
    """What stands in the last line of the terminal."""
    return app.export_screenshot().rpartition('line-23)">')[2]


def picture(
    snap_compare: Compare,
    reader: Answers,
    stage: Stage,
    *keys: str,
    size: tuple[int, int] = SMALL,
    then: tuple[str, ...] = (),
    after: Stage | None = None,
) -> bool:
    """Whether the screen is the accepted one once the sign-in has come so far, and after further keys."""
    app: TenureApp = console(reader, area="due")

    def at(wanted: Stage) -> bool:
        return isinstance(app.screen, SignInScreen) and app.screen.stage is wanted

    async def journey(pilot: Any) -> None:
        await settled(pilot)
        await pilot.press(*keys)
        await until(pilot, lambda: at(stage))
        if then:
            await pilot.press(*then)
            await until(pilot, lambda: after is None or at(after))
        await pilot.pause()
        await until(pilot, lambda: last_key(app) in painted(app))  # painted a frame later

    return snap_compare(app, terminal_size=size, run_before=journey)


@pytest.mark.parametrize("name", ["sso", "shell", "itself", "token"])
def test_frozen(snap_compare: Compare, name: str) -> None:
    """What is due when credentials have ended: what, since when, of when the picture is, and the way out."""
    fleet = token_ended() if name == "token" else ended(Renewal(name))
    assert shot(snap_compare, console(fleet, area="due"))


def test_frozen_large(snap_compare: Compare) -> None:
    """The same at 120×40, with the key and what it says of a write."""
    assert shot(snap_compare, console(ended(), area="due"), "a", size=LARGE)


def test_device_code(snap_compare: Compare) -> None:
    """The code, where to approve it, and how long it is good."""
    assert picture(snap_compare, Signs(), Stage.DEVICE, "S")


def test_device_code_over_a_form(snap_compare: Compare) -> None:
    """Over a half-typed form."""
    assert picture(snap_compare, Signs(at_first=False), Stage.DEVICE, "a", "tab", *typed("Sam"), "f2")


def test_mfa(snap_compare: Compare) -> None:
    """The device whose code is asked for; three digits are typed."""
    assert picture(snap_compare, Signs(Renewal.MFA), Stage.MFA, "S", then=tuple("314"))


def test_mfa_wrong(snap_compare: Compare) -> None:
    """After a wrong code the field is there again, empty."""
    reader = Signs(Renewal.MFA)
    assert picture(snap_compare, reader, Stage.MFA, "S", then=(*"271828", "enter"), after=Stage.MFA)


def test_failed(snap_compare: Compare) -> None:
    """Why it did not come to an end, and the key that begins anew."""
    reader = Signs()
    reader.refusal = "the code has expired: sign in again"
    reader.approved.set()
    assert picture(snap_compare, reader, Stage.FAILED, "S")


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
def test_credentials(snap_compare: Compare, size: tuple[int, int]) -> None:
    """All that opens something: one ended, one that cannot be had, and the cursor on it."""
    assert shot(snap_compare, console(ended(), area="due"), *typed(":credentials"), "enter", "j", size=size)
