"""What every request passes first: its id, its bearer, its right to write; and last: an error without internals.

It stands outside the router on purpose. Who may not write learns nothing from how a path, a body or a precondition
would have been judged, and who has no token learns not even which paths exist.
"""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Mapping

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.controlplane.collection import COLLECTIONS, PEOPLE, WORKER
from services.controlplane.problems import problem
from services.controlplane.tokens import Rejected, Tokens
from services.now import Now
from services.wire.registry import Role, WhoAmI

OPEN_PATHS = frozenset({"/healthz", "/readyz", "/openapi.json"})
"""Paths that answer without a token."""
EVERYBODY: frozenset[Role] = frozenset({"viewer", *PEOPLE, *WORKER})
READING = frozenset({"GET", "HEAD", "OPTIONS"})
WRITERS: Mapping[str, frozenset[Role]] = {
    **{collection.name: collection.writers for collection in COLLECTIONS},
    "audit": frozenset({"worker"}),
    "anchors": PEOPLE | WORKER,
    "import": PEOPLE,
    "plans": frozenset({"viewer", *PEOPLE}),
    "orders": PEOPLE,
}
"""Who may change what stands under a path's first segment."""

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,128}", re.ASCII)
_log = logging.getLogger("tenure.controlplane")


class Guard:
    """ASGI middleware around the whole application."""

    def __init__(self, app: ASGIApp, *, tokens: Tokens, now: Now) -> None:
        self._app = app
        self._tokens = tokens
        self._now = now

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        given = headers.get("x-request-id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(16)
        started = False

        async def send_marked(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                marked = MutableHeaders(scope=message)
                marked["X-Request-Id"] = request_id
                marked["X-Content-Type-Options"] = "nosniff"
                marked.setdefault("Cache-Control", "private, no-cache")
            await send(message)

        try:
            refusal = await self._refusal(scope, headers)
            await (refusal or self._app)(scope, receive, send_marked)
        except ClientDisconnect:  # in the middle of its body: nothing failed here, and so it is counted
            _log.info("request %s: the client has gone", request_id)
            await problem(400, "the body did not come to its end")(scope, receive, send_marked)
        except Exception as error:
            _log.exception("request %s failed", request_id)
            if started:
                raise
            await _failure(error)(scope, receive, send_marked)

    async def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        """The answer to whoever may not ask this; sets ``request.state.who`` for whoever may."""
        if scope["path"] in OPEN_PATHS:
            return None
        who = await self._bearer(headers)
        if isinstance(who, Response):
            return who
        scope.setdefault("state", {})["who"] = who
        roles = roles_of(scope["method"], scope["path"])
        if roles is not None and who.role not in roles:
            return problem(
                403,
                f"the role {who.role} may not do this; it takes {one_of(roles)}",
                headers={"WWW-Authenticate": 'Bearer realm="tenure", error="insufficient_scope"'},
            )
        return None

    async def _bearer(self, headers: Headers) -> WhoAmI | Response:
        given = headers.getlist("authorization")
        scheme, _, token = given[0].partition(" ") if len(given) == 1 else ("", "", "")
        if scheme.lower() != "bearer" or not token.strip():
            return problem(401, "this takes a bearer token", headers={"WWW-Authenticate": 'Bearer realm="tenure"'})
        who = await run_in_threadpool(self._tokens.bearer, token.strip(), self._now())
        if isinstance(who, WhoAmI):
            return who
        detail = "the token has expired" if who is Rejected.EXPIRED else "the token is not known here"
        return problem(
            401,
            detail,
            headers={"WWW-Authenticate": f'Bearer realm="tenure", error="invalid_token", error_description="{detail}"'},
        )


def roles_of(method: str, path: str) -> frozenset[Role] | None:
    """Who may ask this, whatever the path leads to; ``None``: it takes no token."""
    if path in OPEN_PATHS:
        return None
    if method in READING:
        return EVERYBODY
    return WRITERS.get(path.removeprefix("/").partition("/")[0], PEOPLE)


def one_of(roles: frozenset[Role]) -> str:
    """In words."""
    *others, last = sorted(roles)
    return f"{', '.join(others)} or {last}" if others else last


def _failure(error: Exception) -> Response:
    if isinstance(error, DBAPIError | NoConnectionError):
        return problem(503, "the database did not answer in time or not at all", headers={"Retry-After": "1"})
    return problem(500, "the server failed; its log has the reason under this request id")
