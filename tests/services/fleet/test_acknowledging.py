"""Acknowledging through the fleet, and the audit log that it reads."""

from __future__ import annotations

import threading
from datetime import timedelta

from services.fleet.refresh import Fleet
from services.model import Acknowledgement, AuditEntry
from tests.services.estate.things import NOW
from tests.services.fleet.fakes import POLICY, FakeAws, FakeRegistry, registry, tenant

SEEN = Acknowledgement("acme", "grace", "olga", NOW, NOW + timedelta(days=1), assignee="mei")
LOG = (AuditEntry("a-1", NOW, "olga", "operator", "disable", "done", tenant="acme"),)


def fleet_of(source: FakeRegistry) -> Fleet:
    made = Fleet(source, FakeAws(lambda *_: []), POLICY, lambda: NOW)
    made.refresh(lambda _: None, threading.Event())
    return made


def test_what_was_acknowledged_is_shown_at_once() -> None:
    """Without another refresh; and that nothing stood there is told to whoever writes."""
    source = FakeRegistry(registry(tenant("acme")))
    made = fleet_of(source)
    assert made.acknowledge(SEEN) is None
    assert made.rejudge(NOW).acknowledgements == {("acme", "grace"): SEEN}
    assert source.over == [None]


def test_what_others_acknowledged_is_read_with_the_registry() -> None:
    """And is what a later word goes over."""
    source = FakeRegistry(registry(tenant("acme"), acknowledgements=(SEEN,)))
    made = fleet_of(source)
    assert made.rejudge(NOW).acknowledgements == {("acme", "grace"): SEEN}
    made.acknowledge(SEEN)
    assert source.over == [SEEN]


def test_a_refusal_is_told_and_changes_nothing() -> None:
    """Why, in the words of the other side."""
    made = fleet_of(FakeRegistry(registry(tenant("acme")), refuses="answered 403: a viewer only reads"))
    assert made.acknowledge(SEEN) == "answered 403: a viewer only reads"
    assert made.rejudge(NOW).acknowledgements == {}


def test_an_acknowledgement_can_be_taken_back() -> None:
    """And where there is none, that is said."""
    made = fleet_of(FakeRegistry(registry(tenant("acme"), acknowledgements=(SEEN,))))
    assert made.withdraw("acme", "grace") is None
    assert made.rejudge(NOW).acknowledgements == {}
    assert made.withdraw("acme", "grace") == "nobody has acknowledged it"


def test_the_audit_log_is_read_with_every_refresh() -> None:
    """As it came, the newest first."""
    assert fleet_of(FakeRegistry(registry(tenant("acme")), log=LOG)).rejudge(NOW).audit == LOG
