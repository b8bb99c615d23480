"""What answers without a token, and who the token's bearer is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from services.conformance.ground import Ground
from services.conformance.outcome import Check, FailedError, NotOfferedError, expect
from services.wire.registry import Health

OPEN = "answers without a token"
RETURNED = "request ids come back"


def checks(ground: Ground) -> Iterator[Check]:
    yield Check(OPEN, "GET /healthz", lambda: _health(ground))
    yield Check(OPEN, "GET /openapi.json", lambda: _document(ground))
    yield Check(OPEN, "GET /readyz", lambda: _ready(ground))
    yield Check("tells whose the token is", "GET /whoami", lambda: _bearers(ground))
    yield Check(RETURNED, "GET /whoami", lambda: _request_id(ground))


def _health(ground: Ground) -> str:
    seen = expect(ground.server.ask("GET", "/healthz", None), 200)
    try:
        health = Health.model_validate_json(seen.body)
    except ValueError:
        raise FailedError("it does not tell `status` and `now`", seen) from None
    if health.now.utcoffset() is None:
        raise FailedError("`now` has no offset", seen)
    return f"now {health.now.isoformat()}"


def _document(ground: Ground) -> str:
    seen = ground.server.ask("GET", "/openapi.json", None)
    if seen.status != 200:
        offered = ground.server.ask("GET", "/openapi.json", ground.server.reader).status == 200
        if not offered:
            raise NotOfferedError("what it offers is found out by asking")
        raise FailedError(f"answered {seen.status} without a token, 200 with one", seen)
    found = seen.members().get("paths")
    if not isinstance(found, dict):
        raise FailedError("it is no OpenAPI document: it has no `paths`", seen)
    return f"{len(found)} paths"


def _ready(ground: Ground) -> str:
    seen = ground.server.ask("GET", "/readyz", None)
    if seen.status == 401:  # a path that is not there looks the same to who has no token
        ground.there("GET", "/readyz", ground.server.ask("GET", "/readyz", ground.server.reader))
    expect(ground.there("GET", "/readyz", seen), 200, 503)
    return "ready" if seen.status == 200 else "not ready"


def _bearers(ground: Ground) -> str:
    told = []
    for role in ground.server.bearers:
        seen = expect(ground.server.ask("GET", "/whoami", role), 200)
        ends = seen.members().get("expires_at")
        if ends is not None and datetime.fromisoformat(str(ends)).utcoffset() is None:
            raise FailedError("`expires_at` has no offset", seen)
        told.append(role)
    return ", ".join(told)


def _request_id(ground: Ground) -> str:
    given = "conformance-request"
    seen = ground.server.ask("GET", "/whoami", ground.server.reader, headers={"X-Request-Id": given})
    if seen.headers.get("x-request-id") != given:
        raise FailedError(f"`X-Request-Id` is {seen.headers.get('x-request-id')!r}, {given!r} was sent", seen)
    if not ground.server.ask("GET", "/whoami", ground.server.reader).headers.get("x-request-id"):
        raise FailedError("an answer has no `X-Request-Id` where none was sent", seen)
    return ""
