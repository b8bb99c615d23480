"""Pages of RDS lists: markers that hold through changes."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from moto.rds.exceptions import InvalidParameterValue

DEFAULT_RECORDS = 100
FEWEST_RECORDS = 20
MOST_RECORDS = 100

ItemT = TypeVar("ItemT")


def page(items: Iterable[ItemT], key: Callable[[ItemT], str], params: Any) -> tuple[list[ItemT], str | None]:
    """The page that ``MaxRecords`` and ``Marker`` of ``params`` ask for, and the marker of the next one.

    Items come in the order of their key; a marker names the last one of its page, so that nothing is skipped or
    repeated when something comes or goes between two pages. Raises ``InvalidParameterValue`` as RDS does.
    """
    size = params.get("MaxRecords") or DEFAULT_RECORDS
    if not FEWEST_RECORDS <= size <= MOST_RECORDS:
        raise InvalidParameterValue(
            f"Invalid value {size} for MaxRecords. Must be between {FEWEST_RECORDS} and {MOST_RECORDS}"
        )
    after = _decode(params["Marker"]) if params.get("Marker") else ""
    rest = sorted((item for item in items if key(item) > after), key=key)
    marker = _encode(key(rest[size - 1])) if len(rest) > size else None
    return rest[:size], marker


def _encode(key: str) -> str:
    return base64.urlsafe_b64encode(key.encode()).decode()


def _decode(marker: str) -> str:
    try:
        return base64.b64decode(marker, altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise InvalidParameterValue("The parameter Marker is not valid") from None
