"""A worker in a process of its own that kills itself at a chosen moment; its AWS is a folder, which outlives it."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

from sqlalchemy import Connection, select

from services.controlplane.carrying import worker
from services.controlplane.carrying.crew import Crew
from services.controlplane.carrying.worker import VERSION, Worker
from services.controlplane.carrying.writers.base import Poll, Result
from services.controlplane.order_tables import orders
from services.controlplane.store import Database
from services.wire.orders import AwsCall, OrderState
from tests.services.controlplane.carrying.hands import AT, KEY, judge

LOOK_S = 0.05
DEADLINE_S = 30.0
WAITS_S = (0.01,)


def older_program() -> None:
    """The steps of the workflow as the version before had them, and its number."""

    def steps(self: Worker, dbos: Any, key: str) -> str:
        count = dbos.run_step({"name": "begin"}, self.crew.begin, key)
        if not count:
            return "lost"
        failure: str | None = None
        for number in range(1, count + 1):
            tried, said = self._until_known(dbos, self.crew.step, key, number)
            if tried == "lost":
                return "lost"
            if tried != "done":
                failure = f"step {number} failed: {said}"
                for back in range(number, 0, -1):
                    self._until_known(dbos, self.crew.undo, key, back)
                break
        return str(dbos.run_step({"name": "finish"}, self.crew.finish, key, failure))

    setattr(Worker, "_steps", steps)  # noqa: B010 - a method
    setattr(worker, "VERSION", "1")  # noqa: B010 - a constant


def other_steps() -> None:
    """Another program that calls its steps otherwise, and forgot to say that it is another version."""
    older_program()
    setattr(worker, "VERSION", VERSION)  # noqa: B010 - a constant


PROGRAMS: Mapping[str, Callable[[], None]] = {"older": older_program, "other steps": other_steps}
"""What is done in a process to be a worker of another program."""


class Moments:
    """Counts the moments of an order, and ends the process at one of them as nothing can be caught."""

    def __init__(self, fatal: int) -> None:
        self._fatal = fatal
        self._lock = threading.Lock()
        self.count = 0

    def passes(self) -> None:
        with self._lock:
            self.count += 1
            if self.count == self._fatal:
                os.kill(os.getpid(), signal.SIGKILL)


class Folder:
    """An AWS whose things are files; every call that makes or removes one leaves a line."""

    service: ClassVar[str] = "ssm"
    operation: ClassVar[str] = "CreateThing"
    actions: ClassVar[tuple[str, ...]] = ("ssm:CreateThing",)
    tells: ClassVar[bool] = True

    def __init__(self, folder: Path, moments: Moments, refused: str | None) -> None:
        self._folder, self._moments, self._refused = folder, moments, refused

    def client(self, service: str, account: str, region: str) -> Any:
        return self

    def find(self, client: Any, call: AwsCall, key: str) -> Result | None:
        self._moments.passes()
        path = self._folder / key
        return json.loads(path.read_text()) if path.exists() else None

    def do(self, client: Any, call: AwsCall, key: str) -> Result:
        self._moments.passes()
        if call.parameters["Name"] == self._refused:
            raise ValueError("AccessDenied")
        result: Result = {"ThingId": key}
        (self._folder / key).write_text(json.dumps(result))
        self._log(f"do {key}")
        self._moments.passes()
        return result

    def poll(self, client: Any, call: AwsCall, result: Mapping[str, Any]) -> Poll:
        return Poll.DONE

    def undo(self, client: Any, call: AwsCall, key: str, result: Mapping[str, Any]) -> None:
        self._moments.passes()
        path = self._folder / key
        if path.exists():
            path.unlink()
            self._log(f"undo {key}")
        self._moments.passes()

    def _log(self, text: str) -> None:
        with (self._folder / "log").open("a") as log:
            log.write(text + "\n")


class Killing(Database):
    """A database whose every write, begun or just kept, is a moment."""

    def __init__(self, url: str, moments: Moments) -> None:
        super().__init__(url)
        self._moments = moments

    @contextmanager
    def write(self) -> Iterator[Connection]:
        self._moments.passes()
        with super().write() as connection:
            yield connection
            self._moments.passes()  # all is written, and nothing is kept yet
        self._moments.passes()


def work(url: str, folder: str, name: str, fatal: int, later_s: float, refused: str | None, program: str = "") -> None:
    """Carries the order out and ends; or dies at the moment ``fatal`` (0: never). ``later_s``: how far its clock runs
    ahead, so that another worker counts as dead. ``program``: that of another version, of ``programs``."""
    if program:
        PROGRAMS[program]()
    moments = Moments(fatal)
    database = Killing(url, moments)
    aws = Folder(Path(folder), moments, refused)
    now = AT + timedelta(seconds=later_s)
    crew = Crew(name, database, lambda: now, aws, {("ssm", "CreateThing"): aws}, judge)
    own = Worker(crew, url, waits_s=WAITS_S, look_s=LOOK_S)
    own.start()
    for _ in range(int(DEADLINE_S / LOOK_S)):
        with database.read() as connection:
            state = connection.execute(select(orders.c.state).where(orders.c.id == KEY)).scalar_one()
        if OrderState(state).ended:
            Path(folder, "moments").write_text(str(moments.count))
            os._exit(0)  # an orderly end takes DBOS a second
        threading.Event().wait(LOOK_S)
    raise TimeoutError("the order has not ended")
