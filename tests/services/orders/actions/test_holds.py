"""Legal holds: placed by one, lifted only by two (clause ``return-or-delete``)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.orders.world import Known
from services.wire.operations import HoldRecord
from services.wire.orders import NOW, Confirmation
from tests.services.orders.worlds import (
    AT,
    KEY,
    acme,
    becomes,
    calls,
    carried_out,
    known,
    plan,
    refusal,
    subscription,
    tenant,
)
from tests.support import registry

GIVEN = {"basis": "member-state-law", "owner": "legal@example.org", "reason": "tax audit"}
STANDING = known(*acme("dismissed"), registry.hold("h-1", "acme"))


def test_a_hold_is_placed_when_it_is_carried_out() -> None:
    """With basis, owner, reason and expiry, and an id that follows from the order."""
    made = plan(known(*acme("dismissed")), "hold-place", **GIVEN, expires="2027-11-23T00:00:00+01:00")
    (call,) = calls(made)
    assert (call.before, call.path) == (None, f"/holds/hold-{KEY[:12]}-1")
    assert call.after is not None
    assert (call.after["placed_at"], call.after["expires_at"]) == (NOW, "2027-11-22T23:00:00Z")
    assert {name: call.after[name] for name in GIVEN} == GIVEN
    assert (made.tenants[0].before, made.tenants[0].after) == ("no legal hold", "1 legal hold")
    assert (made.confirmation, made.approval) == (Confirmation.REVERSIBLE, False)


@pytest.mark.parametrize(
    ("basis", "said"),
    [("union-law", "are excused"), ("member-state-law", "are excused"), ("litigation", "does not excuse")],
)
def test_only_law_excuses_the_180_days(basis: str, said: str) -> None:
    """Any other hold stops destruction and excuses nothing: that is told before it is placed."""
    assert said in plan(known(*acme()), "hold-place", **{**GIVEN, "basis": basis}).effects[0]


def test_several_tenants_are_held_by_one_order() -> None:
    """Each has a hold of its own."""
    both = known(*acme(), tenant("beta"), subscription(of="beta"))
    done = carried_out(both, plan(both, "hold-place", "acme", "beta", **GIVEN))
    assert [(it.id, it.tenant) for it in done.records[HoldRecord] if isinstance(it, HoldRecord)] == [
        (f"hold-{KEY[:12]}-1", "acme"),
        (f"hold-{KEY[:12]}-2", "beta"),
    ]


@pytest.mark.parametrize(
    ("given", "fields", "where"),
    [
        (known(*acme()), {"expires": "2026-11-23T12:00:00Z"}, "fields.expires"),
        (known(*acme()), {"basis": "because we say so"}, "fields.basis"),
        (known(*acme()), {"owner": "x" * 1001}, "fields.owner"),
        (known(*acme("destroyed")), {}, "acme"),
    ],
)
def test_a_hold_that_could_not_stand(given: Known, fields: dict[str, str], where: str) -> None:
    """Over already, of no basis that can be recorded, or over what is no more."""
    assert refusal(given, "hold-place", **{**GIVEN, **fields}).where == where


def test_lifting_takes_a_second_person() -> None:
    """What it stopped may go on; that is told where no other hold is left."""
    made = plan(STANDING, "hold-lift", hold="h-1")
    assert [becomes(call) for call in calls(made)] == [{"lifted_at": (None, NOW)}]
    assert made.approval
    assert (made.tenants[0].before, made.tenants[0].after) == ("1 legal hold", "no legal hold")
    assert made.effects == ("No hold is left: destruction may begin when hosted data is due.",)
    begun = known(*acme("destroying"), registry.hold("h-1", "acme"))
    assert plan(begun, "hold-lift", hold="h-1").effects == ("No hold is left: the destruction that has begun goes on.",)
    two = known(*acme("dismissed"), registry.hold("h-1", "acme"), registry.hold("h-2", "acme"))
    assert (plan(two, "hold-lift", hold="h-1").effects, plan(two, "hold-lift", hold="h-1").tenants[0].after) == (
        (),
        "1 legal hold",
    )


@pytest.mark.parametrize(
    ("hold", "said"),
    [
        (registry.hold("h-1", "acme", lifted_at=AT - timedelta(hours=1)), "lifted already"),
        (registry.hold("h-1", "acme", expires_at=AT), "expired 2026-11-23T12:00:00Z"),
        (registry.hold("h-1", "beta"), "is one of beta"),
        (registry.hold("h-9", "acme"), "nothing under holds/h-1"),
    ],
)
def test_a_hold_that_does_not_stand_is_not_lifted(hold: HoldRecord, said: str) -> None:
    """Lifted, expired, another tenant's, or none."""
    assert said in str(refusal(known(*acme("dismissed"), hold), "hold-lift", hold="h-1"))


def test_holds_are_lifted_one_by_one() -> None:
    """An id is one hold's."""
    both = known(*acme(), tenant("beta"))
    assert refusal(both, "hold-lift", "acme", "beta", hold="h-1").where == "tenants"
