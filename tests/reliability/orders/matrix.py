"""Carries orders out under faults, each in an AWS and a database of its own, several at a time, and judges each."""

from __future__ import annotations

import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from queue import Queue
from tempfile import mkdtemp
from typing import Any, Final, Self

import httpx

from services.controlplane.carrying.registry_steps import write
from services.controlplane.store import Database
from services.orders.actions import ACTIONS
from services.wire.orders import NOW, Confirmation, OrderState, RegistryCall
from tests.reliability.orders.cases import (
    HANDED,
    Case,
    End,
    Group,
    Refusal,
    first_faults,
    other_firsts,
    refusals,
    second_faults,
    served_faults,
)
from tests.reliability.orders.judging import Seen, judge, read_database
from tests.reliability.orders.lives import FIRST, TOKENS, Life, lived, work
from tests.reliability.orders.moments import LOOK, SENT
from tests.reliability.orders.nursery import Nursery
from tests.reliability.orders.picture import AwsEyes, registry
from tests.reliability.orders.playing import ROLES
from tests.reliability.orders.relay import Relay
from tests.reliability.orders.stages import Stage, Standing, answering, read_log, served
from tests.reliability.orders.striking import Strike
from tests.support.born import exit_code
from tests.support.cli import command, environment
from tests.support.sandbox import AT

LANES: Final = 4
KILLED: Final = -signal.SIGKILL
PATIENCE_S: Final = 60.0
EVERY: Final = 3
"""Of the moments of undoing under another first fault than the refusal."""
OVER: Final = frozenset(it.value for it in OrderState if it.ended)


@dataclass(frozen=True)
class Judged:
    """A case, how its order ended, and what did not hold."""

    case: Case
    state: OrderState | None
    wrong: tuple[str, ...]
    moments: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    took_s: float = 0.0


