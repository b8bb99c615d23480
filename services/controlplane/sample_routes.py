"""The endpoint of the samples that the recorder keeps."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import FastAPI, Query
from starlette.responses import Response

from services.controlplane.audit_routes import OfTenant, Older
from services.controlplane.history_routes import WrittenInstant, add_history_route
from services.controlplane.marks import SAMPLES, mark_of, page_headers
from services.controlplane.openapi import problems
from services.controlplane.preconditions import unchanged
from services.controlplane.problems import encode
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
        with self._database.read() as connection:
            headers = page_headers(mark_of(connection, SAMPLES), tenant, store, figure, link, since, limit, cursor)
            if unchanged(if_none_match, headers["ETag"]):
                return Response(status_code=304, headers=headers)
            items, following, total = read_samples(
                connection,
                tenant=tenant,
                store=store,
                figure=figure,
                link=link,
                since=since,
                cursor=cursor,
                limit=limit,
            )
        body = encode({"items": items, "next": following, "total": total})
        return Response(body, media_type="application/json", headers=headers)


def add_sample_routes(app: FastAPI, database: Database) -> None:
    """Add the routes of the samples to ``app``."""
    headers = {"ETag": {"schema": {"type": "string"}, "description": "the tag of this representation"}}
    reading = problems(401, 422)
    reading[200] = {"headers": headers}
    reading[304] = {"description": "the asker has it already", "headers": headers}
    app.get(
        "/samples",
        response_model=Page[SampleRecord],
        responses=reading,
        operation_id="list_samples",
        summary="A page of what the recorder saw of stores and links, newest first",
        tags=["samples"],
    )(SampleEndpoints(database).list)
    add_history_route(app, database, reading)
