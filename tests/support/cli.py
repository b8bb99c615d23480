"""Runs the command ``tenure`` as an operator's shell does: a process of its own with an environment of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

DEADLINE_S = 60
ROOT = Path(__file__).parents[2]

_KEPT = ("PATH", "LANG", "LC_ALL", "COVERAGE_PROCESS_START")
"""Of this process's own environment; nothing else of this machine may reach the command."""


def environment(home: Path, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """An environment with an empty HOME and ``more``."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {**kept, "HOME": str(home), "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error", **(more or {})}


def command(*arguments: str) -> list[str]:
    """The words that start ``tenure`` with ``arguments``."""
    return [sys.executable, "-c", "from console.main import main; main()", *arguments]


def tenure(*arguments: str, home: Path, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Runs ``tenure`` to its end, stdout and stderr apart, no terminal."""
    return subprocess.run(
        command(*arguments),
        env=environment(home, env),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=DEADLINE_S,
        check=False,
    )
