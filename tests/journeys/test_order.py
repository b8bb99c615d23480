"""Ordering in a real pseudo-terminal on the sandbox, from a tenant's page to what the registry says afterwards."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.consoles import LONG, console, found_again, left, page_of, planned, state_of
from tests.support.acting import Registry, Shell
from tests.support.sandbox import RunningSandbox, running_sandbox

pytestmark = [pytest.mark.xdist_group("ordering"), pytest.mark.processes]

TENANT = "soylent-help"


@pytest.fixture(scope="module")
def acted() -> Iterator[RunningSandbox]:
    """A sandbox in which is written."""
    with running_sandbox("--tenants", "60") as sandbox:
        yield sandbox


def state(registry: Registry) -> str:
    return state_of(registry, f"/tenants/{TENANT}")


def test_a_tenant_in_grace_is_renewed_from_its_page(acted: RunningSandbox) -> None:
    """R, a date, Enter shows the plan; Enter would cancel, x carries out; the page is active without another key."""
    registry = Registry(acted, acted.tokens["viewer"])
    assert state(registry) == "grace"
    with console(acted, "operator") as terminal:
        page_of(terminal, TENANT)
        terminal.wait_for("R renew")
        terminal.send("R")
        terminal.wait_for("⏎ plan")
        terminal.send("2027-12-31\r")
        terminal.wait_for("[ Cancel ]", LONG)
        assert state(registry) == "grace"
        assert "until = 2027-12-31" in terminal.text
        terminal.press("enter")
        terminal.wait_for(lambda: "[ Cancel ]" not in terminal.text and "2027-12-31" in terminal.text)
        terminal.press("enter")
        terminal.wait_for("[ Cancel ]", LONG)
        terminal.press("x")
        terminal.wait_for("Done: renew the subscription.", LONG)
        assert state(registry) == "active"
        terminal.press("escape")
        terminal.wait_for("recorded active, as is due")
        left(terminal)


def test_what_the_server_refuses_is_read_beside_the_field(acted: RunningSandbox) -> None:
    """A date that is over, in the server's words; the date stays, another one is planned, and nothing is done."""
    with console(acted, "operator") as terminal:
        page_of(terminal, TENANT)
        terminal.send("R")
        terminal.wait_for("⏎ plan")
        terminal.send("2020-01-01\r")
        terminal.wait_for("a renewal ends later", LONG)
        assert "2020-01-01" in terminal.text
        terminal.press("escape")
        terminal.wait_for(lambda: "⏎ plan" not in terminal.text)
        left(terminal)


def test_a_viewer_and_a_read_only_console_are_told_why(acted: RunningSandbox) -> None:
    """The key is there, and says what stands against it."""
    with console(acted, "viewer") as terminal:
        page_of(terminal, TENANT)
        terminal.send("R")
        terminal.wait_for("your role is viewer")
        left(terminal)
    with console(acted, "operator", "--read-only") as terminal:
        page_of(terminal, TENANT)
        terminal.send("R")
        terminal.wait_for("read-only: the profile or --read-only allows no write")
        left(terminal)


def test_a_saved_plan_is_carried_out_by_the_command_line(acted: RunningSandbox, tmp_path: Path) -> None:
    """ctrl+s in the console, tenure apply in a shell: the same plan under the same key, once."""
    with console(acted, "operator", cwd=tmp_path) as terminal:
        page_of(terminal, TENANT)
        planned(terminal, "H", "litigation", "dpo", "case 4711")
        terminal.press("ctrl+s")
        terminal.wait_for("Saved: hold-place-")
        left(terminal)
    (file,) = tmp_path.iterdir()
    key = json.loads(file.read_text("ascii"))["asked"]["key"]
    assert Shell(acted, tmp_path, "operator").done("apply", str(file), "--yes") == key


def test_a_console_that_dies_finds_its_order_at_the_next_start(acted: RunningSandbox) -> None:
    """Killed right after x: the order is carried out, and the next console says how it ended."""
    registry = Registry(acted, acted.tokens["viewer"])
    with console(acted, "operator") as terminal:
        page_of(terminal, TENANT)
        planned(terminal, "C", "application fax", "spam")
        terminal.press("x")
        terminal.wait_for("order · Open a conduct case", LONG)
        terminal.process.kill()
    found_again(acted, "Your order case-open soylent-help ended", "case-open")
    assert any(it["tenant"] == TENANT for it in registry.all("/cases"))
