"""The lives of workers and servers, each in a process of its own that is born with everything loaded."""

from __future__ import annotations

import functools
import json
import logging
import os
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any, Final

import botocore.loaders
from sqlalchemy import select

from services.agreement import default_policy_text, parse_policy
from services.aws.session import AwsSession, AwsSettings
from services.controlplane.audit import Actor
from services.controlplane.carrying.crew import Crew
from services.controlplane.carrying.judging import judge_error
from services.controlplane.carrying.worker import Worker
from services.controlplane.carrying.writers import WRITERS
from services.controlplane.order_book import read_order
from services.controlplane.order_tables import orders
from services.controlplane.ordering import Ordering
from services.controlplane.refusals import NotDoneError
from services.controlplane.store import Database
from services.sandbox import options
from services.wire.orders import Decision, OrderState
from services.wire.registry import WhoAmI
from tests.reliability.orders.moments import Moments, WatchedClients, WatchedDatabase, watched
from tests.support.born import exit_code, start
from tests.support.sandbox import AT

LOOK_S: Final = 0.1
WAITS_S: Final = (0.01, 0.05)
"""Between two tries of a call."""
ANSWER_S: Final = 3.0
"""An answer of AWS is waited for so long, and no call is repeated below the worker: it sees every fault."""
PLANNED_S: Final = 30.0
"""The same while a plan is made, under no fault."""
DEADLINE_S: Final = 90.0
ANSWERED_S: Final = 10.0
DEAD: Final = timedelta(minutes=1)
"""How far the clock of another worker is ahead: the one before it counts as dead."""
FIRST, OTHER = "first", "other"
APPROVER: Final = "approver@matrix"
TAKEN_BACK: Final = "taken back"
TOKENS: Final = {f"the-{role}-of-the-matrix": role for role in ("viewer", "operator", "approver", "worker")}


@dataclass(frozen=True, slots=True)
class Life:
    """What a worker is born with."""

    url: str
    aws: str
    """The address of its AWS."""
    key: str
    """It ends when this order has ended."""
    name: str = FIRST
    fatal: str | None = None
    failing: str | None = None
    taken_back: str | None = None
    """The moment at which an approver takes the order back."""
    told: str | None = None
    """A file for the names of the moments that it passed."""

    @property
    def at(self) -> datetime:
        return AT if self.name == FIRST else AT + DEAD


@functools.cache
def processes() -> ForkServerContext:
    """Processes that are born with everything loaded."""
    context = get_context("forkserver")
    whole = "tests.reliability.orders.report"  # what starts a life is loaded by each anew, unless it is there
    context.set_forkserver_preload(["dbos", "boto3", "uvicorn", "services.controlplane.app", __name__, whole])
    return context


def _remembering() -> None:
    """AWS's descriptions of its services are read once, not by each process anew."""
    read = botocore.loaders.JSONFileLoader.load_file
    cache: dict[str, Any] = {}

    def load_file(self: Any, path: str) -> Any:
        if path not in cache:
            cache[path] = read(self, path)
        return cache[path]

    setattr(botocore.loaders.JSONFileLoader, "load_file", load_file)  # noqa: B010 - a method
    session = AwsSession(AwsSettings())
    session.prepare(("ssm", "rds", "backup", "sts"))


_remembering()


def session_at(address: str, answer_s: float = ANSWER_S) -> AwsSession:
    """The worker's, in an AWS of the matrix; nothing of this machine's own AWS settings is read."""
    os.environ.update(
        AWS_ACCESS_KEY_ID=options.ACCESS_KEY_ID,
        AWS_SECRET_ACCESS_KEY=options.SECRET_ACCESS_KEY,
        AWS_CONFIG_FILE=os.devnull,
        AWS_SHARED_CREDENTIALS_FILE=os.devnull,
        AWS_EC2_METADATA_DISABLED="true",
    )
    settings = AwsSettings(
        endpoint_url=address,
        role_arn=options.WORKER_ROLE_ARN,
        home_region=options.REGIONS[0],
        connect_timeout_s=answer_s,
        read_timeout_s=answer_s,
        max_attempts=1,
    )
    return AwsSession(settings)


