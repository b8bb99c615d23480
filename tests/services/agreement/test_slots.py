"""Maintenance slots and what RDS has pending: conflicts, local times, verdicts."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.agreement import judge_pending, judge_slot, read_wall_clock, slot_conflicts, zone
from services.model import Export, ExportState, LifecycleState, Slot, SlotState, Status, Tenant
from tests.services.agreement.nouns import NOW, tenant
from tests.services.agreement.policies import BOTH, DEFAULT, NAMES, OTHER, Expected
from tests.services.agreement.records import DAY, INSTANTS, delivered, export, slot, utc

both = pytest.mark.parametrize("agreed", BOTH, ids=NAMES)
TICK = datetime.resolution
ACTIVE = tenant(ended_on=None)
GOLD = tenant(ended_on=None, tier="gold")
REGION = slot(tenant=None, tier="public", region="eu-central-1", id="s-2")


def conflicts(it: Slot, *others: Slot, who: Tenant = ACTIVE, exports: tuple[Export, ...] = ()) -> tuple[str, ...]:
    """What it collides with by the default agreement."""
    return slot_conflicts(it, [it, *others], [who], exports, DEFAULT.policy)


@pytest.mark.parametrize(
    ("other", "collides"),
    [
        (slot(id="s-2"), True),
        (REGION, True),
        (slot("2026-12-01T22:59:59Z", id="s-2"), True),
        (slot("2026-12-01T23:00:00Z", id="s-2"), False),
        (slot("2026-12-01T19:00:00Z", id="s-2"), False),
        (slot("2026-12-01T18:00:00Z", hours=24, id="s-2"), True),
        (slot(tenant="contoso", id="s-2"), False),
        (slot(tenant=None, tier="dedicated", region="eu-central-1", id="s-2"), False),
        (slot(tenant=None, tier="public", region="us-east-1", id="s-2"), False),
        (slot(id="s-2", state=SlotState.CANCELLED), False),
        (slot(), False),
    ],
)
def test_what_overlaps_in_the_same_scope(other: Slot, *, collides: bool) -> None:
    """Another slot of the tenant, or of its tier and region, at the same time; not itself, a neighbour's, a cancelled
    one, or one that begins when it ends."""
    found = conflicts(slot(), other)
    assert [one.startswith("overlaps slot s-2") for one in found] == [True] * collides


def test_a_slot_of_a_region_meets_one_of_its_tenants() -> None:
    """A slot of a tier and a region overlaps that of a tenant in it; with no tenant there, only another of its own."""
    found = slot_conflicts(REGION, [slot()], [ACTIVE], (), DEFAULT.policy)
    assert found == ("overlaps slot s-1 of fabrikam, 2026-12-01T21:00:00Z to 2026-12-01T23:00:00Z",)
    assert slot_conflicts(REGION, [slot()], [], (), DEFAULT.policy) == ()
    twin = slot(tenant=None, tier="public", region="eu-central-1", id="s-3")
    assert len(slot_conflicts(REGION, [twin], [], (), DEFAULT.policy)) == 1


@pytest.mark.parametrize(
    ("starts", "who", "collides"),
    [
        ("2026-12-19T22:30:00Z", GOLD, True),
        ("2026-12-19T21:00:00Z", GOLD, False),
        ("2027-01-06T22:59:59Z", GOLD, True),
        ("2027-01-06T23:00:00Z", GOLD, False),
        ("2026-12-24T20:00:00Z", tenant(ended_on=None, tier="silver"), False),
    ],
)
def test_a_blackout_is_whole_days_in_its_zone(starts: str, who: Tenant, *, collides: bool) -> None:
    """From the first moment of its first day to the last of its last, in Copenhagen, for the tiers it names."""
    found = slot_conflicts(slot(starts), [], [who], (), OTHER.policy)
    assert [one.startswith("falls on the blackout 2026-12-20 to 2027-01-06: Year's end") for one in found] == (
        [True] * collides
    )


def test_an_export_being_prepared_is_a_conflict() -> None:
    """Until it is to be available; not one that is available, and not somebody else's."""
    it = export(ExportState.PREPARING, requested="2026-11-25T09:00:00Z", available=None)
    (found,) = conflicts(slot(), exports=(it,))
    assert found == "export e-1 of fabrikam is being prepared until 2026-12-05T23:00:00Z"
    assert conflicts(slot("2026-12-05T23:00:00Z"), exports=(it,)) == ()
    assert conflicts(slot(), exports=(export(),)) == ()


