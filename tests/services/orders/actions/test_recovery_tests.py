"""A restore or failover test that somebody made (clause ``recovery``)."""

from __future__ import annotations

import pytest

from services.orders.world import Known
from tests.services.orders.worlds import KEY, acme, calls, known, plan, refusal, subscription, tenant
from tests.support import registry

DB = f"arn:aws:rds:eu-central-1:{registry.ACCOUNT}:db:acme"
MADE = {
    "store": DB,
    "kind": "restore",
    "started": "2026-11-20T08:00:00Z",
    "ended": "2026-11-20T10:30:00Z",
    "succeeded": "yes",
    "reference": "protocol 12",
}
OURS = known(*acme(), registry.store("m-1", "acme", "acme"))


def test_a_test_is_recorded_and_says_what_it_proves() -> None:
    """How long it took, against what the policy promises."""
    made = plan(OURS, "test-record", **MADE)
    (call,) = calls(made)
    assert call.after == {
        "id": f"test-{KEY[:12]}-1",
        "tenant": "acme",
        "store": DB,
        "kind": "restore",
        "started_at": "2026-11-20T08:00:00Z",
        "ended_at": "2026-11-20T10:30:00Z",
        "succeeded": True,
        "reference": "protocol 12",
    }
    assert made.effects == ("It took 2h30m, within the limit: the RTO of its tier is 4h.",)
    assert (made.warnings, made.clocks) == ((), ())


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"ended": "2026-11-20T12:00:01Z"}, "over the limit: the RTO of its tier is 4h"),
        ({"succeeded": "no"}, "A test that failed proves no RTO."),
        ({"kind": "failover", "ended": "2026-11-20T08:02:00Z"}, "within the limit: a failover may take 2m"),
        ({"kind": "failover", "ended": "2026-11-20T08:02:01Z"}, "over the limit"),
    ],
)
def test_what_a_test_proves(fields: dict[str, str], said: str) -> None:
    """A slow one, one that failed, and a failover by its own limit."""
    assert said in plan(OURS, "test-record", **{**MADE, **fields}).effects[0]


def test_a_tier_without_a_promise() -> None:
    """Nothing is proved where nothing is promised."""
    given = known(tenant(tier="trial"), subscription())
    assert "no RTO to the tier trial" in plan(given, "test-record", **MADE).effects[0]


def test_an_old_test_and_a_store_that_is_not_mapped_are_told() -> None:
    """Both may be right, and neither proves anything by itself."""
    old = {**MADE, "started": "2026-08-01T08:00:00Z", "ended": "2026-08-01T09:00:00Z"}
    assert plan(OURS, "test-record", **old).warnings == ("it is too old since 2026-10-30T09:00:00Z to prove an RTO",)
    other = {**MADE, "store": DB.replace("db:acme", "db:other")}
    assert "maps other stores" in plan(OURS, "test-record", **other).warnings[0]
    assert plan(known(*acme()), "test-record", **other).warnings == ()


@pytest.mark.parametrize(
    ("given", "fields", "where"),
    [
        (OURS, {"ended": "2026-11-20T07:59:59Z"}, "fields.ended"),
        (OURS, {"ended": "2026-11-23T12:00:01Z"}, "fields.ended"),
        (OURS, {"store": "acme"}, "fields.store"),
        (OURS, {"kind": "backup"}, "fields.kind"),
        (OURS, {"succeeded": "perhaps"}, "fields.succeeded"),
        (
            known(
                *acme(),
                registry.recovery_test(
                    "t-1", "acme", "acme", started_at="2026-11-20T08:00:00Z", ended_at="2026-11-20T09:00:00Z"
                ),
            ),
            {},
            "fields.started",
        ),
    ],
)
def test_tests_that_are_refused(given: Known, fields: dict[str, str], where: str) -> None:
    """Ended before it started or in time to come, no store, no such kind or result, and the same one twice."""
    assert refusal(given, "test-record", **{**MADE, **fields}).where == where
