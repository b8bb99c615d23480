"""What stands in front of moto: refuses keys that nobody gave out and what a role may not do, and strikes calls with
the faults in force."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

from services.sandbox import aws_errors
from services.sandbox.aws_errors import Call, Errors, error, read_call
from services.sandbox.fault_spec import SLOW_S, Fault, Kind
from services.sandbox.faults_control import PATH, FaultControl
from services.sandbox.options import REGIONS
from services.sandbox.unsigned import Unsigned

StartResponse = Callable[..., Any]
Application = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]
Control = Callable[[str, bytes], tuple[int, bytes]]
"""From a method and a body to a status and a JSON body."""

HANG_S = 3600.0
"""How long a call hangs at most; faults that are replaced let it go."""

_ERRORS: dict[Kind, Errors] = {
    Kind.DOWN: aws_errors.DOWN,
    Kind.THROTTLE: aws_errors.THROTTLED,
    Kind.DENIED: aws_errors.DENIED,
    Kind.EXPIRED: aws_errors.EXPIRED,
}


class AwsFront:
    """The WSGI application. ``knows`` tells whether an access key id was given out: moto takes any for its default
    account's, whose emptiness would pass for an answer. ``over`` tells whether the session of one has ended,
    ``refuses`` whether a call is not allowed to who makes it, ``unsigned`` answers what bears no signature.
    ``controls`` are further control endpoints, by path.
    """

    def __init__(
        self,
        application: Application,
        faults: Iterable[Fault],
        seed: int,
        knows: Callable[[str], bool],
        controls: Mapping[str, Control] = MappingProxyType({}),
        *,
        over: Callable[[str], bool] = lambda _: False,
        refuses: Callable[[Call], bool] = lambda _: False,
        unsigned: Unsigned | None = None,
    ) -> None:
        self._application = application
        self._knows = knows
        self._over = over
        self._refuses = refuses
        self._unsigned = unsigned
        self.control = FaultControl(faults, seed, lambda fault: not fault.kind.of_api)
        self._controls: Mapping[str, Control] = {PATH: self.control.handle, **controls}

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        if (control := self._controls.get(environ.get("PATH_INFO", ""))) is not None:
            length = int(environ.get("CONTENT_LENGTH") or 0)
            status, body = control(environ["REQUEST_METHOD"], environ["wsgi.input"].read(length))
            return _send(start_response, status, "application/json", body)
        if self._unsigned is not None and (service := self._unsigned.service(environ)) is not None:
            return self._answer_unsigned(self._unsigned, service, environ, start_response)
        call = read_call(environ)
        refusal = self._strike(call)
        if refusal is None and call.key is not None and not self._knows(call.key):
            refusal = error(aws_errors.UNKNOWN_KEY, call)
        elif refusal is None and call.key is not None and self._over(call.key):
            refusal = error(aws_errors.EXPIRED, call)
        elif refusal is None and self._refuses(call):
            refusal = error(aws_errors.DENIED, call)
        if refusal is None:
            return self._application(environ, start_response)
        return _send(start_response, *refusal)

    def _answer_unsigned(
        self, unsigned: Unsigned, service: str, environ: dict[str, Any], start_response: StartResponse
    ) -> Iterable[bytes]:
        asked = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"
        refusal = self._strike(Call(service, REGIONS[0], asked, "rest-json"))
        if refusal is not None:
            return _send(start_response, *refusal)
        status, name, body = unsigned.answer(environ)
        more = (("x-amzn-ErrorType", name),) if name else ()
        return _send(start_response, status, "application/json", json.dumps(body).encode(), *more)

    def _strike(self, call: Call) -> tuple[int, str, bytes] | None:
        for fault in self.control.struck(call.service, call.region):
            if fault.kind is Kind.SLOW:
                time.sleep(SLOW_S)
            elif fault.kind is Kind.HANG:
                self.control.replaced.wait(HANG_S)
                return HTTPStatus.SERVICE_UNAVAILABLE, "text/plain", b""
            else:
                return error(_ERRORS[fault.kind], call)
        return None


def _send(
    start_response: StartResponse, status: int, content_type: str, body: bytes, *more: tuple[str, str]
) -> Iterable[bytes]:
    start_response(
        f"{int(status)} {HTTPStatus(status).phrase}",
        [("Content-Type", content_type), ("Content-Length", str(len(body))), *more],
    )
    return [body]