def worker_of(life: Life, database: Database, moments: Moments) -> Worker:
    clients = WatchedClients(session_at(life.aws), moments)
    crew = Crew(life.name, database, lambda: life.at, clients, WRITERS, judge_error)
    return Worker(watched(crew, moments), life.url, waits_s=WAITS_S, look_s=LOOK_S)


def _end_with_parent() -> None:
    """However whoever started this process ends, it ends too."""
    parent = parent_process()

    def watch() -> None:
        if parent is not None:
            wait([parent.sentinel])
            os._exit(5)

    threading.Thread(target=watch, daemon=True).start()


def take_back(life: Life) -> str:
    """What the server answers an approver who takes the order back."""
    database = Database(life.url)
    try:
        with database.read() as connection:
            order = read_order(connection, life.key)
        assert order is not None
        approver = Actor(WhoAmI(user=APPROVER, role="approver"), life.at, None)
        ordering = Ordering(database, parse_policy(default_policy_text()), lambda: life.at)
        ordering.withdraw(life.key, Decision(digest=order.plan.digest), approver)
    except NotDoneError as error:
        return str(error)
    finally:
        database.close()
    return TAKEN_BACK


def work(life: Life) -> None:
    """A worker: carries the order out and ends; or dies before. What it logs of a fault is not looked at."""
    logging.disable()
    _end_with_parent()
    answers: list[str] = []
    answered = threading.Event()

    def meet() -> None:
        answers.append(take_back(life))
        answered.set()

    moments = Moments(life.fatal, life.failing, life.taken_back, meet)
    database = WatchedDatabase(life.url, moments)
    worker_of(life, database, moments).start()
    mine = select(orders.c.state).where(orders.c.id == life.key)
    for _ in range(int(DEADLINE_S / LOOK_S)):
        with database.read() as connection:
            state = connection.execute(mine).scalar_one()
        if OrderState(state).ended:
            if life.taken_back is not None:
                answered.wait(ANSWERED_S)  # it may have ended by that
            if life.told is not None:
                told = {"passed": moments.passed, "failed": moments.failed, "answers": answers}
                Path(life.told).write_text(json.dumps(told), encoding="utf-8")
            os._exit(0)  # an orderly end takes DBOS a second
        threading.Event().wait(LOOK_S)
    os._exit(3)


def serve(life: Life, file: socket.socket, works: bool = True) -> None:
    """The server, with a worker in its process if it ``works``, as ``tenure serve`` runs one; until it dies or is
    ended."""
    import uvicorn

    logging.disable()
    _end_with_parent()
    from services.controlplane import app as module
    from services.controlplane.asking import asker

    moments = Moments(life.fatal, life.failing)
    watching: dict[str, Any] = {
        "Database": lambda url: WatchedDatabase(url, moments),
        "make_worker": lambda database, *_, **__: worker_of(life, database, moments),
    }
    for name, value in watching.items():
        setattr(module, name, value)
    from services.controlplane.embedding import Hands

    tokens = {token: WhoAmI.model_validate({"user": f"{role}@matrix", "role": role}) for token, role in TOKENS.items()}
    app = module.create_app(life.url, now=lambda: life.at, tokens=tokens, hands=Hands(life.name) if works else None)
    app.state.ordering.ask_aws = asker(session_at(life.aws, PLANNED_S), threading.Event())
    submit = app.state.ordering.submit

    def accept(*given: Any) -> Any:
        with moments.within("accept"):
            return submit(*given)

    app.state.ordering.submit = accept
    config = uvicorn.Config(app, log_level="critical", access_log=False, lifespan="on", timeout_graceful_shutdown=1)
    uvicorn.Server(config).run(sockets=[file])


def lived(target: Callable[..., None], *given: Any) -> int:
    """The exit code of a life from its beginning to its end."""
    process = processes().Process(target=target, args=given)
    start(process)
    code = exit_code(process, DEADLINE_S + 30)
    if code is None:
        process.kill()
        exit_code(process, DEADLINE_S)
        return 4
    return code
