"""``plan``, ``apply``, ``orders``, ``order``, ``approve`` and ``cancel`` against a server that fails where told to."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from console import following
from console.main import run
from services.wire.orders import Confirmation, OrderRecord, OrderState, Plan, StepState
from tests.support.desk import DeskServer, Fault, after, before, problem, serve_desk
from tests.support.plans import KEY, order, plan

Captured = pytest.CaptureFixture[str]
REVERSIBLE, SEEN, IRREVERSIBLE = Confirmation.REVERSIBLE, Confirmation.SEEN, Confirmation.IRREVERSIBLE


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[DeskServer]:
    """A server of orders that carries out whatever it is asked for at the next look."""
    with serve_desk(DeskServer(further=ended(OrderState.DONE))) as server:
        assert server.wire is not None
        monkeypatch.setenv("TENURE_API_URL", server.wire.address)
        monkeypatch.setenv("TENURE_API_TOKEN", "sesame-4711")
        monkeypatch.setenv("TENURE_CONFIG", "/dev/null")
        monkeypatch.delenv("TENURE_READ_ONLY", raising=False)
        monkeypatch.setattr(following, "EVERY_S", 0.0)
        yield server


def ended(state: OrderState, *steps: StepState, **members: Any) -> Callable[[OrderRecord], OrderRecord]:
    """What an order that was handed over has become when it is looked at."""

    def further(record: OrderRecord) -> OrderRecord:
        if record.state in (OrderState.ACCEPTED, OrderState.RUNNING):
            return order(record.plan, state, steps, **members)
        return record

    return further


@pytest.fixture
def written(tmp_path: Path) -> Callable[[Plan], str]:
    """Writes a plan as ``tenure plan -o`` does."""

    def write(made: Plan) -> str:
        path = tmp_path / "plan.json"
        path.write_text(made.model_dump_json(), encoding="ascii")
        return str(path)

    return write


def test_a_plan_is_printed_for_a_person(server: DeskServer, capsys: Captured) -> None:
    """To whom, what changes, the call; and that nothing is done."""
    assert run(["plan", "renew", "acme", "--set", "until=2027-11-30"]) == 0
    out, err = capsys.readouterr()
    assert "acme  active, ends 2026-11-30 → active, ends 2027-11-30" in out
    assert "PUT /subscriptions/sub-acme" in out
    assert "nothing is done" in err
    assert server.operations == ["POST /plans"]


def test_a_saved_plan_is_applied_and_followed(server: DeskServer, capsys: Captured, tmp_path: Path) -> None:
    """Plan to a file, hand that over, follow: the key on stdout, progress on stderr, 0 when it is done."""
    path = tmp_path / "plan.json"
    assert run(["plan", "renew", "acme", "contoso", "--set", "until=2027-11-30", "-o", str(path)]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert f"tenure apply {path} --yes" in err
    made = Plan.model_validate_json(path.read_text())
    assert run(["apply", str(path), "--yes", "--reason", "by mail"]) == 0
    out, err = capsys.readouterr()
    assert out == f"{made.asked.key}\n"
    assert "1  done     acme renewed" in err
    assert err.endswith("tenure: done\n")
    assert server.orders[made.asked.key].plan == made
    assert json.loads(path.read_text()) == made.model_dump(mode="json")


def test_a_plan_goes_through_a_pipe(server: DeskServer, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    """``tenure plan -o - | tenure apply -``: in ASCII, whatever names are in it."""
    server.make = lambda asked: plan(key=asked.key, fields=asked.fields, warnings=("\x1b[31mé",))
    assert run(["plan", "renew", "acme", "-o", "-"]) == 0
    text = capsys.readouterr().out
    assert text.isascii()
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    assert run(["apply", "-", "--yes", "--detach"]) == 0
    out, err = capsys.readouterr()
    assert out.strip() in server.orders
    assert "--follow" in err
    assert server.operations == ["POST /plans", "POST /orders"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["plan", "renwe", "acme"], "there is no action 'renwe'; did you mean renew?"),
        (["plan", "renew", "acme", "--set", "untli=2027-01-01"], "renew has no field 'untli'; it has until, order"),
        (["plan", "renew", "acme", "--tier", "public"], "renew has no field 'tier'"),
        (["plan", "renew", "acme", "--set", "until"], "--set until: write field=value"),
        (["plan", "renew", "acme", "--set", "until=a", "--set", "until=b"], "--set until: is given twice"),
        (["plan", "renew", "a/b"], "tenants.0"),
        (["order", "abc"], "'abc' is no key of an order"),
        (["order", "f" * 32], "there is no order"),
        (["approve", "f" * 32], "there is no order"),
        (["cancel", "f" * 32], "there is no order"),
        (["apply", "/nowhere.json"], "/nowhere.json: No such file"),
    ],
)
def test_what_cannot_be_read_on_the_command_line_exits_2(
    server: DeskServer, capsys: Captured, arguments: list[str], words: str
) -> None:
    """Told with what to write instead; nothing was asked for."""
    assert run(arguments) == 2
    assert words in capsys.readouterr().err
    assert not server.orders


def test_the_actions_are_listed(server: DeskServer, capsys: Captured) -> None:
    """All with how they are confirmed, or one with its fields; nobody is asked."""
    assert run(["plan", "--actions"]) == 0
    every = capsys.readouterr().out
    assert run(["plan"]) == 0
    assert capsys.readouterr().out == every
    assert "hold-place" in every
    assert run(["plan", "hold-place", "--actions"]) == 0
    assert "  basis " in capsys.readouterr().out
    assert server.operations == []


def test_a_refused_plan_names_the_fields(server: DeskServer, capsys: Captured) -> None:
    """Exit 4, the server's words, a line for each field."""
    server.faults["POST /plans"] = [problem(409, "it cannot be renewed", ("fields.until", "is past"))]
    assert run(["plan", "renew", "acme"]) == 4
    assert capsys.readouterr().err == "tenure: it cannot be renewed\n  until: is past\n"


