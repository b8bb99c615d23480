"""What an error of AWS means for a write: refused for good, or not known and to be looked up."""

from __future__ import annotations

from services.aws.errors import outcome_of
from services.controlplane.carrying.outcome import Tried
from services.model import Outcome


def judge_error(error: Exception) -> tuple[Tried, str]:
    """``FAILED`` where AWS has said no: nothing was done. ``AGAIN`` for all that leaves it open: throttled, its own
    fault, no answer in time."""
    outcome, said = outcome_of(error)
    if outcome is Outcome.DENIED:
        return Tried.FAILED, said
    answer = getattr(error, "response", None)
    status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0) if isinstance(answer, dict) else 0
    refused = outcome is not Outcome.THROTTLED and 400 <= status < 500 and status not in (408, 429)
    return (Tried.FAILED if refused else Tried.AGAIN), said
