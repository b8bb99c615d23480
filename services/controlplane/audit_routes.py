"""The endpoints of the audit log: pages, newest first, and for the worker a way to add to it."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import FastAPI, Query, Request
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from services.controlplane.audit import add_entry, read_entries
from services.controlplane.chaining import read_head
from services.controlplane.marks import AUDIT, mark_of, page_headers
from services.controlplane.openapi import problems
from services.controlplane.preconditions import unchanged
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
        with self._database.read() as connection:
            headers = page_headers(mark_of(connection, AUDIT), tenant, limit, cursor)
            if unchanged(if_none_match, headers["ETag"]):
                return Response(status_code=304, headers=headers)
            items, after, total = read_entries(connection, tenant, cursor, limit)
        body = encode({"items": items, "next": after, "total": total})
        return Response(body, media_type="application/json", headers=headers)

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
    reading = problems(401, 422)
    headers = {"ETag": {"schema": {"type": "string"}, "description": "the tag of this representation"}}
    reading[200] = {"headers": headers}
    reading[304] = {"description": "the asker has it already", "headers": headers}
    app.get(
        "/audit",
        response_model=Page[AuditRecord],
        responses=reading,
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
    reference = {"schema": {"$ref": "#/components/schemas/AuditRecord"}}
    adding = problems(401, 403, 409, 413, 415, 422)
    adding[200] = {"description": "it was there already, the same", "content": {"application/json": reference}}
    adding[201] = {"description": "added", "content": {"application/json": reference}}
    extra: dict[str, Any] = {"requestBody": {"required": True, "content": {"application/json": reference}}}
    app.post(
        "/audit",
        response_model=AuditRecord,
        responses=adding,
        operation_id="add_audit",
        summary="Add one entry; for the worker",
        tags=["audit"],
        openapi_extra=extra,
    )(endpoints.add)
