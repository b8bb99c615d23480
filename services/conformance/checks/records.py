"""A record's life: created, read back, replaced, kept from who has not seen it, deleted; and what is no record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from services.conformance.ground import LISTS, Ground
from services.conformance.outcome import Check, Exchange, FailedError, expect
from services.conformance.samples import CHANGED, PARTIES, PREFIX, TENANT, sample
from services.controlplane.openapi import BODY_LIMIT
from services.wire.registry import Role

LIFE = "created, read back, replaced, deleted"
CONDITIONS = "conditions of writes: 412, and nothing is changed"
STRICT = "a body that is not as the schema says: 422"
LEADS = "references lead somewhere: 409"
LONG = "a body that is too long: 413"


def checks(ground: Ground) -> Iterator[Check]:
    for path in LISTS:
        one = f"{path}/{{id}}"
        yield Check(LIFE, f"PUT {one}", lambda p=path: _life(ground, p), writes=True)  # type: ignore[misc]
        yield Check(CONDITIONS, f"PUT {one}", lambda p=path: _conditions(ground, p), writes=True)  # type: ignore[misc]
        yield Check(STRICT, f"PUT {one}", lambda p=path: _strict(ground, p), writes=True)  # type: ignore[misc]
        if path != "/parties":
            yield Check(LEADS, f"PUT {one}", lambda p=path: _leads(ground, p), writes=True)  # type: ignore[misc]
    yield Check(LEADS, "DELETE /parties/{id}", lambda: _named(ground), writes=True)
    yield Check(LONG, "PUT /parties/{id}", lambda: _long(ground), writes=True)


class _One:
    """A record of a collection at work: remembered before it is written, so that it is deleted whatever happens."""

    def __init__(self, ground: Ground, path: str, word: str) -> None:
        self.role: Role = ground.writer(path)
        if path != "/parties":
            ground.prepare()
        self.name = path.removeprefix("/")
        self.body = sample(self.name, word, ground.user(self.role))
        self.path = f"{path}/{self.body['id']}"
        self._ground = ground
        ground.remember(self.name, self.body["id"], self.role)

    def put(self, body: object = None, headers: dict[str, str] | None = None, raw: bytes | None = None) -> Exchange:
        sent = None if raw is not None else self.body if body is None else body
        seen = self._ground.server.ask("PUT", self.path, self.role, headers=headers, body=sent, raw=raw)
        return self._ground.there("PUT", f"/{self.name}/{{id}}", seen)

    def get(self) -> Exchange:
        return self._ground.server.ask("GET", self.path, self.role)

    def delete(self, headers: dict[str, str] | None = None) -> Exchange:
        return self._ground.server.ask("DELETE", self.path, self.role, headers=headers)

    def holds(self, wanted: dict[str, Any], seen: Exchange) -> None:
        """Raises ``FailedError`` where the record is not what was written."""
        found = seen.members()
        for member, value in wanted.items():
            if not _same(found.get(member), value):
                raise FailedError(f"`{member}` is not what was written", seen)


def _same(found: object, written: object) -> bool:
    """Instants may be said in another way: ``Z`` for ``+00:00``."""
    if isinstance(found, str) and isinstance(written, str):
        return found.replace("+00:00", "Z") == written.replace("+00:00", "Z")
    return found == written


def _life(ground: Ground, path: str) -> str:
    one = _One(ground, path, "life")
    expect(one.put(), 201)
    one.holds(one.body, expect(one.get(), 200))
    later = one.body | CHANGED[one.name]
    replaced = expect(one.put(later), 200)
    one.holds(later, expect(one.get(), 200))
    if replaced.headers.get("etag") != one.get().headers.get("etag"):
        raise FailedError("the `ETag` of the answer is not the one of the record", replaced)
    expect(one.delete(), 204)
    expect(one.get(), 404)
    expect(one.delete(), 404)
    return ""


def _conditions(ground: Ground, path: str) -> str:
    one = _One(ground, path, "kept")
    expect(one.put(headers={"If-Match": "*"}), 412)
    first = expect(one.put(headers={"If-None-Match": "*"}), 201)
    old = first.headers.get("etag") or ""
    if not old:
        raise FailedError("the answer has no `ETag`", first)
    expect(one.put(headers={"If-None-Match": "*"}), 412)
    later = one.body | CHANGED[one.name]
    new = expect(one.put(later, headers={"If-Match": old}), 200).headers.get("etag") or ""
    expect(one.put(headers={"If-Match": old}), 412)
    expect(one.delete({"If-Match": old}), 412)
    one.holds(later, expect(one.get(), 200))
    expect(one.delete({"If-Match": new}), 204)
    return ""


def _strict(ground: Ground, path: str) -> str:
    one = _One(ground, path, "strict")
    for body, where in (
        (one.body | {"conformance_unknown": None}, "conformance_unknown"),
        (one.body | {"id": 7}, "id"),
        (one.body | {"id": f"{PREFIX}another"}, "id"),
        ({}, "id"),
        ([one.body], None),
    ):
        refused = expect(one.put(body), 422)
        parts = refused.members().get("errors") or []
        if where is not None and not any(str(part.get("where", "")).endswith(where) for part in parts):
            raise FailedError(f"`errors` does not say that `body.{where}` is wrong", refused)
    expect(one.put(raw=b'{"id":'), 422)
    expect(one.put(raw=b"id: 1", headers={"Content-Type": "text/plain"}), 415)
    expect(one.get(), 404)
    return ""


def _leads(ground: Ground, path: str) -> str:
    one = _One(ground, path, "lost")
    if one.name == "acknowledgements":  # its id follows from its tenant, so that another tenant's is another record
        return ""
    for member, id_ in _lost(one.name):
        refused = expect(one.put(one.body | {member: id_}), 409)
        if member not in str(refused.members().get("errors") or refused.members().get("detail")):
            raise FailedError(f"it is not told that `{member}` is wrong", refused)
    return ""


def _lost(collection: str) -> Iterator[tuple[str, str]]:
    """Member, and an id that leads nowhere or to a party of another kind."""
    if collection == "tenants":
        yield "customer", f"{PREFIX}absent"
        yield "reseller", PARTIES["customer"]
    else:
        yield "tenant", f"{PREFIX}absent"


def _named(ground: Ground) -> str:
    ground.prepare()
    role = ground.writer("/parties")
    path = f"/parties/{PARTIES['customer']}"
    expect(ground.there("DELETE", "/parties/{id}", ground.server.ask("DELETE", path, role)), 409)
    expect(ground.server.ask("GET", path, role), 200)
    return f"{TENANT} names it"


def _long(ground: Ground) -> str:
    one = _One(ground, "/parties", "strict")
    expect(one.put(one.body | {"name": "x" * BODY_LIMIT}), 413)
    return ""
