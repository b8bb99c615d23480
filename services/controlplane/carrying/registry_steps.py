"""Steps that write the internal API's own records: one transaction each, with its mark and its audit entry.

Whether a step was carried out is told by its mark, which is written with it: never by how the record looks.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import JsonValue, TypeAdapter, ValidationError
from sqlalchemy import Connection

from services.controlplane.collection import COLLECTIONS, AnyRecord, Collection
from services.controlplane.registry import Item, RefusedError, put, read_one, remove
from services.wire.orders import NOW, RegistryCall
from services.wire.rules import broken_rules

BY_NAME: Mapping[str, Collection] = {collection.name: collection for collection in COLLECTIONS}


class StepFailedError(Exception):
    """The step cannot be carried out; the text says why."""


def write(connection: Connection, call: RegistryCall, now: datetime) -> JsonValue:
    """Carry out a step; the record as it stands then.

    Raises ``StepFailedError`` where the record is not what the plan has it to be before, and where the registry would
    not hold together.
    """
    collection, id_ = _place(call)
    _expect(read_one(connection, collection, id_), call.before, collection, id_)
    if call.after is None:
        return _replace(connection, collection, id_, None)
    return _replace(connection, collection, id_, _dated(call.after, now))


def take_back(connection: Connection, call: RegistryCall, written: JsonValue, failed: datetime | None = None) -> None:
    """Undo a step that left ``written``; ``failed``: now, where what stands then is what the call says of a failure.

    Raises ``StepFailedError`` where somebody has changed it since.
    """
    collection, id_ = _place(call)
    _expect(read_one(connection, collection, id_), written if isinstance(written, dict) else None, collection, id_)
    left = call.before if failed is None or call.failed is None else _dated(call.failed, failed)
    _replace(connection, collection, id_, left)


def _place(call: RegistryCall) -> tuple[Collection, str]:
    name, _, id_ = call.path.removeprefix("/").partition("/")
    collection = BY_NAME.get(name)
    if collection is None:
        raise StepFailedError(f"there is no collection {name}")
    return collection, id_


def _expect(there: Item | None, wanted: Mapping[str, JsonValue] | None, collection: Collection, id_: str) -> None:
    if _normal(there, collection) != _normal(wanted, collection):
        what = "is gone" if there is None else "is there already" if wanted is None else "has been changed meanwhile"
        raise StepFailedError(f"{collection.one} {id_} {what}")


def _normal(item: Mapping[str, Any] | None, collection: Collection) -> AnyRecord | None:
    """Compared as records: how an instant is written makes no difference."""
    return None if item is None else _record(item, collection)


def _record(item: Mapping[str, Any], collection: Collection) -> AnyRecord:
    adapter: TypeAdapter[AnyRecord] = TypeAdapter(collection.record)
    try:
        return adapter.validate_python(dict(item))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or collection.one
        raise StepFailedError(f"no {collection.one}: {where}: {first['msg']}") from None


def _dated(item: Mapping[str, JsonValue], now: datetime) -> dict[str, JsonValue]:
    at = now.isoformat().replace("+00:00", "Z")
    return {name: at if value == NOW else value for name, value in item.items()}


def _replace(
    connection: Connection, collection: Collection, id_: str, item: Mapping[str, JsonValue] | None
) -> JsonValue:
    there = read_one(connection, collection, id_) is not None
    try:
        if item is None:
            if there:
                remove(connection, collection, id_)
            return None
        record = _record(item, collection)
        broken = broken_rules(record, id_)
        if broken:
            raise StepFailedError("; ".join(f"{part.where}: {part.what}" for part in broken))
        put(connection, collection, record, replace=there)
    except RefusedError as refused:
        said = "; ".join(part.what for part in refused.parts)
        raise StepFailedError(f"{refused}: {said}" if said else str(refused)) from None
    return read_one(connection, collection, id_)