@pytest.mark.parametrize(
    ("starts", "state", "collides"),
    [
        ("2026-05-28T21:00:00Z", LifecycleState.DISMISSED, True),
        ("2026-05-28T20:00:00Z", LifecycleState.DISMISSED, False),
        ("2026-05-29T21:59:59Z", LifecycleState.DISMISSED, True),
        ("2026-05-29T22:00:00Z", LifecycleState.DISMISSED, False),
        ("2026-05-20T20:00:00Z", LifecycleState.DESTROYING, True),
        ("2026-05-29T21:00:00Z", LifecycleState.DESTROYED, False),
    ],
)
def test_a_destruction_that_would_run_then(starts: str, state: LifecycleState, *, collides: bool) -> None:
    """From when hosted data is due to the end of the allowance, and at once where it has begun."""
    found = conflicts(slot(starts), who=tenant(state))
    assert [one.startswith("hosted data of fabrikam is destroyed then") for one in found] == [True] * collides


def test_a_destruction_brought_forward_counts() -> None:
    """An export delivered complete moves the destruction, and the conflict with it."""
    who = tenant(LifecycleState.DISMISSED)
    at = slot("2026-04-09T21:00:00Z")
    assert conflicts(at, who=who) == ()
    assert len(conflicts(at, who=who, exports=(delivered(),))) == 1


@pytest.mark.parametrize(
    ("local", "choice", "starts", "told"),
    [
        ("2027-03-28T02:30", None, "2027-03-28T01:30:00Z", "does not exist"),
        ("2027-03-28T02:30", "later", "2027-03-28T01:30:00Z", None),
        ("2027-03-28T02:30", "earlier", "2027-03-28T00:30:00Z", None),
        ("2027-03-28T02:30", "earlier", "2027-03-28T01:30:00Z", "is 2027-03-28T00:30:00Z"),
        ("2026-10-25T02:30", None, "2026-10-25T00:30:00Z", "exists twice"),
        ("2026-10-25T02:30", "earlier", "2026-10-25T00:30:00Z", None),
        ("2026-10-25T02:30", "later", "2026-10-25T01:30:00Z", None),
        ("2026-12-01T22:00", None, "2026-12-01T21:00:00Z", None),
        ("2026-12-01T22:00", "later", "2026-12-01T21:00:00Z", None),
        ("2026-12-01T22:00", None, "2026-12-01T22:00:00Z", "is 2026-12-01T21:00:00Z, and the slot starts"),
    ],
)
def test_local_times(local: str, choice: str | None, starts: str, told: str | None) -> None:
    """What the clocks of Rome skip or show twice asks for a choice; what is announced must be what is planned."""
    found = conflicts(slot(starts, local=local, choice=choice))
    assert (found == ()) if told is None else (len(found) == 1 and told in found[0])


def test_a_slot_in_no_zone() -> None:
    """A zone that nobody knows is a conflict."""
    assert "unknown time zone" in conflicts(slot(zone="Mars/Phobos"))[0]


@given(at=INSTANTS, name=st.sampled_from(["Europe/Rome", "America/Santiago", "Australia/Lord_Howe", "Asia/Kathmandu"]))
def test_every_instant_is_one_of_its_readings(at: datetime, name: str) -> None:
    """The wall clock of an instant, read again, means that instant or its twin; what is read shows that time."""
    local = at.astimezone(zone(name)).replace(tzinfo=None, fold=0)
    reading = read_wall_clock(local, zone(name))
    assert at in (reading.earlier, reading.later)
    assert reading.kind in ("once", "twice")
    assert reading.earlier <= reading.later
    assert reading.chosen("earlier") == reading.earlier


