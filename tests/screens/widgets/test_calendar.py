"""The calendar strip."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from rich.cells import cell_len

from screens.widgets.calendar import Lane, Span, calendar, within
from services.model import Status

NOW = datetime(2026, 11, 23, 12, 4, 31, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 23, tzinfo=UTC)
HOUR = timedelta(hours=1)


def span(starts: float, hours: float, status: Status = Status.OK) -> Span:
    """A slot so many hours from the first midnight of the strip."""
    return Span(MIDNIGHT + starts * HOUR, MIDNIGHT + (starts + hours) * HOUR, status)


def test_a_slot_stands_in_the_cells_of_its_hours() -> None:
    """At four cells a day, a slot from 6 to 12 of the second day is the sixth cell; now is a bar in the third."""
    heading, lane = calendar([Lane("public xx", (span(30, 6),))], NOW, 14 * 4 + 12, 8)
    assert heading.plain.startswith("2026-11 UTC M23 T24 W25 T26 F27 S28")
    assert lane.plain[12:].rstrip(" ·") == "· │ ·█"


def test_the_least_slot_takes_a_cell_and_what_is_not_well_a_shape() -> None:
    """A minute is seen; a conflict is a cross and what is not known a question mark, whatever the colour."""
    lanes = [Lane("a", (span(0, 1 / 60, Status.AT_RISK), span(50, 1, Status.UNKNOWN), span(80, 1, Status.DUE)))]
    drawn = calendar(lanes, NOW, 14 * 4 + 12, 8)[1].plain[12:]
    assert (drawn[0], drawn[8], drawn[13]) == ("×", "?", "█")


def test_only_what_lies_in_the_strip_is_drawn() -> None:
    """A slot that ended before its first midnight, or begins after its last, has no lane; the soonest comes first."""
    lanes = [
        Lane("over", (span(-9, 8),)),
        Lane("far", (span(14 * 24, 1),)),
        Lane("late", (span(200, 1),)),
        Lane("soon", (span(-2, 3), span(9999, 1))),
    ]
    assert [(lane.name, len(lane.spans)) for lane in within(lanes, NOW)] == [("soon", 1), ("late", 1)]
    assert "no slot in the next 14 days" in calendar(lanes[:2], NOW, 78, 8)[-1].plain


def test_what_does_not_fit_is_counted() -> None:
    """Seven lanes in five lines: the days, three lanes, and how many more."""
    lanes = [Lane(f"scope-{number}", (span(number, 1),)) for number in range(7)]
    drawn = calendar(lanes, NOW, 78, 5)
    assert len(drawn) == 5
    assert drawn[-1].plain == "4 more scopes have slots in these days"


@pytest.mark.parametrize("width", [30, 60, 78, 118, 300])
def test_no_line_is_wider_than_it_may_be(width: int) -> None:
    """Names are cut, days get narrower."""
    lanes = [Lane("東京" * 20, (span(3, 300),))]
    assert all(cell_len(one.plain) <= width for one in calendar(lanes, NOW, width, 8))
