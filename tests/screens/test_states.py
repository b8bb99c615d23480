"""What is said when facts are missing: of every area, in every state."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from screens.states import SHOWS, notices, said, source_state, why_empty
from services.areas import AREAS
from services.fleet.condition import OVERDUE, STALE_AFTER, Condition, State, of_area, of_tenant
from services.fleet.needs import rests_on
from services.fleet.snapshot import FleetSnapshot
from services.model import BadRecord, Outcome, Renewal
from services.text import clean
from tests.support import conditions
from tests.support.conditions import AGAIN, LATER, asked, busy, ended, quiet, struck, waited_for
from tests.support.fleet import ACCOUNTS, AT, fleet

NOW = AT + timedelta(seconds=3)
WIDTH = 78
"""Cells of a notice at 80 columns."""
ONE_SOURCE = ("orders", "audit")
"""They rest on one list: part of it cannot be missing."""
WHOLE = (State.DENIED, State.THROTTLED, State.FAILED)
BUSY = busy()
CASES = [
    (area, state)
    for area in AREAS
    for state in State
    if not (area in ONE_SOURCE and state is State.PARTIAL) and not (area == "sources" and state in WHOLE)
]


def moment(state: State) -> datetime:
    return LATER if state is State.STALE else NOW


def state_of(area: str, state: State, base: FleetSnapshot = BUSY) -> tuple[FleetSnapshot, Condition]:
    picture = struck(area, state, base)
    return picture, of_area(picture, area, moment(state))


def words(area: str, state: State) -> str:
    picture, found = state_of(area, state)
    one = said(found, AREAS[area].title, picture, moment(state))
    return one.line if one else ""


def title(found: Condition, picture: FleetSnapshot, *, refreshing: bool = False, trouble: str | None = None) -> str:
    pieces = source_state(found, picture, refreshing=refreshing, trouble=trouble)
    return " · ".join(piece.text.plain for piece in pieces)


def empty(area: str, state: State, **given: object) -> str:
    picture, found = state_of(area, state, quiet())
    usual = {"total": 0, "filter_text": "", "only_bad": False, "refreshing": False, "trouble": None}
    return why_empty(AREAS[area], found, picture, moment(state), **{**usual, **given})  # type: ignore[arg-type]  # mixed


@pytest.mark.parametrize(("area", "state"), CASES)
def test_every_area_tells_every_state_in_one_line_with_the_way_out(area: str, state: State) -> None:
    """The state that was made is the one found; its line fits 80 columns and ends in what can be done."""
    assert state_of(area, state)[1].state is state
    line = words(area, state)
    assert len(line) <= WIDTH, (len(line), line)
    if state is State.FRESH:
        assert line == ""
    elif state is State.FROZEN:
        assert line.endswith("S signs in.")
    else:
        assert line.endswith(SHOWS)


@pytest.mark.parametrize("area", AREAS)
def test_no_two_states_of_an_area_look_alike(area: str) -> None:
    """Neither their lines, nor the words of the title, nor what an empty list says."""
    states = [state for name, state in CASES if name == area]
    lines = [words(area, state) for state in states]
    assert len(set(lines)) == len(states), lines
    titles = [title(found, picture) for picture, found in (state_of(area, state) for state in states)]
    assert len(set(titles)) == len(states), titles
    nothing = [empty(area, state) for state in states]
    assert len(set(nothing)) == len(states), nothing
    capital = AREAS[area].empty[:1].upper() + AREAS[area].empty[1:]
    assert [capital in said_of_it for said_of_it in nothing] == [state is State.FRESH for state in states]


@pytest.mark.parametrize("area", AREAS)
def test_what_an_area_does_not_rest_on_never_troubles_it(area: str) -> None:
    """Each source that is no concern of an area denied, failed or not heard, it says what it says when all is well."""
    strangers = [it.source for it in BUSY.sources if not rests_on(area, it.source)]
    well = words(area, State.FRESH), title(of_area(BUSY, area, NOW), BUSY), ()
    for picture in (
        ended(BUSY, Outcome.DENIED, strangers.__contains__),
        ended(BUSY, Outcome.FAILED, strangers.__contains__),
        waited_for(BUSY, strangers.__contains__),
    ):
        found = of_area(picture, area, NOW)
        assert ("", title(found, picture), notices(picture, NOW, trouble=None, condition=found)) == well
    assert strangers or area == "sources"


def test_a_denied_maintenance_window_is_no_reason_to_distrust_cases() -> None:
    """It is one to distrust maintenance."""
    picture = ended(BUSY, Outcome.DENIED, lambda it: it.service == "ssm")
    states = {area: of_area(picture, area, NOW).state for area in AREAS}
    assert {area for area, state in states.items() if state is not State.FRESH} == {"due", "maintenance", "sources"}


def test_partial_says_which_part_is_missing() -> None:
    """The service and the region, the account where the region is not enough, and how many more; of lists the list."""

    def missing(picture: FleetSnapshot, area: str = "due") -> str:
        return notices(picture, NOW, trouble=None, condition=of_area(picture, area, NOW))[0].partition(";")[0]

    one = ended(BUSY, Outcome.DENIED, lambda it: (it.service, it.region) == ("rds", "me-central-1"))
    assert missing(one) == "rds in me-central-1 denied"
    more = ended(BUSY, Outcome.THROTTLED, lambda it: it.service == "rds")
    assert missing(more) == "rds in eu-central-1 and 2 more throttled"
    listed = ended(BUSY, Outcome.FAILED, lambda it: it.operation in ("GET /holds", "GET /cases"))
    assert missing(listed) == "GET /holds and 1 more failed"
    mixed = ended(more, Outcome.DENIED, lambda it: it.service == "ssm")
    assert missing(mixed) == "24 of 64 sources did not answer, first ssm in eu-central-1"
    others = tuple(
        replace(it, source=replace(it.source, account=account))
        for account in (ACCOUNTS[1], "777788889999")
        for it in BUSY.sources
        if it.source.region == "me-central-1"
    )
    three = replace(BUSY, sources=(*BUSY.sources, *others))
    assert missing(denied(three, ACCOUNTS[:1])) == f"rds in me-central-1 of {ACCOUNTS[0]} denied"
    assert missing(denied(three, ACCOUNTS)) == "rds in me-central-1 of 2 accounts denied"
    assert missing(denied(three, (*ACCOUNTS, "777788889999"))) == "rds in me-central-1 denied"


def denied(picture: FleetSnapshot, accounts: Collection[str]) -> FleetSnapshot:
    """RDS refused in one region of these accounts."""
    return ended(
        picture,
        Outcome.DENIED,
        lambda it: (it.service, it.region) == ("rds", "me-central-1") and it.account in accounts,
    )


def test_what_to_do_differs_by_how_it_ended() -> None:
    """Denied: somebody must mend a permission. Throttled: it is asked again by itself. Failed: or at once, by ``r``."""

    def way_out(outcome: Outcome, now: datetime = NOW, again: timedelta | None = AGAIN) -> str:
        picture = ended(BUSY, outcome, lambda it: it.operation == "GET /holds", again=again)
        return notices(picture, now, trouble=None)[0].partition("; ")[2]

    assert way_out(Outcome.DENIED) == "`tenure doctor` says why, :sources"
    assert way_out(Outcome.THROTTLED) == "again in 0:42, :sources"
    assert way_out(Outcome.FAILED) == "again in 0:42 or r, :sources"
    assert way_out(Outcome.FAILED, NOW + timedelta(seconds=41)) == "again in 0:01 or r, :sources"
    assert way_out(Outcome.FAILED, again=None) == "again by itself or r, :sources"


def test_what_was_never_read_has_no_time() -> None:
    """It is not known, and not of any hour."""
    picture = ended(BUSY, Outcome.FAILED, lambda it: it.operation == "GET /slots", seen=False)
    said_of_it = notices(
        picture, NOW, trouble=None, condition=of_area(picture, "maintenance", NOW), title="Maintenance"
    )
    assert said_of_it == ("Maintenance not known: GET /slots failed; again in 0:42 or r, :sources",)


def test_stale_from_the_first_moment_past_the_limit() -> None:
    """Nothing is said at the limit, nor of a source that is asked as seldom as that and not overdue."""
    picture = replace(BUSY, sources=tuple(replace(it, next_at=None) for it in BUSY.sources))
    limit = AT + STALE_AFTER - timedelta(seconds=40)
    assert notices(picture, limit, trouble=None) == ()
    late = notices(picture, limit + timedelta(seconds=1), trouble=None)[0]
    assert late == "GET /tenants and 30 more last read 12:03Z, 6m ago; r asks, :sources"
    seldom = replace(BUSY, sources=tuple(replace(it, next_at=AT + timedelta(hours=1)) for it in BUSY.sources))
    due = AT + timedelta(hours=1) + OVERDUE
    assert notices(seldom, due, trouble=None) == ()
    assert (
        "1h" in notices(seldom, due + timedelta(seconds=1), trouble=None)[0]
        or "63m" in notices(seldom, due + timedelta(seconds=1), trouble=None)[0]
    )


@pytest.mark.parametrize("renewal", Renewal)
def test_frozen_is_said_before_everything_that_follows_from_it(renewal: Renewal) -> None:
    """Sources that failed for it are not told of one by one."""
    picture = conditions.frozen(ended(BUSY, Outcome.DENIED, lambda it: it.account is not None), renewal)
    said_of_it = notices(picture, NOW, trouble=None, condition=of_area(picture, "recovery", NOW))
    assert len(said_of_it) == 1
    assert said_of_it[0].startswith("AWS credentials ended 12:04:01Z; ")


def test_a_tenants_page_is_troubled_by_its_own_places_alone() -> None:
    """A region where it has nothing may be denied; its own may not, nor may a list of the internal API."""

    def line(picture: FleetSnapshot) -> tuple[str, ...]:
        found = of_tenant(picture, picture.tenants["fabrikam"], NOW)
        return notices(picture, NOW, trouble=None, condition=found, title="This page")

    assert line(ended(BUSY, Outcome.DENIED, lambda it: it.region == "me-central-1")) == ()
    assert "eu-central-1 and" in line(ended(BUSY, Outcome.DENIED, lambda it: it.region == "eu-central-1"))[0]
    gone = ended(BUSY, Outcome.DENIED, lambda it: it.operation == "GET /tenants")
    assert line(gone) == ("This page of 11:50Z: GET /tenants denied; `tenure doctor` says why, :sources",)


def test_an_empty_list_says_what_else_may_be_the_cause() -> None:
    """A filter, ``!``, both, no picture at all, none yet, and none asked for have each their sentence."""
    nothing = FleetSnapshot(AT)

    def without(**given: object) -> str:
        usual = {"total": 0, "filter_text": "", "only_bad": False, "refreshing": False, "trouble": None}
        found = of_area(nothing, "tenants", NOW)
        return why_empty(AREAS["tenants"], found, nothing, NOW, **{**usual, **given})  # type: ignore[arg-type]  # mixed

    causes = [
        empty("tenants", State.FRESH),
        empty("tenants", State.FRESH, total=3, filter_text="x"),
        empty("tenants", State.FRESH, total=3, only_bad=True),
        empty("tenants", State.FRESH, total=3, filter_text="x", only_bad=True),
        without(trouble="OSError: x"),
        without(refreshing=True),
        without(),
    ]
    assert len(set(causes)) == len(causes)


def test_an_empty_list_gives_the_error_of_who_did_not_answer() -> None:
    """As the other side put it."""
    assert "403 the role may not read it" in empty("exports", State.DENIED)
    assert "is not authorized" in empty("recovery", State.PARTIAL)
    assert clean(empty("recovery", State.PARTIAL)).isprintable()


def test_one_trouble_does_not_hide_the_other() -> None:
    """A refresh that broke off, sources that did not answer and bad records are all said, the gravest first."""
    picture = replace(fleet(), sources=asked(fleet()).sources, bad_records=(BadRecord("tenants", None, 1, "x"),))
    picture = ended(picture, Outcome.FAILED, lambda it: it.operation == "GET /holds")
    said_of_it = notices(picture, NOW, trouble="OSError: x")
    assert [one.split()[0] for one in said_of_it] == ["The", "GET", "1"]
    assert "broke off" in said_of_it[0]
    audit = notices(picture, NOW, trouble=None, condition=of_area(picture, "audit", NOW))
    assert audit == ()


def test_the_title_counts_sources_while_loading_and_regions_after() -> None:
    """Progress first; then how many regions, the state, how many ended how, and the age; none of it of strangers."""

    def of(area: str, state: State) -> str:
        picture, found = state_of(area, state)
        return title(found, picture)

    assert of("due", State.LOADING) == "loading 27/64 sources"
    assert of("due", State.FRESH) == "3 regions · 50s old"
    assert of("due", State.PARTIAL) == "3 regions · partial · 14 denied · 15m old"
    assert of("cases", State.FRESH) == "50s old"
    nothing = FleetSnapshot(AT)
    assert title(of_area(nothing, "due", NOW), nothing, refreshing=True) == "asking"
    assert title(of_area(nothing, "due", NOW), nothing, trouble="x") == "refresh broke off"
