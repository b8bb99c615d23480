"""How the command line prints the changes of an import, and the differences between the registry and AWS."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from services.areas.base import Area, Field, Kind
from services.upkeep.differences import Difference
from services.upkeep.plan import Change

RowT = TypeVar("RowT")


def _changes() -> Iterator[Field[Change]]:
    yield Field("row", Kind.TEXT, lambda it: it.where, "ROW", 10, priority=3)
    yield Field("change", Kind.TEXT, lambda it: it.change, "CHANGE", 8, priority=1)
    yield Field("collection", Kind.TEXT, lambda it: it.collection, "COLLECTION", 13, priority=2)
    yield Field("id", Kind.TEXT, lambda it: it.id, "ID", 16, priority=1)
    yield Field("tenant", Kind.TEXT, lambda it: it.tenant)
    yield Field("member", Kind.TEXT, lambda it: it.member, "MEMBER", 12, priority=1)
    yield Field("before", Kind.TEXT, lambda it: it.before, "BEFORE", 14, priority=1)
    yield Field("after", Kind.TEXT, lambda it: it.after, "AFTER", 14, priority=1)


def _differences() -> Iterator[Field[Difference]]:
    yield Field("difference", Kind.TEXT, lambda it: it.kind, "DIFFERENCE", 14, priority=1)
    yield Field("tenant", Kind.TEXT, lambda it: it.tenant, "TENANT", 14, priority=1)
    yield Field("account", Kind.TEXT, lambda it: it.account, "ACCOUNT", 12, priority=5)
    yield Field("region", Kind.TEXT, lambda it: it.region, "REGION", 14, priority=4)
    yield Field("resource", Kind.TEXT, lambda it: it.resource, "RESOURCE", 20, priority=2)
    yield Field("registry", Kind.TEXT, lambda it: it.registry)
    yield Field("aws", Kind.TEXT, lambda it: it.aws)
    yield Field("reason", Kind.TEXT, lambda it: it.reason, "REASON", 30, priority=3)


def _table(name: str, title: str, fields: Iterator[Field[RowT]]) -> Area[RowT]:
    """Fields to print rows by. It is no area of the console: its rows do not come from the fleet's picture alone."""
    return Area(
        name=name,
        title=title,
        key=None,
        fields=tuple(fields),
        rows=lambda _: (),
        row_key=lambda row: row,
        tenant=lambda _: None,
        status=lambda _: None,
    )


CHANGES: Area[Change] = _table("changes", "Changes", _changes())
DIFFERENCES: Area[Difference] = _table("differences", "Differences", _differences())
