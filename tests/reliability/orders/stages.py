"""Every action as the journeys play it, at the moment before it is carried out: a database in which its order has just
been accepted, and what has happened in AWS until then. And what comes of it in health, which every case has to reach.
"""

from __future__ import annotations

import json
import secrets
import socket
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, NamedTuple

import httpx

from services.controlplane.store import load_registry
from services.now import Now, make_now
from services.orders.actions import ACTIONS
from services.sandbox import options
from services.sandbox.fleet import build_fleet
from services.wire.orders import AwsCall, Plan
from tests.journeys.acts import Act, Played, Scene
from tests.journeys.table import TABLE
from tests.reliability.orders.lives import TOKENS, Life, lived, processes, serve, work
from tests.reliability.orders.moments import LOOK
from tests.reliability.orders.nursery import TENANTS, Nursery
from tests.reliability.orders.picture import AwsEyes, Place, registry
from tests.support.acting import AwsCli, Registry, Shell
from tests.support.sandbox import AT, SEED, RunningSandbox

START_S: Final = 60.0
ROLES: Final = {role: token for token, role in TOKENS.items()}
NOUN: Final = {"holds": "hold", "cases": "case", "exports": "export", "slots": "slot", "recovery-tests": "test"}


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


class _Sandbox(RunningSandbox):
    """As the journeys know one; its clock stands."""

    @property
    def now(self) -> Now:
        return lambda: AT


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
        process.start()
        address = f"http://127.0.0.1:{file.getsockname()[1]}"
    try:
        yield address, process
    finally:
        process.kill()
        process.join()


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


def stages(folder: Path, nursery: Nursery, lane: int, only: str | None = None) -> Iterator[Stage]:
    """Each action that the journeys play, in their order; ``only``: that one, and what has to come before it."""
    address = f"http://127.0.0.1:{nursery.ports[lane]}"
    fresh = filled(folder)
    for number, played in enumerate(TABLE):
        actions = [act.action for act in played.acts]
        if only is None or only in actions:
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
            scene = self._scene(url, played.tenant)
            if played.before is not None:
                played.before(scene)
            for number, act in enumerate(played.acts):
                self._nursery.born(self._lane, self._replay, ())
                yield self._stage(scene, url, act, number)

    def _scene(self, url: str, tenant: str) -> Scene:
        sandbox = _Sandbox(
            process=None,  # type: ignore[arg-type] # nobody ends it by this
            aws_endpoint_url=self._aws,
            aws_access_key_id=options.ACCESS_KEY_ID,
            aws_secret_access_key=options.SECRET_ACCESS_KEY,
            api_url=url,
            tokens=ROLES,
            regions=options.REGIONS,
            accounts=options.ACCOUNTS,
            role_arn=options.ROLE_ARN,
            clock_offset_s=(AT - make_now()()).total_seconds(),
            line={},
        )
        operator, approver = (Shell(sandbox, self._folder, role) for role in ("operator", "approver"))
        aws = AwsCli(sandbox, self._folder)
        scene = Scene(
            sandbox,
            operator,
            approver,
            Registry(sandbox, ROLES["viewer"]),
            aws,
            Registry(sandbox, ROLES["worker"]),
            tenant,
        )
        day = 3600
        scene.known |= {"yesterday": _said(-25 * day), "later": _said(-23 * day)}
        return scene

    def _stage(self, scene: Scene, url: str, act: Act, number: int) -> Stage:
        fields = {name: scene.say(value) for name, value in act.fields.items()}
        tenants = [scene.tenant] if act.tenants else []
        asked = {"key": secrets.token_hex(16), "action": act.action, "tenants": tenants, "fields": fields}
        plan = Plan.model_validate_json(_posted(url, "/plans", asked, "operator"))
        unasked = copied(self._database, self._folder / f"{number}-unasked.db")
        order = json.loads(_posted(url, "/orders", {"plan": json.loads(plan.model_dump_json())}, "operator"))
        if order["state"] == "waiting":
            _posted(url, f"/orders/{plan.asked.key}/approve", {"digest": plan.digest}, "approver")
        accepted = copied(self._database, self._folder / f"{number}-accepted.db")
        places = places_of(plan)
        before = Standing(registry(accepted), self._eyes(places))
        self._nursery.born(self._lane, self._replay, ())
        told = self._folder / f"{number}-told.json"
        code = lived(work, Life(f"sqlite:///{self._database}", self._aws, plan.asked.key, told=str(told)))
        log = read_log(self._aws, "heal")
        after = Standing(registry(self._database), self._eyes(places))
        moments = tuple(dict.fromkeys(json.loads(told.read_text())["passed"])) if code == 0 else ()
        if code or (after == before and plan.steps and ACTIONS[act.action].title):
            raise AssertionError(
                f"{act.action} in health ended with {code} and changed {'nothing' if after == before else 'something'}"
            )
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
            approved=order["state"] == "waiting",
        )
        self._replay += log["written"]
        self._know(scene, act, plan)
        return stage

    def _know(self, scene: Scene, act: Act, plan: Plan) -> None:
        """The words that later acts use: the id of what this one made."""
        scene.known["order"] = plan.asked.key
        if "{made}" in act.record:
            collection = act.record.split("/")[1]
            made = [getattr(it.call, "path", "") for it in plan.steps if getattr(it.call, "before", 1) is None]
            (id_,) = {path.rpartition("/")[2] for path in made if path.startswith(f"/{collection}/")}
            scene.known |= {"made": id_, NOUN[collection]: id_}


def _said(seconds: int) -> str:
    from datetime import timedelta

    from services.words import say_instant

    return say_instant(AT + timedelta(seconds=seconds))


def _posted(url: str, path: str, body: Mapping[str, Any], role: str) -> str:
    headers = {"Authorization": f"Bearer {ROLES[role]}"}
    answer = httpx.post(f"{url}{path}", json=body, headers=headers, timeout=START_S, trust_env=False)
    if answer.status_code not in (200, 201):
        raise AssertionError(f"{path}: {answer.status_code} {answer.text}")
    return answer.text
