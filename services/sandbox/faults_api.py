"""Faults of the internal API, as an ASGI application in front of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from services.sandbox.fault_spec import SLOW_S, Fault, Kind
from services.sandbox.faults_control import PATH, FaultControl

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApplication = Callable[[Message, Receive, Send], Awaitable[None]]

GARBAGE = b"<html><body>It works!</body></html>\x00\xff"


class ApiFaults:
    """The ASGI application that strikes some calls and hands the others on."""

    def __init__(self, application: AsgiApplication, faults: Iterable[Fault], seed: int) -> None:
        self._application = application
        self.control = FaultControl(faults, seed, lambda fault: fault.kind.of_api)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        if scope["path"] == PATH:
            status, body = self.control.handle(scope["method"], await _read(receive))
            await _send(send, status, b"application/json", body)
            return
        kinds = {fault.kind for fault in self.control.struck()}
        if Kind.API_SLOW in kinds:
            await asyncio.sleep(SLOW_S)
        if Kind.API_DOWN in kinds:
            problem = {"title": "Service Unavailable", "status": 503, "detail": "the sandbox's fault api-down"}
            await _send(send, 503, b"application/problem+json", json.dumps(problem).encode())
        elif Kind.API_GARBAGE in kinds:
            await _send(send, 200, b"application/json", GARBAGE)
        elif Kind.API_SHORT in kinds:
            await self._shorten(scope, receive, send)
        else:
            await self._application(scope, receive, send)

    async def _shorten(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass the answer on with half of a page's records and no page to follow."""
        start: Message = {}
        body = bytearray()

        async def keep(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                body.extend(message.get("body", b""))

        await self._application(scope, receive, keep)
        short = _half(bytes(body))
        headers = [(name, value) for name, value in start["headers"] if name.lower() != b"content-length"]
        await send({**start, "headers": [*headers, (b"content-length", str(len(short)).encode())]})
        await send({"type": "http.response.body", "body": short})


def _half(body: bytes) -> bytes:
    try:
        value = json.loads(body)
    except ValueError:
        return body
    if not isinstance(value, dict) or not isinstance(value.get("items"), list):
        return body
    items = value["items"]
    return json.dumps({**value, "items": items[: len(items) // 2], "next": None}).encode()


async def _read(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        body.extend(message.get("body", b""))
        if not message.get("more_body"):
            return bytes(body)


async def _send(send: Send, status: int, content_type: bytes, body: bytes) -> None:
    headers = [(b"content-type", content_type), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
