"""What earlier steps of an order answered, in the place of what a later step's call says of it: ``$2.WindowId``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import JsonValue

from services.wire.orders import AwsCall, OrderRecord, RegistryCall


def filled(call: AwsCall, order: OrderRecord) -> AwsCall:
    """A call to AWS as it is sent."""
    return call.model_copy(update={"parameters": _fill(call.parameters, order)})


def filled_record(call: RegistryCall, order: OrderRecord) -> RegistryCall:
    """A record as it is written: with ``$1.scheduled_at`` of one that an earlier step wrote."""
    members = {name: _fill(getattr(call, name), order) for name in ("before", "after", "failed")}
    return call.model_copy(update=members)


def _fill(value: JsonValue, order: OrderRecord) -> Any:
    if isinstance(value, dict):
        return {name: _fill(each, order) for name, each in value.items()}
    if isinstance(value, list):
        return [_fill(each, order) for each in value]
    if isinstance(value, str) and value.startswith("$"):
        number, _, member = value[1:].partition(".")
        if number.isdigit() and member and 0 < int(number) <= len(order.steps):
            return mapping(order.steps[int(number) - 1].result).get(member)
    return value


def mapping(value: JsonValue) -> Mapping[str, Any]:
    """The members of a result; none where there is no result."""
    return value if isinstance(value, dict) else {}
