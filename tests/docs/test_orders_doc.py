"""``docs/orders.md`` against the actions."""

from __future__ import annotations

import re

import pytest

from services.agreement import default_policy_text, parse_policy
from services.orders.actions import EVERY
from services.orders.base import Action
from tests.docs.pages import DOCS

PAGE = (DOCS / "orders.md").read_text(encoding="utf-8")
POLICY = parse_policy(default_policy_text())
CONFIRMED = {"reversible": "`x`", "seen": "tenant's id", "irreversible": "id, stores, ticket"}
ROWS = {
    cells[0].strip("`"): cells
    for line in PAGE.partition("## Actions")[2].splitlines()
    if len(cells := [cell.strip() for cell in line.strip("|").split(" | ")]) == 7
}
every = pytest.mark.parametrize("action", EVERY, ids=[action.name for action in EVERY])


@every
def test_each_action_stands_in_the_table(action: Action) -> None:
    """With its key, its clause, what it asks (in brackets what may be left out), how it is confirmed and who agrees."""
    name, key, clause, asks, for_many, confirmed, agrees = ROWS[action.name]
    assert name == f"`{action.name}`"
    assert key == (f"`{action.key}`" if action.key else "—")
    assert clause == f"`{action.clause}`"
    wanted = [f"`{field.name}`" if field.required else f"(`{field.name}`)" for field in action.fields]
    assert re.findall(r"\(`[a-z_]+`\)|`[a-z_]+`", asks) == wanted
    assert for_many == ("many" if action.many else "one")
    assert confirmed == CONFIRMED[action.confirmation]
    assert agrees == ("an approver" if action.approval(POLICY) else "—")


def test_the_table_names_no_action_that_there_is_not() -> None:
    """Nor a heading of it."""
    assert sorted(ROWS) == sorted(["action", *(action.name for action in EVERY)])
