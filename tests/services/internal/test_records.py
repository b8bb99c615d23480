"""From bytes to records: one bad record hides no other."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from services.internal.records import PageParser, UnreadablePageError
from services.wire.registry import PartyRecord, SubscriptionRecord, TenantRecord
from tests.support.registry import tenant

PARTIES = PageParser("parties", PartyRecord)
SUBSCRIPTIONS = PageParser("subscriptions", SubscriptionRecord)
TENANTS = PageParser("tenants", TenantRecord)


def good(number: int) -> dict[str, Any]:
    return {"id": f"p{number}", "kind": "customer", "name": f"Party {number}"}


def page(*items: str) -> bytes:
    return ('{"items":[' + ",".join(items) + '],"next":null}').encode("utf-8", "surrogateescape")


BAD_ITEMS = (
    "null",
    "7",
    "[]",
    "{}",
    '"words"',
    '{"id":"odd"}',
    '{"id":"odd","kind":"king","name":"x"}',
    '{"id":"odd","kind":"customer","name":""}',
    '{"id":"odd","kind":"customer","name":7}',
    '{"id":"odd","kind":"customer","name":"x","colour":"red"}',
    '{"id":"odd","kind":"customer","name":"\\ud800"}',
    '{"id":"odd","kind":"customer","name":"\\u0000"}',
    '{"id":"odd","kind":"customer","name":"\udcff"}',
    '{"id":"o d","kind":"customer","name":"x"}',
    '{"id":null,"kind":"customer","name":"x"}',
    '{"id":"odd","kind":"customer","name":' + "[" * 400 + "]" * 400 + "}",
    '{"id":NaN,"kind":Infinity,"name":-Infinity}',
    '{"id":' + "9" * 5000 + ',"kind":"customer","name":"x"}',
)

leaf = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
anything = st.recursive(leaf, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner))
bad_members = st.fixed_dictionaries(
    {"id": st.just("odd"), "kind": st.just("customer"), "name": anything.filter(lambda it: not isinstance(it, str))}
)
bad_item = st.sampled_from(BAD_ITEMS) | st.builds(json.dumps, bad_members)


@seed(20261123)
@settings(max_examples=80, deadline=None, database=None)
@given(data=st.data(), count=st.integers(1, 40))
def test_bad_records_among_many_hide_no_other(data: st.DataObject, count: int) -> None:
    """Every good record is read, every bad one is told with its position, wherever they stand."""
    places = data.draw(st.sets(st.integers(0, count - 1)))
    items = [data.draw(bad_item) if place in places else json.dumps(good(place)) for place in range(count)]
    parsed = PARTIES.parse(page(*items), start=100)
    assert [(position, record.id) for position, record in parsed.records] == [
        (100 + place, f"p{place}") for place in range(count) if place not in places
    ]
    assert [one.record.position for one in parsed.bad] == [100 + place for place in sorted(places)]
    assert all(one.record.reason for one in parsed.bad)
    assert parsed.size == count


@pytest.mark.parametrize("item", BAD_ITEMS)
def test_each_kind_of_bad_record_is_told(item: str) -> None:
    """It is named by its id where that can be read, and the reason is short."""
    parsed = PARTIES.parse(page(json.dumps(good(1)), item, json.dumps(good(2))), start=0)
    assert [record.id for _, record in parsed.records] == ["p1", "p2"]
    (bad,) = parsed.bad
    assert (bad.record.collection, bad.record.position) == ("parties", 1)
    assert 0 < len(bad.record.reason) <= 300
    if '"id":"odd"' in item:
        assert bad.record.id == "odd"


def test_a_reason_names_the_member() -> None:
    """What is wrong, and where in the record."""
    item = good(1) | {"kind": "king"}
    (bad,) = PARTIES.parse(page(json.dumps(item)), 0).bad
    assert bad.record.reason.startswith("kind: Input should be 'customer'")


def test_depth_at_the_edge_of_what_can_be_read_costs_one_record_at_most() -> None:
    """Around Python's limit of nesting a record turns bad or the page unreadable; nothing else is raised."""
    outcomes = set()
    for depth in range(800, 1000, 5):
        deep = '{"id":"deep","kind":"customer","name":' + "[" * depth + "]" * depth + "}"
        try:
            parsed = PARTIES.parse(page(json.dumps(good(1)), deep), 0)
        except UnreadablePageError:
            outcomes.add("unreadable")
        else:
            outcomes.add("bad")
            assert ([record.id for _, record in parsed.records], parsed.bad[0].record.id) == (["p1"], "deep")
    assert outcomes == {"unreadable", "bad"}