@pytest.mark.parametrize(
    ("confirmation", "options", "missing"),
    [
        (REVERSIBLE, [], ["--yes"]),
        (REVERSIBLE, ["--confirm", "acme"], ["--yes"]),
        (SEEN, [], ["--confirm TENANT_ID", "--tenants N"]),
        (SEEN, ["--yes"], ["--confirm TENANT_ID", "--tenants N"]),
        (SEEN, ["--confirm", "acme"], ["--tenants N"]),
        (IRREVERSIBLE, ["--confirm", "acme", "--tenants", "2"], ["--stores N", "--ticket T"]),
    ],
)
def test_a_missing_confirmation_exits_4_and_names_the_option(
    server: DeskServer,
    written: Callable[[Plan], str],
    capsys: Captured,
    confirmation: Confirmation,
    options: list[str],
    missing: list[str],
) -> None:
    """Nothing is handed over, and every option that is missing stands on a line of its own."""
    path = written(plan(["acme", "contoso"], confirmation, stores=2))
    assert run(["apply", path, *options]) == 4
    lines = capsys.readouterr().err.splitlines()
    assert lines == ["tenure: not confirmed, so nothing was done", *(f"  {one} is missing" for one in missing)]
    assert server.operations == []


def test_what_is_final_goes_with_everything_typed(
    server: DeskServer, written: Callable[[Plan], str], capsys: Captured
) -> None:
    """The ticket is handed over with it."""
    path = written(plan(["acme"], IRREVERSIBLE, stores=2))
    options = ["--confirm", "acme", "--stores", "2", "--ticket", "SO-1"]
    assert run(["apply", path, *options, "--detach"]) == 0
    assert server.orders[KEY].ticket == "SO-1"
    assert capsys.readouterr().out == f"{KEY}\n"


def test_a_plan_that_no_longer_holds_is_refused_with_the_differences(
    server: DeskServer, written: Callable[[Plan], str], capsys: Captured
) -> None:
    """Each on a line, and exit 4."""
    server.faults["POST /orders"] = [
        problem(412, "what the plan rests on has changed", ("plan", "tenants/acme state: grace → active"))
    ]
    assert run(["apply", written(plan()), "--yes"]) == 4
    assert capsys.readouterr().err == (
        "tenure: what the plan rests on has changed\n  tenants/acme state: grace → active\n"
    )


def test_a_plan_that_is_refused_by_now_is_told_with_its_reason(
    server: DeskServer, written: Callable[[Plan], str], capsys: Captured
) -> None:
    """That it has to be looked at again, and why, at the field that it is about."""
    why = ("fields.expires", "the hold would have expired already")
    server.faults["POST /orders"] = [problem(409, "it can no longer be done: look again", why)]
    assert run(["apply", written(plan()), "--yes"]) == 4
    assert capsys.readouterr().err == (
        "tenure: it can no longer be done: look again\n  expires: the hold would have expired already\n"
    )


def test_a_plan_with_another_order_in_its_way_names_that_order(
    server: DeskServer, written: Callable[[Plan], str], capsys: Captured
) -> None:
    """Whose it is, and the command that follows it to its end."""
    why = "renew of luis is under way for one of these tenants"
    server.faults["POST /orders"] = [problem(409, why, ("order", "77" * 16))]
    assert run(["apply", written(plan()), "--yes"]) == 4
    assert capsys.readouterr().err == f"tenure: {why}\n  to follow it: tenure order {'77' * 16} --follow\n"


