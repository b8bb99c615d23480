"""The server's log as lines of JSON, a record each: for programs that gather and search logs."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Final

FIELDS: Final = ("request_id", "method", "path", "route", "status", "ms", "user", "role", "origin")
"""What a record of a request tells beside its message. No token, no query, no body is ever among it."""


class JsonLines(logging.Formatter):
    """ASCII alone, so that text from outside stays exact and drives no terminal; times in UTC."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: value for name in FIELDS if (value := getattr(record, name, None)) is not None}
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=True, default=str)