def test_a_bad_record_tells_whose_it_is() -> None:
    """The tenant that a bad record names is kept, for its dates cannot be trusted then."""
    (bad,) = PARTIES.parse(page('{"id":"s","tenant":"acme"}'), 0).bad
    assert bad.tenant == "acme"


def test_an_endless_id_is_cut() -> None:
    """Text from outside has a length here."""
    (bad,) = PARTIES.parse(page(json.dumps({"id": "x" * 100_000})), 0).bad
    assert bad.record.id is not None
    assert len(bad.record.id) == 128


@pytest.mark.parametrize(
    "day", ["1798675200", "true", '"2026"', '"31.12.2026"', '"2026-02-30"', '"2026-12-31T12:00:00Z"']
)
def test_a_day_is_a_day_and_nothing_that_could_be_taken_for_one(day: str) -> None:
    """A wrong end date would move every clock of the tenant; alone and beside good records."""
    item = '{"id":"s","tenant":"acme","started_on":"2026-01-01","ended_on":' + day + "}"
    for items in ([item], [item, "null"]):
        parsed = SUBSCRIPTIONS.parse(page(*items), 0)
        assert (parsed.records, parsed.bad[0].record.id, parsed.bad[0].tenant) == ([], "s", "acme")


def test_raw_control_characters_cost_nothing() -> None:
    """JSON forbids them inside a string; what is meant is plain all the same."""
    parsed = PARTIES.parse(page('{"id":"p1","kind":"customer","name":"a\x1b[31m\nb"}'), 0)
    assert parsed.records[0][1].name == "a\x1b[31m\nb"


def test_a_whole_page_is_read_as_one_and_alike() -> None:
    """The fast way and the slow way read the same record from the same bytes."""
    record = tenant("acme", zone="Europe/Rome", sp_end_customers=("lumen",))
    alone = record.model_dump_json()
    fast = TENANTS.parse(page(alone), 0)
    slow = TENANTS.parse(page(alone, "null"), 0)
    assert fast.records == slow.records == [(0, record)]


def test_a_cursor_and_unknown_members_of_a_page() -> None:
    """Cursor and total are kept as they are; what else a page says is nobody's business."""
    parsed = PARTIES.parse(b'{"items":[],"next":"abc","total":7,"page":1}', 0)
    assert (parsed.next, parsed.size, parsed.total) == ("abc", 0, 7)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"items":[]}',
        b'{"next":null}',
        b'{"items":{},"next":null}',
        b'{"items":[],"next":7}',
        b'{"items":[],"next":""}',
        b'{"items":[],"next":null,"total":"7"}',
        b'{"items":[],"next":null,"total":-1}',
        b'{"items":[],"next":null,"total":true}',
        b'{"items":[{"id":"p1"},',
        b'{"items":[{"id":"p1","kind":"customer","name":"x"}],"next":nul',
        b"<!doctype html><title>Sign in</title>",
        b"\x00\xff\xfe garbage",
        b"[" * 100_000,
        b'{"items":' + b"[" * 100_000,
    ],
)
def test_what_is_no_page_is_told(body: bytes) -> None:
    """Never taken for an empty collection, nor for the end of one."""
    with pytest.raises(UnreadablePageError):
        PARTIES.parse(body, 0)


@seed(20261123)
@settings(max_examples=100, deadline=None, database=None)
@given(st.binary(max_size=200) | st.builds(lambda value: json.dumps(value).encode(), anything))
def test_no_bytes_raise_anything_else(body: bytes) -> None:
    """Whatever comes is a page or is told to be none."""
    try:
        parsed = PARTIES.parse(body, 0)
    except UnreadablePageError:
        return
    assert parsed.size == len(parsed.records) + len(parsed.bad)
