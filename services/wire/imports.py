"""An import of the registry: many records at once, all or none, and only onto what they were compared with."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Annotated

from pydantic import BaseModel, Field

from services.wire.registry import PartyRecord, Record, StoreRecord, SubscriptionRecord, TenantRecord

MAX_RECORDS = 400_000
"""Of one collection in one import."""


class ImportRequest(Record):
    """Records to create or to replace, parties first: each may name those before it."""

    digest: Annotated[
        str,
        Field(
            pattern=r"^[0-9a-f]{64}$",
            description="What the records were compared with: SHA-256 in hex over a line each, sorted, of collection, "
            "tab, id, tab, and the JSON of the record that stands there, without spaces, members in the order of its "
            "schema and absent ones null, or `-` where none does.",
        ),
    ]
    """``state_digest`` of what stands under the ids of these records."""
    parties: Annotated[tuple[PartyRecord, ...], Field(max_length=MAX_RECORDS)] = ()
    tenants: Annotated[tuple[TenantRecord, ...], Field(max_length=MAX_RECORDS)] = ()
    subscriptions: Annotated[tuple[SubscriptionRecord, ...], Field(max_length=MAX_RECORDS)] = ()
    stores: Annotated[tuple[StoreRecord, ...], Field(max_length=MAX_RECORDS)] = ()


class ImportResult(Record):
    """What an import did."""

    created: Annotated[int, Field(ge=0)]
    replaced: Annotated[int, Field(ge=0)]


def state_digest(state: Iterable[tuple[str, str, BaseModel | None]]) -> str:
    """The digest of records as they stand, as (collection, id, record), ``None`` where nothing stands: SHA-256 over a
    line each, sorted, of collection, id and the record's JSON with all members in the schema's order."""
    lines = sorted(f"{name}\t{id_}\t{record.model_dump_json() if record else '-'}\n" for name, id_, record in state)
    digest = hashlib.sha256()
    for line in lines:
        digest.update(line.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
