"""Records of what happens with tenants into nouns: exports, slots, holds, cases, tests, acknowledgements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from services.internal.pages import AnyReading, Reading
from services.model import Acknowledgement, AuditEntry, BadRecord, Case, Export, Hold, RecoveryTest, Slot
from services.wire.operations import (
    AcknowledgementRecord,
    AuditRecord,
    CaseRecord,
    ExportRecord,
    HoldRecord,
    RecoveryTestRecord,
    SlotRecord,
)
from services.wire.zones import known_zone

SEEN_IN = "internal GET /recovery-tests"


def export(record: ExportRecord) -> Export:
    return Export(
        id=record.id,
        tenant=record.tenant,
        state=record.state,
        requested_at=record.requested_at,
        requester=record.requester,
        reference=record.reference,
        progress=record.progress,
        available_at=record.available_at,
        complete=record.complete,
        delivered_at=record.delivered_at,
        destroyed_at=record.destroyed_at,
        failure=record.failure,
    )


def slot(record: SlotRecord) -> Slot:
    return Slot(
        id=record.id,
        tenant=record.tenant,
        tier=record.tier,
        region=record.region,
        starts_at=record.starts_at,
        ends_at=record.ends_at,
        zone=record.zone,
        local_start=record.local_start,
        choice=record.choice,
        state=record.state,
        reason=record.reason,
        scheduled_at=record.scheduled_at,
        announced_at=record.announced_at,
    )


def hold(record: HoldRecord) -> Hold:
    return Hold(
        id=record.id,
        tenant=record.tenant,
        basis=record.basis,
        owner=record.owner,
        reason=record.reason,
        placed_at=record.placed_at,
        expires_at=record.expires_at,
        lifted_at=record.lifted_at,
    )


def case(record: CaseRecord) -> Case:
    return Case(
        id=record.id,
        tenant=record.tenant,
        kind=record.kind,
        scope=record.scope,
        state=record.state,
        opened_at=record.opened_at,
        delivered_at=record.delivered_at,
        ended_at=record.ended_at,
        disabled_at=record.disabled_at,
        reference=record.reference,
        summary=record.summary,
    )


def recovery_test(record: RecoveryTestRecord) -> RecoveryTest:
    return RecoveryTest(
        id=record.id,
        store=record.store,
        kind=record.kind,
        started_at=record.started_at,
        ended_at=record.ended_at,
        succeeded=record.succeeded,
        seen_in=SEEN_IN,
        reference=record.reference,
    )


def acknowledgement(record: AcknowledgementRecord) -> Acknowledgement:
    return Acknowledgement(
        tenant=record.tenant,
        figure=record.figure,
        by=record.by,
        at=record.at,
        until=record.until,
        assignee=record.assignee,
        note=record.note,
    )


def acknowledgement_record(ack: Acknowledgement) -> AcknowledgementRecord:
    """The record that keeps ``ack``. Raises ``pydantic.ValidationError`` for text that no record can hold."""
    return AcknowledgementRecord(
        id=ack.id,
        tenant=ack.tenant,
        figure=ack.figure,
        by=ack.by,
        at=ack.at,
        until=ack.until,
        assignee=ack.assignee,
        note=ack.note,
    )


def audit_entry(record: AuditRecord) -> AuditEntry:
    return AuditEntry(
        id=record.id,
        at=record.at,
        who=record.who,
        role=record.role,
        action=record.action,
        outcome=record.outcome,
        tenant=record.tenant,
        origin=record.origin,
        ticket=record.ticket,
        note=record.note,
    )


def reckonable(slots: Reading[SlotRecord]) -> tuple[list[SlotRecord], list[BadRecord]]:
    """The slots whose zone is known, and those of which no local time could be told, as bad records."""
    good: list[SlotRecord] = []
    bad: list[BadRecord] = []
    for position, record in slots.records:
        if known_zone(record.zone):
            good.append(record)
        else:
            bad.append(BadRecord("slots", record.id, position, f"zone: there is no IANA time zone {record.zone}"))
    return good, bad


def doubtful(readings: Iterable[AnyReading]) -> Mapping[str, Mapping[str, str]]:
    """Of which tenants a collection may hold more than could be read: bad records name them."""
    return {
        reading.collection: {one.tenant: one.record.reason for one in reading.bad if one.tenant}
        for reading in readings
        if reading.bad
    }
