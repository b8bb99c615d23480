"""What a server knows, made of values, for the plans of maintenance slots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from pydantic import JsonValue

from services.agreement import Policy
from services.model import LifecycleState, SlotState
from services.orders.planning import make_plan
from services.orders.world import Known
from services.wire.operations import ExportRecord, SlotRecord
from services.wire.orders import Asked, AwsCall, Plan, RegistryCall
from services.wire.registry import Record, SubscriptionRecord, TenantRecord
from tests.services.agreement.policies import DEFAULT

NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)
KEY = "0123456789abcdef0123456789abcdef"
PUBLIC, DEDICATED = "111122223333", "444455556666"
HOUR = timedelta(hours=1)


def utc(text: str) -> datetime:
    """An instant as people write it."""
    return datetime.fromisoformat(text)


def tenant(id_: str = "acme", **members: Any) -> TenantRecord:
    """A tenant in force, public, in eu-central-1."""
    given = {
        "id": id_,
        "name": id_.title(),
        "tier": "public",
        "region": "eu-central-1",
        "account": PUBLIC,
        "zone": "Europe/Rome",
        "state": LifecycleState.ACTIVE,
        "customer": "c-1",
    }
    return TenantRecord.model_validate(given | members)


def subscription(id_: str = "acme", ended_on: date | None = None) -> SubscriptionRecord:
    """Of a tenant; without an end in sight."""
    return SubscriptionRecord(
        id=f"sub-{id_}", tenant=id_, order=f"o-{id_}", started_on=date(2025, 1, 1), ended_on=ended_on
    )


def slot(starts: str = "2026-12-01T21:00:00Z", hours: float = 2, id_: str = "s-1", **members: Any) -> SlotRecord:
    """A slot of acme, entered a week before ``NOW``."""
    begins = utc(starts)
    given = {
        "id": id_,
        "tenant": "acme",
        "starts_at": begins,
        "ends_at": begins + hours * HOUR,
        "zone": "UTC",
        "local_start": begins.replace(tzinfo=None),
        "state": SlotState.SCHEDULED,
        "reason": "Upgrade",
        "scheduled_at": NOW - timedelta(days=7),
    }
    return SlotRecord.model_validate(given | members)


def known(
    tenants: Sequence[TenantRecord] = (),
    slots: Sequence[SlotRecord] = (),
    exports: Sequence[ExportRecord] = (),
    *,
    now: datetime = NOW,
    policy: Policy = DEFAULT.policy,
    subscriptions: Sequence[SubscriptionRecord] | None = None,
    aws: Mapping[str, JsonValue] | None = None,
) -> Known:
    """These records; each tenant with a subscription in force."""
    named = tenants or (tenant(),)
    own = [subscription(it.id) for it in named] if subscriptions is None else subscriptions
    records: dict[type[Record], Sequence[Record]] = {
        TenantRecord: tuple(named),
        SubscriptionRecord: tuple(own),
        SlotRecord: tuple(slots),
        ExportRecord: tuple(exports),
    }
    return Known(policy, now, records, aws)


def window(account: str = PUBLIC, region: str = "eu-central-1", **members: JsonValue) -> JsonValue:
    """A window of s-1 as AWS has it."""
    return {
        "window": "mw-0123456789abcdef0",
        "name": "tenure-s-1",
        "account": account,
        "region": region,
        "Name": "tenure-s-1",
        "Schedule": "at(2026-12-01T21:00:00)",
        "ScheduleTimezone": "UTC",
        "Duration": 2,
        "Cutoff": 0,
        "tasks": 0,
        **members,
    }


def asked(action: str, tenants: Sequence[str] = (), /, **fields: str) -> Asked:
    return Asked(key=KEY, action=action, tenants=tuple(tenants), fields=fields)


def schedule(of: Known | None = None, tenants: Sequence[str] = ("acme",), /, **fields: str) -> Plan:
    """The plan of a slot: two hours on an evening in December, unless ``fields`` say otherwise."""
    given = {"start": "2026-12-01 22:00", "length": "2h", "reason": "Upgrade"} | fields
    return make_plan(of or known(), asked("slot-schedule", tenants, **given))


def puts(plan: Plan) -> list[RegistryCall]:
    return [step.call for step in plan.steps if isinstance(step.call, RegistryCall)]


def calls(plan: Plan, operation: str | None = None) -> list[AwsCall]:
    """The calls to AWS, or those of one operation."""
    found = [step.call for step in plan.steps if isinstance(step.call, AwsCall)]
    return [call for call in found if operation in (None, call.operation)]
