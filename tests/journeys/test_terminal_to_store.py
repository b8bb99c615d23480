"""The main journey, in a real pseudo-terminal on a real sandbox: from a bare terminal to a tenant's stores."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.support.pty import Terminal
from tests.support.sandbox import RunningSandbox

TENURE = str(Path(sys.executable).with_name("tenure"))


def test_from_a_bare_terminal_to_the_stores_of_a_tenant() -> None:
    """``tenure demo`` in an empty 80×24 terminal lists what is due; filter and Enter lead to what broke the promise."""
    arguments = ["demo", "--seed", "1", "--at", "2026-11-22T03:00:00Z"]
    with Terminal([TENURE, *arguments]) as terminal:
        terminal.wait_for("Due  ", 60)
        terminal.wait_for("breached   globex-voice", 60)
        terminal.press("2")
        terminal.wait_for("Tenants  60")
        terminal.send("/globex\r")
        terminal.wait_for("1 of 60")
        terminal.press("enter")
        terminal.wait_for("Globex Voice")
        terminal.wait_for("globex-voice-core")
        stores = next(line for line in terminal.display if "globex-voice-core" in line)
        assert "breached" in stores
        assert "RPO 9m" in stores
        assert "of 5m" in stores
        terminal.press("q")
        terminal.wait_for("1 of 60")
        terminal.press("escape")
        terminal.wait_for("Tenants  60")
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == 0
        assert terminal.problems() == []


def test_the_matrix_narrows_the_list(sandbox: RunningSandbox) -> None:
    """``m`` opens regions × tiers, and Enter on a cell shows its tenants alone."""
    with Terminal([TENURE], env=sandbox.environment) as terminal:
        terminal.wait_for("breached   globex-voice")
        terminal.press("2", "m")
        terminal.wait_for("me-central-1")
        terminal.press("enter")
        terminal.wait_for("tier=")
        assert "region=" in terminal.text
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == 0


def test_recovery_and_sources_say_where_figures_come_from(sandbox: RunningSandbox) -> None:
    """Digit and name open the other areas; each source shows operation, account, region and outcome."""
    with Terminal([TENURE], columns=120, rows=40, env=sandbox.environment) as terminal:
        terminal.wait_for("breached   globex-voice")
        terminal.press("3")
        terminal.wait_for("globex-voice-core")
        terminal.send(":sources\r")
        terminal.wait_for("Sources")
        terminal.send("/operation=DescribeDBInstances\r")
        terminal.wait_for("9 of 18")
        terminal.wait_for("444455556666")
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == 0