def test_a_plan_that_was_edited_is_not_handed_over(
    server: DeskServer, written: Callable[[Plan], str], capsys: Captured
) -> None:
    """Its digest tells, before anybody is asked; and what is no plan at all is told with the place."""
    path = written(plan().model_copy(update={"confirmation": REVERSIBLE, "title": "Something else"}))
    assert run(["apply", path, "--yes"]) == 4
    assert "was changed after it was made" in capsys.readouterr().err
    Path(path).write_text('{"asked": {}}', encoding="ascii")
    assert run(["apply", path, "--yes"]) == 2
    assert "is no plan: asked.key: Field required" in capsys.readouterr().err
    assert server.operations == []


@pytest.mark.parametrize(
    ("state", "steps", "failure", "words"),
    [
        (
            OrderState.UNDONE,
            [StepState.UNDONE, StepState.FAILED],
            "AccessDenied",
            "nothing of it is left: AccessDenied",
        ),
        (OrderState.HALF_DONE, [StepState.STUCK, StepState.FAILED], "step 1 is left", "half-done"),
        (OrderState.CANCELLED, [], None, "cancelled"),
        (OrderState.VOID, [], "has changed", "void"),
    ],
)
def test_an_order_that_is_not_done_exits_4(
    server: DeskServer,
    written: Callable[[Plan], str],
    capsys: Captured,
    state: OrderState,
    steps: list[StepState],
    failure: str | None,
    words: str,
) -> None:
    """Said with the reason, whatever became of it."""
    server.further = ended(state, *steps, failure=failure)
    assert run(["apply", written(plan(["acme", "contoso"])), "--yes"]) == 4
    err = capsys.readouterr().err
    assert words in err.splitlines()[-1]
    assert all(f"  {step.value}" in err for step in steps)


@pytest.mark.parametrize("lost", [before, after])
def test_a_line_that_drops_costs_nothing(
    server: DeskServer, written: Callable[[Plan], str], capsys: Captured, lost: Fault
) -> None:
    """The answer of the handing over is lost, then looks fail: the order is carried out once, followed, and done."""
    server.faults["POST /orders"] = [lost]
    server.faults["GET /orders/KEY"] = [None, *[before] * 9]
    assert run(["apply", written(plan()), "--yes"]) == 0
    err = capsys.readouterr().err
    assert len(server.orders) == 1
    if lost is before:
        assert "tenure: not answered: " in err
        assert err.count("not answered") == 1
        assert "tenure: answers again" in err


def test_what_is_not_known_says_how_to_find_out(
    server: DeskServer, written: Callable[[Plan], str], capsys: Captured
) -> None:
    """Exit 4, and the same plan may be applied again: it is found, and carried out once."""
    path = written(plan())
    server.faults["POST /orders"] = [after]
    server.faults["GET /orders/KEY"] = [before] * 4
    assert run(["apply", path, "--yes"]) == 4
    err = capsys.readouterr().err
    assert "it is not known whether it was carried out" in err
    assert f"tenure order {KEY}" in err
    assert run(["apply", path, "--yes"]) == 0
    assert "it was handed over before" in capsys.readouterr().err


