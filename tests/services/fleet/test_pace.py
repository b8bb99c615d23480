"""How often each source is asked at least, for what rests on it."""

from __future__ import annotations

from typing import Any

import pytest

from services.aws.collect.legal_holds import LEGAL_HOLDS
from services.fleet.pace import Pacing
from services.fleet.rules import AGREEMENT
from services.model import Observation, Outcome
from tests.services.estate.things import HERE, NOW, answers, instance, tagged
from tests.services.fleet.fakes import POLICY, picture, registry, tenant
from tests.services.fleet.test_backup_holds import legal_hold

ORDERS = instance("orders", tags=tagged("acme"))


@pytest.mark.parametrize(
    ("members", "bound"),
    [({}, True), ({"status": "CANCELED"}, False), ({"resources": (instance("other").arn,)}, False)],
    ids=["stands", "over", "of others"],
)
def test_a_hold_that_a_verdict_rests_on_is_read_within_half_the_age_that_is_allowed(
    members: dict[str, Any], bound: bool
) -> None:
    """A dedicated tenant's in a minute, or its verdict would be unknown between two askings; else at leisure."""
    made = picture()
    made.take_registry(registry(tenant("acme", tier="dedicated")), NOW)
    source = LEGAL_HOLDS.source(HERE)
    made.take([*answers(ORDERS), Observation(source, NOW, Outcome.SEEN, (legal_hold(**members),))])
    made.publish(NOW, 1)
    pacing = Pacing((LEGAL_HOLDS,), POLICY, AGREEMENT, 1.0)
    pacing.settle(made.registry, made.attribution, made.slots, made.pending, (), NOW)
    every, longest = pacing.interval(source)
    assert every > POLICY.recovery.max_age["dedicated"]
    assert (longest <= POLICY.recovery.max_age["dedicated"] / 2) is bound
