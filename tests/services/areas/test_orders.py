"""Orders and the journal as rows, and orders among what is due."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.areas.due import DUE
from services.areas.journal import JOURNAL, JournalRow
from services.areas.machine import to_dict
from services.areas.orders import ORDERS
from services.areas.page import tenant_page
from services.fleet.snapshot import FleetSnapshot, SourceView
from services.model import Identity, Observation, Outcome, Source, Status
from services.why import explain, find
from tests.support.fleet import AT
from tests.support.operations import busy_fleet
from tests.support.ordered import ordered_fleet

FLEET = ordered_fleet()


def journal(fleet: FleetSnapshot) -> list[JournalRow]:
    return list(JOURNAL.rows(fleet))


def kind(row: JournalRow) -> object:
    return to_dict(JOURNAL, row)["kind"]


def number(text: object) -> int:
    return int(str(text), 16)


def test_what_somebody_has_to_look_at_comes_first_then_what_is_under_way() -> None:
    """Then the ended, newest first."""
    states = [(str(row.verdict.status), str(row.order.state)) for row in ORDERS.rows(FLEET)]
    assert states == [
        ("at-risk", "accepted"),
        ("at-risk", "waiting"),
        ("at-risk", "half-done"),
        ("due", "waiting"),
        ("ok", "running"),
        ("ok", "done"),
        ("not-applicable", "undone"),
        ("not-applicable", "cancelled"),
        ("not-applicable", "void"),
    ]


def test_the_machine_formats_have_the_promised_fields() -> None:
    """An order for several tenants names them all; what is absent is null."""
    row = next(it for it in (to_dict(ORDERS, it) for it in ORDERS.rows(FLEET)) if number(it["order"]) == 6)
    promised = {
        "order": f"{6:032x}",
        "action": "hold-lift",
        "tenants": ["oakwood", "litware", "lumen-spa"],
        "state": "waiting",
        "author": "piet@example.org",
        "created_at": "2026-11-22T06:04:31Z",
        "ended_at": None,
        "status": "at-risk",
        "reason": "Lift a legal hold: waits for a second person; ordered by piet@example.org 2026-11-22T06:04:31Z",
        "steps_done": 0,
        "steps": 3,
    }
    assert {name: row[name] for name in promised} == promised


def test_the_journal_is_of_whoever_looks() -> None:
    """Their orders, and what else the log has of them; what it says of their own orders stands there already."""
    rows = [(kind(row), row.action) for row in journal(FLEET)]
    assert rows == [
        ("order", "slot-schedule"),
        ("act", "acknowledge"),
        ("order", "terminate-breach"),
        ("order", "disable"),
        ("order", "renew"),
        ("order", "renew"),
        ("order", "renew"),
    ]
    piet = replace(FLEET, identity=Identity(user="piet@example.org"))
    assert [row.action for row in journal(piet)] == ["renew", "hold-lift", "renew"]


def test_nobody_known_has_nojournal() -> None:
    """As long as it is not known who looks, nobody's acts are taken for theirs."""
    assert list(JOURNAL.rows(replace(FLEET, identity=Identity()))) == []


def test_an_act_of_somebody_elses_order_is_in_thejournal() -> None:
    """Whoever agreed to an order did something: it is not in the row of an order of their own."""
    entry = replace(FLEET.audit[0], action="approve", order=f"{6:032x}")
    rows = journal(replace(FLEET, audit=(entry,)))
    assert ("act", "approve") in [(kind(row), row.action) for row in rows]


def test_what_waits_or_is_half_done_is_due() -> None:
    """One row an order, under its figure; of several tenants it says how many."""
    rows = [row for row in DUE.rows(FLEET) if row.area == "orders"]
    assert [(row.tenant, row.tenant or row.subject, str(row.verdict.status)) for row in rows] == [
        ("bellows", "bellows", "at-risk"),
        (None, "3 tenants", "at-risk"),
        ("litware", "litware", "at-risk"),
        ("northgate", "northgate", "due"),
    ]
    assert {row.verdict.figure for row in rows} == {f"order.{it:032x}" for it in (5, 6, 7, 8)}
    assert not any(row.area == "orders" for row in DUE.rows(busy_fleet()))


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.DENIED])
def test_orders_that_were_not_read_are_an_unknown_row(outcome: Outcome) -> None:
    """Nobody knows what waits; a server that offers none is no such row."""
    assert [row.verdict.status for row in DUE.rows(_answering(outcome)) if row.verdict.figure == "orders"] == [
        Status.UNKNOWN
    ]
    assert not [row for row in DUE.rows(_answering(Outcome.NOT_OFFERED)) if row.verdict.figure == "orders"]


def test_orders_that_could_not_all_be_read_are_an_unknown_row() -> None:
    """One that waits could be the one that cannot be read."""
    fleet = _answering(Outcome.SEEN, "1 orders cannot be read, the first is odd")
    assert [row.what for row in DUE.rows(fleet) if row.verdict.figure == "orders"] == [
        "internal GET /orders seen: 1 orders cannot be read, the first is odd"
    ]


@pytest.mark.parametrize("row", range(9))
def test_every_order_can_be_explained(row: int) -> None:
    """The last step leads to the status, and the order is told among what was seen."""
    view = list(ORDERS.rows(FLEET))[row]
    told = explain(FLEET, view.tenant, view.verdict.figure)
    assert told.steps[-1].endswith(f"→ {view.verdict.status}")
    assert told.evidence[0].source == "internal GET /orders"
    assert view.order.id in (told.evidence[0].value or "")


def test_an_order_of_several_tenants_is_found_by_each() -> None:
    """``tenure why litware order.…`` works as for a slot in whose scope it is."""
    figure = f"order.{6:032x}"
    assert find(FLEET, "litware", figure).verdict is find(FLEET, None, figure).verdict


def test_a_tenants_document_has_its_orders() -> None:
    """Those of several tenants, too."""
    page = tenant_page(FLEET, FLEET.tenants["litware"])
    orders = page["orders"]
    assert isinstance(orders, list)
    assert [number(it["order"]) for it in orders] == [6, 5]


def _answering(outcome: Outcome, error: str | None = None) -> FleetSnapshot:
    said = error if outcome.answered else "answered 503"
    seen: Observation[object] = Observation(Source("internal", "GET /orders"), AT, outcome, None, error=said)
    return replace(FLEET, sources=(SourceView(seen.source, seen),))
