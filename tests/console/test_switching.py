"""Profiles in the console: another fleet in place of one, as a whole and at once, or not at all."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from textual.pilot import Pilot

from console.app import TenureApp
from console.errors import CommandError
from console.profiles import Opened
from screens.area import AreaScreen
from screens.profiles import ProfilesScreen
from screens.shell import ProfileView
from screens.widgets.header import Header
from screens.widgets.row import Row
from tests.support.console import Answers, Hangs, Watch, console, settled, typed
from tests.support.fleet import AT, fleet, healthy_fleet
from tests.support.pilot import drive, until


class Two:
    """Two profiles, ``eu-prod`` and ``eu-test``; each opening takes the next reader."""

    def __init__(self, *readers: Answers | Exception, gate: threading.Event | None = None) -> None:
        self._readers = list(readers)
        self._gate = gate
        self.closed: list[str] = []

    def views(self, current: str) -> tuple[ProfileView, ...]:
        return (
            ProfileView("eu-prod", "PROD", "red", current == "eu-prod", "https://registry.example.net", "ops"),
            ProfileView("eu-test", None, None, current == "eu-test", "https://registry.test.example.net"),
        )

    def open(self, name: str) -> Opened:
        if self._gate is not None:
            self._gate.wait()
        reader = self._readers.pop(0)
        if isinstance(reader, Exception):
            raise reader
        banner, colour = ("PROD", "red") if name == "eu-prod" else (None, None)
        now = Watch(AT + timedelta(hours=5, seconds=3))
        return Opened(name, banner, colour, now, reader, lambda: self.closed.append(name))


def header(app: TenureApp) -> str:
    """The first line, as text."""
    return app.screen.query_one(Header).query_one("#who", Row).text


def shown(app: TenureApp) -> str:
    """The whole screen, as text."""
    return "\n".join("".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips())


async def switch(pilot: Pilot[Any], name: str) -> None:
    await pilot.press("colon", *typed(f"profile {name}"), "enter")


def test_a_profile_takes_the_place_of_another_and_back() -> None:
    """Name, banner, clock and fleet are the new one's, from the first moment on; the old reader is closed; and back."""
    test, prod = Hangs(healthy_fleet()), Answers(fleet())
    profiles, gone = Two(test, prod), threading.Event()

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        assert "PROD" in header(app)
        await switch(pilot, "eu-test")
        await until(pilot, lambda: app.profile == "eu-test" and app.refreshing and bool(app.fleet.sources))
        await pilot.pause()
        assert "eu-test" in header(app)
        assert "PROD" not in header(app)
        assert app.now() == AT + timedelta(hours=5, seconds=3)
        assert isinstance(app.screen, AreaScreen)
        await until(pilot, gone.is_set)
        await switch(pilot, "eu-prod")
        await until(pilot, lambda: app.profile == "eu-prod" and bool(app.fleet.sources))
        await pilot.pause()
        assert "PROD" in header(app)
        await until(pilot, lambda: profiles.closed == ["eu-test"])

    drive(console(Answers(fleet()), profiles=profiles, close=gone.set), journey)


def test_nothing_of_the_old_fleet_is_left_in_any_area() -> None:
    """A forecast, a tenant's page, filters and the rows of areas that are not in sight are gone with it."""

    class Never(Answers):
        def refresh(self, *_: Any, **__: Any) -> Any:
            threading.Event().wait()

    profiles = Two(Never(healthy_fleet()))

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press("3", "1", "2")
        await pilot.press("colon", *typed("as-of 2027-01-01"), "enter")
        await until(pilot, lambda: app.fleet.forecast_from is not None)
        await pilot.press("enter")
        await pilot.pause()
        await switch(pilot, "eu-test")
        await until(pilot, lambda: app.profile == "eu-test")
        assert not app.fleet.tenants
        assert app.fleet.forecast_from is None
        for key in ("2", "3", "1"):
            await pilot.press(key)
            await pilot.pause()
            assert "acme" not in shown(app)
            assert "eu-test" in header(app)

    drive(console(fleet(), profiles=profiles), journey)


