"""What tells that a collection has changed: a mark, which every write of it replaces in its own transaction.

A page's tag is made of the mark of its collection, so that who asks whether a page has changed is answered without it
being read. Marks are drawn at random, never counted: a database that was put back from a copy bears no mark that
anybody has seen of another state. They are drawn anew whenever the database is opened, for what was written to it
past this server, by hand, bears none.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from types import MappingProxyType
from typing import Final

from sqlalchemy import Column, Connection, Delete, String, Table, insert, select, update
from sqlalchemy.sql.expression import UpdateBase

from services.controlplane.collection import COLLECTIONS
from services.controlplane.columns import KEY, metadata
from services.controlplane.order_tables import order_steps, orders
from services.controlplane.preconditions import entity_tag
from services.controlplane.sample_tables import samples
from services.controlplane.tables import sp_end_customers

AUDIT: Final = "audit"
ORDERS: Final = "orders"
SAMPLES: Final = "samples"
COLLECTION_TAG: Final = "Collection-Tag"
"""The header with which a page tells the tag of the whole collection."""
OF_TABLE: Final = MappingProxyType(
    {
        **{it.table.name: it.name for it in COLLECTIONS},
        sp_end_customers.name: "tenants",
        AUDIT: AUDIT,
        samples.name: SAMPLES,
        **dict.fromkeys((orders.name, order_steps.name), ORDERS),
    }
)
"""Table → the collection that changes with it."""
EVERY: Final = frozenset(OF_TABLE.values())

marks = Table(
    "marks", metadata, Column("collection", KEY, primary_key=True), Column("mark", String(32), nullable=False)
)


def touched_by(statement: object) -> frozenset[str]:
    """The collections that a statement may change; one that deletes takes others' records along, but for samples,
    which nothing names."""
    if not isinstance(statement, UpdateBase):
        return frozenset()
    name = OF_TABLE.get(getattr(statement.table, "name", ""))
    if name is None:
        return frozenset()
    return EVERY if isinstance(statement, Delete) and name != SAMPLES else frozenset({name})


def renew(connection: Connection, collections: Iterable[str]) -> None:
    """Draw these collections' marks anew; in the transaction that changed them, in an order that all writers keep."""
    for name in sorted(collections):
        mark = secrets.token_hex(16)
        done = connection.execute(update(marks).where(marks.c.collection == name).values(mark=mark))
        if not done.rowcount:
            connection.execute(insert(marks).values(collection=name, mark=mark))


def mark_of(connection: Connection, collection: str) -> str:
    """The mark of a collection. Read before its records: what another writes in between makes the mark too old, never
    too new."""
    mark: str = connection.execute(select(marks.c.mark).where(marks.c.collection == collection)).scalar_one()
    return mark


def page_headers(mark: str, *asked: object) -> dict[str, str]:
    """The tags of a page and of its collection, which stands at ``mark``; ``asked`` is what tells pages apart."""
    tag = entity_tag("\0".join([mark, *map(repr, asked)]).encode())
    return {"ETag": tag, COLLECTION_TAG: f'"{mark}"'}
