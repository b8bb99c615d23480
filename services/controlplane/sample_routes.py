"""The endpoint of the samples that the recorder keeps."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import FastAPI, Query
from starlette.responses import Response

from services.controlplane.answering import answer_page
from services.controlplane.audit_routes import OfTenant, Older
from services.controlplane.history_routes import WrittenInstant, add_history_route
from services.controlplane.marks import SAMPLES
from services.controlplane.openapi import read
from services.controlplane.routes import Condition, Limit
from services.controlplane.sample_book import read_samples
from services.controlplane.store import Database
from services.wire.registry import ARN, Page
from services.wire.samples import SampleRecord

OfStore = Annotated[str | None, Query(pattern=ARN, max_length=2048, description="this store's alone, by its ARN")]
OfFigure = Annotated[
    Literal["recovery", "links"] | None, Query(description="those of stores (`recovery`), or of private links, alone")
]
OfLink = Annotated[str | None, Query(pattern=ARN, max_length=2048, description="this link's alone, by its ARN")]
Since = Annotated[WrittenInstant | None, Query(description="those observed then and later")]


class SampleEndpoints:
    """Reading; the recorder alone adds."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(
        self,
        tenant: OfTenant = None,
        store: OfStore = None,
        figure: OfFigure = None,
        link: OfLink = None,
        since: Since = None,
        limit: Limit = 200,
        cursor: Older = None,
        if_none_match: Condition = None,
    ) -> Response:
        told = (tenant, store, figure, link, since, limit, cursor)
        return answer_page(
            self._database,
            SAMPLES,
            told,
            if_none_match,
            lambda it: read_samples(
                it, tenant=tenant, store=store, figure=figure, link=link, since=since, cursor=cursor, limit=limit
            ),
        )


def add_sample_routes(app: FastAPI, database: Database) -> None:
    """Add the routes of the samples to ``app``."""
    reading = read(401, 422)
    app.get(
        "/samples",
        response_model=Page[SampleRecord],
        responses=reading,
        operation_id="list_samples",
        summary="A page of what the recorder saw of stores and links, newest first",
        tags=["samples"],
    )(SampleEndpoints(database).list)
    add_history_route(app, database, reading)
