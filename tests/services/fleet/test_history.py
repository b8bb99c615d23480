"""What was recorded of a tenant, asked through the fleet."""

from __future__ import annotations

import threading

import pytest

from console.opening import OpeningFleet
from services.fleet.refresh import Fleet
from services.model import Outcome
from tests.services.estate.things import NOW
from tests.services.fleet.fakes import POLICY, FakeAws, FakeRegistry, registry, tenant


def test_it_is_asked_over_the_window_of_the_policy() -> None:
    """From so long ago to now; the answer is handed on as it is."""
    source = FakeRegistry(registry(tenant("acme")))
    fleet = Fleet(source, FakeAws(lambda *_: []), POLICY, lambda: NOW)
    seen = fleet.history("acme", threading.Event())
    assert seen.outcome is Outcome.NOT_OFFERED
    assert source.recalled == [("acme", NOW - POLICY.recovery.gap_window, NOW)]


def test_before_there_is_a_fleet_nobody_can_be_asked() -> None:
    """It raises, and is no answer."""
    with pytest.raises(LookupError, match="nothing was read yet"):
        OpeningFleet(lambda: None).history("acme", threading.Event())  # type: ignore[arg-type,return-value]  # never opened
