"""The policy file as data: what is shipped, what a vendor may write, what is read back."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
import yaml
from pydantic import ValidationError

from services.agreement import Period, Policy, default_policy_text, parse_policy
from tests.services.agreement.policies import BOTH, DEFAULT, NAMES, OTHER, OTHER_TEXT, Expected

CLAUSES = [
    "tiers",
    "peering",
    "subscription",
    "regions",
    "residency",
    "availability",
    "recovery",
    "processing",
    "return-or-delete",
    "personal-data",
    "termination",
    "acceptable-use",
    "right-to-be-forgotten",
]

both = pytest.mark.parametrize("agreed", BOTH, ids=NAMES)


@pytest.mark.parametrize("text", [default_policy_text(), OTHER_TEXT], ids=NAMES)
@pytest.mark.parametrize("clause", CLAUSES)
def test_every_clause_key_is_in_the_file(text: str, clause: str) -> None:
    """A policy has a member for every clause of the agreement, under the clause's key."""
    assert clause in yaml.safe_load(text)


def test_the_default_cites_its_source() -> None:
    """The shipped policy names the terms it rests on by title and date."""
    assert DEFAULT.policy.source.title == "Imagicle UCX Cloud Suite agreement"
    assert DEFAULT.policy.source.published == date(2023, 6, 16)


@both
def test_the_figures_are_those_of_the_agreement(agreed: Expected) -> None:
    """Periods, targets and horizons are read from the file as they stand there."""
    policy = agreed.policy
    assert policy.right_to_be_forgotten.grace == agreed.grace
    assert policy.right_to_be_forgotten.retention == agreed.retention
    assert policy.return_or_delete.within == agreed.outer
    assert policy.export.window == agreed.window
    assert policy.acceptable_use.comply_within == agreed.conduct
    assert policy.erasure.allowance == agreed.allowance
    assert policy.export.prepare_within == agreed.preparation
    assert {name: getattr(policy.processing.assistance, name) for name in agreed.assistance} == agreed.assistance
    assert {clock: getattr(policy.at_risk, clock) for clock in type(policy.at_risk).model_fields} == agreed.at_risk
    assert {clock: getattr(policy.due, clock) for clock in type(policy.due).model_fields} == agreed.horizons
    assert policy.recovery.rpo == agreed.rpo
    assert policy.recovery.max_age == agreed.max_age
    assert policy.recovery.at_risk_ratio == agreed.at_risk_ratio
    assert policy.recovery.clock_tolerance == agreed.tolerance
    assert policy.recovery.rto == agreed.rto
    assert policy.recovery.restore_test_max_age == agreed.test_max_age
    assert policy.recovery.failover_max == agreed.failover_max


def test_the_default_has_the_vendor_s_own_choices() -> None:
    """What the agreement leaves to the policy is there, with the values that it gives."""
    policy = DEFAULT.policy
    assert policy.default_zone == "Europe/Rome"
    assert policy.recovery.rto == {"public": timedelta(hours=4), "dedicated": timedelta()}
    assert policy.recovery.failover_max == timedelta(seconds=120)
    assert policy.recovery.restore_test_max_age == timedelta(days=90)
    assert policy.recovery.gap_window == timedelta(days=35)
    assert policy.availability.target == {"public": 0.995, "dedicated": 0.995}
    assert policy.residency.tiers == {"public": "finding", "dedicated": "breach"}
    assert policy.export.window_starts == "available"
    assert policy.maintenance.notice is None
    assert policy.maintenance.blackouts == ()


@pytest.mark.parametrize(
    ("policy", "tier", "region", "offered"),
    [
        (DEFAULT.policy, "public", "eu-central-1", True),
        (DEFAULT.policy, "public", "me-central-1", True),
        (DEFAULT.policy, "public", "us-east-1", True),
        (DEFAULT.policy, "public", "eu-west-1", False),
        (DEFAULT.policy, "dedicated", "ap-southeast-2", True),
        (DEFAULT.policy, "gold", "eu-central-1", False),
        (OTHER.policy, "bronze", "eu-west-1", False),
        (OTHER.policy, "silver", "eu-west-1", True),
        (OTHER.policy, "gold", "sa-east-1", True),
        (OTHER.policy, "public", "eu-north-1", False),
    ],
)
def test_regions_are_offered_by_tier(policy: Policy, tier: str, region: str, *, offered: bool) -> None:
    """A tier offers the regions of its list, or any; a tier that is not declared offers none."""
    assert policy.offers(tier, region) is offered


def test_a_value_given_once_stands_for_every_tier() -> None:
    """One value where tiers could stand is the value of each declared tier."""
    assert OTHER.policy.recovery.max_age == dict.fromkeys(("bronze", "silver", "gold"), timedelta(minutes=30))
    assert OTHER.policy.residency.tiers == dict.fromkeys(("bronze", "silver", "gold"), "breach")


def test_blackouts_and_notice_are_read() -> None:
    """A blackout has its days, zone and tiers; a notice is a length."""
    (blackout,) = OTHER.policy.maintenance.blackouts
    assert (blackout.first, blackout.last, blackout.tiers) == (date(2026, 12, 20), date(2027, 1, 6), ("gold",))
    assert blackout.zone == "Europe/Copenhagen"
    assert OTHER.policy.maintenance.notice == timedelta(days=2)


@both
def test_json_of_a_policy_is_that_policy(agreed: Expected) -> None:
    """What is printed as JSON, every tier spelled out, is a policy file that reads the same."""
    printed = json.dumps(agreed.policy.model_dump(mode="json", by_alias=True), indent=2)
    assert parse_policy(printed) == agreed.policy


@both
def test_a_policy_cannot_be_changed(agreed: Expected) -> None:
    """The models are frozen."""
    with pytest.raises(ValidationError, match="frozen"):
        agreed.policy.right_to_be_forgotten.grace = Period(days=1)  # type: ignore[misc]


def test_words_that_yaml_would_turn_stay_words() -> None:
    """Norway's code, a sexagesimal number and a date are text where text is asked for."""
    text = OTHER_TEXT.replace("asked_of: The help desk", "asked_of: NO").replace("title: Bronze,", "title: 1:30,")
    policy = parse_policy(text.replace("title: Silver,", "title: 2026-01-01,"))
    assert (policy.export.asked_of, policy.tiers["bronze"].title) == ("NO", "1:30")
    assert policy.tiers["silver"].title == "2026-01-01"
