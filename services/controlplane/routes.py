"""The endpoints of the collections: a page, a record, create or replace, delete; the same four for every one."""

from __future__ import annotations

from typing import Annotated, Any, Final

from anyio import fail_after
from fastapi import FastAPI, Header, Path, Query, Request
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response

from services.controlplane.answering import answer_page
from services.controlplane.audit import Actor, note
from services.controlplane.collection import AnyRecord, Collection
from services.controlplane.openapi import BODY_LIMIT, described
from services.controlplane.preconditions import entity_tag, may_write, unchanged
from services.controlplane.problems import encode, problem, validation_parts
from services.controlplane.registry import Item, RefusedError, keep_state, put, read_one, read_page, remove
from services.controlplane.store import Database
from services.now import Now
from services.wire.operations import AcknowledgementRecord
from services.wire.registry import Page
from services.wire.rules import broken_rules

BODY_S: Final = 60.0
"""Seconds that a body may take to come: 64 MiB over 10 Mbit/s."""
ID_IN_HEX: Final = r"(2[de]|3[0-9]|[46][1-9a-f]|[57][0-9a]|5f){1,64}$"
"""An id letter by letter in hex: whatever fits this is one."""

Cursor = Annotated[str | None, Query(pattern="^" + ID_IN_HEX, description="`next` of the page before")]
Limit = Annotated[int, Query(ge=1, le=1000, description="how many records at most")]
IdPath = Annotated[str, Path(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._-]+$")]
Condition = Annotated[str | None, Header()]


class Endpoints:
    """The four operations on one collection, each a method that knows HTTP and leaves the rest to ``registry``."""

    def __init__(self, database: Database, collection: Collection, now: Now) -> None:
        self._database = database
        self._collection = collection
        self._now = now
        self._adapter: TypeAdapter[AnyRecord] = TypeAdapter(collection.record)

    def list(self, limit: Limit = 200, cursor: Cursor = None, if_none_match: Condition = None) -> Response:
        after = bytes.fromhex(cursor).decode("ascii") if cursor else None

        def read(connection: Connection) -> tuple[list[Item], str | None, int]:
            items, last, total = read_page(connection, self._collection, after, limit)
            return items, last.encode("ascii").hex() if last else None, total

        return answer_page(self._database, self._collection.name, (limit, cursor), if_none_match, read)

    def get(self, id: IdPath, if_none_match: Condition = None) -> Response:  # noqa: A002 - the path's own word
        with self._database.read() as connection:
            item = read_one(connection, self._collection, id)
        if item is None:
            return self._absent(id)
        return tagged(encode(item), if_none_match)

    async def put(
        self,
        request: Request,
        id: IdPath,  # noqa: A002 - the path's own word
        if_match: Condition = None,
        if_none_match: Condition = None,
    ) -> Response:
        record = self._parse(await read_body(request))
        if isinstance(record, Response):
            return record
        actor = actor_of(request, self._now)
        return await run_in_threadpool(self._put, id, record, if_match, if_none_match, actor)

    def delete(
        self,
        request: Request,
        id: IdPath,  # noqa: A002 - the path's own word
        if_match: Condition = None,
    ) -> Response:
        try:
            with self._database.write() as connection:
                item = read_one(connection, self._collection, id)
                if item is None:
                    return self._absent(id)
                if not may_write(if_match, None, entity_tag(encode(item))):
                    return changed()
                remove(connection, self._collection, id)
                self._note(connection, actor_of(request, self._now), "delete", item)
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

    def _put(
        self, id_: str, record: AnyRecord, if_match: str | None, if_none_match: str | None, actor: Actor
    ) -> Response:
        if isinstance(record, AcknowledgementRecord) and record.by != actor.who.user:
            return problem(403, f"an acknowledgement is its bearer's own word: `by` must be {actor.who.user}")
        broken = broken_rules(record, id_)
        if broken:
            return problem(422, f"the {self._collection.one} cannot be as it says", parts=broken)
        try:
            with self._database.write() as connection:
                before = read_one(connection, self._collection, id_)
                tag = None if before is None else entity_tag(encode(before))
                if not may_write(if_match, if_none_match, tag):
                    return changed()
                keep_state(connection, record, before)
                put(connection, self._collection, record, replace=before is not None)
                after = read_one(connection, self._collection, id_)
                if after is not None and after != before:
                    self._note(connection, actor, "replace" if before else "create", after)
        except RefusedError as refused:
            return problem(409, str(refused), parts=refused.parts)
        body = encode(after)
        headers = {"ETag": entity_tag(body)}
        return Response(body, status_code=200 if before else 201, media_type="application/json", headers=headers)

    def _note(self, connection: Connection, actor: Actor, verb: str, item: Item) -> None:
        if actor.noted:
            tenant = item["id"] if self._collection.name == "tenants" else item.get("tenant")
            note(connection, actor, f"{self._collection.one} {verb}", tenant, item.get("figure") or item["id"])

    def _absent(self, id_: str) -> Response:
        return problem(404, f"there is no {self._collection.one} {id_}")


def add_collection_routes(app: FastAPI, database: Database, collections: tuple[Collection, ...], now: Now) -> None:
    """Add the routes of all collections to ``app``; ``now`` dates what the audit log notes."""
    for collection in collections:
        endpoints = Endpoints(database, collection, now)
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


def actor_of(request: Request, now: Now) -> Actor:
    """Who sends the request."""
    return Actor(request.state.who, now(), request.client.host if request.client else None)


async def read_body(request: Request, limit: int = BODY_LIMIT) -> bytes:
    """The JSON body. Raises 415 for another media type, 413 for more than ``limit`` bytes, and 408 where it does not
    come to its end in time."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != "application/json":
        raise HTTPException(415, "the body must be application/json")
    body = bytearray()
    try:
        with fail_after(BODY_S):
            async for chunk in request.stream():
                body += chunk
                if len(body) > limit:
                    raise HTTPException(413, f"this takes at most {limit} bytes")
    except TimeoutError:
        said = f"the body did not come within {BODY_S:g} seconds"
        raise HTTPException(408, said, headers={"Connection": "close"}) from None
    return bytes(body)


def tagged(body: bytes, if_none_match: str | None) -> Response:
    """200 with the body and its tag, or 304 where the asker has it already."""
    tag = entity_tag(body)
    if unchanged(if_none_match, tag):
        return Response(status_code=304, headers={"ETag": tag})
    return Response(body, media_type="application/json", headers={"ETag": tag})


def changed() -> Response:
    """The condition of a write does not hold."""
    return problem(412, "it is not, or no longer, what the condition of the request says")
