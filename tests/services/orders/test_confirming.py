"""What has to be given before a plan is handed over."""

from __future__ import annotations

from typing import Any

import pytest

from services.orders.confirming import (
    Need,
    lacking,
    may_approve,
    may_break_glass,
    may_review,
    may_write,
    needed,
    suffices,
    to_review,
)
from services.wire import nouns
from services.wire.orders import Confirmation, OrderState
from services.wire.registry import Role
from tests.support.plans import AT, order, plan

REVERSIBLE, SEEN, IRREVERSIBLE = Confirmation.REVERSIBLE, Confirmation.SEEN, Confirmation.IRREVERSIBLE


@pytest.mark.parametrize(
    ("confirmation", "tenants", "needs"),
    [
        (REVERSIBLE, ["acme"], [Need.AGREEMENT]),
        (REVERSIBLE, ["acme", "contoso"], [Need.AGREEMENT]),
        (REVERSIBLE, [], [Need.AGREEMENT]),
        (SEEN, ["acme"], [Need.TENANT]),
        (SEEN, ["acme", "contoso"], [Need.TENANT, Need.TENANTS]),
        (SEEN, [], [Need.AGREEMENT]),
        (IRREVERSIBLE, ["acme"], [Need.TENANT, Need.STORES, Need.TICKET]),
        (IRREVERSIBLE, ["acme", "contoso"], [Need.TENANT, Need.TENANTS, Need.STORES, Need.TICKET]),
        (IRREVERSIBLE, [], [Need.STORES, Need.TICKET]),
    ],
)
def test_what_is_asked_follows_from_what_the_plan_can_break(
    confirmation: Confirmation, tenants: list[str], needs: list[Need]
) -> None:
    """Nothing goes without a word; the tenant's id is typed for what it sees, stores and ticket for what is final."""
    assert [one.need for one in needed(plan(tenants, confirmation))] == needs


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({}, ["--confirm TENANT_ID", "--tenants N", "--stores N", "--ticket T"]),
        ({Need.AGREEMENT: "x"}, ["--confirm TENANT_ID", "--tenants N", "--stores N", "--ticket T"]),
        ({Need.TENANT: "acme", Need.TENANTS: "2", Need.STORES: "3", Need.TICKET: "SO-1"}, []),
        ({Need.TENANT: " acme ", Need.TENANTS: "2", Need.STORES: "3", Need.TICKET: "SO-1"}, []),
        ({Need.TENANT: "contoso", Need.TENANTS: "2", Need.STORES: "3", Need.TICKET: "SO-1"}, ["--confirm TENANT_ID"]),
        ({Need.TENANT: "ACME", Need.TENANTS: "2", Need.STORES: "3", Need.TICKET: "SO-1"}, ["--confirm TENANT_ID"]),
        ({Need.TENANT: "acme", Need.TENANTS: "1", Need.STORES: "3", Need.TICKET: "SO-1"}, ["--tenants N"]),
        ({Need.TENANT: "acme", Need.TENANTS: "2", Need.STORES: "03", Need.TICKET: "SO-1"}, ["--stores N"]),
        ({Need.TENANT: "acme", Need.TENANTS: "2", Need.STORES: "3", Need.TICKET: " "}, ["--ticket T"]),
    ],
)
def test_what_was_given_suffices_only_to_the_letter(given: dict[Need, str], missing: list[str]) -> None:
    """Of an irreversible plan each thing that is missing or wrong is told by its option, and nothing else is."""
    made = plan(["acme", "contoso"], IRREVERSIBLE, stores=3)
    lines = lacking(made, given)
    assert [line.removesuffix(" is missing").partition(": ")[0] for line in lines] == missing
    assert suffices(made, given) == (not missing)


def test_a_wrong_word_is_told_apart_from_none() -> None:
    """Who typed another tenant's id is told so, not that they typed nothing."""
    made = plan(["acme"], SEEN)
    assert lacking(made, {}) == ("--confirm TENANT_ID is missing",)
    assert lacking(made, {Need.TENANT: "acmee"}) == ("--confirm TENANT_ID: acmee is not what the plan says",)


def test_a_reversible_plan_asks_for_one_word() -> None:
    """An id that is typed is no agreement; the word is, and it is nothing that a paste could be refused for."""
    made = plan(["acme"])
    assert lacking(made, {Need.TENANT: "acme"}) == ("--yes is missing",)
    assert suffices(made, {Need.AGREEMENT: "x"})
    assert [one.typed for one in needed(made)] == [False]


