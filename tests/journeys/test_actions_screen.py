"""Actions in a real pseudo-terminal; what they left is looked up by plain HTTP and the stock AWS CLI."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.journeys.consoles import LONG, chosen, console, found_again, left, page_of, planned, state_of
from tests.support.acting import AWS, AwsCli, Registry
from tests.support.sandbox import RunningSandbox, running_sandbox, wait_for

pytestmark = [
    pytest.mark.xdist_group("actions-screen"),
    pytest.mark.processes,
    pytest.mark.skipif(not AWS.exists(), reason="the AWS CLI is a development package"),
]

SIZE = (100, 30)
DEDICATED, LONDON = "444455556666", "eu-west-2"
PASTED = "\x1b[200~{}\x1b[201~"
"""A bracketed paste, as terminals send it (xterm, ctlseqs)."""


@pytest.fixture(scope="module")
def own() -> Iterator[RunningSandbox]:
    """A sandbox in which is written; each test takes a tenant of its own."""
    with running_sandbox("--tenants", "36") as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def registry(own: RunningSandbox) -> Registry:
    return Registry(own, own.tokens["viewer"])


@pytest.fixture(scope="module")
def aws(own: RunningSandbox, tmp_path_factory: pytest.TempPathFactory) -> AwsCli:
    return AwsCli(own, tmp_path_factory.mktemp("aws"))


def windows(aws: AwsCli, slot: str) -> list[dict[str, Any]]:
    named = f"Key=Name,Values=tenure-{slot}"
    found = aws(DEDICATED, LONDON, "ssm", "describe-maintenance-windows", "--filters", named)
    identities: list[dict[str, Any]] = found["WindowIdentities"]
    return identities


def test_what_the_tenant_sees_is_confirmed_by_its_id(own: RunningSandbox, registry: Registry) -> None:
    """D: neither x, nor Enter on an empty line, nor another id, nor a pasted one disables; the id typed does."""
    tenant, path = "initrode-pbx", "/subscriptions/sub-initrode-pbx-1"
    record = registry.get(path)
    assert record is not None
    ended = (own.now() - timedelta(days=2)).date().isoformat()  # no story is active past its end: as an import has it
    Registry(own, own.tokens["operator"]).put(path, {**record, "ended_on": ended})
    with console(own, "operator", size=SIZE) as terminal:
        page_of(terminal, tenant)
        terminal.send("D")
        terminal.wait_for("then type what is asked", LONG)
        terminal.wait_for("active → grace")
        terminal.send("x\t\r")
        terminal.wait_for("Not confirmed: ")
        terminal.send("globex-voice\r")
        terminal.wait_for("globex-voice is not what is asked")
        terminal.press("ctrl+u")
        terminal.send(PASTED.format(tenant))
        terminal.wait_for("Pasting is refused here")
        assert state_of(registry, f"/tenants/{tenant}") == "active"
        assert registry.all("/orders", tenant=tenant) == []
        terminal.send(f"{tenant}\r")
        terminal.wait_for("Done: disable the service", LONG)
        assert state_of(registry, f"/tenants/{tenant}") == "grace"
        (order,) = registry.all("/orders", tenant=tenant)
        assert (order["state"], order["author"]) == ("done", "operator@sandbox")
        left(terminal)


def test_two_people_lift_a_hold(own: RunningSandbox, registry: Registry) -> None:
    """The operator's console orders and waits, the approver's agrees; the first one shows how it ended."""
    tenant, path = "weyland-desk", "/holds/hold-weyland-desk"

    def lifted() -> object:
        hold = registry.get(path)
        assert hold is not None
        return hold["lifted_at"]

    with console(own, "operator", size=SIZE) as terminal, console(own, "approver", size=SIZE) as second:
        page_of(terminal, tenant)
        terminal.send("L")
        terminal.wait_for("⏎ plan")
        terminal.wait_for("hold-weyland-desk")
        terminal.press("enter")
        terminal.wait_for("[ Cancel ]", LONG)
        terminal.press("x")
        assert wait_for(lambda: [it["state"] for it in registry.all("/orders", tenant=tenant)] == ["waiting"])
        terminal.wait_for("waiting")
        second.wait_for("breached   globex-voice", LONG)
        second.send(":orders\r")
        second.wait_for("hold-lift", LONG)
        second.send("A")
        second.wait_for("Author   operator@sandbox", LONG)
        second.press("x")
        assert lifted() is None
        second.send(f"\t{tenant}\r")
        second.wait_for("Done: lift a legal hold", LONG)
        assert lifted() is not None
        terminal.wait_for("Done: lift a legal hold", LONG)
        left(second)
        left(terminal)
    (order,) = registry.all("/orders", tenant=tenant)
    assert (order["author"], order["approved_by"]) == ("operator@sandbox", "approver@sandbox")


def test_an_approver_lifts_a_hold_alone_and_another_reviews_it(own: RunningSandbox, registry: Registry) -> None:
    """B, by when and why, with a ticket; x in their lines is a letter. It is done at once, the log says so, and it is
    due until the other approver has said R and x."""
    tenant = "initech-desk"
    with console(own, "approver", size=SIZE) as terminal:
        page_of(terminal, tenant)
        planned(terminal, "H", "litigation", "dpo", "case 4711")
        terminal.press("x")
        terminal.wait_for("Done: place a legal hold", LONG)
        terminal.press("escape")
        terminal.wait_for("stops destruction")
        planned(terminal, "L")
        terminal.send("B")
        terminal.wait_for("BREAK-GLASS: carried out at once")
        terminal.send("2h\rOPS-x\rthe court waits\r")
        terminal.wait_for("x break the glass")
        assert [it["plan"]["asked"]["action"] for it in registry.all("/orders", tenant=tenant)] == ["hold-place"]
        terminal.press("x")
        terminal.wait_for("Done: lift a legal hold", LONG)
        terminal.wait_for("another approver reviews it")
        left(terminal)
    order = registry.all("/orders", tenant=tenant)[0]
    assert (order["state"], order["ticket"], order["reason"]) == ("done", "OPS-x", "the court waits")
    assert order["approved_by"] is None
    assert order["break_glass_until"] is not None
    log = registry.all("/audit", tenant=tenant)
    assert {"BREAK-GLASS"} <= {it["outcome"] for it in log if it["order"] == order["id"]}
    with console(own, "approver2", size=SIZE) as other:
        other.wait_for("breached   globex-voice", LONG)
        other.send(":audit outcome=BREAK-GLASS\r")
        other.wait_for(" 1 of ", LONG)
        other.send(":orders\r")
        other.wait_for("hold-lift", LONG)
        other.send("R")
        other.wait_for("say that you have looked at it", LONG)
        other.wait_for("BREAK-GLASS: without a second person")
        assert registry.get(f"/orders/{order['id']}") == order
        other.press("x")
        assert wait_for(lambda: registry.all("/orders", tenant=tenant)[0]["reviewed_by"] is not None)
        other.wait_for("reviewed by approver2@sandbox", LONG)
        left(other)
    order = registry.all("/orders", tenant=tenant)[0]
    assert (order["author"], order["reviewed_by"]) == ("approver@sandbox", "approver2@sandbox")


def test_a_slot_is_in_the_registry_and_in_aws_and_is_taken_from_both(
    own: RunningSandbox, registry: Registry, aws: AwsCli
) -> None:
    """M and its form make a slot and its maintenance window; slot-cancel, chosen from the list, ends both."""
    tenant = "spacely-voice"
    before = {one["id"] for one in registry.all("/slots")}
    with console(own, "operator", size=SIZE) as terminal:
        page_of(terminal, tenant)
        planned(terminal, "M", "2026-12-08 22:00", "90m", "Upgrade of the core", "Europe/London")
        terminal.press("x")
        terminal.wait_for("Done: schedule maintenance", LONG)
        (slot,) = {one["id"] for one in registry.all("/slots")} - before
        record = registry.get(f"/slots/{slot}")
        assert record is not None
        assert (record["starts_at"], record["ends_at"]) == ("2026-12-08T22:00:00Z", "2026-12-08T23:30:00Z")
        (window,) = windows(aws, slot)
        assert (window["NextExecutionTime"], window["Duration"]) == ("2026-12-08T22:00Z", 2)
        terminal.press("escape")
        terminal.wait_for("R renew")
        chosen(terminal, "slot-cancel")
        terminal.wait_for("⏎ plan")
        terminal.press("ctrl+u")
        terminal.send(f"{slot}\r")
        terminal.wait_for("[ Cancel ]", LONG)
        assert len(windows(aws, slot)) == 1
        terminal.press("x")
        terminal.wait_for("Done: cancel a maintenance slot", LONG)
        left(terminal)
    assert state_of(registry, f"/slots/{slot}") == "cancelled"
    assert windows(aws, slot) == []


def test_a_console_killed_right_after_x_stops_nothing_in_aws(
    own: RunningSandbox, registry: Registry, aws: AwsCli
) -> None:
    """SIGKILL as soon as the order is handed over: slot and window are made, and the next console says so."""
    tenant = "spacely-voice"
    known = {one["id"] for one in registry.all("/orders", tenant=tenant)}

    def handed_over() -> list[dict[str, Any]]:
        return [one for one in registry.all("/orders", tenant=tenant) if one["id"] not in known]

    with console(own, "operator", size=SIZE) as terminal:
        page_of(terminal, tenant)
        planned(terminal, "M", "2026-12-15 22:00", "1h", "Patches", "Europe/London")
        terminal.press("x")
        assert wait_for(lambda: bool(handed_over()))
        terminal.process.kill()
    (order,) = handed_over()
    ended = registry.ended(order["id"])
    assert (ended["state"], ended["failure"]) == ("done", None)
    slot = ended["steps"][0]["result"]["id"]
    assert [one["NextExecutionTime"] for one in windows(aws, slot)] == ["2026-12-15T22:00Z"]
    found_again(own, "Your order slot-schedule spacely-voice ended", "slot-schedule")
