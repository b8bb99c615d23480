"""Plans and orders of the tests, made of values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from services.wire.orders import (
    Asked,
    Confirmation,
    OrderRecord,
    OrderState,
    Plan,
    RegistryCall,
    Seen,
    Step,
    StepProgress,
    StepState,
    TenantChange,
    plan_digest,
)

AT = datetime(2026, 11, 22, 3, tzinfo=UTC)
KEY = "0123456789abcdef0123456789abcdef"


def plan(
    tenants: Sequence[str] = ("acme",),
    confirmation: Confirmation = Confirmation.REVERSIBLE,
    *,
    key: str = KEY,
    fields: Mapping[str, str] | None = None,
    **members: Any,
) -> Plan:
    """A plan that renews tenants, sealed with its digest; ``members`` replace those of the plan."""
    given = {
        "asked": Asked(
            key=key,
            action="renew",
            tenants=tuple(tenants),
            fields={"until": "2027-11-30"} if fields is None else fields,
        ),
        "title": "Renew the subscription",
        "clause": "right-to-be-forgotten",
        "confirmation": confirmation,
        "approval": False,
        "tenants": tuple(
            TenantChange(tenant=id_, before="active, ends 2026-11-30", after="active, ends 2027-11-30")
            for id_ in tenants
        ),
        "steps": tuple(
            Step(number=number, call=_call(id_), says=f"{id_} renewed to the end of 2027-11-30", undo="the old end")
            for number, id_ in enumerate(tenants, 1)
        ),
        "seen": tuple(Seen(what=f"tenants/{id_}", value={"id": id_, "state": "active"}) for id_ in tenants),
        "made_at": AT,
        **members,
    }
    bare = Plan.model_validate({**given, "digest": "0" * 64})
    return bare.model_copy(update={"digest": plan_digest(bare)})


def order(
    of: Plan | None = None, state: OrderState = OrderState.DONE, steps: Sequence[StepState] = (), **members: Any
) -> OrderRecord:
    """An order of ``of``; ``steps``: how far each is, all done where nothing is said."""
    of = of or plan()
    states = steps or [StepState.DONE] * len(of.steps)
    return OrderRecord.model_validate(
        {
            "id": of.asked.key,
            "plan": of,
            "state": state,
            "author": "olga",
            "role": "operator",
            "created_at": AT + timedelta(minutes=1),
            "ended_at": AT + timedelta(minutes=2) if state.ended else None,
            "steps": tuple(
                StepProgress(number=number, state=it, attempts=1) for number, it in enumerate(states, start=1)
            ),
            **members,
        }
    )


def _call(tenant: str) -> RegistryCall:
    before = {"id": f"sub-{tenant}", "tenant": tenant, "ended_on": "2026-11-30"}
    return RegistryCall(
        method="PUT", path=f"/subscriptions/sub-{tenant}", before=before, after={**before, "ended_on": "2027-11-30"}
    )
