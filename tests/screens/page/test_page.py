"""The lines of a tenant's page."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from rich.cells import cell_len

from screens.page import page
from services.fleet.snapshot import FleetSnapshot, TenantView
from services.model import LifecycleState, Outcome
from tests.support.fleet import AT, fleet, tenant, view
from tests.support.operations import busy_fleet

FLEET = fleet()
BUSY = busy_fleet()


def text(view_: TenantView, width: int = 77, at: datetime = AT, fleet_: FleetSnapshot = FLEET) -> str:
    return "\n".join(one.content.plain for one in page(view_, fleet_, at, width))


def section(name: str, view_: TenantView, fleet_: FleetSnapshot = FLEET) -> list[str]:
    """The lines of a section, its name cut off."""
    lines = text(view_, fleet_=fleet_).split("\n")
    first = next(index for index, line in enumerate(lines) if line.startswith(name))
    end = next((index for index in range(first + 1, len(lines)) if lines[index][:8].strip()), len(lines))
    return [line[8:].strip() for line in lines[first:end]]


def test_every_section_says_when_it_has_nothing() -> None:
    """A tenant without end, stores and failed sources has no empty section."""
    bare = replace(view(tenant("bare", ended_on=None)), state_due=LifecycleState.ACTIVE)
    assert section("State", bare) == ["active, as due"]
    assert section("Clocks", bare) == ["none: the subscription has no recorded end"]
    assert section("Stores", bare) == ["none is known: unproven, no store is known of this tenant"]
    assert section("Sources", bare) == ["all 5 answered"]


def test_unread_stores_are_unknown_and_their_source_is_named() -> None:
    """What was refused is unknown, without a bar, and the refusal is listed."""
    shown = section("Stores", FLEET.tenants["contoso-ae"])
    assert shown[0].startswith("unknown")
    assert "█" not in shown[0]
    assert section("Sources", FLEET.tenants["contoso-ae"])[0].startswith("denied")


def test_an_unknown_figure_stands_in_parentheses_and_draws_no_bar() -> None:
    """The last known figure of a store that may no longer be judged looks like no present one."""
    (shown, reason) = section("Stores", FLEET.tenants["trey-research"])
    assert "(6m) of 5m" in shown
    assert "█" not in shown
    assert "seen 14m ago" in reason


def test_clocks_bear_countdown_end_and_clause() -> None:
    """The sign of a clock that is over, the state of one that runs, the words of a verdict where there is one."""
    grace, hosted, outer = section("Clocks", FLEET.tenants["northgate"])
    assert grace.split() == ["over", "-2d", "13:04", "grace", "20", "Nov", "23:00Z", "right-to-be-forgotten"]
    assert hosted.split()[0] == "running"
    assert outer.endswith("return-or-delete")
    assert section("Clocks", FLEET.tenants["fabrikam"])[0].split()[:3] == ["due", "10:55:29", "grace"]


def test_a_state_that_differs_is_said() -> None:
    """Recorded against due, in the verdict's words."""
    assert section("State", FLEET.tenants["northgate"]) == [
        "breached  recorded grace, due dismissed: access is not blocked"
    ]


def test_a_state_that_cannot_be_reckoned_is_not_called_due() -> None:
    """Without a due state nothing is asserted of it."""
    assert section("State", replace(FLEET.tenants["adatum"], state_due=None)) == [
        "recorded active; what is due cannot be reckoned"
    ]


def test_the_outer_period_is_named_in_days_of_the_calendar() -> None:
    """From 3 November in New York to 2 May are 180 days, though an hour of them was left out in March."""
    grace, _, outer = FLEET.tenants["fabrikam"].clocks
    starts = datetime(2026, 11, 4, 5, tzinfo=UTC)
    clocks = (
        replace(grace, starts_at=starts, ends_at=starts + timedelta(days=30)),
        replace(outer, starts_at=starts, ends_at=datetime(2027, 5, 3, 4, tzinfo=UTC)),
    )
    owner = tenant("x", zone="America/New_York", ended_on=date(2026, 11, 3))
    assert "180 d 2 May" in text(view(owner, clocks=clocks), at=starts)


@pytest.mark.parametrize("days", [-1, 1])
def test_the_lifecycle_runs_to_the_end_of_the_subscription(days: int) -> None:
    """Before the end the subscription is drawn, after it the periods that follow."""
    grace = FLEET.tenants["fabrikam"].clocks[0]
    starts = AT + timedelta(days=days)
    clocks = (replace(grace, starts_at=starts, ends_at=starts + timedelta(days=30)),)
    drawn = text(view(tenant("x"), clocks=clocks))
    assert ("grace ends" in drawn) is (days < 0)
    assert ("since 1 Jan 2024" in drawn) is (days > 0)


