"""The sandbox's clock, and the control endpoint that makes it stand: ``/sandbox/clock`` on the AWS port.

While it stands, what AWS answers is the same however often it is asked, so that two looks at the fleet can be compared
byte by byte. GET answers ``{"now": ISO, "stands": BOOL}``; POST takes ``{"at": ISO}``, where it stands from then on, or
``{"at": null}``, with which it runs on as before; what cannot be read is answered with 400 and changes nothing.
"""

from __future__ import annotations

import json
from datetime import datetime

from services.now import Now
from services.sandbox.options import format_instant, parse_instant

PATH = "/sandbox/clock"


class ClockControl:
    """A ``Now``. Thread-safe."""

    def __init__(self, now: Now) -> None:
        self._now = now
        self._at: datetime | None = None

    def __call__(self) -> datetime:
        at = self._at
        return self._now() if at is None else at

    def handle(self, method: str, body: bytes) -> tuple[int, bytes]:
        """Status and JSON body of a call to the control endpoint."""
        if method == "POST":
            try:
                self._at = _read(body)
            except ValueError as error:  # JSONDecodeError is one
                return 400, json.dumps({"error": str(error)}).encode()
        elif method != "GET":
            return 405, json.dumps({"error": "GET or POST"}).encode()
        said = {"now": format_instant(self()), "stands": self._at is not None}
        return 200, json.dumps(said).encode()


def _read(body: bytes) -> datetime | None:
    value = json.loads(body)
    at = value.get("at", 0) if isinstance(value, dict) else 0
    if at is None:
        return None
    if isinstance(at, str):
        return parse_instant(at)
    raise ValueError('the body must be {"at": "2026-11-22T03:00:00Z"} or {"at": null}')
