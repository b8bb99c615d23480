"""The digest of a plan, and what is told where a plan no longer holds."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pydantic import JsonValue

from services.wire.orders import Plan, Seen, TenantChange, differences, differences_seen, plan_digest
from tests.support.plans import AT, plan


def test_a_digest_is_over_all_that_a_plan_does_and_rests_on() -> None:
    """Not over when it was made; over every other member, and the same whether of a plan or of its JSON."""
    made = plan()
    assert plan_digest(made.model_copy(update={"made_at": AT + timedelta(hours=1), "digest": "f" * 64})) == made.digest
    assert plan_digest(made.model_dump(mode="json")) == made.digest
    assert plan_digest(Plan.model_validate_json(made.model_dump_json())) == made.digest
    others = [
        made.model_copy(update={"approval": True}),
        made.model_copy(update={"tenants": (TenantChange(tenant="acme", before="active", after="grace"),)}),
        made.model_copy(update={"seen": (Seen(what="tenants/acme", value={"state": "grace"}),)}),
        made.model_copy(update={"stores": 1}),
        made.model_copy(update={"asked": made.asked.model_copy(update={"key": "f" * 32})}),
    ]
    assert len({made.digest, *map(plan_digest, others)}) == len(others) + 1


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        ({"state": "grace", "id": "a"}, {"state": "active", "id": "a"}, ["x state: grace → active"]),
        ({"state": "grace"}, {"state": "grace"}, []),
        ({"zone": None}, {"zone": "UTC"}, ["x zone: — → UTC"]),
        ({"id": "a"}, None, ["x is gone"]),
        (None, {"id": "a"}, ["x is new"]),
        ([], [{"id": "h-1"}], ["x h-1 is new"]),
        ([{"id": "h-1"}], [], ["x h-1 is gone"]),
        (
            [{"id": "s-1", "ended_on": "2026-11-30"}, {"id": "s-2"}],
            [{"id": "s-2"}, {"id": "s-1", "ended_on": "2027-11-30"}, {"id": "s-3"}],
            ["x s-1 ended_on: 2026-11-30 → 2027-11-30", "x s-3 is new"],
        ),
        (["acme", "contoso"], ["acme", "fabrikam"], ["x: contoso is gone", "x: fabrikam is new"]),
        ([1], [2], ["x: [1] → [2]"]),
        ([{"name": "no id"}], [], ['x: [{"name": "no id"}] → []']),
        ("seen", "y" * 200, [f"x: seen → {'y' * 119}…"]),
    ],
)
def test_a_difference_is_told_by_record_and_member(before: JsonValue, after: JsonValue, lines: list[str]) -> None:
    """What changed from what to what, a line each, however the record was read: alone, or in a list of them."""
    one, other = (plan(seen=(Seen(what="x", value=value),)) for value in (before, after))
    assert list(differences(one, other)) == lines


def test_what_was_read_only_by_one_of_the_plans_is_a_difference() -> None:
    """A tenant that has come into a group is one."""
    one, other = plan(seen=()), plan(seen=(Seen(what="tenants/new", value="there"),))
    assert differences(one, other) == ("tenants/new: — → there",)


def test_what_a_refusal_did_not_come_to_read_is_no_difference() -> None:
    """Only what both have read is compared."""
    before = plan(seen=(Seen(what="a", value="1"), Seen(what="b", value="1"), Seen(what="c", value="1")))
    assert differences_seen(before, {"a": "1", "b": "2", "d": "1"}) == ("b: 1 → 2",)
