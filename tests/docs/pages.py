"""The pages of the documentation."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


def pages() -> list[Path]:
    """README and changelog, and every page below ``docs``."""
    return [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]


def name(page: Path) -> str:
    """The page's path in the repository, for the test's name."""
    return page.relative_to(ROOT).as_posix()
