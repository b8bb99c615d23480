"""Dismiss, and terminate for breach: access blocked, data in backup only."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from pydantic import JsonValue

from services.agreement import tenant_clocks
from services.orders.actions import ACTIONS
from services.orders.world import Known, World
from services.wire.orders import NOW, Confirmation
from services.wire.registry import TenantRecord
from tests.services.agreement.policies import DEFAULT, OTHER
from tests.services.orders.worlds import (
    AT,
    ENDED_AT,
    GRACE_END,
    HOUR,
    acme,
    asked,
    becomes,
    calls,
    carried_out,
    known,
    later,
    plan,
    refusal,
    subscription,
    tenant,
)
from tests.support import registry

DB = f"arn:aws:rds:eu-central-1:{registry.ACCOUNT}:db:acme"
BUCKET = "arn:aws:s3:::files-of-acme"


def seen(store: str = DB, **members: JsonValue) -> dict[str, JsonValue]:
    """A store as the worker's role saw it, with a backup an hour after the service ended."""
    given: dict[str, JsonValue] = {
        "store": store,
        "kind": "s3-bucket" if store == BUCKET else "rds-instance",
        "account": registry.ACCOUNT,
        "region": "eu-central-1",
        "restore_point_at": "2026-11-01T00:00:00Z",
        "verified": True,
    }
    return given | members


def over(*records: Any, answer: JsonValue = None, now: datetime = GRACE_END) -> Known:
    """A tenant whose grace is over, and what AWS showed of it."""
    aws: dict[str, JsonValue] = {"stores of acme": [seen()] if answer is None else answer}
    return known(*acme("grace"), *records, now=now, aws=aws)


def test_dismissing_blocks_access_and_lists_what_is_to_be_removed() -> None:
    """The state, every live store with its place, and no store gone by this order."""
    given = over(registry.store("m-1", "acme", "acme"), answer=[seen(BUCKET), seen()])
    made = plan(given, "dismiss")
    assert [becomes(call) for call in calls(made)] == [{"state": ("grace", "dismissed")}]
    assert made.effects == (
        "Access is blocked. Data is in backup only, and the customer may still ask for an export.",
        f"To remove for acme: {DB} (rds-instance, {registry.ACCOUNT} eu-central-1)",
        f"To remove for acme: {BUCKET} (s3-bucket, {registry.ACCOUNT} eu-central-1)",
    )
    assert (made.confirmation, made.approval, made.stores, made.warnings) == (Confirmation.SEEN, False, 0, ())
    assert made.tenants[0].after == "dismissed, 2 live stores to remove"


def test_of_a_shared_store_the_tenants_part_is_to_be_removed() -> None:
    """Its neighbours keep theirs."""
    made = plan(over(registry.store("m-1", "acme", "acme", part="acme_db")), "dismiss")
    assert made.effects[1].startswith(f"To remove for acme: acme_db of {DB} ")
    whole = over(registry.store("m-1", "acme", "acme", part="acme_db"), registry.store("m-2", "acme", "acme"))
    assert plan(whole, "dismiss").effects[1].startswith(f"To remove for acme: {DB} ")


def test_the_grace_has_to_be_over() -> None:
    """By its thirty days, or by a confirmed termination."""
    early = over(now=GRACE_END - timedelta(microseconds=1))
    assert "before 2026-11-30T23:00:00Z, the end of the grace" in str(refusal(early, "dismiss"))
    confirmed = known(*acme("grace", termination_confirmed_at=AT), now=AT, aws={"stores of acme": [seen()]})
    assert plan(confirmed, "dismiss").steps


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ([seen(restore_point_at=None)], "no restore point"),
        ([seen(verified=False)], "not verified"),
        ([seen(restore_point_at="2026-10-31T22:59:59Z")], "2026-10-31T22:59:59Z"),
        ([seen(BUCKET), seen(verified=False)], DB),
        ([{"store": DB}], "cannot be read"),
        ("none", "cannot be read"),
    ],
)
def test_without_a_final_backup_of_every_store_it_is_refused(answer: JsonValue, said: str) -> None:
    """None, one that nobody verified, one from before the end, one store of two, and an answer that makes no sense."""
    assert said in str(refusal(over(answer=answer), "dismiss"))


