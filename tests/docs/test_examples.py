"""Each example of docs/examples runs, and imports nothing of ours but the one thing that it shows."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

from tests.support.pty import ROOT, Terminal, environment

EXAMPLES = ROOT / "docs/examples"
PATH = {"PYTHONPATH": str(ROOT)}
STANDALONE = ("screens/widgets/grid", "services/text.py", "screens/loading.py", "screens/terminal.py")


@pytest.mark.parametrize(
    ("name", "shown", "keys"),
    [("grid", "99999", ["G"]), ("loader", "reading 1", ["r"]), ("terminal_guard", "guarded", [])],
)
def test_the_example_runs_in_a_terminal(name: str, shown: str, keys: list[str]) -> None:
    """It starts, shows what it is about, and leaves the terminal as it was."""
    with Terminal([sys.executable, str(EXAMPLES / f"{name}.py")], env=PATH) as terminal:
        terminal.wait_for(lambda: b"\x1b[?2004h" in terminal.raw and terminal.text.strip() != "")
        terminal.press(*keys)
        terminal.wait_for(shown)
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == 0
        assert terminal.problems() == []


def test_the_sanitizer_s_example_runs() -> None:
    """It prints the hostile name without anything hostile."""
    argv = [sys.executable, str(EXAMPLES / "sanitizer.py")]
    printed = subprocess.run(argv, env=environment(PATH), capture_output=True, check=True, text=True).stdout
    assert "␛]0;owned␇" in printed
    assert all(line.isprintable() for line in printed.splitlines())


@pytest.mark.parametrize("path", STANDALONE)
def test_stands_alone(path: str) -> None:
    """What other projects should want imports nothing of Tenure's outside its own folder."""
    files = sorted((ROOT / path).glob("*.py")) if (ROOT / path).is_dir() else [ROOT / path]
    own = path.removesuffix(".py").replace("/", ".")
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names.append(node.module or ".")
            foreign = [name for name in names if name.split(".")[0] in {"console", "screens", "services", "tests"}]
            assert all(name.startswith(own) for name in foreign), (file.name, foreign)
