"""Cells: cut, padded, compared, and harmless."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from screens.widgets.grid.cells import changed_width, fit, guard, strip_of

TEXT = st.text(alphabet=st.sampled_from("abc 日本👩é\u0301\x1b\x9b\u202e"), max_size=12)
STYLES = [Style(), Style(bold=True), Style(color="red")]
PARTS = st.lists(
    st.tuples(st.text(alphabet="ab日é\u0301", min_size=1, max_size=4), st.sampled_from(STYLES)), max_size=5
)


@given(TEXT, st.integers(1, 12), st.sampled_from(["left", "right"]))
def test_fits_exactly(text: str, width: int, align: str) -> None:
    """Whatever the text, the cell is filled to the cell, and nothing in it drives a terminal."""
    cell = fit(text, width, "left" if align == "left" else "right")
    assert cell_len(cell) == width
    assert cell.isprintable()


def test_cuts_where_wide_characters_end() -> None:
    """A wide character that does not fit whole leaves a blank, never a half."""
    assert fit("日本語", 4) == "日 …"
    assert fit("日本語", 5) == "日本…"
    assert fit("日本語", 8) == "日本語  "
    assert fit("42", 5, "right") == "   42"


def test_the_guard_lets_clean_text_pass_and_nothing_else() -> None:
    """What a terminal would obey is replaced, the ideographic space stays."""
    clean = "日本\u3000a-b"
    assert guard(clean) == clean
    assert guard("a\x1b]0;x\x07\x9b\u202eb\u200b") == "a�]0;x���b�"


def padded(parts: list[tuple[str, Style]], width: int) -> Strip:
    """A strip of exactly ``width``."""
    return strip_of([*parts, (" " * (width - sum(cell_len(text) for text, _ in parts)), Style())], width)


def cells(strip: Strip) -> list[tuple[str, Style | None]]:
    """What each cell shows: a character with its marks, and its style; the second cell of a wide one is empty."""
    shown: list[tuple[str, Style | None]] = []
    for text, style, _ in strip:
        for char in text:
            if cell_len(char) == 0 and shown:
                shown[-1] = (shown[-1][0] + char, style)
            else:
                shown.extend([(char, style), ("", style)][: cell_len(char)])
    return shown


@given(PARTS, PARTS)
def test_what_lies_right_of_the_change_is_alike(
    before: list[tuple[str, Style]], after: list[tuple[str, Style]]
) -> None:
    """Sending the changed part over the old line gives the new line, and equal lines need nothing."""
    old, new = padded(before, 60), padded(after, 60)
    width = changed_width(old, new)
    assert cells(old)[width:] == cells(new)[width:]
    assert width > 0 or cells(old) == cells(new)
    assert changed_width(new, padded(after, 60)) == 0


def test_only_the_changed_beginning_counts() -> None:
    """A ticking first column costs its own cells and no more."""
    old = padded([("0:41:10", Style()), ("  breached  northgate", Style())], 40)
    new = padded([("0:41:09", Style()), ("  breached  northgate", Style())], 40)
    assert changed_width(old, new) == 7
