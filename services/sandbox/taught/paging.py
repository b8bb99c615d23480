"""Pages of RDS lists, as RDS asks for them and refuses them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from moto.rds.exceptions import InvalidParameterValue

from services.sandbox.taught.tokens import TokenError, take

DEFAULT_RECORDS = 100
FEWEST_RECORDS = 20
MOST_RECORDS = 100

ItemT = TypeVar("ItemT")


def page(items: Iterable[ItemT], key: Callable[[ItemT], str], params: Any) -> tuple[list[ItemT], str | None]:
    """The page that ``MaxRecords`` and ``Marker`` of ``params`` ask for, and the marker of the next one.

    Raises ``InvalidParameterValue`` as RDS does.
    """
    size = params.get("MaxRecords") or DEFAULT_RECORDS
    if not FEWEST_RECORDS <= size <= MOST_RECORDS:
        raise InvalidParameterValue(
            f"Invalid value {size} for MaxRecords. Must be between {FEWEST_RECORDS} and {MOST_RECORDS}"
        )
    try:
        return take(items, key, size, params.get("Marker"))
    except TokenError:
        raise InvalidParameterValue("The parameter Marker is not valid") from None
