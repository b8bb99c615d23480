"""What a plan may be made from: the records of the tenants in question, read in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeAlias, cast

from pydantic import JsonValue
from sqlalchemy import Connection, Table, select

from services.agreement import Policy
from services.controlplane.collection import COLLECTIONS, Collection
from services.controlplane.operation_tables import slots
from services.controlplane.registry import with_ends
from services.controlplane.tables import tenants
from services.controlplane.window_places import window_places
from services.orders.actions import ACTIONS
from services.orders.base import no_questions
from services.orders.world import TENANT_TAG, Known, World
from services.wire.operations import SlotRecord
from services.wire.orders import Asked
from services.wire.registry import PartyRecord, Record, TenantRecord

AskAws: TypeAlias = Callable[[str, Known], JsonValue]
"""Puts a question to AWS with the worker's role; raises ``Unanswered`` where AWS does not answer."""
IDS_AT_ONCE = 500


class UnansweredError(Exception):
    """AWS did not answer what a plan has to know; the text says what and why."""


def known_of(
    connection: Connection, asked: Asked, policy: Policy, now: datetime, tenant_tag: str = TENANT_TAG
) -> Known:
    """The records that concern what is asked: of the tenants it names, or of those of its group or its slot."""
    ids = list(_concerned(connection, asked))
    records: dict[type[Record], Sequence[Record]] = {}
    for collection in COLLECTIONS:
        if collection.record is PartyRecord:
            continue
        if collection.record is SlotRecord:
            rows = [dict(row) for row in connection.execute(select(slots).order_by(slots.c.id)).mappings()]
        else:
            owner = tenants.c.id if collection.table is tenants else collection.table.c.tenant
            rows = _rows(connection, collection, owner, ids)
        records[collection.record] = tuple(collection.record.model_validate(row) for row in rows)
    slot = asked.fields.get("slot")
    made_in = window_places(connection, slot) if slot else ()
    return Known(policy, now, records, tenant_tag=tenant_tag, windows_in=made_in)


def asks_aws(asked: Asked) -> bool:
    """Whether AWS may have to answer before it can be planned."""
    return (action := ACTIONS.get(asked.action)) is not None and action.questions is not no_questions


def with_answers(known: Known, asked: Asked, ask: AskAws | None) -> Known:
    """What is known, and what AWS answers to the questions of the action; blocks. Raises ``UnansweredError``, and
    ``RefusedError`` where it cannot even be asked."""
    action = ACTIONS.get(asked.action)
    if action is None:
        return known
    world = World(known, asked)
    with world.telling():
        questions = action.questions(world)
    if not questions:
        return known
    if ask is None:
        raise UnansweredError(f"this server has no AWS role to ask with: {questions[0]}")
    return replace(known, aws={question: ask(question, known) for question in questions})


def _concerned(connection: Connection, asked: Asked) -> Sequence[str]:
    named = list(dict.fromkeys(asked.tenants))
    if named:
        return named
    tier, region = asked.fields.get("tier"), asked.fields.get("region")
    if slot := asked.fields.get("slot"):
        row = connection.execute(select(slots).where(slots.c.id == slot)).mappings().one_or_none()
        if row is None:
            return ()
        if row["tenant"] is not None:
            return (row["tenant"],)
        tier, region = row["tier"], row["region"]
    if tier is None or region is None:
        return ()
    query = select(tenants.c.id).where(tenants.c.tier == tier, tenants.c.region == region).order_by(tenants.c.id)
    return tuple(connection.execute(query).scalars())


def _rows(connection: Connection, collection: Collection, owner: Any, ids: Sequence[str]) -> list[dict[str, Any]]:
    table: Table = collection.table
    found: list[dict[str, Any]] = []
    for start in range(0, len(ids), IDS_AT_ONCE):
        query = select(table).where(owner.in_(ids[start : start + IDS_AT_ONCE]))
        found += [dict(row) for row in connection.execute(query).mappings()]
    found.sort(key=lambda row: cast(str, row["id"]))
    return with_ends(connection, collection, found)


__all__ = ["AskAws", "TenantRecord", "UnansweredError", "asks_aws", "known_of", "with_answers"]
