"""The due list: what is in it, in which order, and what stands beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.agreement import due_rank
from services.areas import AREAS
from services.areas.due import DUE, DueRow
from services.areas.figures import area_of
from services.areas.machine import to_dict
from services.fleet.snapshot import FleetSnapshot, SourceView
from services.model import Outcome, Source, Status, Verdict
from tests.support.fleet import AT, healthy_fleet, large_fleet, observation, rds
from tests.support.operations import busy_fleet, forecast_fleet

BUSY = busy_fleet()
ROWS = list(DUE.rows(BUSY))


def with_source(operation: str, outcome: Outcome | None, service: str = "internal") -> FleetSnapshot:
    """A fleet that is well but for one source."""
    source = Source(service, operation) if service == "internal" else rds("111122223333", "eu-west-1", operation)
    seen = observation(source, AT, outcome, "AccessDenied") if outcome else None
    well = healthy_fleet()
    return replace(well, sources=(*well.sources, SourceView(source, seen, asking=outcome is None)))


def test_all_that_is_not_well_is_in_it_and_nothing_else() -> None:
    """Every verdict of tenants, stores without one, slots, pending maintenance and bad records."""
    judged: dict[tuple[str | None, str], Status] = {}
    for name, view in BUSY.tenants.items():
        judged |= {(name, it.figure): it.status for it in view.verdicts}
    judged |= {(None, it.verdict.figure): it.verdict.status for it in BUSY.orphans}
    judged |= {(it.slot.tenant, it.verdict.figure): it.verdict.status for it in BUSY.slots}
    judged |= {(it.tenant, it.verdict.figure): it.verdict.status for it in BUSY.pending_maintenance}
    expected = {key for key, status in judged.items() if status not in {Status.OK, Status.NOT_APPLICABLE}}
    shown = {(row.tenant, row.verdict.figure) for row in ROWS if not row.verdict.figure.startswith("record.")}
    assert shown == expected
    assert sum(row.verdict.figure.startswith("record.") for row in ROWS) == len(BUSY.bad_records)


def test_it_is_ranked_and_the_rank_is_the_agreements() -> None:
    """Broken first; unknown after what ticks; unproven last."""
    ranks = [due_rank(row.verdict, AT) for row in ROWS]
    assert ranks == sorted(ranks)
    statuses = [row.verdict.status for row in ROWS]
    assert statuses[0] is Status.BREACHED
    assert statuses[-1] is Status.UNPROVEN


@given(st.permutations(list(BUSY.tenants.items())))
def test_the_order_does_not_depend_on_that_of_the_tenants(tenants: list[tuple[str, object]]) -> None:
    """Ties are broken by tenant and figure, so that nothing jumps between two pictures."""
    shuffled = replace(BUSY, tenants=dict(tenants))  # type: ignore[arg-type]
    assert list(DUE.rows(shuffled)) == ROWS


def test_every_row_can_be_asked_why_and_no_two_have_one_name() -> None:
    """Tenant and figure together."""
    names = [DUE.explain(row) for row in ROWS]
    assert len(set(names)) == len(names)
    assert None not in names


def test_a_row_that_is_acknowledged_says_by_whom_until_when_and_whose_it_is() -> None:
    """And loses nothing of its rank."""
    (row,) = [row for row in ROWS if row.acknowledgement]
    told = to_dict(DUE, row)
    assert (told["tenant"], told["acknowledged_by"], told["assignee"]) == ("bellows", "olga", "night shift")
    assert told["acknowledged_until"] == "2026-11-23T18:04:31Z"
    assert told["note"] == "vendor asked, T-12"


def test_an_acknowledgement_ends() -> None:
    """From then on the item stands as if nobody had seen it."""
    later = replace(BUSY, at=AT + timedelta(hours=6))
    assert not any(row.acknowledgement for row in DUE.rows(later))


def test_what_is_over_counts_below_zero_and_what_is_unknown_does_not_count() -> None:
    """``seconds_left`` and ``due_at`` are null where the status is unknown."""
    told = {(row.tenant, row.verdict.figure): to_dict(DUE, row) for row in ROWS}
    assert told["acme-health", "recovery.orders-db"]["seconds_left"] == -292
    assert told["fabrikam", "grace"]["seconds_left"] == 39329
    unknown = told["trey-research", "recovery.lab"]
    assert (unknown["status"], unknown["due_at"], unknown["seconds_left"]) == ("unknown", None, None)


def test_rows_are_equal_while_nothing_but_time_has_changed() -> None:
    """A second later the grid has nothing to draw but the countdown."""
    assert list(DUE.rows(replace(BUSY, at=AT + timedelta(seconds=1))))[:5] == ROWS[:5]


@pytest.mark.parametrize(
    ("operation", "figure", "area"),
    [
        ("GET /exports", "exports", "exports"),
        ("GET /slots", "slots", "maintenance"),
        ("GET /holds", "holds", "retention"),
        ("GET /cases", "cases", "cases"),
        ("GET /recovery-tests", "recovery-tests", "recovery"),
    ],
)
@pytest.mark.parametrize("outcome", [Outcome.DENIED, Outcome.FAILED, None])
def test_a_list_that_was_not_read_is_one_unknown_row(
    operation: str, figure: str, area: str, outcome: Outcome | None
) -> None:
    """For the whole fleet, in the area where it is missing: what is in it nobody knows."""
    (row,) = DUE.rows(with_source(operation, outcome))
    assert (row.tenant, row.verdict.figure, row.area, row.verdict.status) == (None, figure, area, Status.UNKNOWN)
    assert operation in row.verdict.reason


def test_a_list_that_was_not_read_is_not_told_tenant_by_tenant() -> None:
    """A hundred thousand rows would say no more than one."""
    fleet = with_source("GET /cases", Outcome.DENIED)
    untold = Verdict(Status.UNKNOWN, "cases", "acceptable-use", "its cases cannot be told")
    views = {
        name: replace(view, verdicts=(*view.verdicts, untold), status=Status.UNKNOWN)
        for name, view in fleet.tenants.items()
    }
    assert [row.tenant for row in DUE.rows(replace(fleet, tenants=views))] == [None]


def test_what_rds_has_pending_is_told_once_for_all_places_that_refused() -> None:
    """With the first of them, and how many more."""
    well = healthy_fleet()
    operation = "DescribePendingMaintenanceActions"
    refused = [rds("111122223333", region, operation) for region in ("eu-west-1", "us-east-1")]
    views = [SourceView(it, observation(it, AT, Outcome.DENIED, "AccessDenied")) for it in refused]
    (row,) = DUE.rows(replace(well, sources=(*well.sources, *views)))
    assert row.verdict.reason == f"rds {operation} of 111122223333 eu-west-1 denied: AccessDenied and 1 more"


def test_a_healthy_fleet_has_nothing_due() -> None:
    """And says so."""
    assert list(DUE.rows(healthy_fleet())) == []


@pytest.mark.parametrize(
    ("figure", "area"),
    [
        ("recovery", "recovery"),
        ("recovery.orders-db", "recovery"),
        ("rto.orders-db", "recovery"),
        ("state", "retention"),
        ("grace", "retention"),
        ("hosted_data", "retention"),
        ("return_or_delete", "retention"),
        ("hold.ho-1", "retention"),
        ("export.ex-1", "exports"),
        ("slot.tonight", "maintenance"),
        ("pending.orders-db.system-update", "maintenance"),
        ("case.c-1", "cases"),
        ("tier", "tenants"),
        ("record.tenants.18", "tenants"),
    ],
)
def test_a_figure_belongs_to_the_area_that_lists_it(figure: str, area: str) -> None:
    """Which is one of those that there are."""
    assert area_of(figure) == area
    assert area in AREAS


def test_the_store_is_named_where_the_reason_does_not() -> None:
    """RPO and RTO speak of a store; a clock does not."""
    what = {(row.tenant, row.verdict.figure): row.what for row in ROWS}
    assert what["acme-health", "recovery.orders-db"] == "RPO 9m12s, promised 5m · orders-db"
    assert what["fabrikam", "grace"] == "grace ends; not renewed"


def test_a_hundred_thousand_tenants_are_looked_through_without_looking_at_those_that_are_well() -> None:
    """Only the others make rows."""
    fleet = large_fleet(2000)
    rows: list[DueRow] = list(DUE.rows(fleet))
    assert len(rows) == sum(view.status is not Status.OK for view in fleet.tenants.values())


def test_in_a_forecast_what_aws_said_counts_down_no_further() -> None:
    """AWS's facts stand still in a forecast: an RPO over by four minutes is over by four minutes in a month too."""
    now = {(row.tenant, row.verdict.figure): row.left for row in ROWS if row.area == "recovery"}
    then = {(row.tenant, row.verdict.figure): row.left for row in DUE.rows(forecast_fleet()) if row.area == "recovery"}
    assert then == now
    assert any(left is not None for left in now.values())
