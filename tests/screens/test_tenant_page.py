"""The lines of a tenant's page."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from rich.cells import cell_len

from screens.tenant_page import page
from services.fleet.snapshot import TenantView
from services.model import LifecycleState, Status, Verdict
from tests.support.fleet import AT, fleet, tenant, view

FLEET = fleet()


def text(view_: TenantView, width: int = 77, at: datetime = AT) -> str:
    return "\n".join(line.plain for line in page(view_, FLEET, at, width))


def section(name: str, view_: TenantView) -> list[str]:
    """The lines of a section, its name cut off."""
    lines = text(view_).split("\n")
    first = next(index for index, line in enumerate(lines) if line.startswith(name))
    end = next((index for index in range(first, len(lines)) if not lines[index].strip()), len(lines))
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
    assert grace.split() == ["-2d", "13:04", "over", "grace", "20", "Nov", "23:00Z", "right-to-be-forgotten"]
    assert hosted.split()[2:4] == ["running", "hosted"]
    assert outer.endswith("return-or-delete")
    assert section("Clocks", FLEET.tenants["fabrikam"])[0].split()[:3] == ["10:55:29", "due", "grace"]


def test_a_state_that_differs_is_said_with_its_clause() -> None:
    """Recorded against due: the verdict's words and clause."""
    assert section("State", FLEET.tenants["northgate"]) == [
        "breached  recorded grace, due dismissed: access is not blocked",
        "right-to-be-forgotten",
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


def test_the_bar_is_full_at_the_target_and_never_longer() -> None:
    """Ten cells are the target; more than it is full, a little is one cell."""

    def bar(share: float) -> int:
        store = FLEET.tenants["fabrikam"].stores[0]
        verdict = Verdict(Status.OK, "recovery.x", "recovery", "", timedelta(hours=24) * share, timedelta(hours=24))
        return text(view(tenant("x"), replace(store, verdict=verdict))).count("█")

    assert [bar(share) for share in (0, 0.001, 0.5, 1, 40)] == [0, 1, 5, 10, 10]


@pytest.mark.parametrize("name", sorted(FLEET.tenants))
def test_what_can_be_made_to_fit_80_columns_does(name: str) -> None:
    """Clocks, stores' figures and the timeline of every tenant end within 77 cells; only free text may be cut."""
    lines = text(FLEET.tenants[name]).split("\n")
    figures = [line for line in lines if ("RPO" in line and "of" in line) or "┤" in line or line.endswith("forgotten")]
    assert all(cell_len(line) <= 77 for line in figures)
