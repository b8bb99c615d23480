"""Plans and orders, where they are offered, and imports. No order is kept: a kept one could not be deleted again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from services.conformance.ground import Ground
from services.conformance.outcome import Check, Exchange, FailedError, expect
from services.conformance.samples import ABSENT_KEY, PREFIX, TENANT, tenant
from services.wire.imports import state_digest
from services.wire.orders import Plan, plan_digest

PLANNED = "a plan bears its digest, and twice it is the same"
REFUSED = "what cannot be planned: 409, with its field"
STALE = "a plan that no longer holds: 412, and no order"
TAMPERED = "a plan that is not the one of its digest: refused"
NOWHERE = "an order that is not there: 404"
IMPORTED = "an import: all or nothing, onto what it was compared with"
KEY = "c1" * 16


def checks(ground: Ground) -> Iterator[Check]:
    yield Check(PLANNED, "POST /plans", lambda: _planned(ground), writes=True)
    yield Check(REFUSED, "POST /plans", lambda: _refused(ground), writes=True)
    yield Check(TAMPERED, "POST /orders", lambda: _tampered(ground), writes=True)
    yield Check(STALE, "POST /orders", lambda: _stale(ground), writes=True)
    yield Check(NOWHERE, "GET /orders/{key}", lambda: _nowhere(ground))
    yield Check(IMPORTED, "POST /import", lambda: _imported(ground), writes=True)


def _plan(ground: Ground, **more: str) -> Exchange:
    ground.prepare()
    fields = {"basis": "litigation", "owner": "Legal", "reason": "conformance"} | more
    asked = {"key": KEY, "action": "hold-place", "tenants": [TENANT], "fields": fields}
    seen = ground.server.ask("POST", "/plans", ground.writer("/plans"), body=asked)
    return ground.there("POST", "/plans", seen)


def _planned(ground: Ground) -> str:
    seen = expect(_plan(ground), 200)
    try:
        plan = Plan.model_validate_json(seen.body)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise FailedError(f"it is no plan: {where}: {first['msg']}", seen) from None
    if plan_digest(plan) != plan.digest:
        raise FailedError("`digest` is not that of the plan", seen)
    again = expect(_plan(ground), 200)
    if again.members().get("digest") != plan.digest:
        raise FailedError("made twice onto the same state, it has another digest", again)
    return f"{len(plan.steps)} steps"


def _refused(ground: Ground) -> str:
    seen = expect(_plan(ground, expires="2020-01-01T00:00:00Z"), 409)
    parts = seen.members().get("errors") or []
    if not any(part.get("where") == "fields.expires" for part in parts):
        raise FailedError("`errors` does not name `fields.expires`", seen)
    return ""


def _order(ground: Ground, plan: dict[str, Any]) -> Exchange:
    seen = ground.server.ask("POST", "/orders", ground.writer("/orders"), body={"plan": plan})
    return ground.there("POST", "/orders", seen)


def _tampered(ground: Ground) -> str:
    plan = expect(_plan(ground), 200).members()
    _not_kept(ground, _order(ground, plan | {"title": "another one"}), 409, 412, 422)
    smuggled = plan | {"steps": [], "title": "another one"}
    # the digest fits now, and still the server would plan something else
    smuggled["digest"] = plan_digest(smuggled)
    _not_kept(ground, _order(ground, smuggled), 409, 412, 422)
    return ""


def _stale(ground: Ground) -> str:
    plan = expect(_plan(ground), 200).members()
    role = ground.writer("/tenants")
    expect(ground.server.ask("PUT", f"/tenants/{TENANT}", role, body=tenant() | {"name": "Meanwhile"}), 200)
    try:
        refused = _not_kept(ground, _order(ground, plan), 412)
        if not refused.members().get("errors"):
            raise FailedError("`errors` does not say what has changed", refused)
    finally:
        ground.server.ask("PUT", f"/tenants/{TENANT}", role, body=tenant())
    return ""


def _not_kept(ground: Ground, seen: Exchange, *statuses: int) -> Exchange:
    expect(seen, *statuses)
    expect(ground.server.ask("GET", f"/orders/{KEY}", ground.server.reader), 404)
    return seen


def _nowhere(ground: Ground) -> str:
    role = ground.server.reader
    ground.there("GET", "/orders", ground.server.ask("GET", "/orders", role, query={"limit": 1}))
    expect(ground.server.ask("GET", f"/orders/{ABSENT_KEY}", role), 404)
    return ""


def _imported(ground: Ground) -> str:
    role = ground.writer("/import")
    id_ = f"{PREFIX}imported"
    record = {"id": id_, "kind": "customer", "name": "Conformance"}
    ground.remember("parties", id_, role)

    def send(digest: str, *records: dict[str, Any]) -> Exchange:
        body = json.dumps({"digest": digest, "parties": records}).encode()
        return ground.there("POST", "/import", ground.server.ask("POST", "/import", role, raw=body))

    nothing = state_digest([("parties", id_, None)])
    expect(send("0" * 64, record), 412)
    expect(send(nothing, record | {"unknown": 1}), 422)
    expect(ground.server.ask("GET", f"/parties/{id_}", role), 404)
    done = expect(send(nothing, record), 200)
    if done.members() != {"created": 1, "replaced": 0}:
        raise FailedError("one record was created, and it is told otherwise", done)
    expect(send(nothing, record | {"name": "Another"}), 412)
    expect(ground.server.ask("DELETE", f"/parties/{id_}", role), 204)
    return ""
