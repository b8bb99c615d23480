"""What of a paste goes into a line that is typed: its first line, clean, as much as there is room for."""

from __future__ import annotations

from typing import Final

from services.text import clean

ENTRY: Final = 1000
"""Characters that a line which is typed may have."""


def for_entry(pasted: str, room: int, left_out: int = 0) -> tuple[str, str | None]:
    """The text for a line with ``room`` characters left, and what is to be said of the rest, if anything.

    ``left_out``: characters of the paste that were dropped before. Blank lines and blanks around are no loss.
    """
    lines = [line.strip() for line in pasted.replace("\t", " ").splitlines() if line.strip()]
    first = clean(lines[0]) if lines else ""
    kept = first[: max(room, 0)]
    if len(kept) < len(first) or (left_out and len(lines) == 1):
        lost = len(first) - len(kept) + left_out
        return kept, f"What you pasted is too long: {lost:,} characters of it were left out."
    if len(lines) > 1 or left_out:
        return kept, "Only the first line of what you pasted was taken."
    return kept, None
