"""The console in a real pseudo-terminal, on a sandbox in which is written."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from tests.support.acting import Registry
from tests.support.pty import DEADLINE, ROOT, Terminal
from tests.support.sandbox import RunningSandbox

TENURE: Final = str(Path(sys.executable).with_name("tenure"))
LONG: Final = 3 * DEADLINE
"""Seconds for what several processes do."""


def console(
    sandbox: RunningSandbox, role: str, *arguments: str, cwd: Path | None = None, size: tuple[int, int] = (80, 24)
) -> Terminal:
    """The console of somebody of a role."""
    env = {**sandbox.environment, "TENURE_API_TOKEN": sandbox.tokens[role]}
    return Terminal([TENURE, *arguments], columns=size[0], rows=size[1], env=env, cwd=cwd or ROOT)


def page_of(terminal: Terminal, tenant: str) -> None:
    """Wait for the fleet, and open a tenant's page."""
    terminal.wait_for("breached   globex-voice", LONG)
    terminal.send(f":tenant {tenant}\r")
    terminal.wait_for(f"{tenant} · ")


def planned(terminal: Terminal, key: str, *typed: str) -> None:
    """The plan of the action of a key, its form filled in from above."""
    terminal.send(key)
    terminal.wait_for("⏎ plan")
    terminal.send("\t".join(typed) + "\r")
    terminal.wait_for("[ Cancel ]", LONG)


def chosen(terminal: Terminal, action: str) -> None:
    """Choose from the list of actions that the page offers."""
    terminal.send(".")
    terminal.wait_for("part of its name or title")
    terminal.send(action)
    terminal.wait_for(lambda: sum("▌" in row for row in terminal.display) == 1 and f" {action} " in terminal.text)
    terminal.press("enter")


def found_again(sandbox: RunningSandbox, sentence: str, action: str) -> None:
    """The next console of the operator's says how the order ended, and has it among the orders."""
    with console(sandbox, "operator") as terminal:
        terminal.wait_for(sentence, LONG)
        terminal.send(":orders\r")
        terminal.wait_for(action)
        left(terminal)


def left(terminal: Terminal) -> None:
    """Leave the console, which has had no problem."""
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0
    assert terminal.problems() == []


def state_of(registry: Registry, path: str) -> str:
    """The state of a record that there is."""
    record = registry.get(path)
    assert record is not None
    return str(record["state"])
