"""What `make install` says of what it does."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]
STUB = """#!/bin/sh
[ "$2" = venv ] && mkdir -p "$3/bin" && cp "$0" "$3/bin/python"
exit 0
"""
"""A Python that does nothing, and whose virtual environments hold just that."""


def test_installing_tells_a_new_environment_from_an_old_one(tmp_path: Path) -> None:
    """It says that it creates one where there is none, that it renews one where a lock file has changed, and nothing
    where nothing is to be done."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    lock, python = tmp_path / "requirements.lock", tmp_path / "stub"
    lock.touch()
    (tmp_path / "pyproject.toml").touch()
    python.write_text(STUB, encoding="utf-8")
    python.chmod(0o755)
    clean = {name: value for name, value in os.environ.items() if "MAKE" not in name}

    def install() -> str:
        command = ["make", "install", f"PYTHON={python}"]
        return subprocess.run(command, cwd=tmp_path, env=clean, check=True, capture_output=True, text=True).stdout

    assert "creating .venv" in install()
    assert "==>" not in install()
    later = (tmp_path / ".venv/.installed").stat().st_mtime + 5
    os.utime(lock, (later, later))
    renewed = install()
    assert "bringing .venv up to date" in renewed
    assert "creating" not in renewed