def test_a_backup_from_the_end_of_the_service_on_is_final() -> None:
    """Nothing is written after that."""
    assert plan(over(answer=[seen(restore_point_at=ENDED_AT.isoformat())]), "dismiss").steps


def test_what_aws_did_not_answer_is_never_fine() -> None:
    """Not asked, or asked about another tenant."""
    answers: list[dict[str, JsonValue] | None] = [None, {"stores of other": []}]
    for aws in answers:
        given = known(*acme("grace"), now=GRACE_END, aws=aws)
        assert "AWS was not asked: stores of acme" in str(refusal(given, "dismiss"))


def test_a_mapped_store_that_aws_does_not_show_refuses() -> None:
    """The registry knows of data that nobody has seen a backup of."""
    refused = refusal(over(registry.store("m-1", "acme", "elsewhere")), "dismiss")
    assert "elsewhere" in str(refused)
    assert refused.where == "acme"


def test_a_tenant_without_any_store_is_dismissed_with_a_warning() -> None:
    """Both say so: the registry and AWS."""
    assert plan(over(answer=[]), "dismiss").warnings == ("acme: neither the registry nor AWS shows a store of it",)


def test_the_server_learns_what_aws_has_to_be_asked() -> None:
    """A question for each tenant, once."""
    world = World(known(), asked("dismiss", "acme", "beta", "acme"))
    assert ACTIONS["dismiss"].questions(world) == ("stores of acme", "stores of beta")


def test_a_restorable_time_that_moves_is_the_same_plan_and_a_backup_that_goes_is_not() -> None:
    """Continuous backups move every few minutes; a plan that could not be handed over would dismiss nobody."""
    made = plan(over(), "dismiss")
    assert {it.what: it.value for it in made.seen}["AWS: stores of acme"] == [
        {
            "store": DB,
            "kind": "rds-instance",
            "account": registry.ACCOUNT,
            "region": "eu-central-1",
            "final backup": True,
        }
    ]
    assert plan(over(answer=[seen(restore_point_at="2026-11-30T22:59:00Z")]), "dismiss").digest == made.digest
    assert plan(over(answer=[seen(), seen(BUCKET)]), "dismiss").digest != made.digest


def test_a_hold_and_an_open_export_are_told() -> None:
    """A hold stops the removal, not the blocking; an export that is not made yet comes out of the backup."""
    made = plan(over(registry.hold("h-1", "acme"), registry.export("ex-1", "acme")), "dismiss")
    assert [line.split(":")[1].strip() for line in made.warnings] == [
        "legal hold h-1 stands",
        "export ex-1 is requested",
    ]
    lifted = registry.hold("h-1", "acme", lifted_at=AT)
    assert plan(over(lifted), "dismiss").warnings == ()


IN_FORCE = known(*acme(ended_on=date(2027, 6, 30)), registry.store("m-1", "acme", "acme"))


def test_a_termination_for_breach_ends_this_day_and_goes_straight_to_dismissed() -> None:
    """No grace; the retention runs from this day; a second person has to agree."""
    made = plan(IN_FORCE, "terminate-breach", breach="resold without consent")
    ended, state = calls(made)
    assert becomes(ended) == {
        "ended_on": ("2027-06-30", "2026-11-23"),
        "termination_confirmed_at": (None, NOW),
        "terminated_for": (None, "resold without consent"),
    }
    assert becomes(state) == {"state": ("active", "dismissed")}
    assert {it.clock: it.after for it in made.clocks} == {
        "grace": datetime.fromisoformat("2026-11-23T23:00:00Z"),
        "hosted_data": datetime.fromisoformat("2027-02-23T23:00:00Z"),
        "return_or_delete": datetime.fromisoformat("2027-05-22T22:00:00Z"),
    }
    assert (made.confirmation, made.approval) == (Confirmation.SEEN, True)
    assert "no final backup is proven yet" in made.warnings[0]


def test_the_day_is_the_one_of_the_tenants_zone_and_the_next_day_is_another_plan() -> None:
    """At 23:30 UTC it is tomorrow in Rome; an approval of yesterday's plan is void."""
    late = later(IN_FORCE, datetime.fromisoformat("2026-11-23T23:30:00Z"))
    made = plan(late, "terminate-breach", breach="b")
    assert becomes(calls(made)[0])["ended_on"] == ("2027-06-30", "2026-11-24")
    assert made.digest != plan(IN_FORCE, "terminate-breach", breach="b").digest
    assert (
        plan(later(IN_FORCE, AT + HOUR), "terminate-breach", breach="b").digest
        == plan(IN_FORCE, "terminate-breach", breach="b").digest
    )


