"""An import on the database: compared, checked and written in the one transaction of its caller."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from services.controlplane.audit import Actor, note
from services.controlplane.collection import REGISTRY, AnyRecord, Collection, Reference
from services.controlplane.registry import (
    STATE_KEPT,
    RefusedError,
    count_named,
    jsonable,
    other_state,
    states_removed,
    with_ends,
)
from services.controlplane.store import CHUNK, end_customer_rows
from services.controlplane.tables import sp_end_customers
from services.wire.imports import ImportRequest, ImportResult, state_digest
from services.wire.registry import PartyRecord, ProblemPart, TenantRecord
from services.wire.rules import broken_rules

IDS_AT_ONCE = 500
"""In one statement."""


class StaleError(Exception):
    """The records no longer stand as they were compared with."""


def broken_parts(request: ImportRequest) -> tuple[ProblemPart, ...]:
    """What cannot stand whatever the registry holds: broken rules, and ids that are given twice."""
    parts: list[ProblemPart] = []
    for collection in REGISTRY:
        seen: set[str] = set()
        for position, record in enumerate(_records(request, collection)):
            where = f"body.{collection.name}.{position}"
            parts += [
                ProblemPart(where=part.where.replace("body", where, 1), what=part.what)
                for part in broken_rules(record, record.id)
            ]
            if record.id in seen:
                parts.append(ProblemPart(where=f"{where}.id", what="is given twice"))
            seen.add(record.id)
    return tuple(parts)


def carry_out(connection: Connection, request: ImportRequest, actor: Actor) -> ImportResult:
    """Create and replace all records of ``request``.

    Raises ``StaleError`` where something else stands under their ids than what they were compared with, and
    ``RefusedError`` where the registry would not hold together afterwards; the caller undoes the transaction then.
    """
    before = {
        collection.name: _standing(connection, collection, [it.id for it in _records(request, collection)])
        for collection in REGISTRY
    }
    state = (
        (collection.name, record.id, before[collection.name].get(record.id))
        for collection in REGISTRY
        for record in _records(request, collection)
    )
    if state_digest(state) != request.digest:
        raise StaleError
    _check_states(connection, request.tenants, before["tenants"])
    created = replaced = 0
    for collection in REGISTRY:
        records = _records(request, collection)
        wrong = _wrong_references(connection, collection, records)
        if wrong:
            raise RefusedError("it names what the registry does not have", wrong)
        new = [it for it in records if it.id not in before[collection.name]]
        old = [it for it in records if it.id in before[collection.name]]
        _write(connection, collection, new, old)
        created, replaced = created + len(new), replaced + len(old)
    _check_kinds(connection, request.parties, before["parties"])
    note(connection, actor, "registry import", None, f"{created} created, {replaced} replaced")
    return ImportResult(created=created, replaced=replaced)


def _records(request: ImportRequest, collection: Collection) -> Sequence[AnyRecord]:
    return cast("Sequence[AnyRecord]", getattr(request, collection.name))


def _standing(connection: Connection, collection: Collection, ids: Sequence[str]) -> dict[str, AnyRecord]:
    """What stands under the ids."""
    found: dict[str, AnyRecord] = {}
    table = collection.table
    for some in _chunks(ids, IDS_AT_ONCE):
        query = select(table).where(table.c.id.in_(some)).order_by(table.c.id)
        rows = [dict(row) for row in connection.execute(query.with_for_update()).mappings()]
        for row in with_ends(connection, collection, rows):
            record = collection.record.model_validate(jsonable(row))
            found[record.id] = record
    return found


def _wrong_references(
    connection: Connection, collection: Collection, records: Sequence[AnyRecord]
) -> tuple[ProblemPart, ...]:
    """References to nothing, or to a party of another kind. What a record names was written before it."""
    parts = []
    for reference in collection.names:
        named = [(position, id_) for position, record in enumerate(records) for id_ in _named(record, reference)]
        kinds = _kinds(connection, reference, sorted({id_ for _, id_ in named}))
        for position, id_ in named:
            if kinds.get(id_, "") == reference.kind:
                continue
            what = f"is of kind {kinds[id_]}, not {reference.kind}" if id_ in kinds else "does not exist"
            where = f"body.{collection.name}.{position}.{reference.member}"
            parts.append(ProblemPart(where=where, what=f"the {reference.word} {id_} {what}"))
    return tuple(parts)


def _named(record: AnyRecord, reference: Reference) -> tuple[str, ...]:
    value: str | tuple[str, ...] | None = getattr(record, reference.member)
    return (value,) if isinstance(value, str) else value or ()


def _kinds(connection: Connection, reference: Reference, ids: Sequence[str]) -> Mapping[str, str | None]:
    table = reference.table
    found: dict[str, str | None] = {}
    for some in _chunks(ids, IDS_AT_ONCE):
        for row in connection.execute(select(table).where(table.c.id.in_(some))).mappings():
            found[row["id"]] = row["kind"] if reference.kind is not None else None
    return found


def _write(connection: Connection, collection: Collection, new: Sequence[AnyRecord], old: Sequence[AnyRecord]) -> None:
    table = collection.table
    for some in _chunks(new, CHUNK):
        connection.execute(insert(table), [_row(record) for record in some])
    if old:
        values: dict[str, Any] = {it.name: bindparam(f"to_{it.name}") for it in table.columns if it.name != "id"}
        statement = update(table).where(table.c.id == bindparam("to_id")).values(values)
        for some in _chunks(old, CHUNK):
            connection.execute(statement, [{f"to_{key}": it for key, it in _row(record).items()} for record in some])
    ends = [record for record in (*new, *old) if isinstance(record, TenantRecord)]
    for records in _chunks([it.id for it in old if isinstance(it, TenantRecord)], IDS_AT_ONCE):
        connection.execute(delete(sp_end_customers).where(sp_end_customers.c.tenant.in_(records)))
    rows = [row for record in ends for row in end_customer_rows(record.id, record.sp_end_customers)]
    for chunk in _chunks(rows, CHUNK):
        connection.execute(insert(sp_end_customers), chunk)


def _row(record: AnyRecord) -> dict[str, Any]:
    return record.model_dump(exclude={"sp_end_customers"})


def _check_kinds(connection: Connection, parties: Sequence[PartyRecord], before: Mapping[str, AnyRecord]) -> None:
    """A party that others name keeps the kind that they name it by."""
    collection = REGISTRY[0]
    parts = []
    for position, record in enumerate(parties):
        old = before.get(record.id)
        if not isinstance(old, PartyRecord) or old.kind == record.kind:
            continue
        for named in collection.named_by:
            if named.kind != record.kind and (part := count_named(connection, named, record.id)):
                what = f"others name the party as {named.kind}: {part.what}"
                parts.append(ProblemPart(where=f"body.parties.{position}.kind", what=what))
    if parts:
        raise RefusedError("others name a party as one of another kind", tuple(parts))


def _check_states(connection: Connection, records: Sequence[TenantRecord], before: Mapping[str, AnyRecord]) -> None:
    """A tenant keeps its state, and one that was removed comes back in it: orders change that alone."""
    removed: dict[str, str] = {}
    for some in _chunks([it.id for it in records if it.id not in before], IDS_AT_ONCE):
        removed |= states_removed(connection, some)
    parts = []
    for position, record in enumerate(records):
        old = before.get(record.id)
        standing = old.state if isinstance(old, TenantRecord) else None
        wrong = other_state(record, standing=standing, removed=removed.get(record.id))
        if wrong is not None:
            parts.append(ProblemPart(where=f"body.tenants.{position}.state", what=wrong))
    if parts:
        raise RefusedError(STATE_KEPT, tuple(parts))


def _chunks(items: Sequence[Any], size: int) -> Iterable[Sequence[Any]]:
    return (items[start : start + size] for start in range(0, len(items), size))
