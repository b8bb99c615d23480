"""What the console imports before its first picture: all of it is time that the operator waits."""

from __future__ import annotations

import sys

import pytest

from tests.support.cli import environment
from tests.support.pty import Terminal

pytestmark = pytest.mark.processes

PROBE = """
import sys
from pathlib import Path
from console.facts import FactsApp
from console.main import run

def picture_stands(app):
    Path(sys.argv[1]).write_text(" ".join(sys.modules))
    app.exit()

FactsApp.refresh_fleet = picture_stands
sys.exit(run([]))
"""
LATER = {
    *("boto3", "botocore", "httpx", "pydantic", "cyclopts", "yaml", "dbos", "sqlalchemy", "fastapi", "moto", "secrets"),
    *("services.agreement", "services.aws", "services.checks", "services.internal", "services.why"),
    *("services.orders", "services.wire", "services.controlplane", "services.sandbox"),
    *("console.settings", "console.wiring", "services.fleet.refresh"),
}
"""What reading needs, or writing, or another command."""


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The modules that are there when the first picture stands and the console would begin to read."""
    home = tmp_path_factory.mktemp("home")
    told = home / "modules"
    env = {"TENURE_API_URL": "http://127.0.0.1:9", "TENURE_API_TOKEN": "none"}
    with Terminal([sys.executable, "-c", PROBE, str(told)], env=environment(home, env)) as terminal:
        assert terminal.wait_exit() == 0
        assert "Due" in bytes(terminal.raw).decode()
    return set(told.read_text().split())


def test_the_first_picture_needs_neither_what_reads_nor_what_writes(imported: set[str]) -> None:
    """Neither AWS nor HTTP, neither the agreement nor orders: they come while the picture stands."""
    assert LATER & imported == set()


def test_the_first_picture_needs_the_area_that_it_shows_and_no_other(imported: set[str]) -> None:
    """No other screen and no noun that only another area speaks of; a dialog comes when it is opened."""
    areas = {name for name in imported if name.startswith("services.areas.")}
    assert (
        areas & {f"services.areas.{area}" for area in ("tenants", "recovery", "retention", "exports", "audit")} == set()
    )
    assert "services.areas.due" in areas
    assert {"services.model.tenant", "services.model.export", "services.model.store"} & imported == set()
    assert {name for name in imported if name.startswith(("screens.dialogs.", "screens.page"))} == set()