class Matrix:
    """A context manager. Keeps everything in a folder of its own."""

    def __init__(self, lanes: int = LANES) -> None:
        self.folder = Path(mkdtemp(prefix="tenure-orders-"))
        self.nursery = Nursery(lanes + 1)
        self.stage_lane = lanes
        """Of who plays the stages; the others are the cases'."""
        self._lanes: Queue[int] = Queue()
        for lane in range(lanes):
            self._lanes.put(lane)
        self._eyes = [AwsEyes(self._aws(lane)) for lane in range(lanes + 1)]
        self._pool = ThreadPoolExecutor(lanes, thread_name_prefix="lane")
        self._untouched: dict[int, Any] = {}
        self._counter = iter(range(10**9))

    def __enter__(self) -> Self:
        self.nursery.__enter__()
        return self

    def __exit__(self, *given: object) -> None:
        self._pool.shutdown(cancel_futures=True)
        self.nursery.__exit__(*given)
        shutil.rmtree(self.folder, ignore_errors=True)

    def whole(self, stage: Stage, seed: int, wanted: Callable[[Case], bool] = lambda _: True) -> Iterator[Judged]:
        """All the faults of a stage, but for those that are not ``wanted``."""
        yield from self.run(filter(wanted, (*served_faults(stage, seed), *first_faults(stage, seed))))
        refused = list(self.run(refusals(stage)))
        yield from (it for it in refused if wanted(it.case))
        if refused:  # under the one that has most to undo
            first = max(refused, key=to_undo)
            yield from self._second(first, seed, wanted)
        denied = [it for it in refused if it.case.strikes]
        if denied:
            most = max(denied, key=to_undo)
            for other in self.run(other_firsts(most.case, most.calls)):
                if wanted(other.case):
                    yield other
                yield from self._second(other, seed, wanted, EVERY)

    def _second(self, first: Judged, seed: int, wanted: Callable[[Case], bool], every: int = 1) -> Iterator[Judged]:
        """What is broken while the order is undone under a first fault."""
        moments = tuple(dict.fromkeys(it for it in first.moments if not it.startswith(LOOK)))
        undoing = sum(it.startswith("undo") and it.endswith(SENT) for it in first.moments)
        begun = len(first.calls) - undoing if first.case.strikes else 0  # a record may be refused after any of them
        refusal = Refusal(first.case, moments, first.calls, begun)
        seconds = list(filter(wanted, second_faults(refusal, seed, every)))
        yield from self.run(seconds, {str(case): first.state for case in seconds})

    def run(self, cases: Iterable[Case], same: dict[str, OrderState | None] | None = None) -> Iterator[Judged]:
        """Judges each, several at a time, in their order."""
        known = same or {}
        yield from self._pool.map(lambda case: self._one(case, known.get(str(case))), cases)

    def _one(self, case: Case, same: OrderState | None) -> Judged:
        lane = self._lanes.get()
        begun = time.monotonic()
        folder = self.folder / f"case-{next(self._counter)}"
        folder.mkdir()
        try:
            how = {Group.SERVER: self._at_server, Group.CLIENT: self._by_client}.get(case.group, self._by_worker)
            seen, moments = how(case, lane, folder)
            wrong = tuple(judge(case, seen, same))
            state = seen.order.state if seen.order is not None else None
            calls = tuple(call["name"].split("/")[0].strip() for call in seen.calls)
            return Judged(case, state, wrong, moments, calls, time.monotonic() - begun)
        except Exception as error:  # noqa: BLE001 - whatever it is, it did not hold, and the others are to be tried
            return Judged(case, None, (f"{type(error).__name__}: {error}",), took_s=time.monotonic() - begun)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            self._lanes.put(lane)

    def _aws(self, lane: int) -> str:
        return f"http://127.0.0.1:{self.nursery.ports[lane]}"

    def _by_worker(self, case: Case, lane: int, folder: Path) -> tuple[Seen, tuple[str, ...]]:
        """A worker carries it out; where it dies, it or another goes on."""
        stage = case.stage
        path = Path(shutil.copy(stage.database, folder / "own.db"))
        if case.meddled is not None:
            meddle(stage, case.meddled, path)
        before = stage.before.records if case.meddled is None else registry(path)
        self._born(lane, stage, case.strikes)
        told = folder / "told.json"
        life = Life(
            f"sqlite:///{path}",
            self._aws(lane),
            stage.key,
            fatal=case.fatal,
            failing=case.failing,
            taken_back=case.taken_back,
            told=str(told),
        )
        lives = [lived(work, life)]
        if lives[0] == KILLED:
            lives.append(lived(work, replace(life, fatal=None, name=case.successor)))
        moments: tuple[str, ...] = ()
        failed = False
        answers: tuple[str, ...] = ()
        if told.exists():
            import json

            said = json.loads(told.read_text())
            moments, failed, answers = tuple(said["passed"]), said["failed"], tuple(said["answers"])
        calls = self._calls(lane, stage)
        struck = (
            case.meddled is not None
            or (case.fatal is not None and lives[0] == KILLED)
            or (case.failing is not None and failed)
            or (case.taken_back is not None and bool(answers))
            or (bool(case.strikes) and case.fatal is None and case.failing is None)
        )
        for strike in case.strikes:
            struck = struck and len(calls) >= strike.at and calls[strike.at - 1]["struck"] == strike.kind
        seen = self._seen(case, lane, path, before, calls, tuple(lives), struck)
        return replace(seen, answer=answers[0] if answers else None), moments

    def _at_server(self, case: Case, lane: int, folder: Path) -> tuple[Seen, tuple[str, ...]]:
        """Handed over to a server that dies at a moment; then to the one that is started in its place."""
        stage = case.stage
        path = Path(shutil.copy(stage.unasked, folder / "own.db"))
        self._born(lane, stage)
        life = Life(f"sqlite:///{path}", self._aws(lane), stage.key, fatal=case.fatal)
        with served(life) as (url, process):
            answering(url, "/whoami")
            hand_over(url, stage)
            code = exit_code(process, PATIENCE_S)
        with served(replace(life, fatal=None)) as (url, _):
            answering(url, "/whoami")
            hand_over(url, stage)
            until_ended(url, stage)
        seen = self._seen(
            case, lane, path, stage.before.records, self._calls(lane, stage), (code or 0,), code == KILLED
        )
        return seen, ()

    def _by_client(self, case: Case, lane: int, folder: Path) -> tuple[Seen, tuple[str, ...]]:
        """``tenure apply`` killed at a moment, and then given the same file again."""
        stage = case.stage
        path = Path(shutil.copy(stage.unasked, folder / "own.db"))
        self._born(lane, stage)
        (folder / "plan.json").write_text(stage.plan.model_dump_json(), encoding="utf-8")
        words = ["apply", str(folder / "plan.json"), *confirmed(stage)]
        with served(Life(f"sqlite:///{path}", self._aws(lane), stage.key)) as (url, _):
            answering(url, "/whoami")
            with Relay(url, HANDED.index(case.where)) as relay:
                client = self._client(words, relay.url, folder)
                struck = relay.reached.wait(PATIENCE_S)
                client.kill()
                client.wait()
            approve(url, stage)
            again = self._client([*words, "--detach"] if stage.approved else words, url, folder)
            code = again.wait(PATIENCE_S)
            approve(url, stage)
            until_ended(url, stage)
        seen = self._seen(case, lane, path, stage.before.records, self._calls(lane, stage), (KILLED, code), struck)
        return seen, ()

    def _client(self, words: Sequence[str], url: str, folder: Path) -> subprocess.Popen[bytes]:
        own = {"TENURE_API_URL": url, "TENURE_API_TOKEN": ROLES["operator"], "AWS_EC2_METADATA_DISABLED": "true"}
        return subprocess.Popen(
            command(*words),
            env=environment(folder, own),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def _born(self, lane: int, stage: Stage, strikes: Sequence[Strike] = ()) -> None:
        """The lane has an AWS in which only the stage has happened; one that nobody has asked is as good as new."""
        if strikes or self._untouched.get(lane) != stage.replay:
            self.nursery.born(lane, stage.replay, strikes)
        self._untouched[lane] = stage.replay

    def _calls(self, lane: int, stage: Stage) -> tuple[dict[str, Any], ...]:
        """What the AWS was asked; where it is to be looked at no call is struck any more, nor counted."""
        calls = tuple(read_log(self._aws(lane), "heal" if stage.places else "log")["calls"])
        if stage.places or calls:
            self._untouched.pop(lane, None)
        return calls

    def _seen(
        self,
        case: Case,
        lane: int,
        path: Path,
        before: Any,
        calls: tuple[dict[str, Any], ...],
        lives: tuple[int, ...],
        struck: bool,
    ) -> Seen:
        order, entries, chain = read_database(path, case.stage.key)
        standing = Standing(registry(path), self._eyes[lane](case.stage.places))
        return Seen(order, before, standing, entries, chain, calls, lives, struck)


def to_undo(judged: Judged) -> int:
    """The moments that its worker passed while the order was undone."""
    return len({moment for moment in judged.moments if moment.startswith("undo")})


def meddle(stage: Stage, number: int, path: Path) -> None:
    """Somebody else writes the record of a step, as the step would, before it is carried out."""
    call = stage.plan.steps[number - 1].call
    assert isinstance(call, RegistryCall)
    at = AT.isoformat()
    after = {
        name: at if value == NOW or (isinstance(value, str) and value.startswith("$")) else value
        for name, value in (call.after or {}).items()
    }
    database = Database(f"sqlite:///{path}")
    try:
        with database.write() as connection:
            write(connection, call.model_copy(update={"after": after or None, "before": _there(stage, number)}), AT)
    finally:
        database.close()


def _there(stage: Stage, number: int) -> Any:
    """The record as it stands before the first step, not before this one."""
    path = stage.plan.steps[number - 1].call.path  # type: ignore[union-attr] # a step over the registry, as above
    first = next(step.call for step in stage.plan.steps if getattr(step.call, "path", None) == path)
    return getattr(first, "before", None)


def hand_over(url: str, stage: Stage) -> None:
    """As a console does, whatever becomes of the server meanwhile."""
    _asked(lambda: httpx.post(f"{url}/orders", json={"plan": stage.plan.model_dump(mode="json")}, **_as("operator")))
    approve(url, stage)


def approve(url: str, stage: Stage) -> None:
    if stage.approved:
        body = {"digest": stage.plan.digest}
        _asked(lambda: httpx.post(f"{url}/orders/{stage.key}/approve", json=body, **_as("approver")))


def until_ended(url: str, stage: Stage) -> None:
    """Follows the order over HTTP."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if answering(url, f"/orders/{stage.key}").json().get("state") in OVER:
            return
        threading.Event().wait(0.05)


def confirmed(stage: Stage) -> list[str]:
    """What the action has to be confirmed by on the command line."""
    if ACTIONS[stage.action].confirmation is Confirmation.REVERSIBLE:
        return ["--yes"]
    return ["--confirm", stage.plan.tenants[0].tenant]


def _as(role: str) -> dict[str, Any]:
    return {"headers": {"Authorization": f"Bearer {ROLES[role]}"}, "timeout": PATIENCE_S, "trust_env": False}


def _asked(ask: Callable[[], httpx.Response]) -> None:
    """The answer may be lost: that is what is tried."""
    try:
        ask()
    except httpx.TransportError:
        return


__all__ = ["FIRST", "TOKENS", "End", "Judged", "Matrix"]
