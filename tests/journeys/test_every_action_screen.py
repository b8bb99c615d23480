"""Every action on a story, in the console in a real pseudo-terminal; what is there afterwards is looked up past it.

One console does them all, tenant after tenant. The second person agrees at a shell; how that looks in a console of
their own is in ``test_actions_screen``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Final

import pytest

from services.orders.actions import ACTIONS
from services.orders.base import Field
from services.wire.orders import Confirmation
from tests.journeys.acts import Act, Played, Scene
from tests.journeys.clusters import ON_CLUSTERS
from tests.journeys.playing import SECOND, looked_at, scene_of, worker_token
from tests.journeys.table import TABLE
from tests.support.acting import AWS, AwsCli
from tests.support.pty import DEADLINE, Terminal
from tests.support.sandbox import RunningSandbox, running_sandbox

pytestmark = [
    pytest.mark.xdist_group("every-action-screen"),
    pytest.mark.processes,
    pytest.mark.skipif(not AWS.exists(), reason="the AWS CLI is a development package"),
]

TENURE: Final = str(Path(sys.executable).with_name("tenure"))
LONG: Final = 3 * DEADLINE
"""Seconds for what several processes do."""
SHOWN: Final = tuple(it for it in TABLE if it not in ON_CLUSTERS)
"""An act on a cluster looks as one on an instance does, and takes a minute: the command line plays those."""


@pytest.fixture(scope="module")
def own() -> Iterator[RunningSandbox]:
    """A sandbox in which is written; each story has a tenant of its own."""
    with running_sandbox("--tenants", "36") as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def scene(own: RunningSandbox, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    home = tmp_path_factory.mktemp("home")
    return scene_of(own, worker_token(own, home), AwsCli(own, tmp_path_factory.mktemp("aws")), home)


@pytest.fixture(scope="module")
def terminal(own: RunningSandbox) -> Iterator[Terminal]:
    env = {**own.environment, "TENURE_API_TOKEN": own.tokens["operator"]}
    with Terminal([TENURE], columns=120, rows=40, env=env) as terminal:
        terminal.wait_for("breached   globex-voice", LONG)
        yield terminal
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == 0
        assert terminal.problems() == []


@pytest.mark.parametrize("played", SHOWN, ids=lambda it: f"{it.story}-{it.tenant}")
def test_acts(played: Played, scene: Scene, terminal: Terminal) -> None:
    """Asked for by name, its form filled in, the plan confirmed as it wants to be: what the table says is so."""
    scene.tenant = played.tenant
    if played.before is not None:
        played.before(scene)
    for act in played.acts:
        perform(scene, terminal, act)


def perform(scene: Scene, terminal: Terminal, act: Act) -> None:
    """One act, until its order has ended and the console has said so."""
    action = ACTIONS[act.action]
    before = {one["id"] for one in scene.registry.all("/orders")}
    terminal.send(f":tenant {scene.tenant}\rr")
    terminal.wait_for(f" {scene.tenant} · ")
    with looked_at(scene, act) as order:
        open_form(scene, terminal, act)
        if action.confirmation is Confirmation.REVERSIBLE:
            terminal.wait_for("[ Cancel ]", LONG)
            terminal.press("x")
        else:
            terminal.wait_for("then type what is asked", LONG)
            terminal.send(f"\t{scene.tenant}\r")
        if act.action in SECOND:
            terminal.wait_for("waiting", LONG)
            (key,) = {one["id"] for one in scene.registry.all("/orders")} - before
            digest = (scene.registry.get(f"/orders/{key}") or {})["plan"]["digest"]
            scene.approver.done("approve", key, "--digest", digest)
        terminal.wait_for(f"Done: {action.title[0].lower()}{action.title[1:]}", LONG)
        (key,) = {one["id"] for one in scene.registry.all("/orders")} - before
        order.append(key)
    terminal.press("escape")
    terminal.wait_for(lambda: "╭" not in terminal.text)


def open_form(scene: Scene, terminal: Terminal, act: Act) -> None:
    """Ask for the action, and for its plan with what the table gives; what it does not give stays as it is offered."""
    fields = [it for it in ACTIONS[act.action].fields if not (act.tenants and it.name in ("tier", "region"))]
    terminal.send(f":do {act.action} {scene.tenant if act.tenants else '-'}\r")
    if not fields:
        return
    terminal.wait_for(lambda: focused(terminal, fields) is not None)
    for _ in fields:
        field = focused(terminal, fields)
        assert field is not None
        if field.name in act.fields:
            terminal.press("ctrl+u")
            terminal.send(scene.say(act.fields[field.name]))
        if len(fields) > 1:
            terminal.press("tab")
            terminal.wait_for(partial(moved_on, terminal, fields, field))
    terminal.press("enter")


def moved_on(terminal: Terminal, fields: Sequence[Field], left: Field) -> bool:
    return focused(terminal, fields) not in (left, None)


def focused(terminal: Terminal, fields: Sequence[Field]) -> Field | None:
    """The field of which the form says what it takes."""
    rows = [row.partition("│ ")[2] for row in terminal.display]
    return next((field for field in fields if any(row.startswith(f"{field.label}: ") for row in rows)), None)
