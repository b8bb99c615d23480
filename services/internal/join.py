"""Records into nouns: parties by name, the subscription that counts, references that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from services.internal import operations
from services.internal.answer import RegistryAnswer
from services.internal.pages import AnyReading, Reading
from services.model import BadRecord, Observation, StoreMapping, Tenant
from services.wire import nouns
from services.wire.operations import (
    AcknowledgementRecord,
    CaseRecord,
    ExportRecord,
    HoldRecord,
    RecoveryTestRecord,
    SlotRecord,
)
from services.wire.registry import PartyRecord, StoreRecord, SubscriptionRecord, TenantRecord
from services.wire.zones import known_zone


@dataclass(frozen=True, slots=True)
class Readings:
    """All collections, as far as each has been read."""

    tenants: Reading[TenantRecord] = field(default_factory=lambda: Reading("tenants"))
    subscriptions: Reading[SubscriptionRecord] = field(default_factory=lambda: Reading("subscriptions"))
    parties: Reading[PartyRecord] = field(default_factory=lambda: Reading("parties"))
    stores: Reading[StoreRecord] = field(default_factory=lambda: Reading("stores"))
    exports: Reading[ExportRecord] = field(default_factory=lambda: Reading("exports"))
    slots: Reading[SlotRecord] = field(default_factory=lambda: Reading("slots"))
    holds: Reading[HoldRecord] = field(default_factory=lambda: Reading("holds"))
    cases: Reading[CaseRecord] = field(default_factory=lambda: Reading("cases"))
    recovery_tests: Reading[RecoveryTestRecord] = field(default_factory=lambda: Reading("recovery-tests"))
    acknowledgements: Reading[AcknowledgementRecord] = field(default_factory=lambda: Reading("acknowledgements"))

    def all(self) -> tuple[AnyReading, ...]:
        return (*self.registry(), *self.operations())

    def registry(self) -> tuple[AnyReading, ...]:
        """Those that say what a tenant is."""
        return (self.tenants, self.subscriptions, self.parties, self.stores)

    def operations(self) -> tuple[AnyReading, ...]:
        """Those that say what happens with tenants."""
        return (self.exports, self.slots, self.holds, self.cases, self.recovery_tests, self.acknowledgements)


def join(
    readings: Readings, observations: tuple[Observation[tuple[str, ...]], ...], default_zone: str
) -> RegistryAnswer:
    """The answer that the readings make together.

    - A party that the registry does not have: the tenant stays, with the party's id in place of its name, and the
      reference is a bad record.
    - A zone that the IANA database does not have: a bad record, and the tenant, or the slot, is kept out, for none of
      its clocks could be shown right. A tenant without a zone has ``default_zone``.
    - Of several subscriptions the one that ends last counts, one without an end before all; of equals the one that
      started last. A tenant without a subscription stays, with no dates.
    - What names a tenant that the registry does not have is a bad record. It stays in its list: a mapping still says
      whose a store is.

    References are judged only against a collection that was read to its end.
    """
    bad = [one.record for reading in readings.all() for one in reading.bad]
    names = {record.id: record.name for _, record in readings.parties.records}
    chosen = _subscriptions(readings.subscriptions.records)
    whole = {seen.source.operation for seen in observations if seen.outcome.answered}
    tenants: list[Tenant] = []
    for position, record in readings.tenants.records:
        if record.zone is not None and not known_zone(record.zone):
            bad.append(BadRecord("tenants", record.id, position, f"zone: there is no IANA time zone {record.zone}"))
            continue
        if "GET /parties" in whole:
            bad += _dangling(record, position, names)
        tenants.append(nouns.tenant(record, names, chosen.get(record.id), default_zone))
    if "GET /tenants" in whole:
        bad += _strays(readings)
    slots, unreckonable = operations.reckonable(readings.slots)
    tenants.sort(key=lambda tenant: tenant.id)
    return RegistryAnswer(
        observations,
        tuple(tenants),
        tuple(StoreMapping(record.tenant, record.store, record.part) for _, record in readings.stores.records),
        (*bad, *unreckonable),
        {one.tenant: f"subscription: {one.record.reason}" for one in readings.subscriptions.bad if one.tenant},
        exports=tuple(nouns.export(record) for _, record in readings.exports.records),
        slots=tuple(nouns.slot(record) for record in slots),
        holds=tuple(nouns.hold(record) for _, record in readings.holds.records),
        cases=tuple(nouns.case(record) for _, record in readings.cases.records),
        recovery_tests=tuple(nouns.recovery_test(record) for _, record in readings.recovery_tests.records),
        acknowledgements=tuple(nouns.acknowledgement(record) for _, record in readings.acknowledgements.records),
        doubtful=operations.doubtful(readings.operations()),
    )


def _subscriptions(records: Iterable[tuple[int, SubscriptionRecord]]) -> Mapping[str, SubscriptionRecord]:
    chosen: dict[str, SubscriptionRecord] = {}
    for _, record in records:
        other = chosen.get(record.tenant)
        if other is None or nouns.rank(record) > nouns.rank(other):
            chosen[record.tenant] = record
    return chosen


def _dangling(record: TenantRecord, position: int, names: Mapping[str, str]) -> Iterable[BadRecord]:
    for member, ids in (
        ("customer", (record.customer,)),
        ("reseller", (record.reseller,)),
        ("service_provider", (record.service_provider,)),
        ("sp_end_customers", record.sp_end_customers),
    ):
        for id_ in ids:
            if id_ is not None and id_ not in names:
                yield BadRecord("tenants", record.id, position, f"{member}: there is no party {id_}")


def _strays(readings: Readings) -> Iterable[BadRecord]:
    """What names a tenant that the registry does not have, not even as a bad record."""
    known = {record.id for _, record in readings.tenants.records} | {one.record.id for one in readings.tenants.bad}
    naming: tuple[AnyReading, ...] = (readings.subscriptions, readings.stores, *readings.operations())
    for reading in naming:
        for position, record in reading.records:
            if record.tenant is not None and record.tenant not in known:
                yield BadRecord(reading.collection, record.id, position, f"tenant: there is no tenant {record.tenant}")
