"""The endpoint of an import: many records of the registry in one transaction."""

from __future__ import annotations

from typing import Final

from fastapi import FastAPI, Request
from pydantic import ValidationError
from sqlalchemy.exc import IntegrityError
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from services.controlplane.audit import Actor
from services.controlplane.imports import StaleError, broken_parts, carry_out
from services.controlplane.openapi import body_of, problems
from services.controlplane.problems import encode, problem, validation_parts
from services.controlplane.registry import RefusedError
from services.controlplane.routes import actor_of, read_body
from services.controlplane.store import Database
from services.now import Now
from services.wire.imports import ImportRequest, ImportResult

IMPORT_LIMIT: Final = 64 * 1024 * 1024
"""Bytes of an import's body; 100,000 tenants with their subscriptions and stores take about 50 MiB."""


def add_import_route(app: FastAPI, database: Database, now: Now) -> None:
    """Add the route of the import to ``app``."""

    async def import_registry(request: Request) -> Response:
        actor = actor_of(request, now)
        return await run_in_threadpool(_import, database, await read_body(request, IMPORT_LIMIT), actor)

    app.post(
        "/import",
        response_model=ImportResult,
        responses=problems(401, 403, 409, 412, 413, 415, 422),
        operation_id="import_registry",
        summary="Create or replace many records, all or none, if `digest` tells what stands there now",
        tags=["import"],
        openapi_extra=body_of(ImportRequest),
    )(import_registry)


def _import(database: Database, body: bytes, actor: Actor) -> Response:
    try:
        request = ImportRequest.model_validate_json(body, strict=True)
    except ValidationError as error:
        parts = validation_parts(error.errors(include_input=False, include_url=False), inside="body")
        return problem(422, "the body is no import", parts=parts)
    broken = broken_parts(request)
    if broken:
        return problem(422, "some records cannot be as they say", parts=broken)
    try:
        with database.write() as connection:
            result = carry_out(connection, request, actor)
    except (StaleError, IntegrityError):  # the latter on PostgreSQL, where another writer may come in between
        return problem(412, "the registry is no longer what the records were compared with")
    except RefusedError as refused:
        return problem(409, str(refused), parts=refused.parts)
    return Response(encode(result.model_dump()), media_type="application/json")
