"""The README's pictures, made from the real screens on a real sandbox: ``make pictures``.

Seed, instant and sizes are fixed, and the console's clock stands still, so that a run differs from the last one only
where a screen does. Restorable times go on in the sandbox, in steps of minutes; the reading therefore waits for the
same instant of its clock at every run.
"""

from __future__ import annotations

import html
import os
import re
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len
from textual.pilot import Pilot

from tests import conftest as _conftest  # noqa: F401 # first: it clears what changes Textual's colours
from tests.support.console import typed
from tests.support.pilot import drive, until
from tests.support.sandbox import AT, RunningSandbox, running_sandbox

if TYPE_CHECKING:
    from console.app import TenureApp

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"

WHOLE_AT = AT + timedelta(seconds=33)
"""When the fleet is read with every source answering: the sandbox is up, and for some seconds no database steps."""
BROKEN_AT = AT + timedelta(seconds=44)
"""When it is read with sources that refuse; as quiet a moment."""
LOOKED_AT = timedelta(seconds=4)
"""How much later the console's clock stands."""
REFUSED = "denied:rds:me-central-1"

SMALL = (80, 24)
WIDE = (120, 24)
LARGE = (120, 40)
FONT = 'ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace'

TO_HOME = ("escape", "escape")
SLOT = ("2026-12-08 22:00", "90m", "Upgrade of the core", "Europe/London")


def main() -> None:
    """Make all pictures anew."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with running_sandbox() as sandbox:
        _run(sandbox, WHOLE_AT, _whole)
        sandbox.set_faults(REFUSED)
        _run(sandbox, BROKEN_AT, _broken)


async def _whole(app: TenureApp, pilot: Pilot[Any]) -> None:
    await _picture(app, pilot, "due")
    await _picture(app, pilot, "why", [*_command("due globex-voice"), "w"])
    await _picture(app, pilot, "matrix", ["escape", "2", "m"])
    await _picture(app, pilot, "tenant", [*TO_HOME, *_command("tenant soylent-help")])
    await _order(app, pilot)
    await _picture(app, pilot, "maintenance", [*TO_HOME, "6"])
    await _picture(app, pilot, "forecast", [*_command("as-of 2026-12-24"), "1", "escape"])
    await _picture(app, pilot, "recovery", [*_command("as-of off"), "3"], LARGE)


async def _order(app: TenureApp, pilot: Pilot[Any]) -> None:
    """The form of a slot as one fills it in, and the plan that the server makes of it; nothing is carried out."""
    from screens.dialogs.plan import PlanScreen

    for key in [*TO_HOME, *_command("do slot-schedule spacely-voice")]:
        await pilot.press(key)
    for value in SLOT:
        await pilot.press(*typed(value), "tab")
    await _picture(app, pilot, "form", size=LARGE)
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(app.screen, PlanScreen))
    await _picture(app, pilot, "plan", size=LARGE)


async def _broken(app: TenureApp, pilot: Pilot[Any]) -> None:
    await _picture(app, pilot, "refused", ["2", "m", "k"])
    await _picture(app, pilot, "sources", _command("sources"), WIDE)


def _command(text: str) -> list[str]:
    return ["colon", *typed(text), "enter"]


async def _picture(
    app: TenureApp, pilot: Pilot[Any], name: str, keys: Iterable[str] = (), size: tuple[int, int] = SMALL
) -> None:
    """Press ``keys`` and keep what is seen then."""
    await pilot.resize_terminal(*size)
    for key in keys:
        await pilot.press(key)
    await pilot.pause()
    path = FOLDER / f"{name}.svg"
    path.write_text(tidy(app.export_screenshot(title="tenure")), encoding="utf-8")
    sys.stdout.write(f"{path.relative_to(FOLDER.parents[1])}\n")


def _run(sandbox: RunningSandbox, at: datetime, journey: Any) -> None:
    """Read the fleet at the instant ``at`` of the sandbox's clock, and take ``journey`` through its screens."""
    from console.app import TenureApp
    from console.child import PROFILE
    from console.settings import load_settings
    from console.wiring import open_fleet

    banner = PROFILE.values["banner"]  # as in `tenure demo`
    time.sleep(max((at - sandbox.now()).total_seconds(), 0.0))
    with _environment(sandbox), open_fleet(load_settings(os.environ), lambda: at) as fleet:

        async def whole_journey(app: TenureApp, pilot: Pilot[Any]) -> None:
            await until(pilot, lambda: not app.refreshing and bool(app.fleet.sources) and not app.fleet.pending)
            await journey(app, pilot)

        drive(
            TenureApp(fleet, now=lambda: at + LOOKED_AT, profile=PROFILE.name, banner=banner), whole_journey, size=SMALL
        )


@contextmanager
def _environment(sandbox: RunningSandbox) -> Iterator[None]:
    """This process's environment leads to the sandbox and to nothing of this machine's."""
    before = dict(os.environ)
    for name in [name for name in os.environ if name.startswith(("AWS_", "TENURE_"))]:
        del os.environ[name]
    os.environ.update(sandbox.environment, TENURE_CONFIG=os.devnull, TENURE_API_TOKEN=sandbox.tokens["operator"])
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


_FONT_FACE = re.compile(r"\s*@font-face\s*\{[^}]*\}")
_COMMENT = re.compile(r"<!--.*?-->\s*", re.DOTALL)
_FAMILY = re.compile(r"font-family:\s*[^;]*;")
_ID = re.compile(r"terminal-\d+-?")
_TEXT = re.compile(
    r'<text class="(?P<style>[^"]+)" x="(?P<x>[\d.]+)" y="(?P<y>[\d.]+)" textLength="(?P<length>[\d.]+)"'
    r" (?P<clip>clip-path=[^>]+)>(?P<said>[^<]*)</text>"
)
_GAP = re.compile(r"(^(?:&#160;)+|(?:&#160;){2,}|(?:&#160;)+$)")
_CELL = 12.2
"""A cell's width in the picture's units, as Rich draws it."""


def tidy(svg: str) -> str:
    """Textual's picture without the addresses of foreign hosts, in a font that every machine has.

    Its ids hold a number that is made anew; they get the same one in every picture, no two of which stand in one
    document.
    """
    svg = _COMMENT.sub("", _FONT_FACE.sub("", svg))
    svg = _FAMILY.sub(f"font-family: {FONT};", svg)
    svg = _ID.sub(lambda found: "terminal-" if found[0].endswith("-") else "terminal", svg)
    return _TEXT.sub(_word_by_word, svg)


def _word_by_word(found: re.Match[str]) -> str:
    """A piece of a line without the blanks around and between its columns, each column at its own place.

    Some programs drop blanks at the ends, and some take the length for a hint: columns would not line up.
    """
    texts = []
    x = float(found["x"])
    for said in _GAP.split(found["said"]):
        length = cell_len(html.unescape(said)) * _CELL
        if said and not _GAP.fullmatch(said):
            place = f'x="{x:.1f}" y="{found["y"]}" textLength="{length:.1f}"'
            texts.append(f'<text class="{found["style"]}" {place} {found["clip"]}>{said}</text>')
        x += length
    return "".join(texts)


if __name__ == "__main__":
    main()
