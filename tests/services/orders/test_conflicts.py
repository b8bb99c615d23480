"""Which orders keep each other waiting: two that write for one tenant do, a long look at a store does not."""

from __future__ import annotations

import pytest

from services.orders.actions import ACTIONS
from services.orders.conflicts import goes_aside, in_the_way
from services.wire.orders import Asked

KEY = "ab" * 16


def asked(action: str, store: str | None = None) -> Asked:
    return Asked(key=KEY, action=action, tenants=("acme",), fields={} if store is None else {"store": store})


@pytest.mark.parametrize(
    ("one", "other", "waits"),
    [
        (asked("renew"), asked("hold-place"), True),
        (asked("renew"), asked("restore-test", "a"), False),
        (asked("restore-test", "a"), asked("restore-test", "a"), True),
        (asked("restore-test", "a"), asked("restore-test", "b"), False),
        (asked("restore-test", "a"), asked("backup-start", "a"), False),
        (asked("of-another-program"), asked("renew"), True),
        (asked("of-another-program"), asked("of-another-program"), True),
    ],
)
def test_of_two_orders_one_waits_where_they_write_the_same(one: Asked, other: Asked, waits: bool) -> None:
    """Whichever of them is under way."""
    assert in_the_way(one, other) is waits
    assert in_the_way(other, one) is waits


def test_what_goes_aside_names_one_store_of_one_tenant() -> None:
    """Or two of them could not be told apart."""
    aside = [it for it in ACTIONS.values() if goes_aside(it.name)]
    assert {it.name for it in aside} == {"restore-test", "backup-start"}
    assert all(not it.many and any(field.name == "store" for field in it.fields) for it in aside)
