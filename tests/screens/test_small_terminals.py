"""Terminals too small for the design: nothing breaks, the most important stays, and all is back when there is room."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot

from console.app import TenureApp
from services.areas import AREAS
from tests.support.console import console, settled
from tests.support.fleet import fleet
from tests.support.pilot import drive, until
from tests.support.shots import Compare, shot

SIZES = ((60, 20), (80, 5), (20, 5), (1, 1))


def text(app: TenureApp) -> str:
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


@pytest.mark.unmeasured
@pytest.mark.parametrize("area", ["due", "tenants", "maintenance"])
def test_nothing_breaks_and_all_comes_back(area: str) -> None:
    """Each area with its page, its dialogs, its bars and the help goes through all sizes and is as before."""

    async def steps(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        for key in (None, "enter", "w", "question_mark", "slash", "colon", "m", "t"):
            if key is not None:
                await pilot.press(key)
            await pilot.pause()
            before = text(app)
            for size in (*SIZES, (80, 24)):
                await pilot.resize_terminal(*size)
                await pilot.pause()
            app.screen.post_message(tick(app))
            await until(pilot, lambda before=before: text(app) == before)  # type: ignore[misc]
            await pilot.press("escape")
            await pilot.pause()

    drive(console(fleet(), area=area), steps)


def tick(app: TenureApp) -> Any:
    """The tick of a second, with which the header finds its width."""
    from screens.messages import Ticked

    return Ticked(app.now())


@pytest.mark.parametrize("area", sorted(AREAS))
def test_five_rows_say_what_and_how_it_stands(area: str) -> None:
    """In five rows each area still shows its title with its counts, and the row under the cursor."""

    async def steps(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        shown = text(app).splitlines()
        assert AREAS[area].title in shown[0]
        assert any(line.startswith("▌") for line in shown) or not getattr(app.screen, "grid").shown  # noqa: B009

    drive(console(fleet(), area=area), steps, size=(80, 5))


@pytest.mark.parametrize(
    ("size", "keys"), [((60, 20), ["1"]), ((80, 5), ["1"]), ((80, 5), ["1", "w"]), ((60, 20), ["a"])]
)
def test_small(snap_compare: Compare, size: tuple[int, int], keys: list[str]) -> None:
    """Due, why, and what acknowledging answers a viewer, where there is little room."""
    assert shot(snap_compare, console(fleet(), area="due"), *keys, size=size)