def test_following_ends_where_nobody_answers_for_long(
    server: DeskServer, written: Callable[[Plan], str], capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It never says done for what was not seen to be."""
    monkeypatch.setattr(following, "PATIENCE_S", 0.0)
    server.faults["GET /orders/KEY"] = [before] * 4
    assert run(["apply", written(plan()), "--yes"]) == 4
    assert "it is not known how it ended" in capsys.readouterr().err


def test_orders_are_listed_for_people_and_machines(server: DeskServer, capsys: Captured) -> None:
    """What, by whom, how far; absent is null."""
    server.orders[KEY] = order(plan(["acme", "contoso"]), OrderState.RUNNING, [StepState.DONE, StepState.RUNNING])
    assert run(["orders", "--tenant", "acme", "--open", "-o", "json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["order"], row["action"], row["state"], row["tenants"]) == (KEY, "renew", "running", ["acme", "contoso"])
    assert (row["steps_done"], row["steps"], row["failure"]) == (1, 2, None)
    assert server.operations == ["GET /orders?tenant=acme&open=true&limit=200"]
    assert run(["orders"]) == 0
    assert "acme, contoso" in capsys.readouterr().out


def test_what_could_not_be_read_exits_3(server: DeskServer, capsys: Captured) -> None:
    """No answer is no empty list."""
    server.faults["GET /orders"] = [problem(500, "the server failed")]
    assert run(["orders"]) == 3
    assert "the server failed" in capsys.readouterr().err
    server.faults["GET /orders"] = [problem(422, "the tenant is no id", ("query.tenant", "does not match"))]
    assert run(["orders", "--tenant", "a/b"]) == 2
    server.orders[KEY] = order()
    server.faults["GET /orders/KEY"] = [problem(500, "the server failed")]
    assert run(["order", KEY]) == 3


def test_one_order_is_shown_and_followed(server: DeskServer, capsys: Captured) -> None:
    """Its steps as text, everything as JSON; followed, its end decides the exit code."""
    server.further = lambda record: record
    server.orders[KEY] = order(plan(), OrderState.RUNNING, [StepState.RUNNING], ticket="SO-1")
    assert run(["order", KEY]) == 0
    out = capsys.readouterr().out
    assert "running · step 1 of 1" in out
    assert "SO-1" in out
    assert run(["order", KEY, "-o", "json"]) == 0
    assert OrderRecord.model_validate_json(capsys.readouterr().out) == server.orders[KEY]
    server.further = ended(OrderState.HALF_DONE, StepState.STUCK, failure="step 1 is left")
    assert run(["order", KEY, "--follow"]) == 4
    assert "step 1 is left" in capsys.readouterr().out


def test_the_second_person_agrees_with_the_plan_they_saw(server: DeskServer, capsys: Captured) -> None:
    """Without a terminal by its digest; without one, or with another, nothing is done."""
    made = plan(approval=True)
    server.orders[KEY] = order(made, OrderState.WAITING)
    assert run(["approve", KEY]) == 4
    err = capsys.readouterr().err
    assert f"--digest D is missing: {made.digest}" in err
    assert "PUT /subscriptions/sub-acme" in err
    assert run(["approve", KEY, "--digest", "0" * 64]) == 4
    assert "another one than you looked at" in capsys.readouterr().err
    assert server.orders[KEY].state is OrderState.WAITING
    assert run(["approve", KEY, "--digest", made.digest]) == 0
    assert server.orders[KEY].approved_by == "anna"
    assert run(["approve", KEY, "--digest", made.digest]) == 4
    assert "does not wait for a second person" in capsys.readouterr().err


def test_an_order_that_waits_is_taken_back(server: DeskServer, capsys: Captured) -> None:
    """With the reason; refused, the server's words are told."""
    server.orders[KEY] = order(plan(approval=True), OrderState.WAITING)
    server.faults["POST /orders/KEY/cancel"] = [problem(403, "it is olga's order")]
    assert run(["cancel", KEY]) == 4
    assert "it is olga's order" in capsys.readouterr().err
    assert run(["cancel", KEY, "--reason", "not yet"]) == 0
    assert (server.orders[KEY].state, server.orders[KEY].failure) == (OrderState.CANCELLED, "not yet")


@pytest.mark.parametrize("command", ["apply", "approve", "cancel"])
def test_a_reason_that_cannot_be_kept_is_told_before_anything_is_said(
    server: DeskServer, written: Callable[[Plan], str], capsys: Captured, command: str
) -> None:
    """Too long: exit 2, by the option's name, and nothing is handed over or decided."""
    made = plan(approval=True)
    server.orders[KEY] = order(made, OrderState.WAITING)
    words = {"apply": [written(made), "--yes"], "approve": [KEY, "--digest", made.digest], "cancel": [KEY]}[command]
    assert run([command, *words, "--reason", "x" * 100_000]) == 2
    assert capsys.readouterr().err.startswith("tenure: --reason: ")
    assert server.orders[KEY].state is OrderState.WAITING


@pytest.mark.parametrize("how", ["option", "variable", "file"])
@pytest.mark.parametrize("command", ["apply", "approve", "cancel"])
def test_read_only_writes_nothing(
    server: DeskServer,
    written: Callable[[Plan], str],
    capsys: Captured,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    how: str,
    command: str,
) -> None:
    """By option, variable or profile: exit 4 with the reason, and nobody was asked."""
    if how == "variable":
        monkeypatch.setenv("TENURE_READ_ONLY", "true")
    elif how == "file":
        config = tmp_path / "config.toml"
        config.write_text("read_only = true\n", encoding="utf-8")
        monkeypatch.setenv("TENURE_CONFIG", str(config))
    options = ["--read-only"] if how == "option" else []
    target = [written(plan()), "--yes"] if command == "apply" else [KEY]
    assert run([command, *target, *options]) == 4
    assert capsys.readouterr().err == "tenure: read-only: the profile or --read-only allows no write\n"
    assert server.operations == []
    assert run(["plan", "renew", "acme"]) == 0


def test_an_interrupt_leaves_the_order_alone(
    server: DeskServer, written: Callable[[Plan], str], capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Following stops, the order goes on, and the command says how to look again."""

    def interrupt(self: threading.Event, timeout: float | None = None) -> bool:
        raise KeyboardInterrupt

    class Pause(threading.Event):
        wait = interrupt

    monkeypatch.setattr(following, "Pause", Pause)
    assert run(["apply", written(plan()), "--yes"]) == 130
    assert f"the order goes on: tenure order {KEY} --follow" in capsys.readouterr().err
    assert server.orders[KEY].state is OrderState.ACCEPTED
