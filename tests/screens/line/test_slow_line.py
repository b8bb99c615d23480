"""The console at the end of a slow line: of 9,600 bytes a second and more: one of 1,200 takes long."""

from __future__ import annotations

import sys
import time

import pytest

from tests.support.slow import SlowTerminal

CONSOLE = [sys.executable, "-m", "tests.support.console"]
PICTURE = 8000
"""More bytes than a picture of 80×24 has."""
KERNEL = 24_000
"""More than what Linux holds for a pseudo-terminal whose other end does not read."""


@pytest.mark.processes
@pytest.mark.unmeasured
@pytest.mark.parametrize("relay", [False, True], ids=["serial", "ssh"])
def test_shows_what_is_and_not_what_was(relay: bool) -> None:
    """Sixty keys in a second are obeyed in order; what is drawn is their end, and not the pictures between; and the
    console leaves the terminal as it was within two seconds and what the line still holds."""
    with SlowTerminal(CONSOLE, rate=9600 if relay else 20_000, relay=relay) as terminal:
        terminal.wait_for("? help")
        terminal.settle(0.3)
        held = 0 if relay else KERNEL
        before = len(terminal.raw)
        for number in range(10):
            terminal.send(f"{number % 6 + 1}Ggjj{number % 2}")
            terminal.watch(0.1)
        terminal.send(":recovery\r/acme\r")
        terminal.wait_for("Recovery  2 of")
        assert len(terminal.raw) - before < 4 * PICTURE + held
        assert terminal.most_on_its_way < 1.5 * PICTURE + held
        terminal.send("123456\x11")
        left_at = time.monotonic()
        assert terminal.wait_exit(2 + (PICTURE + held) / terminal.rate) == 0
        assert time.monotonic() - left_at < 2 + (PICTURE + held) / terminal.rate
        terminal.settle(0.3)
        assert terminal.problems() == []
