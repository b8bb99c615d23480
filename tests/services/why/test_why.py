"""Explanations over a picture in memory: what is found, what is told as evidence, what a program reads."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from services.areas.why import document
from services.fleet.snapshot import FleetSnapshot, SourceView
from services.model import Evidence, Outcome, Source, Status
from services.why import NoSuchFigureError, explain, figures, find
from tests.support.fleet import AT, healthy_fleet, observation
from tests.support.operations import busy_fleet

BUSY = busy_fleet()
NAMES = [(tenant, figure) for tenant in (None, *BUSY.tenants) for figure in figures(BUSY, tenant)]


@pytest.mark.parametrize(("tenant", "figure"), NAMES, ids=lambda it: ascii(it) if it else "nobody")
def test_every_figure_explains_itself(tenant: str | None, figure: str) -> None:
    """With the verdict's own status at the end of the reckoning, its clause and its reason."""
    explained, verdict = explain(BUSY, tenant, figure), find(BUSY, tenant, figure).verdict
    assert (explained.tenant, explained.figure) == (tenant, figure)
    assert (explained.status, explained.clause, explained.reason) == (verdict.status, verdict.clause, verdict.reason)
    assert explained.steps[-1].endswith(f"→ {verdict.status}")
    assert explained.promise
    json.dumps(document(BUSY, explained))


def test_figures_are_unique_for_each_tenant() -> None:
    """So that one can be asked about."""
    assert len(set(NAMES)) == len(NAMES)


@pytest.mark.parametrize(
    ("tenant", "figure", "said"),
    [
        ("fabrikam", "grce", "did you mean grace?"),
        ("fabrikam", "zzz", "there are "),
        ("nobody", "grace", "there is no tenant 'nobody'"),
        (None, "zzz", "what no tenant owns has no figure 'zzz'"),
    ],
)
def test_a_figure_that_there_is_not_is_answered_with_those_there_are(
    tenant: str | None, figure: str, said: str
) -> None:
    """The nearest one, or all."""
    with pytest.raises(NoSuchFigureError) as caught:
        explain(BUSY, tenant, figure)
    assert said in str(caught.value)


def test_of_an_empty_picture_nothing_is_judged() -> None:
    """And that is what it says."""
    with pytest.raises(NoSuchFigureError, match="nothing is judged of what no tenant owns"):
        explain(FleetSnapshot(AT), None, "grace")


def test_a_slot_is_explained_to_every_tenant_in_its_scope() -> None:
    """Whoever asks why a slot concerns them."""
    assert explain(BUSY, "fabrikam", "slot.sl-1").status is explain(BUSY, None, "slot.sl-1").status
    with pytest.raises(NoSuchFigureError):
        explain(BUSY, "litware", "slot.sl-1")


def test_a_clock_rests_on_the_record_and_on_what_was_asked_for() -> None:
    """State, end, exports and holds, each with the call that it was read by."""
    told = {seen.source: seen for seen in explain(BUSY, "litware", "grace").evidence}
    assert list(told) == [f"internal GET /{name}" for name in ("tenants", "subscriptions", "exports", "holds")]
    assert "grace, public, eu-central-1" in str(told["internal GET /tenants"].value)
    assert "ends on 2026-10-26 Europe/Rome" in str(told["internal GET /subscriptions"].value)
    assert "ex-7: available" in str(told["internal GET /exports"].value)
    assert told["internal GET /holds"].value is None
    assert all(seen.observed_at and seen.request_id for seen in told.values())


def test_a_store_rests_on_the_calls_that_speak_about_it() -> None:
    """What each of them saw of it."""
    told = explain(BUSY, "acme-health", "recovery.orders-db").evidence
    (seen,) = [it for it in told if it.source.startswith("rds DescribeDBInstances")]
    assert seen.outcome == "seen"
    assert "postgres orders-db" in str(seen.value)


def test_a_refused_call_is_evidence_too() -> None:
    """With what was said, and without a value that nobody saw."""
    (seen,) = [it for it in explain(BUSY, "contoso-ae", "recovery").evidence if it.source.startswith("rds")]
    assert (seen.outcome, seen.value) == ("denied", None)
    assert "not authorized" in str(seen.error)


def test_what_was_never_heard_is_waited_for() -> None:
    """It has no time; what it was known to say before may still be told."""
    without = tuple(view for view in BUSY.sources if view.source.operation != "GET /cases")
    asked = SourceView(Source("internal", "GET /cases"), asking=True)
    for sources in (without, (*without, asked)):
        (seen, *_) = explain(replace(BUSY, sources=sources), "lumen-spa", "case.ca-1").evidence
        assert (seen.source, seen.outcome, seen.observed_at) == ("internal GET /cases", "waiting", None)


def test_a_list_that_was_not_read_explains_itself() -> None:
    """With whom was asked and what was answered."""
    well = healthy_fleet()
    refused = SourceView(
        Source("internal", "GET /exports"), observation(Source("internal", "GET /exports"), AT, Outcome.DENIED, "403")
    )
    told = explain(replace(well, sources=(*well.sources, refused), policy=BUSY.policy), None, "exports")
    assert told.status is Status.UNKNOWN
    assert [seen.error for seen in told.evidence] == ["403"]


def test_without_an_agreement_the_verdict_is_all_there_is() -> None:
    """A picture that was judged elsewhere."""
    told = explain(replace(BUSY, policy=None), "fabrikam", "grace")
    assert (told.policy, told.steps) == ((), ("grace ends; not renewed → due",))


def test_programs_find_the_members_that_were_promised() -> None:
    """Policy by key, observations as a list, instants with Z."""
    told: dict[str, Any] = dict(document(BUSY, explain(BUSY, "fabrikam", "grace")))
    assert told.keys() >= {"tenant", "figure", "status", "clause", "policy", "observations", "steps", "changes_if"}
    assert told["policy"]["right-to-be-forgotten.grace"] == "P30D"
    first = told["observations"][0]
    assert first.keys() >= {"source", "observed_at", "value", "outcome"}
    assert first["observed_at"] == "2026-11-23T12:03:51Z"
    assert isinstance(explain(BUSY, "fabrikam", "grace").evidence[0], Evidence)
