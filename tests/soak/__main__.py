"""``python -m tests.soak``: the console in a pseudo-terminal for a long time, on a sandbox that breaks at random.

A cycle is a while of faults that change every few seconds, while keys are pressed at random, and then a while without:
within it every source has to answer again and every area to say so, or it is stuck. All intervals are shortened by
``--pace``, so that the refreshes of two hours fit into less; what the policy wants younger, and time-outs, stay what
they are. Ends with 1 where memory, threads or open files grow, an area is stuck, or a key waits too long.
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.reliability.faults import SERVICES
from tests.soak.vitals import Sample, grown, look
from tests.support.pty import Terminal
from tests.support.sandbox import RunningSandbox, running_sandbox

TENURE: Final = str(Path(sys.executable).with_name("tenure"))
AREAS: Final = (
    "due",
    "tenants",
    "recovery",
    "retention",
    "exports",
    "maintenance",
    "cases",
    "links",
    "audit",
    "sources",
)
KINDS: Final = ("down", "throttle", "denied", "hang", "slow", "expired")
OF_API: Final = ("api-down", "api-slow", "api-garbage", "api-short")
KEYS: Final = (
    *"jkjkjkjkGg123456789smtwo!r?",
    "enter",
    "escape",
    "escape",
    "pagedown",
    "pageup",
    "down",
    "up",
    "tab",
    "R",
)
TEXTS: Final = (
    "/status=unknown\r",
    "/acme\r",
    "/\x1b",
    ":sources\r",
    ":due\r",
    ":as-of 7d\r",
    ":as-of off\r",
    ":nonsense\r",
)
SIZES: Final = ((80, 24), (120, 40), (60, 20), (200, 50), (80, 24))
TROUBLE: Final = re.compile(r"\b(failed|denied|throttled|loading|unanswered|FROZEN|EXPIRED|broke off)\b")
HEAD_ROWS: Final = 3
CYCLE_S: Final = 90.0
QUIET_S: Final = 60.0
"""So long every area has to be well again after the last fault is gone; the longest back-off is 15 s."""
LOOK_EVERY_S: Final = 5.0
LONGEST_WAIT_S: Final = 2.0


@dataclass(slots=True)
class Log:
    """What was seen."""

    samples: list[Sample] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    """Seconds from a key to what it shows."""
    stuck: list[str] = field(default_factory=list)
    recovered: list[float] = field(default_factory=list)
    """Seconds from the end of a cycle's faults until all was well."""
    keys: int = 0
    faults: int = 0
    cycles: int = 0


class Soak:
    """One run."""

    def __init__(self, terminal: Terminal, sandbox: RunningSandbox, chance: random.Random, minutes: float) -> None:
        self._terminal = terminal
        self._sandbox = sandbox
        self._chance = chance
        self._began = time.monotonic()
        self._until = self._began + minutes * 60
        self._looks_at = self._began
        self.log = Log()

    def run(self) -> None:
        """Cycle after cycle until the time is over."""
        while time.monotonic() < self._until:
            self._storm()
            self._quiet()
            self.log.cycles += 1
            self._say()

    def _say(self) -> None:
        log = self.log
        last = f"well again after {log.recovered[-1]:.1f} s" if log.recovered else "not well"
        waits = sorted(log.waits)
        print(f"{log.samples[-1].line()}  {log.keys:5} keys  longest {waits[-1] * 1000:5.0f} ms  {last}", flush=True)  # noqa: T201

    def _storm(self) -> None:
        """Faults that change, and keys."""
        ends = time.monotonic() + CYCLE_S
        changes_at = 0.0
        while (now := time.monotonic()) < ends:
            if now >= changes_at:
                faults = self._faults()
                self._sandbox.set_faults(*faults)
                self.log.faults += len(faults)
                changes_at = now + self._chance.uniform(2, 20)
            self._press()
            self._look()
            if self._chance.random() < 0.02:
                self._terminal.resize(*self._chance.choice(SIZES))
            if self._chance.random() < 0.1:
                self._measure_key()
        self._terminal.resize(80, 24)

    def _faults(self) -> list[str]:
        chance = self._chance
        found = []
        for _ in range(chance.randrange(4)):
            where = chance.choice(("", f":{chance.choice(SERVICES)}"))
            where += f":{chance.choice(self._sandbox.regions)}" if where and chance.random() < 0.5 else ""
            probability = chance.choice(("", "@0.3", "@0.7"))
            found.append(f"{chance.choice(KINDS)}{where}{probability}")
        if chance.random() < 0.3:
            found.append(f"{chance.choice(OF_API)}{chance.choice(('', '@0.5'))}")
        return found

    def _press(self) -> None:
        if self._chance.random() < 0.1:
            self._terminal.send(self._chance.choice(TEXTS))
        else:
            self._terminal.press(self._chance.choice(KEYS))
        self.log.keys += 1
        self._terminal.watch(self._chance.uniform(0.05, 0.4))

    def _measure_key(self) -> None:
        """How long a key takes to show: ``?`` opens the help, wherever one is once nothing else is open."""
        self._home()
        began = time.monotonic()
        self._terminal.press("?")
        self._terminal.wait_for(self._help_is_open, 30)
        self.log.waits.append(time.monotonic() - began)
        self._terminal.press("escape")
        self._terminal.watch(0.1)

    def _home(self) -> None:
        """Close whatever is open."""
        for _ in range(4):
            self._terminal.press("escape")
            self._terminal.watch(0.06)

    def _help_is_open(self) -> bool:
        return "Keys" in self._terminal.text

    def _look(self) -> None:
        if time.monotonic() >= self._looks_at:
            self._looks_at = time.monotonic() + LOOK_EVERY_S
            self.log.samples.append(look(self._terminal.process.pid, time.monotonic() - self._began))

    def _quiet(self) -> None:
        """Without faults: which areas are not well in the end. Frozen credentials need the operator's ``r``."""
        self._sandbox.set_faults()
        began = time.monotonic()
        self._home()
        self._terminal.send(":as-of off\r")
        ends = began + QUIET_S
        left = list(AREAS)
        while left and time.monotonic() < ends:
            self._open(left[0])
            if "FROZEN" in self._terminal.text or "EXPIRED" in self._terminal.text:
                self._terminal.press("r")
            self._terminal.watch(0.5)
            if not self._trouble():
                left.pop(0)
            self._look()
        if left:
            self.log.stuck += [f"{area} in cycle {self.log.cycles + 1}: {self._trouble()}" for area in left]
            self.log.stuck.append(self._terminal.text)
        else:
            self.log.recovered.append(time.monotonic() - began)

    def _open(self, area: str) -> None:
        self._home()
        self._terminal.send(f":{area}\r")
        self._terminal.watch(0.4)
        self._terminal.press("escape")
        self._terminal.watch(0.2)

    def _trouble(self) -> str:
        """What the head of the screen says is wrong; empty where nothing is."""
        found = TROUBLE.search("\n".join(self._terminal.display[:HEAD_ROWS]))
        return found.group(0) if found else ""


