"""Answers of the reference internal API: JSON in plain ASCII, errors as RFC 9457 has them.

Names come from outside and may hold control and bidi characters: escaped, they stay exact and harmless in any
terminal, log or pager that they pass through.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from pydantic_core import ErrorDetails
from starlette.responses import Response

from services.wire.registry import ProblemPart

PROBLEM = "application/problem+json"
MAX_PARTS = 100


def encode(value: object) -> bytes:
    """``value`` as JSON in ASCII."""
    return json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":")).encode("ascii")


def problem(
    status: int,
    detail: str,
    *,
    parts: Sequence[ProblemPart] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """An error. ``detail`` is for a person; ``parts`` names the mistakes, a hundred of them at most."""
    body: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "detail": detail,
    }
    if parts:
        body["errors"] = [part.model_dump() for part in parts[:MAX_PARTS]]
    return Response(encode(body), status_code=status, media_type=PROBLEM, headers=dict(headers or {}))


def validation_parts(errors: Sequence[ErrorDetails], *, inside: str | None = None) -> tuple[ProblemPart, ...]:
    """What pydantic found wrong, as where and what; ``inside`` goes before each place (``body``)."""
    return tuple(
        ProblemPart(
            where=".".join(str(step) for step in ((inside,) if inside else ()) + tuple(error["loc"])),
            what=error["msg"],
        )
        for error in errors
    )
