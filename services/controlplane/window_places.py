"""Where the windows of a slot were made, by the orders that made them: a tenant may have moved since."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, select

from services.agreement.slots import window_name
from services.controlplane.order_tables import orders
from services.wire.orders import AwsCall, Plan

MAKING: Final = ("slot-schedule", "slot-move", "slot-extend")
"""The actions that make windows."""
CREATE: Final = "CreateMaintenanceWindow"


def window_places(connection: Connection, slot: str) -> tuple[tuple[str, str], ...]:
    """Each account and region in which an order was to make a window of the slot, sorted; whatever became of it."""
    named = orders.c.plan.contains(f'"{window_name(slot)}"', autoescape=True)
    plans = connection.execute(select(orders.c.plan).where(orders.c.action.in_(MAKING), named)).scalars()
    calls = [step.call for plan in plans for step in Plan.model_validate_json(plan).steps]
    return tuple(
        sorted(
            {
                (call.account, call.region)
                for call in calls
                if isinstance(call, AwsCall)
                and call.operation == CREATE
                and call.parameters.get("Name") == window_name(slot)
            }
        )
    )