def report(log: Log, pace: float) -> int:
    """Print what came of it; the exit code."""
    say = print
    samples = log.samples
    step = max(len(samples) // 24, 1)
    for sample in (*samples[::step], samples[-1]):
        say(sample.line())
    minutes = samples[-1].at_s / 60
    waits = sorted(log.waits)
    say(f"{minutes:.0f} minutes at pace {pace:g}: the intervals of {minutes / pace / 60:.1f} hours")
    say(f"{log.cycles} cycles, {log.faults} faults, {log.keys} keys")
    if waits:
        p95 = waits[min(int(len(waits) * 0.95), len(waits) - 1)] * 1000
        middle = statistics.median(waits) * 1000
        say(f"a key waits {middle:.0f} ms, 95 %: {p95:.0f} ms, longest {waits[-1] * 1000:.0f} ms")
    if log.recovered:
        say(f"well again after {statistics.median(log.recovered):.0f} s, longest {max(log.recovered):.0f} s")
    wrong = grown(samples) + log.stuck
    if waits and waits[-1] > LONGEST_WAIT_S:
        wrong.append(f"a key waited {waits[-1]:.1f} s")
    for one in wrong:
        say(f"WRONG: {one}")
    return 1 if wrong else 0


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="make soak ARGS=", description="The console under random faults for long.")
    parser.add_argument("--minutes", type=float, default=120.0, help="how long (120)")
    parser.add_argument("--pace", type=float, default=0.1, help="multiplies every interval of asking (0.1)")
    parser.add_argument("--seed", type=int, default=1, help="of faults and keys (1)")
    parser.add_argument("--tenants", type=int, default=60, help="of the sandbox (60)")
    given = parser.parse_args(arguments)
    chance = random.Random(given.seed)  # noqa: S311 - the same seed breaks the same things
    with running_sandbox("--tenants", str(given.tenants)) as sandbox:
        config = Path(sandbox.line.get("directory", "/tmp")) / "soak.toml"  # noqa: S108
        config.write_text(f"[refresh]\npace = {given.pace}\nbackoff_max_s = 15\n", encoding="utf-8")
        env = {**sandbox.environment, "TENURE_CONFIG": str(config)}
        with Terminal([TENURE], env=env) as terminal:
            terminal.wait_for("Due  ", 60)
            soak = Soak(terminal, sandbox, chance, given.minutes)
            try:
                soak.run()
            except TimeoutError as error:
                soak.log.stuck.append(str(error))
            code = report(soak.log, given.pace)
            terminal.press("ctrl+q")
            ended = terminal.wait_exit()
            if ended:
                print(terminal.text)  # noqa: T201
            print(f"left with {ended}; the terminal: {terminal.problems() or 'as it was found'}")  # noqa: T201
    return code or ended


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
