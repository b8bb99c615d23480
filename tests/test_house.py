"""The rules of the house that import-linter cannot see: which single file may do a thing."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("console", "screens", "services")
OURS = frozenset(PACKAGES)


def sources(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    """Each Python file of the folders: its path from the root, and its syntax tree."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text("utf-8"))


def imported(tree: ast.AST) -> set[str]:
    """The modules that a file imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
    return names


def importers(module: str, *folders: str) -> list[str]:
    """The files that import a top-level package."""
    return [path for path, tree in sources(*folders) if any(name.split(".")[0] == module for name in imported(tree))]


def test_two_files_import_httpx() -> None:
    """The internal API is reached through one file, so that timeouts, tokens and errors have one home; whoever is told
    of something is a stranger, who gets a signature and no token, and is reached through another."""
    assert importers("httpx", *PACKAGES) == ["services/internal/connection.py", "services/telling/webhook.py"]


def test_one_file_creates_aws_clients() -> None:
    """boto3 is imported in one file, so that credentials, retries and timeouts have one home."""
    assert importers("boto3", *PACKAGES) == ["services/aws/session.py"]


def test_below_the_screens_nobody_draws() -> None:
    """No file of the services imports Textual or Rich, even within a function."""
    assert importers("textual", "services") == []
    assert importers("rich", "services") == []


def test_the_wall_clock_is_read_in_one_file() -> None:
    """``datetime.now`` stands in services/now.py alone; all else takes the instant as a value."""
    readers = {
        path
        for path, tree in sources(*PACKAGES)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in {"now", "utcnow", "today"}
        if isinstance(node.value, ast.Name) and node.value.id in {"datetime", "date"}
    }
    assert readers == {"services/now.py"}


@pytest.mark.parametrize(
    "place", ["screens/widgets/grid", "services/text.py", "screens/loading.py", "screens/terminal.py"]
)
def test_what_others_should_want_stands_alone(place: str) -> None:
    """The grid, the sanitizer, the loader and the terminal-loss guard import nothing else of Tenure's."""
    path = ROOT / place
    files = sorted(path.rglob("*.py")) if path.is_dir() else [path]
    assert files
    own = place.removesuffix(".py").replace("/", ".")
    for file in files:
        ours = {name for name in imported(ast.parse(file.read_text("utf-8"))) if name.split(".")[0] in OURS}
        assert all(name == own or name.startswith(own + ".") for name in ours), file


def test_the_lock_names_no_registry() -> None:
    """The lock has a hash for every package and no address."""
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    assert "://" not in lock
    assert "--index-url" not in lock
    pins = [line for line in lock.splitlines() if line[:1].isalnum()]
    assert pins
    assert lock.count("\n    --hash=sha256:") >= len(pins)


def test_the_wheel_holds_our_packages_alone() -> None:
    """The three packages are listed one by one; tests stay outside the wheel."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == list(PACKAGES)


def test_every_module_says_what_it_is_for() -> None:
    """Every module that holds code starts with a docstring."""
    silent = [path for path, tree in sources(*PACKAGES) if tree.body and not ast.get_docstring(tree)]
    assert silent == []


def test_files_stay_small() -> None:
    """No file outgrows the house's bound: beyond it, it does more than one thing."""
    large = {
        path.relative_to(ROOT).as_posix(): lines
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if (lines := path.read_text("utf-8").count("\n")) > 350
    }
    assert large == {}
