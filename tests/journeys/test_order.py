"""Ordering in a real pseudo-terminal on the sandbox, from a tenant's page to what the registry says afterwards."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.acting import Registry, Shell
from tests.support.pty import DEADLINE, Terminal
from tests.support.sandbox import RunningSandbox, running_sandbox

pytestmark = [pytest.mark.xdist_group("ordering"), pytest.mark.processes]

TENURE = str(Path(sys.executable).with_name("tenure"))
TENANT = "soylent-help"
LONG = 3 * DEADLINE
"""Seconds for what several processes do."""


@pytest.fixture(scope="module")
def acted() -> Iterator[RunningSandbox]:
    """A sandbox in which is written."""
    with running_sandbox("--tenants", "60") as sandbox:
        yield sandbox


def console(sandbox: RunningSandbox, role: str, *arguments: str, cwd: Path | None = None) -> Terminal:
    env = {**sandbox.environment, "TENURE_API_TOKEN": sandbox.tokens[role]}
    if cwd is None:
        return Terminal([TENURE, *arguments], env=env)
    return Terminal([TENURE, *arguments], env=env, cwd=cwd)


def state(registry: Registry) -> str:
    record = registry.get(f"/tenants/{TENANT}")
    assert record is not None
    return str(record["state"])


def page_of(terminal: Terminal, tenant: str) -> None:
    terminal.wait_for("Due  ", LONG)
    terminal.wait_for("breached   globex-voice", LONG)
    terminal.send(f":tenant {tenant}\r")
    terminal.wait_for(f"{tenant} · ")


def left(terminal: Terminal) -> None:
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0
    assert terminal.problems() == []


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
        terminal.wait_for(lambda: "[ Cancel ]" not in terminal.text)
        assert "2027-12-31" in terminal.text
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
        terminal.send("H")
        terminal.wait_for("⏎ plan")
        terminal.send("litigation\tdpo\tcase 4711\r")
        terminal.wait_for("[ Cancel ]", LONG)
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
        terminal.send("C")
        terminal.wait_for("⏎ plan")
        terminal.send("application fax\tspam\r")
        terminal.wait_for("[ Cancel ]", LONG)
        terminal.press("x")
        terminal.wait_for("order · Open a conduct case", LONG)
        terminal.process.kill()
    with console(acted, "operator") as terminal:
        terminal.wait_for("Your order case-open soylent-help ended", LONG)
        terminal.send(":orders\r")
        terminal.wait_for("case-open")
        left(terminal)
    assert any(it["tenant"] == TENANT for it in registry.all("/cases"))
