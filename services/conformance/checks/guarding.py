"""Authorisation comes before all else: path, query, body and condition are not looked at before it."""

from __future__ import annotations

from collections.abc import Iterator

from services.conformance.ground import Ground, filled
from services.conformance.outcome import Check, Exchange, FailedError, NotTriedError, expect
from services.controlplane.guard import READING, WRITERS
from services.wire.registry import Role

WITHOUT = "without a token: 401 before all else"
UNKNOWN = "with an unknown token: 401"
ROLE = "without the role: 403 before all else"
MALFORMED = b'{"conformance'
"""No JSON, so that nothing can be written by a server that lets it pass."""


def checks(ground: Ground) -> Iterator[Check]:
    for method, path in [*ground.guarded(), ("GET", "/conformance-nowhere")]:
        told = f"{method} {path}"
        yield Check(WITHOUT, told, lambda m=method, p=path: _refused(ground, m, p, {}))  # type: ignore[misc]
        made_up = {"Authorization": "Bearer conformance-unknown"}
        yield Check(UNKNOWN, told, lambda m=method, p=path, h=made_up: _refused(ground, m, p, h))  # type: ignore[misc]
    for method, path in ground.guarded():
        if method not in READING:
            yield Check(ROLE, f"{method} {path}", lambda m=method, p=path: _forbidden(ground, m, p))  # type: ignore[misc]


def _refused(ground: Ground, method: str, path: str, headers: dict[str, str]) -> str:
    seen = expect(_malformed(ground, method, path, None, headers), 401)
    challenge = seen.headers.get("www-authenticate", "")
    if not challenge.lower().startswith("bearer"):
        raise FailedError(f"`WWW-Authenticate` is {challenge!r}: how to come back with a token is not told", seen)
    return ""


def _forbidden(ground: Ground, method: str, path: str) -> str:
    writers = WRITERS[path.split("/")[1]]
    others = [role for role in ground.server.bearers if role not in writers]
    if not others:
        raise NotTriedError(f"takes a token of another role than {' or '.join(sorted(writers))}")
    for role in others:
        expect(ground.there(method, path, _malformed(ground, method, path, role, {})), 403)
    return ", ".join(others)


def _malformed(ground: Ground, method: str, path: str, role: Role | None, headers: dict[str, str]) -> Exchange:
    """Everything about it is wrong, and only who may not ask is told."""
    reading = method in READING
    return ground.server.ask(
        method,
        filled(path),
        role,
        headers=headers | {"If-Match": '"conformance"'},
        query={"limit": 0} if reading else None,
        raw=None if reading else MALFORMED,
    )
