"""The endpoints of the registry: a page, a record, create or replace, delete; the same four for every collection."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import FastAPI, Header, Path, Query, Request
from pydantic import TypeAdapter, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response

from services.controlplane.openapi import BODY_LIMIT, described
from services.controlplane.preconditions import entity_tag, may_write, unchanged
from services.controlplane.problems import encode, problem, validation_parts
from services.controlplane.registry import RefusedError, put, read_one, read_page, remove
from services.controlplane.rules import broken_rules
from services.controlplane.store import Database
from services.controlplane.tables import AnyRecord, Collection
from services.wire.registry import Page

_HEX_ID: Final = r"^(2[de]|3[0-9]|[46][1-9a-f]|[57][0-9a]|5f){1,64}$"
"""A cursor is the id it stands behind, letter by letter in hex: whatever fits this is one."""

Cursor = Annotated[str | None, Query(pattern=_HEX_ID, description="`next` of the page before")]
Limit = Annotated[int, Query(ge=1, le=1000, description="how many records at most")]
IdPath = Annotated[str, Path(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._-]+$")]
Condition = Annotated[str | None, Header()]


class Endpoints:
    """The four operations on one collection, each a method that knows HTTP and leaves the rest to ``registry``."""

    def __init__(self, database: Database, collection: Collection) -> None:
        self._database = database
        self._collection = collection
        self._adapter: TypeAdapter[AnyRecord] = TypeAdapter(collection.record)

    def list(self, limit: Limit = 200, cursor: Cursor = None, if_none_match: Condition = None) -> Response:
        after = bytes.fromhex(cursor).decode("ascii") if cursor else None
        with self._database.read() as connection:
            items, last, total = read_page(connection, self._collection, after, limit)
        body = encode({"items": items, "next": last.encode("ascii").hex() if last else None, "total": total})
        return _tagged(body, if_none_match)

    def get(self, id: IdPath, if_none_match: Condition = None) -> Response:  # noqa: A002 - the path's own word
        with self._database.read() as connection:
            item = read_one(connection, self._collection, id)
        if item is None:
            return self._absent(id)
        return _tagged(encode(item), if_none_match)

    async def put(
        self,
        request: Request,
        id: IdPath,  # noqa: A002 - the path's own word
        if_match: Condition = None,
        if_none_match: Condition = None,
    ) -> Response:
        record = self._parse(await _body(request))
        if isinstance(record, Response):
            return record
        return await run_in_threadpool(self._put, id, record, if_match, if_none_match)

    def delete(self, id: IdPath, if_match: Condition = None) -> Response:  # noqa: A002 - the path's own word
        try:
            with self._database.write() as connection:
                item = read_one(connection, self._collection, id)
                if item is None:
                    return self._absent(id)
                if not may_write(if_match, None, entity_tag(encode(item))):
                    return _changed()
                remove(connection, self._collection, id)
        except RefusedError as refused:  # outside, so that the transaction is undone first
            return problem(409, str(refused), parts=refused.parts)
        return Response(status_code=204)

    def _parse(self, body: bytes) -> AnyRecord | Response:
        try:
            # strict: a number is no date and a word no flag, also where they could be taken for one
            return self._adapter.validate_json(body, strict=True)
        except ValidationError as error:
            parts = validation_parts(error.errors(include_input=False, include_url=False), inside="body")
            return problem(422, f"the body is no {self._collection.one}", parts=parts)

    def _put(self, id_: str, record: AnyRecord, if_match: str | None, if_none_match: str | None) -> Response:
        broken = broken_rules(record, id_)
        if broken:
            return problem(422, f"the {self._collection.one} cannot be as it says", parts=broken)
        try:
            with self._database.write() as connection:
                before = read_one(connection, self._collection, id_)
                tag = None if before is None else entity_tag(encode(before))
                if not may_write(if_match, if_none_match, tag):
                    return _changed()
                put(connection, self._collection, record, replace=before is not None)
                body = encode(read_one(connection, self._collection, id_))
        except RefusedError as refused:
            return problem(409, str(refused), parts=refused.parts)
        headers = {"ETag": entity_tag(body)}
        return Response(body, status_code=200 if before else 201, media_type="application/json", headers=headers)

    def _absent(self, id_: str) -> Response:
        return problem(404, f"there is no {self._collection.one} {id_}")


def add_registry_routes(app: FastAPI, database: Database, collections: tuple[Collection, ...]) -> None:
    """Add the routes of all collections to ``app``."""
    for collection in collections:
        endpoints = Endpoints(database, collection)
        record: Any = collection.record
        many, one = f"/{collection.name}", f"/{collection.name}/{{id}}"
        listing = described("list", collection, 401, 422)
        app.get(many, response_model=Page[record], **listing)(endpoints.list)
        getting = described("get", collection, 401, 404, 422)
        app.get(one, response_model=record, **getting)(endpoints.get)
        putting = described("put", collection, 401, 403, 409, 412, 413, 415, 422)
        app.put(one, response_model=record, **putting)(endpoints.put)
        deleting = described("delete", collection, 401, 403, 404, 409, 412, 422)
        app.delete(one, status_code=204, **deleting)(endpoints.delete)


async def _body(request: Request) -> bytes:
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != "application/json":
        raise HTTPException(415, "the body must be application/json")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_LIMIT:
            raise HTTPException(413, f"a record takes at most {BODY_LIMIT} bytes")
    return bytes(body)


def _tagged(body: bytes, if_none_match: str | None) -> Response:
    tag = entity_tag(body)
    if unchanged(if_none_match, tag):
        return Response(status_code=304, headers={"ETag": tag})
    return Response(body, media_type="application/json", headers={"ETag": tag})


def _changed() -> Response:
    return problem(412, "it is not, or no longer, what the condition of the request says")
