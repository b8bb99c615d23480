"""The collections on the database: pages, single records, create or replace, delete.

All functions take an open connection and know nothing of HTTP.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection, and_, delete, func, insert, null, select, update
from sqlalchemy.exc import IntegrityError

from services.controlplane.collection import AnyRecord, Collection, Named, Reference
from services.controlplane.order_tables import OPEN, order_tenants, orders
from services.controlplane.store import end_customer_rows
from services.controlplane.tables import removed_tenants, sp_end_customers, tenants
from services.wire.registry import PartyRecord, ProblemPart, TenantRecord

Item: TypeAlias = dict[str, Any]
"""A record as JSON has it."""
STATE_KEPT: Final = "a tenant's state is changed by an order alone"


class RefusedError(Exception):
    """The registry would not hold together afterwards. ``parts`` says where, ``str()`` why."""

    def __init__(self, reason: str, parts: tuple[ProblemPart, ...] = ()) -> None:
        super().__init__(reason)
        self.parts = parts


def read_page(
    connection: Connection, collection: Collection, after: str | None, limit: int
) -> tuple[list[Item], str | None, int]:
    """The ``limit`` records that follow the id ``after``, the id to go on from (``None`` at the end), and how many
    records the collection has."""
    table = collection.table
    query = select(table).order_by(table.c.id).limit(limit + 1)
    if after is not None:
        query = query.where(table.c.id > after)
    rows = [dict(row) for row in connection.execute(query).mappings()]
    more = len(rows) > limit
    del rows[limit:]
    items = _items(connection, collection, rows)
    total = connection.execute(select(func.count()).select_from(table)).scalar_one()
    return items, (items[-1]["id"] if more else None), total


def read_one(connection: Connection, collection: Collection, id_: str) -> Item | None:
    """The record of that id, locked until the transaction ends where the database locks rows."""
    query = select(collection.table).where(collection.table.c.id == id_)
    if connection.get_execution_options().get("tenure_writes", False):
        query = query.with_for_update()
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else _items(connection, collection, [dict(row)])[0]


def put(connection: Connection, collection: Collection, record: AnyRecord, *, replace: bool) -> None:
    """Create the record, or ``replace`` the one of its id.

    Raises ``RefusedError`` for a reference to nothing or to a party of another kind, and for a party whose kind would
    no longer be the one that others name it by.
    """
    wrong = _wrong_references(connection, collection, record)
    if wrong:
        raise RefusedError("it names what the registry does not have", wrong)
    if replace and isinstance(record, PartyRecord):
        _check_kind(connection, collection, record)
    row = record.model_dump(exclude={"sp_end_customers"})
    table = collection.table
    try:
        if replace:
            connection.execute(update(table).where(table.c.id == record.id).values(**row))
        else:
            connection.execute(insert(table).values(**row))
        if isinstance(record, TenantRecord):
            connection.execute(delete(sp_end_customers).where(sp_end_customers.c.tenant == record.id))
            ends = end_customer_rows(record.id, record.sp_end_customers)
            if ends:
                connection.execute(insert(sp_end_customers), ends)
    except IntegrityError as error:  # on PostgreSQL another writer may have come in between
        raise RefusedError("another change came in between; read it again") from error


def keep_state(connection: Connection, record: AnyRecord, before: Item | None) -> None:
    """Raises ``RefusedError`` where a tenant would stand in another state than ``before``, or than it was removed in:
    orders change that alone."""
    if not isinstance(record, TenantRecord):
        return
    if before is not None:
        wrong = other_state(record, standing=before["state"])
    else:
        wrong = other_state(record, removed=states_removed(connection, [record.id]).get(record.id))
    if wrong is not None:
        raise RefusedError(STATE_KEPT, (ProblemPart(where="body.state", what=wrong),))


def other_state(record: TenantRecord, *, standing: str | None = None, removed: str | None = None) -> str | None:
    """What is wrong with a tenant's state; it is to be the one of the tenant that stands, else of the one that was
    removed."""
    kept, word = (standing, "is") if standing is not None else (removed, "was removed as")
    return None if kept in (None, record.state) else f"it {word} {kept}, and an order changes that"


def states_removed(connection: Connection, ids: Sequence[str]) -> Mapping[str, str]:
    """Of those ids under which a tenant was removed, the state that it was in."""
    rows = connection.execute(select(removed_tenants).where(removed_tenants.c.id.in_(ids)))
    return {row.id: row.state for row in rows}


def remove(connection: Connection, collection: Collection, id_: str) -> None:
    """Delete the record. Raises ``RefusedError`` while another names it, saying which and how many."""
    reasons = [part for named in collection.named_by if (part := count_named(connection, named, id_))]
    if reasons:
        raise RefusedError(f"the {collection.one} is still named by others", tuple(reasons))
    if collection.table is tenants:
        _remember_state(connection, id_)
    try:
        connection.execute(delete(collection.table).where(collection.table.c.id == id_))
    except IntegrityError as error:
        raise RefusedError(f"the {collection.one} has just been named by another") from error


def count_named(connection: Connection, named: Named, id_: str) -> ProblemPart | None:
    """Who names ``id_``, if anybody does."""
    table = named.column.table
    owner = table.c.tenant if table is sp_end_customers else table.c.id
    query = select(func.count(owner.distinct()), func.min(owner)).where(named.column == id_)
    count, first = connection.execute(query).one()
    return ProblemPart(where=named.words, what=f"{count} of them, the first is {first}") if count else None


def _remember_state(connection: Connection, tenant: str) -> None:
    """Put down the state of a tenant that goes. Raises ``RefusedError`` while an order of it waits or is under way."""
    mine = and_(order_tenants.c.order == orders.c.id, order_tenants.c.tenant == tenant)
    query = select(func.count(), func.min(orders.c.id)).where(mine, orders.c.state.in_(OPEN))
    count, first = connection.execute(query).one()
    if count:
        part = ProblemPart(where="orders", what=f"{count} of them, the first is {first}")
        raise RefusedError("the tenant has orders that have not ended", (part,))
    connection.execute(delete(removed_tenants).where(removed_tenants.c.id == tenant))
    state = select(tenants.c.id, tenants.c.state).where(tenants.c.id == tenant)
    connection.execute(insert(removed_tenants).from_select(["id", "state"], state))


def _check_kind(connection: Connection, collection: Collection, record: PartyRecord) -> None:
    others = [named for named in collection.named_by if named.kind != record.kind]
    reasons = [part for named in others if (part := count_named(connection, named, record.id))]
    if reasons:
        raise RefusedError("others name the party as one of another kind", tuple(reasons))


def _wrong_references(connection: Connection, collection: Collection, record: AnyRecord) -> tuple[ProblemPart, ...]:
    parts = []
    for reference in collection.names:
        value: str | tuple[str, ...] | None = getattr(record, reference.member)
        wanted = (value,) if isinstance(value, str) else value or ()
        if not wanted:
            continue
        kinds = _kinds(connection, reference, wanted)
        for id_ in dict.fromkeys(wanted):
            if id_ not in kinds:
                what = f"there is no {reference.word} {id_}"
            elif kinds[id_] != reference.kind:
                what = f"the {reference.word} {id_} is of kind {kinds[id_]}, not {reference.kind}"
            else:
                continue
            parts.append(ProblemPart(where=f"body.{reference.member}", what=what))
    return tuple(parts)


def _kinds(connection: Connection, reference: Reference, wanted: Sequence[str]) -> Mapping[str, str | None]:
    """Those of ``wanted`` that there are, with their kind where one is asked for."""
    table = reference.table
    kind = table.c.kind if reference.kind is not None else null()
    rows = connection.execute(select(table.c.id, kind).where(table.c.id.in_(wanted)))
    return {row[0]: row[1] for row in rows}


def with_ends(connection: Connection, collection: Collection, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows, ordered by id, those of tenants completed by their SP end customers."""
    if collection.table is tenants and rows:
        ends: dict[str, list[str]] = {}
        table = sp_end_customers
        between = table.c.tenant.between(rows[0]["id"], rows[-1]["id"])
        for tenant, party in connection.execute(
            select(table.c.tenant, table.c.party).where(between).order_by(table.c.tenant, table.c.position)
        ):
            ends.setdefault(tenant, []).append(party)
        for row in rows:
            row["sp_end_customers"] = ends.get(row["id"], [])
    return rows


def _items(connection: Connection, collection: Collection, rows: list[dict[str, Any]]) -> list[Item]:
    return [jsonable(row) for row in with_ends(connection, collection, rows)]


def jsonable(row: Mapping[str, Any]) -> Item:
    """A row as JSON has it: instants in RFC 3339, days as days."""
    return {key: _plain(value) for key, value in row.items()}


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value
