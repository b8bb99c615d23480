"""``apply`` and ``approve`` at a terminal: the plan is shown, and only ``x`` carries it out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.wire.orders import Confirmation, OrderState
from tests.support.cli import command
from tests.support.desk import DeskServer, serve_desk
from tests.support.plans import KEY, order, plan
from tests.support.pty import Terminal

MADE = plan(warnings=("\x1b]0;title\x07 hostile",))


@pytest.fixture
def server() -> Iterator[DeskServer]:
    with serve_desk() as server:
        yield server


def at(server: DeskServer, *arguments: str) -> Terminal:
    assert server.wire is not None
    env = {"TENURE_API_URL": server.wire.address, "TENURE_API_TOKEN": "sesame-4711", "TENURE_CONFIG": "/dev/null"}
    return Terminal(command(*arguments), columns=100, env=env)


@pytest.mark.parametrize(
    ("typed", "code", "said"),
    [
        ("x\r", 0, "handed over"),
        ("\r", 4, "cancelled"),
        ("y\r", 4, "cancelled"),
        ("xx\r", 4, "cancelled"),
        ("\x04", 4, "cancelled"),
        ("\x03", 130, ""),
    ],
)
def test_only_x_carries_a_plan_out(server: DeskServer, tmp_path: Path, typed: str, code: int, said: str) -> None:
    """Not Enter, not another letter, not x twice, not the end of the input; an interrupt is none either."""
    path = tmp_path / "plan.json"
    path.write_text(MADE.model_dump_json(), encoding="ascii")
    with at(server, "apply", str(path), "--detach") as terminal:
        terminal.wait_for("x and Enter carry it out")
        assert "PUT /subscriptions/sub-acme" in terminal.text
        assert "␛]0;title␇ hostile" in terminal.text
        assert not server.orders
        terminal.send(typed)
        assert terminal.wait_exit() == code
        assert said in terminal.text
        assert b"\x1b]" not in terminal.raw
    assert (KEY in server.orders) is (code == 0)


def test_what_the_tenant_sees_is_not_asked_for_an_x(server: DeskServer, tmp_path: Path) -> None:
    """Its id stands in the command: a terminal could not tell a word that was typed from one that was pasted."""
    path = tmp_path / "plan.json"
    path.write_text(plan(confirmation=Confirmation.SEEN).model_dump_json(), encoding="ascii")
    with at(server, "apply", str(path)) as terminal:
        assert terminal.wait_exit() == 4
        assert "--confirm TENANT_ID is missing" in terminal.text
    assert server.operations == []


@pytest.mark.parametrize(("typed", "code"), [("x\r", 0), ("\r", 4)])
def test_the_second_person_sees_the_plan_first(server: DeskServer, typed: str, code: int) -> None:
    """And whose it is; Enter alone agrees with nothing."""
    server.orders[KEY] = order(plan(approval=True), OrderState.WAITING)
    with at(server, "approve", KEY) as terminal:
        terminal.wait_for("x and Enter agree")
        assert "ordered by olga (operator)" in terminal.text
        terminal.send(typed)
        assert terminal.wait_exit() == code
    assert (server.orders[KEY].approved_by is not None) is (code == 0)
