"""Every action as the journeys play it, at the moment before it is carried out: a database in which its order has just
been accepted, and what has happened in AWS until then. And what comes of it in health, which every case has to reach.
"""

from __future__ import annotations

import json
import socket
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import httpx

from services.controlplane.store import load_registry
from services.sandbox.fleet import build_fleet
from services.wire.orders import AwsCall, Plan
from tests.journeys.acts import Act, Played, Scene
from tests.journeys.table import TABLE
from tests.reliability.orders.lives import Life, lived, processes, serve, work
from tests.reliability.orders.moments import LOOK
from tests.reliability.orders.nursery import TENANTS, Nursery
from tests.reliability.orders.picture import AwsEyes, Place, registry
from tests.reliability.orders.playing import ROLES, START_S, handed_over, know, planned, scene_of
from tests.support.born import exit_code, start
from tests.support.sandbox import AT, SEED

GONE_S = 30.0
"""Seconds within which the system takes away what was killed."""


class Standing(NamedTuple):
    """What stands in the registry, and in AWS where the order may change something."""

    records: Mapping[str, str]
    aws: Sequence[str]


@dataclass(frozen=True)
class Stage:
    """An order that waits to be carried out."""

    action: str
    plan: Plan
    database: Path
    """With the order accepted."""
    unasked: Path
    """Before it was handed over."""
    replay: tuple[Mapping[str, Any], ...]
    before: Standing
    after: Standing
    calls: tuple[Mapping[str, Any], ...]
    """To AWS, of a worker in health."""
    moments: tuple[str, ...]
    """Of a worker in health, each once, in order."""
    approved: bool = False
    """Whether it took a second person."""

    @property
    def key(self) -> str:
        return self.plan.asked.key

    @property
    def places(self) -> tuple[Place, ...]:
        return places_of(self.plan)


def places_of(plan: Plan) -> tuple[Place, ...]:
    """Where in AWS the plan changes something."""
    calls = [step.call for step in plan.steps if isinstance(step.call, AwsCall)]
    return tuple(sorted({(call.account, call.region) for call in calls}))


def copied(source: Path, target: Path) -> Path:
    """A database as it is now, whoever else has it open."""
    with closing(sqlite3.connect(source)) as there, closing(sqlite3.connect(target)) as here:
        there.backup(here)
    return target


def filled(folder: Path) -> Path:
    """A registry with the sandbox's fleet in it."""
    path = folder / "filled.db"
    planting = build_fleet(SEED, TENANTS, AT).planting
    load_registry(
        f"sqlite:///{path}",
        planting.parties,
        planting.tenants,
        planting.subscriptions,
        planting.stores,
        operations=planting.operations(),
        audit_=planting.audit,
    )
    return path


@contextmanager
def served(life: Life, *, works: bool = True) -> Iterator[tuple[str, Any]]:
    """A server's life, and its address; ended at the end."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as file:
        process = processes().Process(target=serve, args=(life, file, works))
        start(process)
        address = f"http://127.0.0.1:{file.getsockname()[1]}"
    try:
        yield address, process
    finally:
        process.kill()
        exit_code(process, GONE_S)


def answering(address: str, path: str) -> httpx.Response:
    """The answer of a server that may still be starting."""
    deadline = time.monotonic() + START_S
    headers = {"Authorization": f"Bearer {ROLES['viewer']}"}
    while True:
        try:
            return httpx.get(f"{address}{path}", headers=headers, timeout=START_S, trust_env=False)
        except httpx.TransportError:
            if time.monotonic() > deadline:
                raise


def read_log(address: str, what: str = "log") -> dict[str, Any]:
    """What an AWS of the matrix has been asked; ``heal``: no call is struck any more."""
    told: dict[str, Any] = httpx.get(f"{address}/matrix/{what}", timeout=START_S, trust_env=False).json()
    return told


def stages(
    folder: Path, nursery: Nursery, lane: int, only: str | None = None, tenant: str | None = None
) -> Iterator[Stage]:
    """Each action that the journeys play, in their order; ``only``: that one, and what has to come before it;
    ``tenant``: as it is played on that one."""
    address = f"http://127.0.0.1:{nursery.ports[lane]}"
    fresh = filled(folder)
    for number, played in enumerate(TABLE):
        actions = [act.action for act in played.acts]
        if (only is None or only in actions) and tenant in (None, played.tenant):
            last = len(actions) if only is None else len(actions) - actions[::-1].index(only)
            own = folder / str(number)
            own.mkdir()
            acts = replace(played, acts=played.acts[:last])
            for stage in _Player(own, nursery, lane, address, copied(fresh, own / "own.db")).play(acts):
                if only in (None, stage.action):
                    yield stage


class _Player:
    """Plays one story's acts, each on what the one before left."""

    def __init__(self, folder: Path, nursery: Nursery, lane: int, aws: str, database: Path) -> None:
        self._folder, self._nursery, self._lane, self._aws = folder, nursery, lane, aws
        self._database = database
        self._eyes = AwsEyes(aws)
        self._replay: list[Mapping[str, Any]] = []

    def play(self, played: Played) -> Iterator[Stage]:
        self._nursery.born(self._lane, (), ())
        life = Life(f"sqlite:///{self._database}", self._aws, "none")
        with served(life, works=False) as (url, _):
            answering(url, "/whoami")
            scene = scene_of(url, self._aws, self._folder, played.tenant)
            if played.before is not None:
                played.before(scene)
            for number, act in enumerate(played.acts):
                self._nursery.born(self._lane, self._replay, ())
                yield self._stage(scene, url, act, number)

    def _stage(self, scene: Scene, url: str, act: Act, number: int) -> Stage:
        plan = planned(scene, url, act)
        unasked = copied(self._database, self._folder / f"{number}-unasked.db")
        approved = handed_over(url, plan)
        accepted = copied(self._database, self._folder / f"{number}-accepted.db")
        places = places_of(plan)
        before = Standing(registry(accepted), self._eyes(places))
        self._nursery.born(self._lane, self._replay, ())
        told = self._folder / f"{number}-told.json"
        code = lived(work, Life(f"sqlite:///{self._database}", self._aws, plan.asked.key, told=str(told)))
        log = read_log(self._aws, "heal")
        after = Standing(registry(self._database), self._eyes(places))
        if code:
            raise AssertionError(f"{act.action} in health: the worker ended with {code}")
        moments = tuple(dict.fromkeys(json.loads(told.read_text())["passed"]))
        stage = Stage(
            action=act.action,
            plan=plan,
            database=accepted,
            unasked=unasked,
            replay=tuple(self._replay),
            before=before,
            after=after,
            calls=tuple(log["calls"]),
            moments=tuple(it for it in moments if not it.startswith(LOOK)),
            approved=approved,
        )
        self._replay += log["written"]
        know(scene, act, plan)
        return stage
