"""Links and pictures of the documentation lead somewhere, and nowhere they should not."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.docs.pages import DOCS, ROOT, name, pages
from tests.pictures import tidy

LINK = re.compile(r"\]\(\s*([^)\s]+)\s*\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#+ +(.+?) *$", re.MULTILINE)
ADDRESS = re.compile(r"(?:https?:)?//[\w.-]+[^\s\"'<>)]*")
PICTURES = sorted((DOCS / "pictures").glob("*.svg"))


def links(page: Path) -> list[str]:
    """The relative targets of a page's links and pictures."""
    found: list[str] = LINK.findall(FENCE.sub("", page.read_text("utf-8")))
    return [target for target in found if "://" not in target and not target.startswith("mailto:")]


def anchors(page: Path) -> set[str]:
    """What a page's headings can be reached by: in small letters, hyphens for spaces, punctuation left out."""
    headings = HEADING.findall(FENCE.sub("", page.read_text("utf-8")))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", pages(), ids=name)
def test_every_link_leads_to_a_file(page: Path) -> None:
    """Each relative link of a page names a file, and a heading in it where it names one."""
    for target in links(page):
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.is_relative_to(ROOT), target
        assert file.exists(), target
        assert not anchor or anchor in anchors(file), target


def test_every_page_can_be_found() -> None:
    """From the README each page and each picture is reached by links."""
    reached: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached:
            continue
        reached.add(page)
        if page.suffix == ".md":
            waiting += [(page.parent / target.partition("#")[0]).resolve() for target in links(page)]
    decisions = set((DOCS / "decisions").glob("*.md"))  # listed by their folder
    assert PICTURES
    assert {*pages(), *PICTURES} - decisions - reached == set()


@pytest.mark.parametrize("picture", PICTURES, ids=lambda path: path.stem)
def test_a_picture_loads_nothing(picture: Path) -> None:
    """A picture is well-formed and names no address but that of the SVG namespace; its fonts are the reader's own."""
    text = picture.read_text("utf-8")
    assert ET.fromstring(text).tag == "{http://www.w3.org/2000/svg}svg"  # noqa: S314 # our own file
    assert set(ADDRESS.findall(text)) == {"http://www.w3.org/2000/svg"}
    assert "@font-face" not in text


def test_columns_stand_at_their_own_places() -> None:
    """Blanks around and between columns become places; a single blank within a text stays, wide letters take two."""
    style = 'y="20" textLength="1" clip-path="url(#terminal-123-line-0)"'
    drawn = tidy(
        f'<text class="terminal-123-r1" x="12.2" {style}>&#160;a&#160;b&#160;&#160;東&#160;&#160;c&#160;</text>'
    )
    places = re.findall(r' x="([\d.]+)" .*?textLength="([\d.]+)".*?>([^<]+)<', drawn)
    assert places == [("24.4", "36.6", "a&#160;b"), ("85.4", "24.4", "東"), ("134.2", "12.2", "c")]
    assert "123" not in drawn
