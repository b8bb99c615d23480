"""What stands around every request: it is counted, and told to the log once it was answered."""

from __future__ import annotations

import logging
import time
from typing import Final
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.controlplane.counted import Counted
from services.wire.registry import WhoAmI

PROBES: Final = frozenset({"/healthz", "/readyz", "/metrics"})
"""What machines ask every few seconds: counted, and told to nobody who has not asked for every detail."""
NOWHERE: Final = "none"
"""The route of a request that was refused before it had one, or that leads nowhere: made-up paths are no labels."""
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"})
_log = logging.getLogger("tenure.requests")


class Watch:
    """ASGI middleware around the whole application, the guard included."""

    def __init__(self, app: ASGIApp, *, counted: Counted) -> None:
        self._app = app
        self._counted = counted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.monotonic()
        status = 500
        request_id: str | None = None

        async def send_seen(message: Message) -> None:
            nonlocal status, request_id
            if message["type"] == "http.response.start":
                status = message["status"]
                request_id = Headers(raw=message["headers"]).get("x-request-id")
            await send(message)

        try:
            await self._app(scope, receive, send_seen)
        finally:
            seconds = time.monotonic() - began
            method = scope["method"] if scope["method"] in _METHODS else "other"
            route = getattr(scope.get("route"), "path", NOWHERE)
            self._counted.add(method, route, status, seconds)
            _tell(scope, method, route, status, seconds, request_id)


def _tell(scope: Scope, method: str, route: str, status: int, seconds: float, request_id: str | None) -> None:
    level = logging.DEBUG if scope["path"] in PROBES else logging.INFO
    if not _log.isEnabledFor(level):
        return
    # the query and the body stay out, and the path cannot break the line: it is text from outside
    path, milliseconds = quote(scope["path"]), round(seconds * 1000)
    who: WhoAmI | None = scope.get("state", {}).get("who")
    client = scope.get("client")
    _log.log(
        level,
        "%s %s %d in %d ms, request %s",
        method,
        path,
        status,
        milliseconds,
        request_id,
        extra={
            "method": method,
            "path": path,
            "route": route,
            "status": status,
            "ms": milliseconds,
            "request_id": request_id,
            "user": who.user if who else None,
            "role": who.role if who else None,
            "origin": client[0] if client else None,
        },
    )
