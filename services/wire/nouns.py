"""Records into nouns: what the agreement and the areas reckon with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from services.model import Acknowledgement, AuditEntry, Case, Export, Hold, Order, RecoveryTest, Slot, Tenant
from services.wire.operations import (
    AcknowledgementRecord,
    AuditRecord,
    CaseRecord,
    ExportRecord,
    HoldRecord,
    RecoveryTestRecord,
    SlotRecord,
)
from services.wire.orders import OrderRecord, StepState
from services.wire.registry import SubscriptionRecord, TenantRecord

SEEN_IN = "internal GET /recovery-tests"


def rank(record: SubscriptionRecord) -> tuple[date, date, str]:
    """Of a tenant's subscriptions the one with the greatest rank counts."""
    return (record.ended_on or date.max, record.started_on, record.id)


def tenant(
    record: TenantRecord, names: Mapping[str, str], subscription: SubscriptionRecord | None, default_zone: str
) -> Tenant:
    """The tenant; parties by name, where ``names`` has one for their id."""
    return Tenant(
        id=record.id,
        name=record.name,
        tier=record.tier,
        region=record.region,
        account=record.account,
        zone=record.zone or default_zone,
        state=record.state,
        customer=names.get(record.customer, record.customer),
        order=subscription.order if subscription else None,
        reseller=_name(record.reseller, names),
        service_provider=_name(record.service_provider, names),
        sp_end_customers=tuple(names.get(id_, id_) for id_ in record.sp_end_customers),
        links=record.links,
        started_on=subscription.started_on if subscription else None,
        ended_on=subscription.ended_on if subscription else None,
        termination_confirmed_at=subscription.termination_confirmed_at if subscription else None,
        terminated_for=subscription.terminated_for if subscription else None,
    )


def _name(id_: str | None, names: Mapping[str, str]) -> str | None:
    return None if id_ is None else names.get(id_, id_)


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
        checked_by=record.checked_by,
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
        disabled_scope=record.disabled_scope,
        reinstated_at=record.reinstated_at,
        outcome=record.outcome,
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
        order=record.order,
        plan=record.plan,
        request_id=record.request_id,
        position=record.position,
    )


_STANDS = frozenset({StepState.DONE, StepState.STUCK})
"""States of a step whose effect stands."""
_AHEAD = (StepState.RUNNING, StepState.PENDING)


def order(record: OrderRecord) -> Order:
    """The order without its plan; a step that is not told of is pending."""
    plan, told = record.plan, {step.number: step for step in record.steps}
    states = {step.number: told[step.number].state if step.number in told else StepState.PENDING for step in plan.steps}
    ahead = (step.says for state in _AHEAD for step in plan.steps if states[step.number] is state)
    times = [record.created_at, record.approved_at, record.ended_at]
    times += [at for step in record.steps for at in (step.started_at, step.ended_at)]
    return Order(
        id=record.id,
        action=plan.asked.action,
        title=plan.title,
        clause=plan.clause,
        tenants=tuple(change.tenant for change in plan.tenants),
        state=record.state,
        author=record.author,
        role=record.role,
        created_at=record.created_at,
        confirmation=plan.confirmation,
        needs_approval=plan.approval,
        steps=len(plan.steps),
        steps_done=sum(state in _STANDS for state in states.values()),
        progress_at=max(at for at in times if at is not None),
        step=None if record.state.ended else next(ahead, None),
        digest=plan.digest,
        origin=record.origin,
        ticket=record.ticket,
        reason=record.reason,
        approved_by=record.approved_by,
        approved_at=record.approved_at,
        ended_at=record.ended_at,
        break_glass_until=record.break_glass_until,
        reviewed_by=record.reviewed_by,
        failure=record.failure,
    )
