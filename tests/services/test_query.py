"""The filter language."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.areas import AREAS
from services.areas.base import Area
from services.areas.recovery import RECOVERY
from services.areas.sources import SOURCES
from services.areas.tenants import TENANTS
from services.fleet.snapshot import FleetSnapshot
from services.query import QueryError, fold, parse, quote, search_text
from tests.support.fleet import AT, HOSTILE_NAMES, fleet

FLEET = fleet()


def tenants(text: str) -> set[str | None]:
    """The ids of the tenants that pass a filter."""
    query = parse(text, TENANTS)
    return {row.id for row in TENANTS.rows(FLEET) if query.matches(row, AT)}


def stores(text: str) -> set[str | None]:
    """The tenants whose stores pass a filter."""
    query = parse(text, RECOVERY)
    return {row.tenant for row in RECOVERY.rows(FLEET) if query.matches(row, AT)}


def test_an_empty_filter_lets_everything_pass() -> None:
    """Nothing typed, nothing hidden."""
    assert len(tenants("")) == len(tenants("   ")) == len({row.id for row in TENANTS.rows(FLEET)})


def test_bare_words_are_substrings_whatever_the_case() -> None:
    """A bare word is found anywhere in the row as it is shown, the reason included."""
    assert tenants("FABRI") == {"fabrikam"}
    assert tenants("accessdenied") == {"contoso-ae", "datum-ae"}
    assert tenants("東京") == {"hostile-4"}


def test_terms_side_by_side_must_all_hold() -> None:
    """Juxtaposition is and."""
    assert tenants("nordcom fabri") == {"fabrikam"}
    assert tenants("tier=dedicated status=breached") == {"acme-health", "bellows"}
    assert tenants("nordcom bellows") == set()


def test_a_cell_of_the_matrix_is_a_filter() -> None:
    """Tier and region as the heat matrix writes them pick exactly that cell."""
    text = f"tier={quote('public')} region={quote('us-east-1')}"
    assert tenants(text) == {"adatum", "wingtip-sd"}


def test_equality_is_exact_whatever_the_case() -> None:
    """A value that is only a part does not match; case does not matter; an alias is as good as the name."""
    assert tenants("tenant=FABRIKAM") == {"fabrikam"}
    assert tenants("tenant=fabri") == set()
    assert tenants("id=fabrikam") == {"fabrikam"}
    assert tenants("ID=fabrikam") == {"fabrikam"}


def test_values_are_compared_as_shown_and_as_machines_read_them() -> None:
    """A length matches in seconds and in words, a day as it is written."""
    assert stores("rpo_seconds=552") == stores("rpo=9m12s") == {"acme-health"}
    assert tenants("ended_on=2028-01-15") == {"lumen-spa"}
    assert tenants("sp_end_customers='coho") == set()
    assert tenants('sp_end_customers="coho winery"') == {"wingtip-sd"}


def test_absent_values_are_asked_for_by_null_or_dash() -> None:
    """null and — find what is absent; quoted they are words; nothing absent equals any word."""
    assert stores("store=null") == stores("store=—") == {"contoso-ae", "datum-ae"}
    assert stores("tenant=NULL") == {None}
    assert stores('tenant="null"') == set()
    assert "adatum" in tenants("ended_on=null")


def test_quotes_hold_what_belongs_to_the_language() -> None:
    """Spaces, operators, quotes and backslashes are text between quotes."""
    assert tenants('"adatum" "a. datum"') == {"adatum"}
    assert tenants(f"name={quote(HOSTILE_NAMES[1])}") == {"hostile-1"}
    assert tenants('"[bold]b[/bold]"') == {"hostile-1"}


@given(st.text())
def test_a_quoted_value_reads_back(value: str) -> None:
    """Whatever a cell holds can be written as a filter that means exactly it."""
    (term,) = parse(f"name={quote(value)}", TENANTS).terms
    assert getattr(term, "word") == fold(value)  # noqa: B009 - the term's class is not the point


@given(st.text(alphabet=st.sampled_from('ab ="\\!|()<>~—\t\nnulltier')))
def test_no_text_crashes_the_parser(text: str) -> None:
    """Every text is either a filter or an error that points into the text."""
    failure = None
    try:
        query = parse(text, TENANTS)
    except QueryError as error:
        failure = error
    else:
        for row in TENANTS.rows(FLEET):
            query.matches(row, AT)
    assert failure is None or (failure.message and 0 <= failure.position <= len(text))


@pytest.mark.parametrize(
    ("text", "position", "part"),
    [
        ("tir=public", 0, "did you mean tier?"),
        ("nord colour=red", 5, "no field 'colour'"),
        ("tier=", 5, "a value is missing"),
        ("tier= public", 5, "a value is missing"),
        ("=public", 0, "a field's name is missing"),
        ("tier =public", 5, "a field's name is missing"),
        ('nord "open', 5, "not closed"),
        ('"tier"=public', 0, "no field"),
        ("a|b", 1, "'|'"),
        ("status!=ok", 6, "'!'"),
        ('name="a"b', 8, "a space"),
        ("tier=a=b", 6, "a space"),
    ],
)
def test_errors_point_at_the_character(text: str, position: int, part: str) -> None:
    """A filter that cannot be read says what is wrong and where."""
    with pytest.raises(QueryError) as caught:
        parse(text, TENANTS)
    assert caught.value.position == position
    assert part in caught.value.message


STATUS_WORDS = "ok, due, at-risk, breached, unknown, unproven, not-applicable"
STATE_WORDS = "active, grace, dismissed, destroying, destroyed"


@pytest.mark.parametrize(
    ("area", "text", "position", "message"),
    [
        (TENANTS, "status=grean", 7, f"no status 'grean': {STATUS_WORDS}"),
        (TENANTS, "fabri status=o", 13, f"no status 'o': {STATUS_WORDS}"),
        (TENANTS, 'state="in grace"', 6, f"no state 'in grace': {STATE_WORDS}"),
        (TENANTS, "due_state=gone", 10, f"no state_due 'gone': {STATE_WORDS}"),
        (TENANTS, "tier=gold", 5, "no tier 'gold': public, dedicated"),
        (RECOVERY, "status=red", 7, f"no status 'red': {STATUS_WORDS}"),
        (
            SOURCES,
            "outcome=refused",
            8,
            "no outcome 'refused': seen, empty, denied, throttled, failed, stale, not-offered, bad-record",
        ),
    ],
)
def test_a_word_that_a_field_cannot_hold_is_an_error(area: Area[Any], text: str, position: int, message: str) -> None:
    """It points at the word and lists what is possible; no rows at all would look like "none is so"."""
    with pytest.raises(QueryError) as caught:
        parse(text, area, FLEET)
    assert (caught.value.message, caught.value.position) == (message, position)


def test_words_of_a_closed_field_match_whatever_the_case_and_null_stays() -> None:
    """The check takes what the comparison takes."""
    assert tenants("status=Breached") == tenants("status=breached") != set()
    assert tenants("state=null") == {"contoso-fr", None}
    assert tenants('tier=Public region="us-east-1"') == {"adatum", "wingtip-sd"}


def test_tiers_are_the_policys_and_those_that_tenants_are_said_to_have() -> None:
    """A tenant whose tier the policy lacks can be asked for; before the fleet is known any word may be a tier."""
    views = dict(FLEET.tenants)
    adatum = views["adatum"]
    views["adatum"] = replace(adatum, tenant=replace(adatum.tenant, tier="gold"))
    odd = replace(FLEET, tenants=views)
    query = parse("tier=gold", TENANTS, odd)
    assert {row.id for row in TENANTS.rows(odd) if query.matches(row, AT)} == {"adatum"}
    with pytest.raises(QueryError, match="no tier 'silver': public, dedicated, gold"):
        parse("tier=silver", TENANTS, odd)
    assert parse("tier=gold", TENANTS, FleetSnapshot(AT)).terms == parse("tier=gold", TENANTS).terms


@pytest.mark.parametrize("area", AREAS.values(), ids=AREAS)
def test_every_row_holds_words_that_its_fields_declare(area: Area[Any]) -> None:
    """So that no filter made from a row is refused."""
    rows = list(area.rows(FLEET))
    for field in area.fields:
        if choices := field.words(FLEET):
            assert {field.get(row) for row in rows} <= {*choices, None}, field.name


def test_the_search_text_stays_while_only_time_passes() -> None:
    """What bare words look in does not tick, so it may be kept with the row."""
    for row in TENANTS.rows(FLEET):
        assert search_text(TENANTS, row, AT) == search_text(TENANTS, row, AT + timedelta(days=3))
    for store in RECOVERY.rows(FLEET):
        assert search_text(RECOVERY, store, AT) == search_text(RECOVERY, store, AT + timedelta(days=3))


def test_composed_and_decomposed_letters_are_the_same() -> None:
    """What looks the same is found, however the name was typed into the registry."""
    assert fold("Cafe\u0301") == fold("CAFÉ")
