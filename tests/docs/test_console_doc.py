"""``docs/console.md`` and the README against the console: keys, areas, commands, status words."""

from __future__ import annotations

import re

import pytest
from textual.binding import Binding
from textual.widget import Widget

from console.app import TenureApp
from console.main import COMMANDS
from screens.area import AreaScreen
from screens.commands import Commands
from screens.dialogs.acknowledge import AcknowledgeScreen
from screens.dialogs.base import Dialog
from screens.dialogs.sign_in import SignInScreen
from screens.dialogs.why import WhyScreen
from screens.due import DueScreen
from screens.frame import FrameScreen
from screens.keys import key_name
from screens.maintenance import MaintenanceScreen
from screens.retention import RetentionScreen
from screens.tenant import TenantScreen
from screens.tenants import TenantsScreen
from screens.widgets.area_grid import AreaGrid
from screens.widgets.form import CodeEntry, Entry
from screens.widgets.grid import Grid
from screens.widgets.heat import Heat
from screens.widgets.lines import Lines
from screens.widgets.stops import Stops
from services.areas import AREAS
from services.model import SEVERITY
from tests.docs.pages import DOCS, ROOT
from tests.support.console import console
from tests.support.fleet import fleet

PLACES = [
    AcknowledgeScreen,
    AreaGrid,
    AreaScreen,
    Dialog,
    SignInScreen,
    DueScreen,
    CodeEntry,
    Entry,
    FrameScreen,
    Grid,
    Heat,
    Lines,
    MaintenanceScreen,
    RetentionScreen,
    Stops,
    TenantScreen,
    TenantsScreen,
    WhyScreen,
]
PAGE = (DOCS / "console.md").read_text("utf-8")
KEYS = PAGE.partition("## Keys\n")[2].partition("\n## ")[0]
NAMED = {word.lower() for word in re.split(r"[\s`|,:;.()]+", KEYS)} | {":"}


@pytest.mark.parametrize("place", PLACES)
def test_every_key_is_documented(place: type[Widget]) -> None:
    """Each key that a screen or widget of ours binds stands among the keys of the page."""
    bound = [binding for binding in place.__dict__["BINDINGS"] if isinstance(binding, Binding)]
    assert bound
    missing = {key_name(key) for binding in bound for key in binding.key.split(",")}
    assert {key for key in missing if key.lower() not in NAMED} == set()


def test_every_area_is_documented() -> None:
    """Each area has its row, with its key."""
    for area in AREAS.values():
        assert f"| {f'`{area.key}`' if area.key else ''} | `{area.name}` |".replace("|  |", "| |") in PAGE


def test_every_command_of_the_bar_is_documented() -> None:
    """Each word that may stand after ``:`` is on the page."""
    app: TenureApp = console(fleet())
    for word in Commands(app).words():
        assert re.search(rf"`:?{word}\b", PAGE), word


def test_status_words_stand_in_their_order() -> None:
    """The page tells the order of urgency as it is."""
    assert ", ".join(f"`{status.value}`" for status in SEVERITY) in " ".join(PAGE.split())


def test_every_command_is_in_the_readme() -> None:
    """Each subcommand of ``tenure`` is in the README."""
    readme = (ROOT / "README.md").read_text("utf-8")
    for name, _, _ in COMMANDS:
        assert f"`tenure {name}" in readme, name
