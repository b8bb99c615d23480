"""What a server knows, made of values, for plans over the registry: one tenant unless a test wants more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pydantic import JsonValue

from services.agreement import Policy
from services.orders.base import RefusedError
from services.orders.planning import make_plan
from services.orders.world import COLLECTIONS, Known
from services.wire.orders import NOW, Asked, Plan, RegistryCall
from services.wire.registry import Record, SubscriptionRecord, TenantRecord
from tests.services.agreement.policies import DEFAULT
from tests.support import registry

KEY = "0123456789abcdef0123456789abcdef"
AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ENDED = date(2026, 10, 31)
"""The last day in force of a tenant in grace at ``AT``."""
ENDED_AT = datetime(2026, 10, 31, 23, tzinfo=UTC)
GRACE_END = datetime(2026, 11, 30, 23, tzinfo=UTC)


def tenant(id_: str = "acme", state: str = "active", **members: Any) -> TenantRecord:
    """Public, in eu-central-1, by Rome's clocks."""
    return registry.tenant(id_, state=state, **members)


def subscription(ended_on: date | None = ENDED, of: str = "acme", **members: Any) -> SubscriptionRecord:
    return registry.subscription(members.pop("id_", f"sub-{of}"), of, ended_on, **members)


def acme(state: str = "active", ended_on: date | None = ENDED, **members: Any) -> tuple[Record, ...]:
    """A tenant and its subscription."""
    return tenant(state=state), subscription(ended_on, **members)


def known(
    *records: Record, now: datetime = AT, policy: Policy = DEFAULT.policy, aws: Mapping[str, JsonValue] | None = None
) -> Known:
    """The records by kind, ordered by id, as the server hands them in."""
    kinds: dict[type[Record], list[Record]] = {}
    for record in records:
        kinds.setdefault(type(record), []).append(record)
    return Known(policy, now, {kind: sorted(them, key=lambda it: it.id) for kind, them in kinds.items()}, aws)  # type: ignore[attr-defined]


def later(given: Known, now: datetime) -> Known:
    """The same at another time."""
    return replace(given, now=now)


def asked(action: str, *tenants: str, **fields: str) -> Asked:
    return Asked(key=KEY, action=action, tenants=tenants or ("acme",), fields=fields)


def plan(given: Known, action: str, *tenants: str, **fields: str) -> Plan:
    """The plan, of acme where no tenant is named."""
    return make_plan(given, asked(action, *tenants, **fields))


def refusal(given: Known, action: str, *tenants: str, **fields: str) -> RefusedError:
    """Why there is no plan."""
    with pytest.raises(RefusedError) as refused:
        plan(given, action, *tenants, **fields)
    return refused.value


def calls(made: Plan) -> list[RegistryCall]:
    """The steps' calls, all of which write the registry."""
    found = [step.call for step in made.steps]
    assert all(isinstance(call, RegistryCall) for call in found)
    return [call for call in found if isinstance(call, RegistryCall)]


def becomes(call: RegistryCall) -> dict[str, tuple[JsonValue, JsonValue]]:
    """The members that a call changes: before and after."""
    before, after = call.before or {}, call.after or {}
    return {
        name: (before.get(name), after.get(name)) for name in {*before, *after} if before.get(name) != after.get(name)
    }


def carried_out(given: Known, made: Plan) -> Known:
    """What the server knows once the plan is carried out at the time that it was made for."""
    records = {kind: {it.id: it for it in them} for kind, them in given.records.items()}  # type: ignore[attr-defined]
    paths = {name: kind for kind, name in COLLECTIONS.items()}
    for call in calls(made):
        collection, _, id_ = call.path.removeprefix("/").partition("/")
        kind = paths[collection]
        there = records.setdefault(kind, {})
        assert (there[id_].model_dump(mode="json") if id_ in there else None) == call.before
        if call.after is None:
            del there[id_]
        else:
            at = given.now.isoformat()
            there[id_] = kind.model_validate({name: at if it == NOW else it for name, it in call.after.items()})
    flat = [record for them in records.values() for record in them.values()]
    return known(*flat, now=given.now, policy=given.policy, aws=given.aws)
