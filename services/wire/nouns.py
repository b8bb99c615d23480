"""Records into nouns: what the agreement and the areas reckon with."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import fields
from datetime import date
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar, cast

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
from services.wire.registry import Record, SubscriptionRecord, TenantRecord

SEEN_IN = "internal GET /recovery-tests"


NounT = TypeVar("NounT")


def _as(noun: type[NounT], record: Record, **more: object) -> NounT:
    """The noun of a record whose members bear the same names; ``more``: those that the record does not have."""
    names, values_of = _members(cast("Hashable", noun), tuple(more))
    return noun(**dict(zip(names, values_of(record), strict=True)), **more)


@cache
def _members(noun: Any, but: tuple[str, ...]) -> tuple[tuple[str, ...], Callable[[Record], tuple[Any, ...]]]:
    names = tuple(field.name for field in fields(noun) if field.name not in but)
    return names, attrgetter(*names)


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
    return _as(Export, record)


def slot(record: SlotRecord) -> Slot:
    return _as(Slot, record)


def hold(record: HoldRecord) -> Hold:
    return _as(Hold, record)


def case(record: CaseRecord) -> Case:
    return _as(Case, record)


def recovery_test(record: RecoveryTestRecord) -> RecoveryTest:
    return _as(RecoveryTest, record, seen_in=SEEN_IN)


def acknowledgement(record: AcknowledgementRecord) -> Acknowledgement:
    return _as(Acknowledgement, record)


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
    return _as(AuditEntry, record)


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
