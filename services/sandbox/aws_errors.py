"""Errors as AWS's services put them, and what a request asks of which service.

Error codes and statuses from AWS's lists of common errors; the form of the body follows the protocol that the request
speaks (query, ec2, json), or else the one that boto3 prefers for the service (rest-json, rest-xml).
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs
from uuid import uuid4
from xml.sax.saxutils import escape

SIGNED_AS = {
    "tagging": "resourcegroupstaggingapi",
    "monitoring": "cloudwatch",
    "elasticloadbalancing": "elbv2",
    "email": "sesv2",
    "states": "stepfunctions",
}
"""Names in the signature that are not boto3's."""

_SCOPE = re.compile(r"Credential=(?P<key>[^/]+)/[0-9]{8}/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request")


@dataclass(frozen=True, slots=True)
class Call:
    """What is asked of which service, as far as the request tells."""

    service: str | None
    region: str | None
    operation: str
    """By name, or for a REST service method and path: ``GET /backup-vaults/``."""
    protocol: str
    """As botocore names it."""
    key: str | None = None
    """The id of the access key that signed it."""


@dataclass(frozen=True, slots=True)
class Error:
    status: int
    code: str
    message: str
    """``{action}`` stands for the action that was asked for, ``rds:DescribeDBInstances``."""


Errors = Mapping[str, Error]
"""By protocol; ``""`` for those that are not named, ``json`` for rest-json too."""

DOWN: Errors = {
    "": Error(503, "ServiceUnavailable", "Service is unable to handle request."),
    "json": Error(503, "ServiceUnavailableException", "Service is unable to handle request."),
    "ec2": Error(503, "Unavailable", "The server is overloaded and can't handle the request."),
}
THROTTLED: Errors = {
    "": Error(400, "Throttling", "Rate exceeded"),
    "json": Error(400, "ThrottlingException", "Rate exceeded"),
    "rest-xml": Error(503, "SlowDown", "Please reduce your request rate."),
    "ec2": Error(503, "RequestLimitExceeded", "Request limit exceeded."),
}
DENIED: Errors = {
    "": Error(403, "AccessDenied", "User is not authorized to perform: {action}"),
    "json": Error(400, "AccessDeniedException", "User is not authorized to perform: {action}"),
    "rest-xml": Error(403, "AccessDenied", "Access Denied"),
    "ec2": Error(403, "UnauthorizedOperation", "You are not authorized to perform this operation: {action}"),
}
EXPIRED: Errors = {
    "": Error(403, "ExpiredToken", "The security token included in the request is expired"),
    "json": Error(400, "ExpiredTokenException", "The security token included in the request is expired"),
    "rest-xml": Error(400, "ExpiredToken", "The provided token has expired."),
    "ec2": Error(400, "RequestExpired", "Request has expired."),
}
UNKNOWN_KEY: Errors = {
    "": Error(403, "InvalidClientTokenId", "The security token included in the request is invalid."),
    "json": Error(400, "UnrecognizedClientException", "The security token included in the request is invalid."),
    "rest-xml": Error(403, "InvalidAccessKeyId", "The AWS access key Id you provided does not exist in our records."),
    "ec2": Error(401, "AuthFailure", "AWS was not able to validate the provided access credentials"),
}


def read_call(environ: dict[str, Any]) -> Call:
    """What a request asks: service and region from its signature, the operation from its target or its form.

    A form is read and put back.
    """
    scope = _SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
    name = scope["service"].lower() if scope else None
    service = SIGNED_AS.get(name, name) if name else None
    region = scope["region"] if scope else None
    key = scope["key"] if scope else None
    if target := environ.get("HTTP_X_AMZ_TARGET"):
        return Call(service, region, target.rpartition(".")[2], "json", key)
    if environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        operation = parse_qs(body.decode("utf-8", "replace")).get("Action", [""])[0]
        return Call(service, region, operation, "ec2" if service == "ec2" else "query", key)
    asked = f"{environ.get('REQUEST_METHOD', '')} {environ.get('PATH_INFO', '')}"
    return Call(service, region, asked, preferred(service), key)


def error(errors: Errors, call: Call) -> tuple[int, str, bytes]:
    """Status, content type and body of the refusal of ``call``."""
    family = "json" if "json" in call.protocol else call.protocol
    found = errors.get(family) or errors[""]
    operation = _named(call.service, call.operation) if " " in call.operation else call.operation
    message = found.message.format(action=f"{call.service}:{operation}")
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


def _named(service: str | None, asked: str) -> str:
    """The operation of a REST service that has this method and path; as it was asked where there is none."""
    method, _, path = asked.partition(" ")
    for verb, pattern, name in _routes(service):
        if verb == method and pattern.fullmatch(path):
            return name
    return asked


@lru_cache
def _routes(service: str | None) -> tuple[tuple[str, re.Pattern[str], str], ...]:
    """Method, path and name of a service's operations, those with the most fixed letters first."""
    model = _model(service)
    if model is None:
        return ()
    found = []
    for name in model.operation_names:
        http = model.operation_model(name).http
        path = http["requestUri"].partition("?")[0].rstrip("/")
        parts = re.split(r"(\{[^}]+\})", path)
        fixed = sum(len(part) for part in parts if not part.startswith("{"))
        pattern = "".join("[^/]+" if part.startswith("{") else re.escape(part) for part in parts)
        found.append((fixed, http["method"], re.compile(f"{pattern}/?"), name))
    found.sort(key=lambda route: (-route[0], route[3]))
    return tuple((verb, pattern, name) for _, verb, pattern, name in found)


@lru_cache
def preferred(service: str | None) -> str:
    """The protocol that boto3 speaks with a service; ``query`` where there is no such service."""
    model = _model(service)
    if model is None:
        return "query"
    protocol: str = model.resolved_protocol
    return protocol


@lru_cache
def _model(service: str | None) -> Any:
    """AWS's model of a service as botocore has it; ``None`` where it has none."""
    from botocore.exceptions import UnknownServiceError
    from botocore.loaders import create_loader
    from botocore.model import ServiceModel

    try:
        return ServiceModel(create_loader().load_service_model(service or "", "service-2"), service)
    except UnknownServiceError:
        return None