def test_a_profile_that_is_wrong_leaves_the_old_one_in_force() -> None:
    """What is wrong and at which line stands in a dialog; fleet, banner and reader are those of before."""
    wrong = CommandError("/home/ops/config.toml:7: api.url: does not have the form that is needed; write url = …")
    profiles = Two(wrong)

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await switch(pilot, "eu-test")
        await until(pilot, lambda: isinstance(app.screen, ProfilesScreen))
        await pilot.pause()
        page = shown(app)
        assert "config.toml:7: api.url" in page
        assert "eu-prod is in force as before" in page
        assert "PROD" in page
        assert app.profile == "eu-prod"
        assert len(app.fleet.tenants) == 18
        await pilot.press("escape", "r")
        await pilot.pause()
        assert app.profile == "eu-prod"

    drive(console(fleet(), profiles=profiles), journey)


def test_keys_are_answered_while_a_profile_is_opened_and_only_the_last_one_counts() -> None:
    """A command that prints a token may take its time: the old fleet stays in sight, and another choice replaces it."""
    gate = threading.Event()
    first, second = Answers(fleet()), Answers(healthy_fleet())
    profiles = Two(first, second, gate=gate)

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await switch(pilot, "eu-test")
        await pilot.press("j", "2", "j")
        assert app.profile == "eu-prod"
        assert len(app.fleet.tenants) == 18
        await switch(pilot, "eu-prod")
        gate.set()
        await until(pilot, lambda: len(profiles.closed) == 1 and first.asked + second.asked == 1)
        assert app.profile == "eu-prod"

    drive(console(fleet(), profiles=profiles), journey)


def test_the_page_of_profiles_switches() -> None:
    """``:profiles`` and ``:profile`` alone show all; the cursor stands on the one in force; Enter switches."""
    profiles = Two(Answers(healthy_fleet()))

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press("colon", *typed("profiles"), "enter")
        await until(pilot, lambda: isinstance(app.screen, ProfilesScreen))
        assert "● eu-prod" in shown(app)
        assert "registry.test.example.net"[:12] in shown(app)
        await pilot.press("enter")
        await pilot.pause()
        assert app.profile == "eu-prod"
        await pilot.press("colon", *typed("profile"), "enter", "j", "enter")
        await until(pilot, lambda: app.profile == "eu-test")

    drive(console(fleet(), profiles=profiles), journey)


@pytest.mark.parametrize(
    ("text", "told"),
    [("profile eu-pro", "no profile eu-pro; there are eu-prod, eu-test"), ("profiles x", "profiles takes nothing")],
)
def test_a_profile_that_there_is_not_is_answered_with_those_there_are(text: str, told: str) -> None:
    """Under the bar, which stays open."""

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press("colon", *typed(text), "enter")
        await pilot.pause()
        assert told in shown(app)
        assert app.profile == "eu-prod"

    drive(console(fleet(), profiles=Two()), journey)


def test_where_there_is_one_profile_it_says_so() -> None:
    """A console that was told of no others shows its own."""

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press("colon", *typed("profiles"), "enter")
        await until(pilot, lambda: isinstance(app.screen, ProfilesScreen))
        assert "● eu-prod" in shown(app)

    drive(console(fleet()), journey)


@pytest.mark.parametrize("size", [(60, 24), (120, 40)])
def test_the_banner_is_always_in_sight(size: tuple[int, int]) -> None:
    """In the list, in the help, over a dialog, beside an open bar, on a tenant's page; however long the name is."""

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        for keys in ((), ("question_mark",), ("w",), ("colon",), ("enter",), ("3",)):
            await pilot.press(*keys)
            await pilot.pause()
            assert "PRODUCTION" in shown(app).splitlines()[0], keys
            await pilot.press(*(("escape",) if keys else ()))

    drive(console(fleet(), profile="a-profile-with-a-very-long-name", banner="PRODUCTION"), journey, size=size)


def test_a_profiles_colour_is_that_of_its_banner_or_of_its_name() -> None:
    """Reversed, so that it stands out without colour too; a colour that there is not is the usual one."""

    def styles(**given: Any) -> list[str]:
        found: list[str] = []

        async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
            await settled(pilot)
            content = app.screen.query_one(Header).query_one("#who", Row).render()
            found.extend(str(span.style) for span in content.spans if "reverse" in str(span.style))

        drive(console(fleet(), **given), journey)
        return found

    assert styles(banner="PROD", colour="red") == ["bold reverse $banner-red"]
    assert styles(banner=None, colour="blue") == ["bold reverse $banner-blue"]
    assert styles(banner="PROD", colour="[@click=app.quit]") == ["bold reverse $status-at-risk"]
    assert styles(banner=None) == []
