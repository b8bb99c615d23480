"""Every action once, under one fault of a kind that goes round; ``make orders-matrix`` tries every fault everywhere."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, NoReturn

import httpx
import pytest

from services.orders.actions import ACTIONS
from services.wire.orders import AwsCall, OrderState, Plan
from tests.journeys.acts import Act, Scene
from tests.journeys.playing import like
from tests.journeys.table import TABLE
from tests.reliability.orders.judging import ONCE, read_database
from tests.reliability.orders.lives import OTHER, Life, lived, work
from tests.reliability.orders.matrix import KILLED
from tests.reliability.orders.nursery import Nursery
from tests.reliability.orders.picture import AwsEyes
from tests.reliability.orders.playing import handed_over, know, planned, scene_of
from tests.reliability.orders.report import BEGIN, END, put_into, taken_from
from tests.reliability.orders.stages import answering, filled, places_of, read_log, served
from tests.reliability.orders.striking import Kind, Strike

pytestmark = [pytest.mark.unmeasured, pytest.mark.processes]
KILLS: Final = (
    "step 1 · write 1 · begun",
    "step 1 · write 1 · written",
    "step 1 · write 1 · kept",
    "finish · write 1 · written",
    "begin · write 1 · kept",
)
"""Of an order over the registry."""
FAILS: Final = ("step 1 · write 1 · written", "step 1 · write 1 · kept", "finish · write 1 · written")
STRIKES: Final = (
    Strike(3, Kind.LOST),
    Strike(2, Kind.THROTTLED),
    Strike(3, Kind.HANGING),
    Strike(2, Kind.LOST),
    Strike(3, Kind.BROKEN),
)
"""Of an order in AWS, whose first call is for the keys of the worker's role."""


class _OnlyLooksError(Exception):
    """Before an act something is to be looked at, past the registry: no state is planted by that."""


class _Nobody:
    """Stands where an AWS CLI or a shell would: whoever needs one only looks."""

    def __getattr__(self, name: str) -> NoReturn:
        raise _OnlyLooksError(name)

    def __call__(self, *given: str) -> NoReturn:
        raise _OnlyLooksError(*given)


class _Slice:
    """All stories of the journeys in one registry and one AWS."""

    def __init__(self, folder: Path, nursery: Nursery) -> None:
        self.database = filled(folder)
        self.url = f"sqlite:///{self.database}"
        self.aws = f"http://127.0.0.1:{nursery.ports[0]}"
        self.orders: list[str] = []
        self._folder, self._nursery = folder, nursery
        self._eyes = AwsEyes(self.aws)
        self._replay: list[Mapping[str, Any]] = []
        self._healed = False
        self._turns: Counter[str] = Counter()

    def play(self, url: str) -> None:
        for played in (it for it in TABLE if not it.again):
            scene = scene_of(url, self.aws, self._folder, played.tenant)
            scene.aws = scene.operator = _Nobody()  # type: ignore[assignment]
            if played.before is not None:
                with suppress(_OnlyLooksError):
                    played.before(scene)
            for act in played.acts:
                self._act(scene, url, act)

    def _act(self, scene: Scene, url: str, act: Act) -> None:
        if self._healed:  # what an AWS was asked after that, it has not written down
            self._nursery.born(0, self._replay, ())
            self._healed = False
        plan = planned(scene, url, act)
        handed_over(url, plan)
        before = Counter(self._eyes(places_of(plan)))
        know(scene, act, plan)
        said = self._carried_out(plan)
        order = answering(url, f"/orders/{plan.asked.key}").json()
        assert (order["state"], order["failure"]) == (OrderState.DONE, None), (act.action, said)
        like(scene, scene.registry.get(scene.say(act.record)), act)
        more = Counter(self._eyes(places_of(plan))) - before
        steps = [step for step in plan.steps if isinstance(step.call, AwsCall)]
        assert set(more.values()) <= {1}, (act.action, said, more)
        assert len(more) <= len(steps), (act.action, said, more)
        self.orders.append(plan.asked.key)

    def _carried_out(self, plan: Plan) -> str:
        """Under the fault whose turn it is; which that was."""
        step = next((it.number for it in plan.steps if isinstance(it.call, AwsCall)), None)
        told = self._folder / "told.json"
        life = Life(self.url, self.aws, plan.asked.key, told=str(told))
        strikes: tuple[Strike, ...] = ()
        if step is not None and not self._turn("aws", 3):
            life = replace(life, fatal=f"step {step} · call 1 · answered")
        elif step is not None:
            strikes = (STRIKES[self._turn("strikes", len(STRIKES))],)
        elif self._turn("registry", 3):
            life = replace(life, fatal=KILLS[self._turn("kills", len(KILLS))])
        else:
            life = replace(life, failing=FAILS[self._turn("fails", len(FAILS))])
        if step is not None:
            self._nursery.born(0, self._replay, strikes)
        code = lived(work, life)
        if life.fatal is not None:
            assert code == KILLED, life.fatal
            code = lived(work, replace(life, fatal=None, name=OTHER))
        assert code == 0, (life, strikes)
        if life.failing is not None:
            assert json.loads(told.read_text())["failed"], life.failing
        log = read_log(self.aws, "log" if step is None else "heal")
        if step is None:
            assert not any(call["writes"] for call in log["calls"]), plan.asked.action
            return f"{life.fatal or life.failing}"
        self._healed = True
        for strike in strikes:
            assert log["calls"][strike.at - 1]["struck"] == strike.kind, (strike, log["calls"])
        self._replay += log["written"]
        return f"{life.fatal or life.failing or strikes}"

    def _turn(self, what: str, of: int) -> int:
        self._turns[what] += 1
        return self._turns[what] % of


def test_every_action_ends_as_it_should_under_a_fault(tmp_path: Path) -> None:
    """Killed and taken over, its database failing, its call to AWS lost: it is done, its record says what the journeys
    expect of it, nothing is there twice in AWS, and of no act there are two entries in an audit log that verifies."""
    with Nursery(1) as nursery:
        part = _Slice(tmp_path, nursery)
        nursery.born(0, (), ())
        with served(Life(part.url, part.aws, "none"), works=False) as (url, _):
            answering(url, "/whoami")
            part.play(url)
            with pytest.raises(httpx.HTTPStatusError):
                answering(url, f"/orders/{'0' * 32}").raise_for_status()
    assert len(part.orders) >= len(ACTIONS)
    for key in part.orders:
        order, entries, faults = read_database(part.database, key)
        assert order is not None
        assert faults == ()
        said = Counter((it.outcome, it.note) for it in entries if it.outcome in ONCE)
        assert max(said.values()) == 1, (order.plan.asked.action, said)


def test_the_part_of_orders_outlives_the_rest_of_the_document() -> None:
    """Each of the two runs writes its own half of the page, and leaves the other's as it is."""
    part = f"{BEGIN}\ncounted\n{END}\n"
    whole = put_into("# Reliability\n\ntext\n", part)
    assert whole == f"# Reliability\n\ntext\n\n{part}"
    assert taken_from(whole) == part
    assert taken_from("# Reliability\n") is None
    assert put_into(whole, f"{BEGIN}\nanew\n{END}\n").count(BEGIN) == 1
