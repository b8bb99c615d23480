"""The console while AWS hangs: every key is answered, what hangs is unknown, and leaving takes no longer than ever."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.support.journey import JOURNEY
from tests.support.pty import Terminal
from tests.support.sandbox import RunningSandbox

TENURE = str(Path(sys.executable).with_name("tenure"))
SECONDS = 2.0


@pytest.mark.parametrize("fault", ["hang:rds:eu-central-1", "hang"])
def test_keys_are_answered_while_calls_hang(faulty: RunningSandbox, fault: str) -> None:
    """A journey through areas, filter, why and a tenant's page goes to its end; ctrl+q leaves at once, the terminal as
    it was."""
    faulty.set_faults(fault)
    with Terminal([TENURE], env=faulty.environment) as terminal:
        terminal.wait_for("hosted data")
        for key, answered in JOURNEY:
            before = terminal.display
            assert not answered(before, before), f"{key}\n{terminal.text}"
            terminal.press(key)
            terminal.wait_for(lambda before=before, answered=answered: answered(before, terminal.display))  # type: ignore[misc]
        terminal.send(":tenants\r/globex\r")
        terminal.wait_for(" 1 of 36")
        terminal.wait_for("unknown    globex-voice")
        terminal.press("ctrl+q")
        assert terminal.wait_exit(SECONDS) == 0
        assert terminal.problems() == []
