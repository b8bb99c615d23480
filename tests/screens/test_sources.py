"""The list of sources: the failed first, each to be looked at whole and to be asked again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from textual.pilot import Pilot

from console.app import TenureApp
from screens import rows
from screens.dialogs.source_lines import answer, call, source_lines
from screens.widgets.command_line import CommandLine
from screens.widgets.grid import Row as GridRow
from screens.widgets.lines import Lines
from screens.widgets.row import Row
from services.areas.machine import to_dict
from services.areas.sources import SOURCES, SourceRow
from services.fleet.asked import EVERYTHING, Only
from services.fleet.snapshot import FleetSnapshot, SourceView
from services.model import BadRecord, Outcome, Source
from tests.support.conditions import STRANGE, answered, asked, busy, ended, waited_for
from tests.support.console import Answers, console, settled
from tests.support.fleet import AT, observation, rds
from tests.support.pilot import drive, until

SLOTS = Source("internal", "GET /slots")
BROKEN = rds("111122223333", "me-central-1")


def struck() -> FleetSnapshot:
    """One call of each outcome, the others seen."""
    picture = ended(busy(), Outcome.DENIED, lambda it: it == BROKEN)
    picture = ended(picture, Outcome.FAILED, lambda it: it.operation == "ListCopyJobs")
    picture = ended(picture, Outcome.THROTTLED, lambda it: it.service == "ssm", again=timedelta(minutes=3))
    return waited_for(picture, lambda it: it.operation == "ListLegalHolds")


def row_of(picture: FleetSnapshot, source: Source) -> SourceRow:
    return next(row for row in SOURCES.rows(picture) if row.source == source and row.bad is None)


def said(app: TenureApp) -> str:
    screen = next(one for one in reversed(app.screen_stack) if not one.is_modal)
    text: str = screen.query_one(CommandLine).query_one("#rule", Row).text
    return text


def test_outcomes_sort_by_what_needs_a_look_and_not_by_the_alphabet() -> None:
    """Failed, denied, throttled, not answered yet, then those that answered; the other way round when reversed."""
    key = rows.sort_key(SOURCES)
    made = [GridRow(index, (), rows.Item(SOURCES, row)) for index, row in enumerate(SOURCES.rows(struck()))]
    made.reverse()
    ordered = [row.item.row.outcome for row in sorted(made, key=lambda row: key(row, "outcome"))]
    assert list(dict.fromkeys(ordered)) == ["failed", "denied", "throttled", None, "seen"]


def test_machines_read_failures_and_when_it_is_asked_again() -> None:
    """Beside what they read before; a bad record is no question and has neither."""
    told = to_dict(SOURCES, row_of(struck(), BROKEN))
    assert (told["failures"], told["next_at"], told["outcome"]) == (3, "2026-11-23T12:05:16Z", "denied")
    assert told["error"] == STRANGE[0]
    picture = replace(busy(), bad_records=(BadRecord("slots", "s-1", 0, "no end"),))
    bad = next(row for row in SOURCES.rows(picture) if row.bad is not None)
    assert (to_dict(SOURCES, bad)["failures"], to_dict(SOURCES, bad)["next_at"]) == (None, None)


@pytest.mark.parametrize(
    ("view", "line"),
    [
        (SourceView(SLOTS, asking=True), "not answered yet"),
        (answered(SLOTS), "seen, 3 records, 87 ms"),
        (replace(answered(SLOTS), count=1), "seen, 1 record, 87 ms"),
        (SourceView(SLOTS, observation(SLOTS, AT, Outcome.DENIED, "403")), "denied, 87 ms"),
    ],
    ids=["waiting", "seen", "one", "denied"],
)
def test_an_answer_in_a_line(view: SourceView, line: str) -> None:
    """Outcome, records and time."""
    assert answer(view) == line


def test_the_whole_of_a_call_is_told() -> None:
    """The error whole, request, when it last answered, failures in a row, the countdown, and what rests on it."""
    lines = [one.plain.rstrip() for one in source_lines(row_of(struck(), BROKEN), AT, 75)]
    assert lines == [
        "Outcome      denied",
        "Error        AccessDenied: ␛[1mUser␛[0m is not authorized",
        f"Call         {call(BROKEN)}",
        "Answered     2026-11-23 12:03:51Z, <1m ago  87 ms, 0 retries",
        "Request      7f0c0000-0000-4000-8000-0000000000e1",
        "Last seen    2026-11-23 11:50:31Z, 14m ago",
        "In a row     3 not answered",
        "Asked again  in 0:00:45",
        "Rests on it  Due, Tenants, Recovery, Maintenance",
        "             Asking again helps only once somebody has mended it: `tenure",
        "             doctor` names the permission.",
    ]


def test_what_was_never_heard_claims_nothing() -> None:
    """No time, no request, no last answer: only that it is being asked, and what waits for it."""
    waiting = row_of(struck(), Source("backup", "ListLegalHolds", "111122223333", "me-central-1"))
    lines = [one.plain.rstrip() for one in source_lines(waiting, AT, 75)]
    assert lines[0] == "Outcome      not answered yet  is being asked"
    assert [line.split("  ")[0] for line in lines] == ["Outcome", "Call", "Rests on it"]
    never = row_of(ended(busy(), Outcome.FAILED, lambda it: it == SLOTS, seen=False), SLOTS)
    assert "Last seen    never" in [one.plain.rstrip() for one in source_lines(never, AT, 75)]


def test_a_call_is_asked_again_and_what_came_of_it_is_said() -> None:
    """``R`` asks the one under the cursor and no other; the cursor stays on a row, the answer stands in the message."""
    broken = ended(busy(), Outcome.DENIED, lambda it: it == BROKEN)
    reader = Answers(broken, busy())

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press("R")
        await until(pilot, lambda: "seen, 3 records, 87 ms: rds DescribeDBInstances in 111122223333" in said(app))
        assert reader.questions == [EVERYTHING, Only(frozenset({BROKEN}))]

    drive(console(reader, area="sources"), journey)


def test_a_call_that_fails_again_says_so() -> None:
    """The new failure, not the old one; from the whole of the call, which follows."""
    broken = ended(busy(), Outcome.DENIED, lambda it: it == BROKEN)
    reader = Answers(broken, ended(busy(), Outcome.THROTTLED, lambda it: it == BROKEN))

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press("enter")
        page = app.screen.query_one("#page", Lines)
        assert page.text.startswith("Outcome      denied")
        await pilot.press("R")
        await until(pilot, lambda: "throttled" in page.text)
        assert "Throttling: Rate exceeded" in page.text
        assert "throttled, 87 ms: rds DescribeDBInstances" in said(app)
        await pilot.press("escape")
        assert not app.screen.is_modal

    drive(console(reader, area="sources"), journey)


def test_nothing_is_asked_again_where_there_is_nothing_to_ask() -> None:
    """Without a row, and in a forecast, it says why."""
    reader = Answers(asked(busy()))

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        app.look_at(AT + timedelta(days=1))
        await until(pilot, lambda: app.fleet.forecast_from is not None)
        await pilot.press("R")
        await pilot.pause()
        assert "forecast" in said(app)
        app.look_at(None)
        await pilot.press("slash", "z", "z", "z", "enter", "R")
        await pilot.pause()
        assert "no call" in said(app)
        assert reader.questions == [EVERYTHING]

    drive(console(reader, area="sources"), journey)
