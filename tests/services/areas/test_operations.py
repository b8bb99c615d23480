"""Retention, exports, maintenance, cases and the audit log as rows, and all of a tenant as a document."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.areas import AREAS
from services.areas.machine import to_dict
from services.areas.page import tenant_page
from services.areas.words import shown
from services.model import ClockState, Status
from tests.support.fleet import AT, fleet
from tests.support.operations import busy_fleet, forecast_fleet

BUSY = busy_fleet()
PROMISED = {
    "retention": {"tenant", "state", "clock", "starts_at", "ends_at", "seconds_left", "status", "clause"},
    "exports": {"export", "tenant", "state", "requested_at", "available_at", "closes_at", "status"},
    "maintenance": {"slot", "scope", "starts_at", "ends_at", "zone", "state", "conflicts"},
    "cases": {"case", "tenant", "kind", "scope", "state", "delivered_at", "due_at", "status"},
    "due": {"tenant", "area", "figure", "status", "due_at", "seconds_left", "clause", "reason"},
    "recovery": {"tenant", "store", "kind", "status", "restore_point_at", "rpo_seconds", "target_seconds", "reason"},
}


def told(area: str) -> list[dict[str, Any]]:
    """The rows of an area as a program reads them."""
    return [to_dict(AREAS[area], row) for row in AREAS[area].rows(BUSY)]


@pytest.mark.parametrize("area", PROMISED)
def test_machines_find_the_members_that_were_promised(area: str) -> None:
    """Every row has all of them, and JSON can hold it."""
    rows = told(area)
    assert rows
    assert all(row.keys() >= PROMISED[area] for row in rows)
    json.dumps(rows)


@pytest.mark.parametrize("area", AREAS)
def test_rows_have_a_key_of_their_own(area: str) -> None:
    """Stable through refreshes, unique in the area."""
    keys = [AREAS[area].row_key(row) for row in AREAS[area].rows(BUSY)]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("area", [name for name in AREAS if name != "sources"])
def test_what_a_row_names_is_judged(area: str) -> None:
    """Whatever a row offers to explain has a verdict."""
    from services.why import find

    asked = [AREAS[area].explain(row) for row in AREAS[area].rows(BUSY)]
    for tenant, figure in filter(None, asked):
        assert find(BUSY, tenant, figure).verdict.figure == figure


def test_retention_has_a_row_for_every_clock_of_an_ended_tenant() -> None:
    """Those that nothing is due of, too; none of a tenant in force."""
    ended = {name: view for name, view in BUSY.tenants.items() if any(it.name == "grace" for it in view.clocks)}
    rows = told("retention")
    for name, view in ended.items():
        own = {(row["clock"], row["ends_at"]) for row in rows if row["tenant"] == name}
        assert {(it.name, it.ends_at.isoformat().replace("+00:00", "Z")) for it in view.clocks} <= own
    assert {row["tenant"] for row in rows if row["clock"] != "hold"} == ended.keys()


def test_an_export_window_is_a_clock_of_its_tenant_under_its_own_figure() -> None:
    """What is judged of it is judged of the export."""
    (row,) = [row for row in told("retention") if row["clock"] == "export_window"]
    assert (row["tenant"], row["figure"], row["status"], row["cut"]) == ("litware", "export.ex-7", "due", False)


def test_a_hold_stands_among_the_clocks_of_its_tenant() -> None:
    """From when it was placed to when it expires."""
    (row,) = [row for row in told("retention") if row["clock"] == "hold"]
    assert (row["tenant"], row["figure"], row["seconds_left"]) == ("oakwood", "hold.ho-1", 40 * 86400)


def test_a_tenant_whose_clocks_cannot_be_reckoned_has_a_row_that_says_so() -> None:
    """Unknown, and without a clock."""
    view = BUSY.tenants["fabrikam"]
    (grace,) = [it for it in view.verdicts if it.figure == "grace"]
    doubt = replace(grace, figure="state", status=Status.UNKNOWN, reason="its end date is not known", due_at=None)
    unknown = replace(BUSY, tenants={"fabrikam": replace(view, clocks=(), verdicts=(doubt,), status=Status.UNKNOWN)})
    (row,) = [to_dict(AREAS["retention"], row) for row in AREAS["retention"].rows(unknown)]
    assert (row["tenant"], row["clock"], row["status"]) == ("fabrikam", None, "unknown")


def test_a_clock_of_whom_nothing_is_judged_does_not_apply() -> None:
    """That of a destroyed tenant, say; nothing counts down."""
    view = replace(BUSY.tenants["fabrikam"], verdicts=(), status=Status.NOT_APPLICABLE)
    rows = list(AREAS["retention"].rows(replace(BUSY, tenants={"fabrikam": view})))
    assert {to_dict(AREAS["retention"], row)["status"] for row in rows} == {"not-applicable"}
    left = AREAS["retention"].field("left")
    assert left is not None
    assert {shown(left, row, AT) for row in rows} == {"—"}


def test_the_state_of_a_clock_follows_the_instant() -> None:
    """As machines know it from ``tenure clocks``."""
    states = {(row["tenant"], row["clock"]): row["clock_state"] for row in told("retention")}
    assert states["fabrikam", "grace"] == ClockState.RUNNING
    assert states["northgate", "grace"] == ClockState.OVER


def test_an_export_tells_how_long_it_was_prepared() -> None:
    """Until the package was there, or until now."""
    spent = {row["export"]: row["preparing_seconds"] for row in told("exports")}
    assert spent["ex-9"] == 4 * 86400
    assert {row["export"]: row["progress"] for row in told("exports")}["ex-9"] == 61


def test_slots_and_what_rds_has_pending_stand_in_one_list() -> None:
    """A slot that runs says so; what is over stands last."""
    rows = {row["figure"]: row for row in told("maintenance")}
    assert rows["slot.sl-4"]["state"] == "running"
    assert rows["pending.lumen-main.system-update"]["slot"] is None
    assert rows["pending.lumen-main.system-update"]["scope"] == "lumen-main"
    window = [rows["pending.lumen-main.system-update"][it] for it in ("window", "window_starts_at", "window_ends_at")]
    assert window == ["sat:12:00-sat:12:30", "2026-11-28T12:00:00Z", "2026-11-28T12:30:00Z"]
    assert rows["slot.sl-2"]["window"] is None
    assert rows["slot.sl-2"]["conflicts"]
    over = replace(BUSY, at=AT + timedelta(days=3))
    ended = [to_dict(AREAS["maintenance"], row)["figure"] for row in AREAS["maintenance"].rows(over)]
    assert set(ended[-2:]) == {"slot.sl-1", "slot.sl-4"}


def test_the_audit_log_is_shown_as_it_was_read() -> None:
    """The newest first."""
    assert [row["id"] for row in told("audit")] == ["au-3", "au-2", "au-1"]


def test_recovery_tells_rto_gaps_and_troubles_of_a_store() -> None:
    """Of one that was seen; a row without a store has none of them."""
    rows = {(row["tenant"], row["store_name"]): row for row in told("recovery")}
    tested = rows["fabrikam", "fabrikam-orders"]
    assert (tested["rto_status"], tested["rto_figure"]) == ("ok", "rto.fabrikam-orders")
    assert isinstance(tested["worst_gap_seconds"], int)
    unread = rows["contoso-ae", None]
    assert [unread[name] for name in ("rto_status", "worst_gap_seconds", "evidence", "troubles")] == [None] * 4


def test_a_tenants_document_holds_all_that_happens_with_it() -> None:
    """Its exports, holds, slots in whose scope it is, its part of the audit log, and who has seen what."""
    page: dict[str, Any] = dict(tenant_page(BUSY, BUSY.tenants["litware"]))
    assert [it["export"] for it in page["exports"]] == ["ex-7", "ex-3"]
    assert [it["id"] for it in page["audit"]] == ["au-1"]
    page = dict(tenant_page(BUSY, BUSY.tenants["fabrikam"]))
    assert [it["slot"] for it in page["maintenance"]] == ["sl-1"]
    page = dict(tenant_page(BUSY, BUSY.tenants["bellows"]))
    assert [it["figure"] for it in page["acknowledgements"]] == ["recovery.crm"]
    page = dict(tenant_page(BUSY, BUSY.tenants["oakwood"]))
    assert [(it["hold"], it["holds"]) for it in page["holds"]] == [("ho-1", True)]
    json.dumps(page)


def test_a_forecasts_document_says_so_and_keeps_the_ages_of_the_present() -> None:
    """For when, since when, and facts as old as they are."""
    then = forecast_fleet()
    page: dict[str, Any] = dict(tenant_page(then, then.tenants["fabrikam"]))
    assert page["forecast_from"] == "2026-11-23T12:04:31Z"
    assert page["at"] == "2026-12-23T23:00:00Z"
    assert max(it["age_seconds"] for it in page["stores"]) < 86400


def test_a_picture_without_work_has_empty_lists() -> None:
    """And no row that anybody made up."""
    assert [list(AREAS[name].rows(fleet())) for name in ("exports", "maintenance", "cases", "audit")] == [[]] * 4
