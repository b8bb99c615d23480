"""Lists: to the end page by page, and nothing twice; tags that spare what the asker has."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, Final

from services.conformance.ground import LISTS, Ground
from services.conformance.outcome import Check, Exchange, FailedError, NotTriedError, expect

PAGED = "pages to the end, and as many as `total`"
SPARED = "`If-None-Match` spares what the asker has"
LOGS: Final = ("/audit", "/orders", "/samples")
"""Newest first, and without end: they are read as far as ``FAR``."""
FAR: Final = 3000
LARGEST: Final = {"/orders": 200}
"""Where a page holds fewer than a thousand at most."""
PAGES: Final = 5
"""How many a list is cut into, where it is long enough."""
TURNS: Final = 3
"""How often a list that changes while it is read is read anew."""


def checks(ground: Ground) -> Iterator[Check]:
    for path in (*LISTS, *LOGS):
        yield Check(PAGED, f"GET {path}", lambda p=path: _paged(ground, p))  # type: ignore[misc]
        yield Check(SPARED, f"GET {path}", lambda p=path: _spared(ground, p, p))  # type: ignore[misc]
    for path in LISTS:
        yield Check(SPARED, f"GET {path}/{{id}}", lambda p=path: _one(ground, p))  # type: ignore[misc]


def _page(ground: Ground, path: str, limit: int, cursor: str | None) -> tuple[Exchange, list[Any], dict[str, Any]]:
    query: dict[str, str | int] = {"limit": limit} | ({"cursor": cursor} if cursor else {})
    seen = ground.server.ask("GET", path, ground.server.reader, query=query)
    page = expect(ground.there("GET", path, seen), 200).members()
    items = page.get("items")
    if not isinstance(items, list) or not all(isinstance(item, dict) and "id" in item for item in items):
        raise FailedError("`items` is no list of records with an id", seen)
    if "next" not in page:
        raise FailedError("the page has no `next`: whether it is the last one is not told", seen)
    if len(items) > limit:
        raise FailedError(f"{len(items)} records, at most {limit} were asked for", seen)
    return seen, items, page


def _paged(ground: Ground, path: str) -> str:
    largest = LARGEST.get(path, 1000)
    far = FAR if path in LOGS else None
    for _ in range(TURNS):
        whole, before = _walk(ground, path, largest, far)
        cut = max(1, min(largest, math.ceil(len(whole) / PAGES)))
        pieces, after = _walk(ground, path, cut, far)
        last, _, page = _page(ground, path, 1, None)
        if page.get("total") in (before, None) and before == after:
            break
    else:
        raise NotTriedError(f"it changed while it was read, {TURNS} times")
    for found, by in ((whole, largest), (pieces, cut)):
        if before is not None and len(found) != min(before, far or before):
            raise FailedError(f"by pages of {by} it ends after {len(found)} records, `total` says {before}", last)
    if whole != pieces:
        raise FailedError(f"by pages of {cut} there are other records than by pages of {largest}", last)
    if path in LISTS and whole != sorted(whole):
        raise FailedError("the records are not ordered by id", last)
    return f"{len(whole)} records" if before is not None else f"{len(whole)} records; no `total`"


def _walk(ground: Ground, path: str, limit: int, far: int | None) -> tuple[list[str], int | None]:
    """Ids in the order in which they come, at most ``far``, and the last page's ``total``."""
    ids: list[str] = []
    cursors: set[str] = set()
    cursor: str | None = None
    while True:
        seen, items, page = _page(ground, path, limit, cursor)
        ids += [str(item["id"]) for item in items]
        if len(set(ids)) != len(ids):
            raise FailedError("a record comes twice", seen)
        cursor = page["next"]
        if cursor is None or (far is not None and len(ids) >= far):
            return ids[:far], page.get("total")
        if cursor in cursors or not items:
            raise FailedError("`next` leads in a circle, or from a page without records", seen)
        cursors.add(cursor)


def _spared(ground: Ground, path: str, declared: str) -> str:
    role = ground.server.reader
    for turn in range(1, TURNS + 1):
        first = expect(ground.there("GET", declared, ground.server.ask("GET", path, role)), 200)
        tag = first.headers.get("etag")
        if not tag:
            raise FailedError("the answer has no `ETag`", first)
        again = ground.server.ask("GET", path, role, headers={"If-None-Match": tag})
        # 200 with another tag is right where something has changed in between
        if again.status != 200 or again.headers.get("etag") == tag or turn == TURNS:
            return _told_again(ground, path, tag, again)
    raise AssertionError("the last turn returns")


def _told_again(ground: Ground, path: str, tag: str, again: Exchange) -> str:
    expect(again, 304)
    if again.body or again.headers.get("etag") != tag:
        raise FailedError("a 304 has a body, or not the tag that was asked about", again)
    role = ground.server.reader
    expect(ground.server.ask("GET", path, role, headers={"If-None-Match": '"conformance"'}), 200)
    return ""


def _one(ground: Ground, path: str) -> str:
    _, items, _ = _page(ground, path, 1, None)
    if not items:
        raise NotTriedError("the list is empty")
    one = f"{path}/{items[0]['id']}"
    found = expect(ground.there("GET", f"{path}/{{id}}", ground.server.ask("GET", one, ground.server.reader)), 200)
    if found.json() != items[0]:
        raise FailedError("the record is not the one of the list", found)
    return _spared(ground, one, f"{path}/{{id}}")
