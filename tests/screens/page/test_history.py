"""What was recorded of the stores on a tenant's page: the longest RPO, its course, and what is not known."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from textual.pilot import Pilot

from console.app import TenureApp
from screens.page import Recorded, page
from screens.tenant import ANEW, TenantScreen
from services.model import Outcome
from services.wire.history import HistoryRecord, StoreHistory
from tests.support.console import SOON_S, Answers, Watch, console, settled, typed
from tests.support.fleet import AT
from tests.support.operations import busy_fleet
from tests.support.pilot import drive, until
from tests.support.shots import LARGE, SMALL, Compare, shot

FLEET = busy_fleet()
TENANT = "acme-health"
DAY = timedelta(days=1)


def arns() -> list[str]:
    return [it.store.arn for it in FLEET.tenants[TENANT].stores if it.store is not None]


def store(arn: str, **members: Any) -> StoreHistory:
    """Recorded for five weeks, its longest RPO two days ago."""
    given = {
        "store": arn,
        "looks": 3360,
        "unknown": 3,
        "first_at": AT - 35 * DAY,
        "last_at": AT - timedelta(minutes=4),
        "worst_seconds": 552,
        "worst_at": AT - 2 * DAY,
        "silence_seconds": 900,
        "days": (*[120] * 20, None, *[240] * 11, 552, 180, 120),
    }
    return StoreHistory(**{**given, **members})


def record(*stores: StoreHistory) -> HistoryRecord:
    return HistoryRecord(tenant=TENANT, since=AT - 35 * DAY, until=AT, stores=stores)


def lines(of: Recorded | None, width: int = 117) -> str:
    drawn = page(FLEET.tenants[TENANT], FLEET, AT, width, recorded=of)
    return "\n".join(one.content.plain for one in drawn)


def test_the_longest_rpo_and_its_course_stand_below_the_store() -> None:
    """With the days that it covers; where there is no room for the course it gives way, and nothing is cut."""
    wide = lines(Recorded(record(store(arns()[0]))))
    assert "35d worst 9m12s 21 Nov 12:04Z  " in wide
    assert "·" in wide.split("35d worst")[1].split("\n")[0]
    narrow = lines(Recorded(record(store(arns()[0]))), 77)
    assert narrow.split("35d worst")[1].split("\n")[0] == " 9m12s 21 Nov 12:04Z"


def test_what_nobody_saw_is_said() -> None:
    """Hours without a figure, a store of which there is none, one never recorded, and a recorder that is young."""
    one = store(arns()[0], silence_seconds=5 * 3600)
    assert "worst 9m12s 21 Nov 12:04Z, blind 5h" in lines(Recorded(record(one)))
    never = store(arns()[0], worst_seconds=None, worst_at=None, unknown=3360, days=(None,) * 35)
    assert "unknown: 3360 looks, and never a figure" in lines(Recorded(record(never)))
    assert lines(Recorded(record())).count("unknown: nothing was recorded of it") == len(arns())
    young = store(arns()[0], first_at=AT - timedelta(hours=30), days=(*[None] * 33, 60, 120))
    assert " 2d worst " in lines(Recorded(record(young)))


def test_before_it_is_read_and_where_it_cannot_be_one_line_says_so() -> None:
    """Text from outside is made harmless; where nobody asks there is no such line."""
    assert lines(Recorded()).count("RPO over time: being read …") == 1
    assert "RPO over time: not known: answered ␛[2J 503" in lines(Recorded(trouble="answered \x1b[2J 503"))
    assert "over time" not in lines(None)


class Remembering(Answers):
    """Tells what was recorded, or fails; and is counted."""

    def __init__(self) -> None:
        super().__init__(FLEET)
        self.recorded = record(store(arns()[0]))
        self.read = 0
        self.breaks: Exception | None = None

    def history(self, tenant: str, cancel: Any) -> Any:
        self.read += 1
        assert tenant == TENANT
        if self.breaks is not None:
            raise self.breaks
        return super().history(tenant, cancel)


def text(app: TenureApp) -> str:
    assert isinstance(app.screen, TenantScreen)
    return app.screen.page.text


def test_it_is_read_when_the_page_opens_and_again_when_it_is_old() -> None:
    """A failure stands on the page; r reads at once, time after five minutes; the page is never kept waiting."""
    reader, watch = Remembering(), Watch()

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press(*typed(f":tenant {TENANT}"), "enter")
        await until(pilot, lambda: "worst 9m12s" in text(app))
        assert reader.read == 1
        reader.breaks = OSError("the line is down")
        await pilot.press("r")
        await until(pilot, lambda: "not known: the line is down" in text(app))
        assert reader.read == 2
        reader.breaks = None
        watch.at += ANEW
        await until(pilot, lambda: "worst 9m12s" in text(app))

    drive(console(reader, now=watch, tick_s=SOON_S), journey, size=LARGE)


def test_an_api_that_records_nothing_is_not_a_failure() -> None:
    """It says so in its own words."""
    reader = Answers(replace(FLEET))
    assert reader.history(TENANT, None).outcome is Outcome.NOT_OFFERED  # type: ignore[arg-type]  # nothing waits for it

    async def journey(app: TenureApp, pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press(*typed(f":tenant {TENANT}"), "enter")
        await until(pilot, lambda: "not offered by this internal API" in text(app))

    drive(console(reader), journey, size=LARGE)


def test_page_at_80(snap_compare: Compare) -> None:
    """A store of a promise that was broken, one blind for hours, one never recorded."""
    assert shot(snap_compare, console(_recorded()), *typed(f":tenant {TENANT}"), "enter", size=SMALL)


def test_page_at_120(snap_compare: Compare) -> None:
    """The same with room for the course."""
    assert shot(snap_compare, console(_recorded()), *typed(f":tenant {TENANT}"), "enter", size=LARGE)


def _recorded() -> Answers:
    reader, known = Remembering(), arns()
    reader.recorded = record(store(known[0]), *(store(it, silence_seconds=18_000) for it in known[1:2]))
    return reader
