"""What stands in front of an AWS of the matrix: it counts the calls, strikes some, and keeps what the others wrote."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from enum import StrEnum
from io import BytesIO
from typing import Any, Final, NoReturn

from services.sandbox import aws_errors
from services.sandbox.aws_errors import Errors, error, read_call
from services.sandbox.reading import writes

LOG, HEAL = "/matrix/log", "/matrix/heal"
HANGS_S: Final = 600.0
KEPT: Final = (
    "REQUEST_METHOD",
    "PATH_INFO",
    "QUERY_STRING",
    "CONTENT_TYPE",
    "CONTENT_LENGTH",
    "HTTP_AUTHORIZATION",
    "HTTP_X_AMZ_TARGET",
    "HTTP_HOST",
)
"""Of a request, beside its body: all that moto reads."""
Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Kind(StrEnum):
    """How a call to AWS is struck."""

    DENIED = "denied"
    THROTTLED = "throttled"
    BROKEN = "broken"
    """503."""
    HANGING = "hanging"
    """Taken, never answered, never carried out."""
    LOST = "lost"
    """Carried out, and its answer never sent."""


class Reach(StrEnum):
    """Which calls a strike hits."""

    ONCE = "once"
    ON = "from then on"
    """That call and all that come after it, whatever they ask."""
    SAME = "the same"
    """That call and each later one of its operation."""


_ERRORS: Final[Mapping[Kind, Errors]] = {
    Kind.DENIED: aws_errors.DENIED,
    Kind.THROTTLED: aws_errors.THROTTLED,
    Kind.BROKEN: aws_errors.DOWN,
}


@dataclass(frozen=True, slots=True)
class Strike:
    """``at``: the number of the call, from 1."""

    at: int
    kind: Kind
    reach: Reach = Reach.ONCE

    @classmethod
    def read(cls, value: Mapping[str, Any]) -> Strike:
        return cls(value["at"], Kind(value["kind"]), Reach(value["reach"]))

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


class _BrokenOffError(ConnectionError):
    """The connection has ended without an answer: the server looks at it as at one that the client has left."""


class Striking:
    """The WSGI application. ``before_write`` is called before each call that writes, with its number among them."""

    def __init__(
        self, application: Application, strikes: Iterable[Strike], before_write: Callable[[int], None]
    ) -> None:
        self._application = application
        self._strikes = tuple(strikes)
        self._before_write = before_write
        self._lock = threading.Lock()
        self._healed = threading.Event()
        self.calls: list[dict[str, Any]] = []
        self.written: list[dict[str, Any]] = []
        """The requests that changed something, to be made again."""
        self.writes = 0
        self._operations: dict[int, str] = {}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == HEAL:
            self._healed.set()
        if path in (LOG, HEAL):
            return _answer(start_response, 200, "application/json", json.dumps(self._told()).encode())
        if self._healed.is_set():
            return self._application(environ, start_response)
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = BytesIO(body)
        call = read_call(environ)
        environ["wsgi.input"] = BytesIO(body)
        name = f"{call.service} {call.operation}"
        with self._lock:
            number = len(self.calls) + 1
            strike = self._hit(number, name)
            self.calls.append({"name": name, "writes": writes(call), "struck": strike.kind if strike else None})
        if strike is not None and strike.kind is Kind.HANGING:
            self._healed.wait(HANGS_S)
            _break_off(environ)
        if strike is not None and strike.kind in _ERRORS:
            return _answer(start_response, *error(_ERRORS[strike.kind], call))
        if writes(call):
            with self._lock:
                self.writes += 1
                self._before_write(self.writes)
                self.written.append({**{key: environ[key] for key in KEPT if key in environ}, "body": body.decode()})
                answered = list(self._application(environ, start_response))
        else:
            answered = list(self._application(environ, start_response))
        if strike is not None:
            _break_off(environ)
        return answered

    def replay(self, requests: Iterable[Mapping[str, Any]]) -> None:
        """Makes requests again that were kept, and forgets them."""
        for request in requests:
            self.writes += 1
            self._before_write(self.writes)
            environ = {key: value for key, value in request.items() if key != "body"}
            given = {
                "wsgi.input": BytesIO(request["body"].encode()),
                "wsgi.url_scheme": "http",
                "SERVER_NAME": "127.0.0.1",
                "SERVER_PORT": "80",
                "SERVER_PROTOCOL": "HTTP/1.1",
                "SCRIPT_NAME": "",
            }
            list(self._application({**given, **environ}, lambda *_: None))

    def _hit(self, number: int, name: str) -> Strike | None:
        """The strike of this call; one that is meant for it alone goes before one that lasts."""
        for strike in self._strikes:
            if number == strike.at:
                self._operations[strike.at] = name
                return strike
        for strike in self._strikes:
            lasts = strike.reach is Reach.ON
            again = strike.reach is Reach.SAME and self._operations.get(strike.at) == name
            if number > strike.at and (lasts or again):
                return strike
        return None

    def _told(self) -> dict[str, Any]:
        with self._lock:
            return {"calls": list(self.calls), "written": list(self.written)}


def _break_off(environ: Mapping[str, Any]) -> NoReturn:
    with suppress(OSError):  # the client may have gone first
        environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
    raise _BrokenOffError


def _answer(start_response: Any, status: int, content_type: str, body: bytes) -> Iterable[bytes]:
    start_response(f"{status} Said", [("Content-Type", content_type), ("Content-Length", str(len(body)))])
    return [body]