@pytest.mark.parametrize(
    ("role", "read_only", "refused"),
    [
        ("viewer", False, "viewer"),
        ("operator", False, None),
        ("approver", False, None),
        (None, False, None),
        ("approver", True, "read-only"),
        ("viewer", True, "read-only"),
    ],
)
def test_who_may_write_is_told_with_the_reason(role: Role | None, read_only: bool, refused: str | None) -> None:
    """A viewer and a read-only profile are refused with the reason; a role not known is the server's to judge."""
    said = may_write(role, read_only=read_only)
    assert (said is None) == (refused is None)
    assert refused is None or refused in (said or "")


@pytest.mark.parametrize(
    ("state", "user", "role", "refused"),
    [
        (OrderState.WAITING, "anna", "approver", None),
        (OrderState.WAITING, None, None, None),
        (OrderState.WAITING, "olga", "approver", "yourself"),
        (OrderState.WAITING, "otto", "operator", "your role is operator"),
        (OrderState.WAITING, "vera", "viewer", "viewer"),
        (OrderState.RUNNING, "anna", "approver", "it is running"),
        (OrderState.CANCELLED, "anna", "approver", "it is cancelled"),
    ],
)
def test_the_second_person_is_another_one(
    state: OrderState, user: str | None, role: Role | None, refused: str | None
) -> None:
    """Only an approver who is not the author agrees, and only while the order waits."""
    said = may_approve(order(state=state), user, role, read_only=False)
    assert (said is None) == (refused is None)
    assert refused is None or refused in (said or "")


@pytest.mark.parametrize(
    ("role", "confirmation", "approval", "refused"),
    [
        ("approver", Confirmation.REVERSIBLE, True, None),
        ("approver", Confirmation.SEEN, True, None),
        (None, Confirmation.REVERSIBLE, True, None),
        ("operator", Confirmation.REVERSIBLE, True, "only an approver"),
        ("viewer", Confirmation.REVERSIBLE, True, "viewer"),
        ("approver", Confirmation.IRREVERSIBLE, True, "never goes without the second person"),
        ("approver", Confirmation.REVERSIBLE, False, "needs no second person"),
    ],
)
def test_only_an_approver_does_without_the_second_person(
    role: Role | None, confirmation: Confirmation, approval: bool, refused: str | None
) -> None:
    """Where the plan wants one, and never for what cannot be undone; read-only refuses it as any write."""
    made = plan(confirmation=confirmation, approval=approval)
    said = may_break_glass(made, role, read_only=False)
    assert (said is None) == (refused is None)
    assert refused is None or refused in (said or "")
    assert "read-only" in (may_break_glass(made, role, read_only=True) or "")


ALONE = {"break_glass_until": AT, "author": "olga"}


@pytest.mark.parametrize(
    ("state", "members", "user", "role", "refused"),
    [
        (OrderState.DONE, ALONE, "anna", "approver", None),
        (OrderState.UNDONE, ALONE, "anna", None, None),
        (OrderState.HALF_DONE, {"author": "olga"}, "olga", "approver", None),
        (OrderState.HALF_DONE, ALONE, "olga", "approver", "another approver reviews it"),
        (OrderState.DONE, ALONE, "olga", "approver", "another approver reviews it"),
        (OrderState.DONE, ALONE, "otto", "operator", "approvers review"),
        (OrderState.DONE, {**ALONE, "reviewed_by": "pat"}, "anna", "approver", "pat has reviewed it"),
        (OrderState.RUNNING, ALONE, "anna", "approver", "neither half done nor an ended one"),
        (OrderState.DONE, {}, "anna", "approver", "neither half done nor an ended one"),
    ],
)
def test_what_went_alone_or_half_is_reviewed_by_an_approver(
    state: OrderState, members: dict[str, Any], user: str, role: Role | None, refused: str | None
) -> None:
    """Another one than the author where there was no second person; once, and after its end."""
    made = order(state=state, **members)
    said = may_review(made, user, role, read_only=False)
    assert (said is None) == (refused is None)
    assert refused is None or refused in (said or "")
    assert to_review(nouns.order(made)) == to_review(made)
