"""What of a paste goes into a line."""

from __future__ import annotations

import pytest

from screens.line.pasting import ENTRY, for_entry

LONG = "x" * (ENTRY + 5)


@pytest.mark.parametrize(
    ("pasted", "room", "left_out", "kept", "said"),
    [
        ("acme", ENTRY, 0, "acme", None),
        ("\n acme\tcorp \r\n\n", ENTRY, 0, "acme corp", None),
        ("acme\nrm -rf /\n", ENTRY, 0, "acme", "Only the first line of what you pasted was taken."),
        (LONG, ENTRY, 0, LONG[:ENTRY], "What you pasted is too long: 5 characters of it were left out."),
        ("acme", 2, 0, "ac", "What you pasted is too long: 2 characters of it were left out."),
        ("acme", -3, 0, "", "What you pasted is too long: 4 characters of it were left out."),
        (LONG, ENTRY, 1000, LONG[:ENTRY], "What you pasted is too long: 1,005 characters of it were left out."),
        ("acme\nb", ENTRY, 1000, "acme", "Only the first line of what you pasted was taken."),
        ("a\x1b[2Jb\u202e", ENTRY, 0, "a␛[2Jb⇄", None),
        ("\x0b\n", ENTRY, 0, "", None),
    ],
)
def test_one_clean_line(pasted: str, room: int, left_out: int, kept: str, said: str | None) -> None:
    """The first line that says anything is kept, clean and cut to the room, and a loss is told."""
    assert for_entry(pasted, room, left_out) == (kept, said)
