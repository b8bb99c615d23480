"""An explanation as a program reads it: the document of ``tenure why -o json``."""

from __future__ import annotations

from services.areas.machine import machine
from services.areas.page import Document
from services.fleet.snapshot import FleetSnapshot
from services.model import Evidence, Explanation


def document(fleet: FleetSnapshot, explanation: Explanation) -> Document:
    """All members; ``policy`` by key, ``observations`` in the order in which they are told."""
    return {
        "at": machine(fleet.at),
        "forecast_from": machine(fleet.forecast_from),
        "tenant": explanation.tenant,
        "figure": explanation.figure,
        "status": machine(explanation.status),
        "clause": explanation.clause,
        "reason": explanation.reason,
        "promise": explanation.promise,
        "policy": dict(explanation.policy),
        "observations": [_observation(one) for one in explanation.evidence],
        "steps": list(explanation.steps),
        "changes_if": explanation.changes_if,
    }


def _observation(one: Evidence) -> Document:
    return {
        "source": one.source,
        "observed_at": machine(one.observed_at),
        "value": one.value,
        "outcome": one.outcome,
        "request_id": one.request_id,
        "error": one.error,
        "last_seen_at": machine(one.last_seen_at),
    }
