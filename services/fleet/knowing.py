"""What a plan of maintenance is made from, as far as a picture of the fleet has it. Pure.

Parties stand by their names where the registry has ids; no plan of a slot reads them.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from services.fleet.snapshot import FleetSnapshot
from services.model import Source
from services.orders.world import Known
from services.wire.operations import ExportRecord, SlotRecord
from services.wire.registry import Record, SubscriptionRecord, TenantRecord

if TYPE_CHECKING:
    from collections.abc import Iterable

RecordT = TypeVar("RecordT", bound=Record)
COLLECTIONS: Final = ("tenants", "subscriptions", "slots", "exports")
"""What it is read from."""


def known_of(fleet: FleetSnapshot, now: datetime) -> Known | None:
    """What is known of tenants, slots and exports; ``None`` before the policy is known."""
    if fleet.policy is None:
        return None
    tenants = [view.tenant for view in fleet.tenants.values()]
    records: dict[type[Record], tuple[Record, ...]] = {
        TenantRecord: _records(TenantRecord, tenants),
        SubscriptionRecord: tuple(
            SubscriptionRecord.model_construct(
                id=it.id,
                tenant=it.id,
                order=it.order,
                started_on=it.started_on,
                ended_on=it.ended_on,
                termination_confirmed_at=it.termination_confirmed_at,
                terminated_for=it.terminated_for,
            )
            for it in tenants
            if it.started_on is not None
        ),
        SlotRecord: _records(SlotRecord, (view.slot for view in fleet.slots)),
        ExportRecord: _records(ExportRecord, (one.export for view in fleet.tenants.values() for one in view.exports)),
    }
    return Known(fleet.policy, now, records)


def read_at(fleet: FleetSnapshot) -> datetime | None:
    """When the oldest of what it is made from was read; ``None`` where some of it never was."""
    seen = {view.source: view.last_seen_at for view in fleet.sources}
    times = [seen.get(Source("internal", f"GET /{name}")) for name in COLLECTIONS]
    found = [at for at in times if at is not None]
    return min(found) if len(found) == len(times) else None


def _records(kind: type[RecordT], nouns: Iterable[Any]) -> tuple[RecordT, ...]:
    """Records of the members that both have; they came as records, and are not judged again."""
    made: list[RecordT] = []
    for noun in nouns:
        names = {it.name for it in fields(noun)} & set(kind.model_fields)
        made.append(cast(RecordT, kind.model_construct(**{name: getattr(noun, name) for name in names})))
    return tuple(made)
