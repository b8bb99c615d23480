"""The endpoints of the audit log: pages, newest first, and for the worker a way to add to it."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import FastAPI, Query, Request
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from services.controlplane.answering import answer_page
from services.controlplane.audit import add_entry, read_entries
from services.controlplane.chaining import read_head
from services.controlplane.marks import AUDIT
from services.controlplane.openapi import body_of, problems, read, written
from services.controlplane.problems import encode, problem, validation_parts
from services.controlplane.routes import ID_IN_HEX, Condition, Limit, read_body
from services.controlplane.store import Database
from services.wire.operations import AuditHead, AuditRecord
from services.wire.registry import Page, ProblemPart

Older = Annotated[str | None, Query(pattern="^[0-9a-f]{15}" + ID_IN_HEX, description="`next` of the page before")]
OfTenant = Annotated[
    str | None, Query(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._-]+$", description="this tenant's alone")
]

GIVEN: Final = ("position", "previous", "hash")
"""Members that the server gives."""


class AuditEndpoints:
    """Reading and adding; the log has no way to change or delete an entry."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(
        self, tenant: OfTenant = None, limit: Limit = 200, cursor: Older = None, if_none_match: Condition = None
    ) -> Response:
        asked = (tenant, limit, cursor)
        return answer_page(
            self._database, AUDIT, asked, if_none_match, lambda it: read_entries(it, tenant, cursor, limit)
        )

    async def add(self, request: Request) -> Response:
        body = await read_body(request)
        try:
            record = AuditRecord.model_validate_json(body, strict=True)
        except ValidationError as error:
            parts = validation_parts(error.errors(include_input=False, include_url=False), inside="body")
            return problem(422, "the body is no audit entry", parts=parts)
        given = [name for name in GIVEN if getattr(record, name) is not None]
        if given:
            parts = tuple(ProblemPart(where=f"body.{name}", what="is given by the server") for name in given)
            return problem(422, "the body is no audit entry", parts=parts)
        return await run_in_threadpool(self._add, record)

    def head(self) -> Response:
        with self._database.read() as connection:
            head = read_head(connection)
        return Response(encode(head.model_dump()), media_type="application/json")

    def _add(self, record: AuditRecord) -> Response:
        with self._database.write() as connection:
            item, new = add_entry(connection, record)
        kept = {key: value for key, value in item.items() if key not in GIVEN}
        if not new and AuditRecord.model_validate_json(encode(kept)) != record:
            return problem(409, f"there is another audit entry {record.id}; entries are never changed")
        return Response(encode(item), status_code=201 if new else 200, media_type="application/json")


def add_audit_routes(app: FastAPI, database: Database) -> None:
    """Add the routes of the audit log to ``app``."""
    endpoints = AuditEndpoints(database)
    app.get(
        "/audit",
        response_model=Page[AuditRecord],
        responses=read(401, 422),
        operation_id="list_audit",
        summary="A page of the audit log, newest first",
        tags=["audit"],
    )(endpoints.list)
    app.get(
        "/audit/head",
        response_model=AuditHead,
        responses=problems(401),
        operation_id="audit_head",
        summary="Where the audit log ends: what `tenure audit anchor` keeps elsewhere",
        tags=["audit"],
    )(endpoints.head)
    adding = problems(401, 403, 409, 413, 415, 422)
    written(adding, AuditRecord, created="added", again="it was there already, the same")
    app.post(
        "/audit",
        response_model=AuditRecord,
        responses=adding,
        operation_id="add_audit",
        summary="Add one entry; for the worker",
        tags=["audit"],
        openapi_extra=body_of(AuditRecord),
    )(endpoints.add)
