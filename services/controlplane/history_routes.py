"""The endpoint of what the samples of a tenant's stores come to."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Final

from fastapi import FastAPI, Query
from pydantic import BeforeValidator
from starlette.responses import Response

from services.controlplane.answering import answer_marked
from services.controlplane.marks import SAMPLES
from services.controlplane.problems import encode, problem
from services.controlplane.routes import Condition
from services.controlplane.sample_history import read_history
from services.controlplane.store import Database
from services.wire.history import HistoryRecord
from services.wire.registry import ID, Instant, ProblemPart

MOST: Final = timedelta(days=400)
SPAN: Final = "the stretch is longer than nothing, and at most 400 days"


def written_out(value: object) -> object:
    """Refuses seconds since 1970, which would be taken for an instant too. Raises ``ValueError``."""
    if isinstance(value, str) and value.replace(".", "", 1).lstrip("+-").isdigit():
        raise ValueError("an instant has a date, a time and an offset")
    return value


WrittenInstant = Annotated[Instant, BeforeValidator(written_out)]
Tenant = Annotated[str, Query(min_length=1, max_length=64, pattern=ID, description="of this tenant's stores")]
Since = Annotated[WrittenInstant, Query(description="the first instant")]
Until = Annotated[WrittenInstant, Query(description="the last instant")]


def add_history_route(app: FastAPI, database: Database, responses: dict[int | str, dict[str, Any]]) -> None:
    """Add the route to ``app``; ``responses`` beside the usual one are those of the list of samples."""

    def history(tenant: Tenant, since: Since, until: Until, if_none_match: Condition = None) -> Response:
        if not timedelta() < until - since <= MOST:
            return problem(422, SPAN, parts=[ProblemPart(where="query.since", what=SPAN)])
        return answer_marked(
            database,
            SAMPLES,
            ("history", tenant, since, until),
            if_none_match,
            lambda it: encode(read_history(it, tenant, since, until).model_dump(mode="json")),
        )

    app.get(
        "/samples/history",
        response_model=HistoryRecord,
        responses=responses,
        operation_id="read_sample_history",
        summary="What the samples of a tenant's stores come to: the longest RPO that was seen, by day",
        tags=["samples"],
    )(history)
