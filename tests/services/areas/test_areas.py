"""The rows of the areas."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

import pytest

from services.areas import AREAS, KEYS
from services.areas.base import Area
from services.areas.recovery import RECOVERY
from services.areas.sources import SOURCES
from services.areas.tenants import TENANTS, TenantRow
from services.areas.words import shown
from services.fleet.snapshot import FleetSnapshot
from services.model import BadRecord, LifecycleState, severity
from tests.support.fleet import AT, ended_clocks, fleet, large_fleet, rds, tenant, view

RowT = TypeVar("RowT")
DAY = timedelta(days=1)


def cell(area: Area[RowT], row: RowT, name: str, instant: datetime = AT) -> str:
    """A cell as shown."""
    field = area.field(name)
    assert field is not None
    return shown(field, row, instant)


def test_every_area_bears_the_name_and_the_key_under_which_it_is_found() -> None:
    """Both are written down apart from the areas, which are imported when they are looked at."""
    assert [area.name for area in AREAS.values()] == list(AREAS)
    assert {area.key: area.name for area in AREAS.values() if area.key} == KEYS
    assert "nothing" not in AREAS
    assert len(AREAS) == len(set(AREAS))


def test_tenants_stand_worst_first() -> None:
    """The tenant list begins with what is broken, and within a status with the grace that ends first."""
    rows = list(TENANTS.rows(fleet()))
    ranks = [severity(row.status) for row in rows]
    assert ranks == sorted(ranks)
    assert [row.id for row in rows if row.status == "due"] == ["fabrikam", "litware"]
    assert rows[0].id == "northgate"


def test_a_bad_tenant_record_is_a_row_and_hides_no_other() -> None:
    """Bad records of the tenants stand in the list as unknown, with which and why; every good tenant is there too."""
    rows = list(TENANTS.rows(fleet()))
    bad = [row for row in rows if row.bad]
    assert {row.id for row in bad} == {"contoso-fr", None}
    assert all(row.status == "unknown" for row in bad)
    assert any("no. 19 of tenants" in (row.reason or "") and "not an object" in (row.reason or "") for row in bad)
    assert len(rows) == len(fleet().tenants) + len(bad)
    assert all(TENANTS.tenant(row) is None for row in bad)


def test_only_tenants_of_whom_something_is_asked_count_down() -> None:
    """LEFT shows when the next act is due, with a sign when that has passed, and nothing for anybody else."""
    shown_left = {row.id: cell(TENANTS, row, "left") for row in TENANTS.rows(fleet())}
    counting = {name: left for name, left in shown_left.items() if left != "—"}
    assert counting == {"fabrikam": "10:55:29", "litware": "1d 19:55", "northgate": "-2d 13:04"}


@pytest.mark.parametrize(
    ("state", "due", "clock"),
    [
        ("active", "active", None),
        ("active", None, "grace"),
        ("active", "grace", "grace"),
        ("active", "dismissed", "grace"),
        ("grace", "grace", "grace"),
        ("grace", "destroyed", "grace"),
        ("dismissed", "dismissed", "hosted_data"),
        ("dismissed", "destroyed", "hosted_data"),
        ("destroying", "destroyed", "hosted_data"),
        ("destroyed", "destroyed", None),
    ],
)
def test_left_counts_to_the_first_act_that_is_not_recorded(state: str, due: str | None, clock: str | None) -> None:
    """By the recorded state; the clocks of a subscription that has not ended ask for nothing yet."""
    clocks = ended_clocks(AT - 40 * DAY, grace=30 * DAY, hosted=92 * DAY, outer=180 * DAY)
    owner = tenant("acme", state=LifecycleState(state))
    row = TenantRow(replace(view(owner, clocks=clocks), state_due=LifecycleState(due) if due else None))
    ends = {it.name: it.ends_at for it in clocks}
    assert (row.counted.name if row.counted else None, row.counted_to) == (clock, ends[clock] if clock else None)


def test_without_clocks_nothing_is_counted() -> None:
    """Those of an ended tenant may not be known; its status says so."""
    assert TenantRow(view(tenant("acme", state=LifecycleState.DISMISSED))).counted_to is None
    assert TenantRow(None, BadRecord("tenants", "7", 6, "no id")).counted_to is None


def test_stores_that_could_not_be_looked_for_are_not_counted_as_none() -> None:
    """Where the account refused, the number of stores is absent; where it answered with none, it is zero."""
    stores = {row.id: cell(TENANTS, row, "stores") for row in TENANTS.rows(fleet())}
    assert stores["contoso-ae"] == "—"
    assert stores["empty-co"] == "0"
    assert stores["acme-health"] == "2"


def test_recovery_has_every_database_whoever_owns_it() -> None:
    """Orphans and tenants whose stores could not be read have rows; the one without tenant, the other without store."""
    rows = list(RECOVERY.rows(fleet()))
    assert {row.store.name for row in rows if row.tenant is None and row.store} == {"left-behind", "dropped\x1b[2J"}
    assert {row.tenant for row in rows if row.store is None} == {"contoso-ae", "datum-ae"}
    assert len(rows) == 2 + sum(len(view.stores) for view in fleet().tenants.values())


def test_a_figure_that_is_no_longer_judged_stands_in_parentheses() -> None:
    """An RPO that was seen too long ago is shown aside, and not as the present one."""
    figures = {row.tenant: cell(RECOVERY, row, "rpo") for row in RECOVERY.rows(fleet()) if row.tenant}
    assert figures["trey-research"] == "(6m)"
    assert figures["bellows"] == "—"
    assert figures["lumen-spa"] == "21h03m"


def test_recovery_stands_worst_first_and_furthest_over_first() -> None:
    """Within a status the store that is furthest over its target leads."""
    rows = list(RECOVERY.rows(large_fleet(200)))
    ranks = [severity(row.verdict.status) for row in rows]
    assert ranks == sorted(ranks)
    over = [row.verdict.value / row.verdict.target for row in rows if row.verdict.value and row.verdict.target]
    assert over[0] == max(over)


def test_sources_stand_failed_first_with_every_bad_record() -> None:
    """Sources that did not answer lead; each bad record of any collection has a row with which and why."""
    rows = list(SOURCES.rows(fleet()))
    assert [row.outcome for row in rows[:2]] == ["failed", "denied"]
    bad = [row for row in rows if row.outcome == "bad-record"]
    assert [row.bad.collection for row in bad if row.bad] == ["stores", "tenants", "tenants"]
    assert rows[5].outcome is None
    assert len(rows) == len(fleet().sources) + 3


def test_a_source_that_fails_now_says_when_it_last_answered() -> None:
    """SEEN is the age of the last answer, not of the failure."""
    row = next(row for row in SOURCES.rows(fleet()) if row.outcome == "failed")
    assert cell(SOURCES, row, "seen") == "14m"


def test_countdowns_tick_with_the_instant_alone() -> None:
    """The same row a second later shows a second less: rows need not be made anew to tick."""
    row = next(row for row in TENANTS.rows(fleet()) if row.id == "fabrikam")
    assert cell(TENANTS, row, "left", AT + timedelta(seconds=1)) == "10:55:28"


def test_a_bad_record_of_an_unasked_collection_still_has_a_source() -> None:
    """A bad record is shown though the picture does not hold the source it came from."""
    bare = FleetSnapshot(AT, bad_records=fleet().bad_records, sources=())
    assert [row.source.operation for row in SOURCES.rows(bare)] == ["GET /stores", "GET /tenants", "GET /tenants"]
    assert rds("1", "r").name == "rds:DescribeDBInstances:1:r"