@pytest.mark.parametrize("name", sorted(BUSY.tenants))
def test_what_can_be_made_to_fit_80_columns_does(name: str) -> None:
    """Clocks, stores' figures and the timeline of every tenant end within 77 cells; only free text may be cut."""
    lines = text(BUSY.tenants[name], fleet_=BUSY).split("\n")
    figures = [line for line in lines if ("RPO" in line and "of" in line) or "┤" in line or line.endswith("forgotten")]
    assert all(cell_len(line) <= 77 for line in figures)


def test_everything_judged_of_a_tenant_can_be_asked_about() -> None:
    """Each verdict of each tenant stands on exactly one line, which bears it, with the slots of its scope beside."""
    for name, view_ in BUSY.tenants.items():
        lines = page(view_, BUSY, AT, 77)
        asked = [one.verdict.figure for one in lines if one.verdict is not None]
        own = {verdict.figure for verdict in view_.verdicts}
        assert len(asked) == len(set(asked)), name
        assert own <= set(asked), name
        assert {figure.split(".")[0] for figure in set(asked) - own} <= {"slot", "pending", "rto", "recovery"}, name


def test_exports_cases_and_holds_bear_their_countdown_and_reason() -> None:
    """Newest request first; what is missing is a dash."""
    window, failed = section("Exports", BUSY.tenants["litware"], BUSY)
    assert window.split()[:5] == ["due", "2d", "22:00", "ex-7", "available"]
    assert failed.split()[:4] == ["at-risk", "—", "ex-3", "failed"]
    (case,) = section("Cases", BUSY.tenants["lumen-spa"], BUSY)
    assert case.split()[:3] == ["at-risk", "0:41:10", "acceptable-use"]
    (hold,) = section("Holds", BUSY.tenants["oakwood"], BUSY)
    assert "litigation  legal@example.org  not by law" in hold


def test_slots_and_what_rds_has_pending_stand_together() -> None:
    """The slots to come in whose scope the tenant is, by their start, and RDS's own; others' do not."""
    assert section("Slots", BUSY.tenants["fabrikam"], BUSY)[0].startswith("due          8:55:29 23 Nov 21:00–23:00Z")
    assert "RDS system-update  lumen-main  New OS␛[2J update" in section("Slots", BUSY.tenants["lumen-spa"], BUSY)[0]
    assert section("Slots", BUSY.tenants["acme-health"], BUSY) == ["none ahead"]


def test_the_weekly_windows_of_rds_stand_with_the_slots() -> None:
    """Each once, with the databases that share it, the next to open first; a bucket has none."""
    acme = BUSY.tenants["acme-health"]
    stores = [it.store for it in acme.stores if it.store is not None]
    weekly = {stores[0].arn: f"{AT + timedelta(days=2):%a}:05:00-{AT + timedelta(days=2):%a}:05:30"}
    windowed = replace(
        acme,
        stores=tuple(
            it
            if it.store is None
            else replace(it, store=replace(it.store, maintenance_window=weekly.get(it.store.arn)))
            for it in acme.stores
        ),
    )
    none, window = section("Slots", windowed, BUSY)
    assert none == "none ahead"
    assert window.endswith(f"05:00–05:30Z  RDS may work each week on {stores[0].name}")


def test_a_list_that_was_not_read_is_not_none() -> None:
    """Refused, or not yet heard: said in place of "none"; none only where the internal API said so."""
    tenant_ = BUSY.tenants["acme-health"]
    assert section("Holds", tenant_, BUSY) == ["none"]
    assert section("Holds", tenant_, FLEET) == ["not read yet: GET /holds"]
    sources = []
    for source in BUSY.sources:
        seen = source.observation
        if seen is not None and source.source.operation == "GET /holds":
            seen = replace(seen, outcome=Outcome.DENIED, error="403 no")
        sources.append(replace(source, observation=seen))
    refused = replace(BUSY, sources=tuple(sources))
    assert section("Holds", tenant_, refused) == ["unknown: GET /holds denied  403 no"]


def test_the_rto_stands_below_its_store() -> None:
    """With its own status; a store of which nobody is promised anything has no such line."""
    orders, reason, rto, files = section("Stores", BUSY.tenants["acme-health"], BUSY)
    assert (orders.split()[0], reason, rto.split()[:2]) == ("breached", "RPO 9m12s, promised 5m", ["unproven", "RTO"])
    assert files.startswith("ok")


def test_the_newest_of_the_audit_log() -> None:
    """What was done to this tenant, and that nothing was as far as the log was read."""
    assert section("Audit", BUSY.tenants["bellows"], BUSY) == ["23 Nov 10:04Z olga  acknowledge  done  T-12"]
    assert section("Audit", BUSY.tenants["adatum"], BUSY) == ["nothing among the newest 3 entries"]


def test_an_export_window_is_drawn_beside_the_periods() -> None:
    """To the same scale, below them, with its id."""
    assert "export ex-7" in text(BUSY.tenants["litware"], fleet_=BUSY)