def test_in_grace_the_end_stays_where_it_was() -> None:
    """No retention grows: three months from the end that there was."""
    made = plan(known(*acme("grace")), "terminate-breach", breach="b")
    ended, _ = calls(made)
    assert set(becomes(ended)) == {"termination_confirmed_at", "terminated_for"}
    (clock,) = made.clocks
    assert (clock.clock, clock.before, clock.at_once) == ("grace", GRACE_END, True)


def test_a_termination_that_was_confirmed_keeps_its_time() -> None:
    """The grace has ended by it already; the breach is written beside it, and no clock moves."""
    made = plan(known(*acme("grace", termination_confirmed_at="2026-11-20T09:00:00Z")), "terminate-breach", breach="b")
    assert becomes(calls(made)[0]) == {"terminated_for": (None, "b")}
    assert made.clocks == ()


def test_no_other_subscription_keeps_the_tenant_in_force() -> None:
    """One that lasts longer is cut, one that has not begun is removed, and the one that counts bears the breach."""
    given = known(
        tenant(),
        subscription(date(2027, 6, 30), id_="s-1"),
        subscription(None, id_="s-2", started_on=date(2025, 1, 1)),
        subscription(date(2028, 6, 30), id_="s-3", started_on=date(2026, 11, 24)),
        subscription(date(2025, 6, 30), id_="s-0"),
    )
    made = plan(given, "terminate-breach", breach="b")
    assert [(call.method, call.path) for call in calls(made)] == [
        ("DELETE", "/subscriptions/s-3"),
        ("PUT", "/subscriptions/s-1"),
        ("PUT", "/subscriptions/s-2"),
        ("PUT", "/tenants/acme"),
    ]
    done = carried_out(given, made)
    world = World(done, asked("renew"))
    noun = world.noun(world.tenant("acme"))
    assert (noun.ended_on, noun.terminated_for) == (date(2026, 11, 23), "b")


def test_a_dismissal_for_breach_stands_by_the_clocks() -> None:
    """Once the day is over the due state is the recorded one: there is no grace to wait for."""
    done = carried_out(IN_FORCE, plan(IN_FORCE, "terminate-breach", breach="b"))
    world = World(done, asked("renew"))
    noun = world.noun(world.record(TenantRecord, "acme"))
    grace = next(clock for clock in tenant_clocks(noun, DEFAULT.policy) if clock.name == "grace")
    assert grace.starts_at == grace.ends_at


@pytest.mark.parametrize("state", ["dismissed", "destroying", "destroyed"])
def test_what_is_over_is_not_terminated(state: str) -> None:
    """The agreement's own refusal."""
    assert "refused" in str(refusal(known(*acme(state)), "terminate-breach", breach="b"))


def test_a_tenant_whose_subscription_has_not_begun() -> None:
    """There is nothing to end."""
    given = known(tenant(), subscription(date(2028, 1, 1), started_on=date(2027, 1, 1)))
    assert "has begun" in str(refusal(given, "terminate-breach", breach="b"))


def test_the_policy_says_whether_there_is_such_a_termination_and_with_what_notice() -> None:
    """Another agreement knows none; one with notice refuses until it has run out, and takes no second person."""
    given = replace(IN_FORCE, policy=OTHER.policy)
    assert "knows no termination for breach" in str(refusal(given, "terminate-breach", breach="b"))
    policy = OTHER.policy.model_copy(
        update={"termination": OTHER.policy.termination.model_copy(update={"by": ("expiry", "breach")})}
    )
    given = replace(IN_FORCE, policy=policy)
    assert refusal(given, "terminate-breach", breach="b").where == "fields.noticed"
    noticed = "2026-11-18T12:00:01Z"
    assert "before 2026-11-23T12:00:01Z" in str(refusal(given, "terminate-breach", breach="b", noticed=noticed))
    assert not plan(given, "terminate-breach", breach="b", noticed="2026-11-18T12:00:00Z").approval