@pytest.mark.parametrize("state", [SlotState.DONE, SlotState.CANCELLED])
def test_what_is_over_collides_with_nothing(state: SlotState) -> None:
    """A slot that is done or cancelled has no conflicts."""
    assert conflicts(slot(state=state), slot(id="s-2")) == ()


@both
def test_the_course_of_a_slot(agreed: Expected) -> None:
    """Ok, due from the horizon before it begins, due while it runs; over and not recorded as done, at risk."""
    it = slot(scheduled="2026-11-01T09:00:00Z")
    near = it.starts_at - agreed.horizons["slot"]
    course = [
        (near - TICK, Status.OK, it.starts_at),
        (near, Status.DUE, it.starts_at),
        (it.starts_at, Status.DUE, it.ends_at),
        (it.ends_at, Status.AT_RISK, it.ends_at),
    ]
    for now, expected, due_at in course:
        verdict = judge_slot(it, (), (), agreed.policy, now)
        assert (verdict.status, verdict.due_at, verdict.clause) == (expected, due_at, "availability")
        assert verdict.figure == "slot.s-1"


@pytest.mark.parametrize(
    ("it", "against", "carried", "expected", "told"),
    [
        (slot(), (), (), Status.OK, "minor upgrade"),
        (slot(announced=None), (), (), Status.OK, "not announced"),
        (slot(), ("overlaps slot s-2",), (), Status.AT_RISK, "overlaps slot s-2"),
        (slot(), ("one", "another"), None, Status.AT_RISK, "one and 1 more"),
        (slot(), (), ("window mw-1 is disabled",), Status.AT_RISK, "window mw-1 is disabled"),
        (slot(), (), None, Status.UNKNOWN, "cannot be told"),
        (slot(scheduled="2026-12-01T21:00:00Z"), (), (), Status.AT_RISK, "entered when it had begun"),
        (slot(state=SlotState.CANCELLED), ("one",), None, Status.NOT_APPLICABLE, "cancelled"),
        (slot(state=SlotState.DONE), ("one",), None, Status.OK, "done"),
    ],
)
def test_what_is_against_a_slot(
    it: Slot, against: tuple[str, ...], carried: tuple[str, ...] | None, expected: Status, told: str
) -> None:
    """A conflict, a window that does not carry it out, a late entry; what cannot be told is unknown."""
    verdict = judge_slot(it, against, carried, DEFAULT.policy, NOW)
    assert verdict.status is expected
    assert told in verdict.reason


def test_the_notice_of_the_policy() -> None:
    """A slot entered with less than the notice is not excluded from availability."""
    notice = timedelta(days=2)
    for lead, expected in ((notice, Status.OK), (notice - TICK, Status.AT_RISK)):
        it = slot(scheduled=utc("2026-12-01T21:00:00Z") - lead)
        verdict = judge_slot(it, (), (), OTHER.policy, it.scheduled_at - 9 * DAY)
        assert verdict.status is expected


@both
@pytest.mark.parametrize("forced", [True, False])
def test_pending_maintenance(agreed: Expected, *, forced: bool) -> None:
    """Ok outside the horizon, due inside; at risk near a date that no window defers, and when it is still pending."""
    at, due = NOW + 60 * DAY, agreed.horizons["pending_maintenance"]
    near = agreed.at_risk["pending_maintenance"] if forced else None
    course = [(at - due - TICK, Status.OK), (at - due, Status.DUE), (at + TICK, Status.AT_RISK)]
    course += [(at, Status.DUE)] if near is None else [(at - near - TICK, Status.DUE), (at - near, Status.AT_RISK)]
    for now, expected in course:
        verdict = judge_pending(
            "system-update", at, forced=forced, policy=agreed.policy, now=now, figure="pending.db.system-update"
        )
        assert (verdict.status, verdict.due_at, verdict.clause) == (expected, at, "availability")


def test_what_waits_for_somebody_to_opt_in() -> None:
    """Without a date AWS does nothing: ok, and nothing to count down to."""
    verdict = judge_pending("os-upgrade", None, forced=False, policy=DEFAULT.policy, now=NOW, figure="pending.db.x")
    assert (verdict.status, verdict.due_at, verdict.changes_at) == (Status.OK, None, None)
