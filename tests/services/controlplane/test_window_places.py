"""Where a slot was given windows is known by the orders that made them."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.controlplane.known import known_of
from services.controlplane.order_book import add_order
from services.controlplane.window_places import window_places
from services.wire.orders import Asked, AwsCall, Step
from tests.services.agreement.policies import DEFAULT
from tests.services.controlplane.carrying.hands import AT, KEY, OLGA, Bench, opened, plan_of
from tests.support.registry import small_registry

PLACE, OTHER = ("111122223333", "eu-west-2"), ("444455556666", "eu-west-2")


def making(number: int, slot: str, place: tuple[str, str], operation: str = "CreateMaintenanceWindow") -> Step:
    call = AwsCall(
        service="ssm", operation=operation, account=place[0], region=place[1], parameters={"Name": f"tenure-{slot}"}
    )
    return Step(number=number, says="made", call=call, undo="deleted")


ORDERS = {
    "slot-schedule": (making(1, "s-1", PLACE), making(2, "s-12", OTHER)),
    "slot-move": (making(1, "s-1", PLACE), making(2, "s-1", OTHER, "UpdateMaintenanceWindow")),
    "try": (making(1, "s-1", OTHER),),
}


@pytest.fixture
def one(tmp_path: Path) -> Bench:
    small_registry().load(f"sqlite:///{tmp_path / 'orders.db'}")
    return opened(tmp_path)


def test_they_are_where_an_order_was_to_make_them(one: Bench) -> None:
    """Of that slot alone, not of one whose id begins with its own; of the actions that make windows; each place once.
    Whoever plans with the slot knows them."""
    try:
        with one.database.write() as connection:
            for number, (action, steps) in enumerate(ORDERS.items()):
                plan = plan_of(*steps)
                named = plan.asked.model_copy(update={"action": action, "key": f"{KEY[:-1]}{number}"})
                plan = plan.model_copy(update={"asked": named})
                add_order(connection, plan, OLGA, AT, origin="here", ticket=None, reason=None)
            asked = Asked(key=KEY, action="slot-cancel", fields={"slot": "s-1"})
            assert window_places(connection, "s-1") == (PLACE,)
            assert window_places(connection, "s-12") == (OTHER,)
            assert window_places(connection, "s_1") == ()
            assert known_of(connection, asked, DEFAULT.policy, AT).windows_in == (PLACE,)
    finally:
        one.database.close()
