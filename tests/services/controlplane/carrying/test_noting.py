"""What stands in the audit log of an order of several tenants: its acts once, its end in the history of each."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.controlplane.audit import read_entries
from services.controlplane.carrying.noting import note_act, note_end
from services.wire.orders import OrderRecord, OrderState, TenantChange
from tests.services.controlplane.carrying.hands import AT, KEY, Bench, bench, renaming


@pytest.fixture
def one(tmp_path: Path) -> Bench:
    return bench(tmp_path, renaming(1, "New", before="Northwind"))


def of_tenants(order: OrderRecord, *tenants: str) -> OrderRecord:
    changes = tuple(TenantChange(tenant=it, before="b", after="a") for it in tenants)
    return order.model_copy(update={"plan": order.plan.model_copy(update={"tenants": changes})})


@pytest.mark.parametrize(
    ("tenants", "act", "ends"),
    [
        (("northwind",), ["northwind"], ["northwind"]),
        (("northwind", "umbrella", "northwind"), [None], ["northwind", "umbrella"]),
        ((), [None], [None]),
    ],
)
def test_whose_an_entry_is(one: Bench, tenants: tuple[str, ...], act: list[str | None], ends: list[str | None]) -> None:
    """An act is the one tenant's or nobody's; how it ended is told to each, once."""
    order = of_tenants(one.order(), *tenants)
    try:
        with one.database.write() as connection:
            note_act(connection, order, "begun", at=AT, worker="w-1", note="step", request="r-1")
            note_end(connection, order, OrderState.HALF_DONE, at=AT, worker="w-1", note="left: all of it")
            entries = [it for it in reversed(read_entries(connection, None, None, 50)[0]) if it["order"] == KEY]
    finally:
        one.database.close()
    told = [(it["outcome"], it["tenant"], it["note"], it["request_id"]) for it in entries]
    assert told == [
        *(("begun", whose, "step", "r-1") for whose in act),
        *(("half-done", whose, "left: all of it", None) for whose in ends),
    ]
    assert {(it["who"], it["role"], it["origin"], it["ticket"]) for it in entries} == {("olga", "worker", "w-1", "T-1")}
