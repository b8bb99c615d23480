"""Leaving the console, whatever it waits for: within two seconds, the terminal as it was found."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.pty import Terminal
from tests.support.sandbox import RunningSandbox

TENURE = str(Path(sys.executable).with_name("tenure"))
SECONDS = 2.0
pytestmark = pytest.mark.xdist_group("leaving")  # they share a sandbox of their own


@pytest.fixture(scope="module")
def hanging(request: pytest.FixtureRequest) -> RunningSandbox:
    """A small sandbox in which every call to RDS hangs."""
    from tests.support.sandbox import running_sandbox

    context = running_sandbox("--tenants", "36", "--fault", "hang:rds")
    running = context.__enter__()
    request.addfinalizer(lambda: context.__exit__(None, None, None))  # noqa: PT021 - the context outlives this call
    return running


def test_quits_while_reads_hang(hanging: RunningSandbox) -> None:
    """With every read of RDS hanging, the list is there, keys are answered, and ctrl+q leaves at once."""
    with Terminal([TENURE], env=hanging.environment) as terminal:
        terminal.wait_for("Due  ")
        terminal.send(":tenants\r/globex\r")
        terminal.wait_for("1 of 36")
        terminal.press("ctrl+q")
        assert terminal.wait_exit(SECONDS) == 0
        assert terminal.problems() == []


@pytest.mark.parametrize("ignore_hangup", [False, True], ids=["hangup", "nohup"])
def test_ends_with_its_terminal(hanging: RunningSandbox, ignore_hangup: bool) -> None:
    """When the terminal vanishes the console is gone, with SIGHUP ignored too, and with reads under way."""
    with Terminal([TENURE], env=hanging.environment, ignore_hangup=ignore_hangup) as terminal:
        terminal.wait_for("hosted data")
        terminal.close()
        assert terminal.wait_exit(SECONDS) != 0


def test_the_demo_takes_its_sandbox_with_it() -> None:
    """When the terminal of ``tenure demo`` vanishes, the sandbox that it started goes too."""
    with Terminal([TENURE, "demo", "--tenants", "36"]) as terminal:
        terminal.wait_for("globex-voice", 60)
        session = terminal.process.pid
        assert len(members(session)) >= 4
        terminal.close()
        terminal.wait_exit(SECONDS)
        wait_until(lambda: not members(session))


def members(session: int) -> list[int]:
    """The processes of a session that are alive."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                state, _, _, sid = (entry / "stat").read_text().rpartition(")")[2].split()[:4]
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(sid) == session and state != "Z":
                found.append(int(entry.name))
    return found


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait for a condition of the outside world; fails when it does not come true."""
    from tests.support.sandbox import wait_for

    assert wait_for(condition)
