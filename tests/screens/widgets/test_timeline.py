"""The lifecycle drawn to scale."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from rich.cells import cell_len

from screens.widgets.timeline import Mark, Stretch, timeline

START = datetime(2026, 1, 1, tzinfo=UTC)


def day(number: float) -> datetime:
    return START + timedelta(days=number)


MARKS = [Mark(day(0), "ended", "kept"), Mark(day(30), "grace ends", "backup"), Mark(day(90), "gone", "nothing")]


def test_marks_stand_in_proportion() -> None:
    """At 91 cells for 90 days a day is a cell: the marks stand on 0, 30 and 90, and now on 45."""
    labels, rail, after, now = timeline(MARKS, day(45), 91, "45 days left")
    assert (rail.plain[0], rail.plain[30], rail.plain[45], rail.plain[90]) == ("├", "┼", "●", "┤")
    assert set(rail.plain[1:30]) == {"━"}
    assert set(rail.plain[46:90]) == {"─"}
    assert labels.plain.index("grace ends") == 30
    assert after.plain.index("backup") == 31
    assert now.plain == " " * 45 + "▲ now  45 days left"


def test_now_may_lie_outside() -> None:
    """After the last mark the line goes on to now; before the first it begins there; what is said stays inside."""
    late = timeline(MARKS, day(180), 91, "all over")
    assert late[1].plain.endswith("●")
    assert late[1].plain.index("┤") == 45
    assert late[3].plain.rstrip().endswith("all over ▲")
    early = timeline(MARKS, day(-90), 91)
    assert early[1].plain.startswith("●")
    assert early[1].plain.index("├") == 45


@pytest.mark.parametrize("width", [20, 33, 58, 77, 117, 300])
@pytest.mark.parametrize("at", [-400, 0, 0.001, 29.9, 30, 89, 90, 4000])
def test_no_line_is_ever_wider_than_it_may_be(width: int, at: float) -> None:
    """At every width and instant all four lines fit, and the line itself is as wide as it may be."""
    close = [*MARKS, Mark(day(30.5), "a label much longer than its place", "x" * 50), Mark(day(90), "東京" * 5)]
    lines = timeline(close, day(at), width, "now and then" * 4)
    assert all(cell_len(line.plain) <= width for line in lines)
    assert len(lines[1].plain) == width


def test_nothing_to_draw() -> None:
    """One mark, or no room: no line rather than a wrong one."""
    assert timeline(MARKS[:1], day(1), 80) == []
    assert timeline(MARKS, day(1), 10) == []


def test_a_stretch_stands_to_scale_on_a_line_of_its_own() -> None:
    """At a cell a day from the 10th to the 40th, its label where there is more room; one beyond the line is cut."""
    lines = timeline(MARKS, day(45), 91, stretches=[Stretch(day(10), day(40), "export 7")])
    assert lines[3].plain == " " * 10 + "├" + "─" * 29 + "┤ export 7"
    late = timeline(MARKS, day(45), 91, stretches=[Stretch(day(70), day(400), "export 8")])
    assert late[3].plain.endswith("export 8 ├" + "─" * 19 + "┤")
    assert len(late[3].plain) == 91
