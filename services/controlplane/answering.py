"""What endpoints of reading have in common: a page of a list, or what is reckoned of it, under the list's mark."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from sqlalchemy import Connection
from starlette.responses import Response

from services.controlplane.marks import mark_of, page_headers
from services.controlplane.preconditions import unchanged
from services.controlplane.problems import encode
from services.controlplane.registry import Item
from services.controlplane.store import Database

ReadPage: TypeAlias = Callable[[Connection], tuple[list[Item], str | None, int]]
"""The records, the cursor to go on from (``None`` at the end), and how many there are in all."""


def answer_page(
    database: Database, collection: str, asked: tuple[object, ...], if_none_match: str | None, read: ReadPage
) -> Response:
    """A page of ``collection``; ``asked`` is what tells pages apart. 304 without reading it where the asker has it."""

    def body(connection: Connection) -> bytes:
        items, following, total = read(connection)
        return encode({"items": items, "next": following, "total": total})

    return answer_marked(database, collection, asked, if_none_match, body)


def answer_marked(
    database: Database,
    collection: str,
    asked: tuple[object, ...],
    if_none_match: str | None,
    read: Callable[[Connection], bytes],
) -> Response:
    """What changes only where ``collection`` does."""
    with database.read() as connection:
        headers = page_headers(mark_of(connection, collection), *asked)
        if unchanged(if_none_match, headers["ETag"]):
            return Response(status_code=304, headers=headers)
        body = read(connection)
    return Response(body, media_type="application/json", headers=headers)
