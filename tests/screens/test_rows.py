"""What stands in the cells of an area's rows."""

from __future__ import annotations

import pytest

from screens.rows import shortened
from tests.support.fleet import AT


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("grace ends 2026-11-26T23:00:00Z; not renewed", "grace ends 26 Nov 23:00Z; not renewed"),
        ("2026-11-05T02:00:00Z to 2026-12-01T03:30:00Z: x", "5 Nov 02:00Z to 1 Dec 03:30Z: x"),
        ("held since 2024-11-26T23:00:00Z", "held since 2024-11-26T23:00:00Z"),
        (
            "2026-13-45T99:00:00Z, 12026-11-26T23:00:00Z, 2026-11-26",
            "2026-13-45T99:00:00Z, 12026-11-26T23:00:00Z, 2026-11-26",
        ),
    ],
    ids=["one", "two", "far", "none"],
)
def test_an_instant_in_a_free_text_is_short_where_its_year_is_plain(text: str, expected: str) -> None:
    """Near the present it loses year and seconds; far from it, or of no calendar, it stays as it is."""
    assert shortened(text, AT) == expected
