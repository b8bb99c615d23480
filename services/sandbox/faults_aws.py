"""Faults of AWS, as a WSGI application in front of moto: answers as the service itself would put them.

Error codes and statuses from AWS's lists of common errors; the form of the body follows the protocol that botocore's
model of the service names (query, ec2, json, rest-json, rest-xml).
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs
from uuid import uuid4
from xml.sax.saxutils import escape

from services.sandbox.fault_spec import SLOW_S, Fault, Kind
from services.sandbox.faults_control import PATH, FaultControl

StartResponse = Callable[..., Any]
Application = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]

HANG_S = 3600.0
"""How long a call hangs at most; faults that are replaced let it go."""

SIGNED_AS = {
    "tagging": "resourcegroupstaggingapi",
    "monitoring": "cloudwatch",
    "elasticloadbalancing": "elbv2",
    "email": "sesv2",
    "states": "stepfunctions",
}
"""Names in the signature that are not boto3's."""

_SCOPE = re.compile(r"Credential=[^/]+/[0-9]{8}/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request")
_PHRASES = {400: "Bad Request", 403: "Forbidden", 503: "Service Unavailable", 200: "OK", 405: "Method Not Allowed"}


@dataclass(frozen=True, slots=True)
class Call:
    """What is asked of which service, as far as the request tells."""

    service: str | None
    region: str | None
    operation: str


@dataclass(frozen=True, slots=True)
class _Error:
    status: int
    code: str
    message: str


_ERRORS: dict[Kind, dict[str, _Error]] = {
    Kind.DOWN: {
        "": _Error(503, "ServiceUnavailable", "Service is unable to handle request."),
        "json": _Error(503, "ServiceUnavailableException", "Service is unable to handle request."),
        "ec2": _Error(503, "Unavailable", "The server is overloaded and can't handle the request."),
    },
    Kind.THROTTLE: {
        "": _Error(400, "Throttling", "Rate exceeded"),
        "json": _Error(400, "ThrottlingException", "Rate exceeded"),
        "rest-xml": _Error(503, "SlowDown", "Please reduce your request rate."),
        "ec2": _Error(503, "RequestLimitExceeded", "Request limit exceeded."),
    },
    Kind.DENIED: {
        "": _Error(403, "AccessDenied", "User is not authorized to perform: {action}"),
        "json": _Error(400, "AccessDeniedException", "User is not authorized to perform: {action}"),
        "rest-xml": _Error(403, "AccessDenied", "Access Denied"),
        "ec2": _Error(403, "UnauthorizedOperation", "You are not authorized to perform this operation: {action}"),
    },
    Kind.EXPIRED: {
        "": _Error(403, "ExpiredToken", "The security token included in the request is expired"),
        "json": _Error(400, "ExpiredTokenException", "The security token included in the request is expired"),
        "rest-xml": _Error(400, "ExpiredToken", "The provided token has expired."),
        "ec2": _Error(400, "RequestExpired", "Request has expired."),
    },
}


class AwsFaults:
    """The WSGI application that strikes some calls and hands the others on."""

    def __init__(self, application: Application, faults: Iterable[Fault], seed: int) -> None:
        self._application = application
        self.control = FaultControl(faults, seed, lambda fault: not fault.kind.of_api)

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("PATH_INFO") == PATH:
            return self._answer_control(environ, start_response)
        call = read_call(environ)
        for fault in self.control.struck(call.service, call.region):
            if fault.kind is Kind.SLOW:
                time.sleep(SLOW_S)
            elif fault.kind is Kind.HANG:
                _wait(self.control.replaced)
                return _send(start_response, 503, "text/plain", b"")
            else:
                return _send(start_response, *error(fault.kind, call))
        return self._application(environ, start_response)

    def _answer_control(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        status, body = self.control.handle(environ["REQUEST_METHOD"], environ["wsgi.input"].read(length))
        return _send(start_response, status, "application/json", body)


def _wait(event: threading.Event) -> None:
    event.wait(HANG_S)


def read_call(environ: dict[str, Any]) -> Call:
    """What a request asks: service and region from its signature, the operation from its target or its form.

    A form is read and put back.
    """
    scope = _SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
    name = scope["service"].lower() if scope else None
    service = SIGNED_AS.get(name, name) if name else None
    region = scope["region"] if scope else None
    if target := environ.get("HTTP_X_AMZ_TARGET"):
        return Call(service, region, target.rpartition(".")[2])
    if environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        import io

        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        return Call(service, region, parse_qs(body.decode("utf-8", "replace")).get("Action", [""])[0])
    return Call(service, region, environ.get("REQUEST_METHOD", ""))


def error(kind: Kind, call: Call) -> tuple[int, str, bytes]:
    """Status, content type and body of the answer to ``call`` when ``kind`` strikes it."""
    protocol = _protocol(call.service)
    family = "json" if "json" in protocol else protocol
    found = _ERRORS[kind].get(family) or _ERRORS[kind][""]
    message = found.message.format(action=f"{call.service}:{call.operation}")
    request_id = str(uuid4())
    if family == "json":
        return (
            found.status,
            "application/x-amz-json-1.1",
            json.dumps({"__type": found.code, "message": message}).encode(),
        )
    inner = f"<Code>{found.code}</Code><Message>{escape(message)}</Message>"
    if family == "ec2":
        body = f"<Response><Errors><Error>{inner}</Error></Errors><RequestID>{request_id}</RequestID></Response>"
    elif family == "rest-xml":
        body = f"<Error>{inner}<RequestId>{request_id}</RequestId></Error>"
    else:
        side = "Receiver" if found.status >= 500 else "Sender"
        inner = f"<Type>{side}</Type>{inner}"
        body = f"<ErrorResponse><Error>{inner}</Error><RequestId>{request_id}</RequestId></ErrorResponse>"
    return found.status, "text/xml", f'<?xml version="1.0" encoding="UTF-8"?>{body}'.encode()


@lru_cache
def _protocol(service: str | None) -> str:
    """The protocol of a service as botocore models it; ``query`` where there is no such service."""
    from botocore.exceptions import UnknownServiceError
    from botocore.loaders import create_loader

    try:
        model = create_loader().load_service_model(service or "", "service-2")
    except UnknownServiceError:
        return "query"
    protocol: str = model["metadata"]["protocol"]
    return protocol


def _send(start_response: StartResponse, status: int, content_type: str, body: bytes) -> Iterable[bytes]:
    start_response(f"{status} {_PHRASES[status]}", [("Content-Type", content_type), ("Content-Length", str(len(body)))])
    return [body]
