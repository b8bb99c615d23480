"""The worker: takes accepted orders and carries each out as a durable workflow (DBOS) on the API's own database.

An order is handed over by its row alone: what was accepted is found there by whichever worker looks next, also one
that was started after the one that should have taken it had died. DBOS keeps which steps a workflow has behind it
and its timers; what a step did stands in our own tables, written in the transaction that did it. So a workflow can be
begun anew from nothing and does nothing twice: that is how another program's worker goes on with an order.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

import sqlalchemy.orm  # noqa: F401 - DBOS's; loaded on the worker's thread it would fail the queries of all others
from sqlalchemy import and_, delete, insert, or_, select, update

from services.controlplane.carrying.crew import Crew
from services.controlplane.carrying.outcome import Tried
from services.controlplane.order_tables import orders, workers
from services.orders.conflicts import goes_aside
from services.wire.orders import OrderState

_log = logging.getLogger("tenure.worker")
VERSION: Final = "3"
"""Of the workflow's steps; it changes with them. What another version has begun is begun anew."""
GOING: Final = frozenset({"PENDING", "ENQUEUED", "DELAYED"})
"""How DBOS calls a workflow that it goes on with by itself, also after a restart."""
PAUSES_S: Final = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Before a workflow is begun anew that has ended without its order: the database may be in trouble."""
LOOK_S: Final = 0.25
"""Between two looks for orders, where nobody wakes the worker."""
SIGN_S: Final = 5.0
"""Between two signs of life."""
DEAD_AFTER: Final = timedelta(seconds=30)
"""A worker without a sign of life for so long: another takes what it had."""
AT_ONCE: Final = 8
"""Orders that one worker carries out at the same time."""
ASIDE_AT_ONCE: Final = 32
"""And those that go on beside others, mostly waiting for AWS: a restore takes hours, and holds no other order up."""
TRIES: Final = 6
"""Of one call to AWS: about a minute, with the waits between them."""
WAITS_S: Final = (0.5, 1.0, 2.0, 5.0, 10.0)
FOLLOW_TRIES: Final = 8640
"""Looks at something that AWS carries out: a day, ten seconds apart."""


class Worker:
    """One in a process: DBOS keeps its state in the module. ``start`` it once, ``stop`` it at the end."""

    def __init__(
        self,
        crew: Crew,
        url: str,
        *,
        waits_s: tuple[float, ...] = WAITS_S,
        look_s: float = LOOK_S,
        delay_s: float = 0.0,
    ) -> None:
        """``delay_s``: it starts so much later, or with the first order: DBOS takes a second of the processor to load,
        and whoever starts this process may need that for something else."""
        self.crew = crew
        self._delay = delay_s
        self._url = url
        self._waits = waits_s
        self._look = look_s
        self._wake = threading.Event()
        self._end = threading.Event()
        self._thread: threading.Thread | None = None
        self._running: set[str] = set()
        self._aside: set[str] = set()
        self._over: set[str] = set()
        """Workflows that have ended here, though DBOS may still be writing that down."""
        self._paused: dict[str, tuple[int, float]] = {}
        """Orders whose workflow broke off: how often, and until when they are left alone."""
        self._carry: Callable[[str], object] | None = None

    @property
    def alive(self) -> bool:
        """Whether it takes orders."""
        return self._thread is not None and self._thread.is_alive() and self._carry is not None

    @property
    def ended(self) -> bool:
        """Whether it has ended though nobody stopped it."""
        return self._thread is not None and not self._thread.is_alive() and not self._end.is_set()

    def wake(self) -> None:
        """Look for orders now."""
        self._wake.set()

    def start(self) -> None:
        """Starts on a thread of its own; comes back at once."""
        self._thread = threading.Thread(target=self._run, name="tenure-worker", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends; what is under way goes on at its step when a worker of this name starts again."""
        self._end.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(timeout=5)

    def _run(self) -> None:
        self._wake.wait(self._delay)
        if self._end.is_set():
            return
        try:
            from dbos import DBOS

            self._launch(DBOS)
            try:
                self._watch(DBOS)
            finally:
                self._carry = None
                DBOS.destroy()
        except Exception:
            _log.exception("the worker has ended")
            raise

    def _launch(self, dbos: Any) -> None:
        logging.getLogger("dbos").setLevel(logging.WARNING)
        dbos(
            config={
                "name": "tenure",
                "system_database_url": self._url,
                "application_version": VERSION,
                "executor_id": self.crew.name,
                "log_level": "WARNING",
            }
        )

        def carry_out(key: str) -> str:
            return self._carry_out(key)

        self._carry = dbos.workflow(name="carry_out")(carry_out)
        dbos.launch()

    def _watch(self, dbos: Any) -> None:
        """Looks for orders until it is stopped; says every few seconds that it is alive."""
        since_sign = SIGN_S
        while not self._end.is_set():
            try:
                if since_sign >= SIGN_S:
                    self._sign()
                    since_sign = 0.0
                self._take(dbos)
            except Exception:  # noqa: BLE001 - it is told, and tried again a second later
                _log.exception("looking for orders failed; it is tried again")
            since_sign += self._look
            self._wake.wait(self._look)
            self._wake.clear()

    def _sign(self) -> None:
        now = self.crew.now()
        with self.crew.database.write() as connection:
            name = self.crew.name
            done = connection.execute(update(workers).where(workers.c.name == name).values(seen_at=now))
            if not done.rowcount:
                connection.execute(insert(workers).values(name=name, seen_at=now))
            connection.execute(delete(workers).where(workers.c.seen_at < now - timedelta(days=7)))

    def _take(self, dbos: Any) -> None:
        """Takes what is accepted and nobody's, what was this worker's before, and what a dead one had."""
        if self._carry is None:
            return
        now, name = self.crew.now(), self.crew.name
        alive = select(workers.c.name).where(workers.c.seen_at >= now - DEAD_AFTER)
        free = or_(orders.c.worker.is_(None), orders.c.worker == name, orders.c.worker.not_in(alive))
        wanted = and_(orders.c.state.in_((OrderState.ACCEPTED, OrderState.RUNNING)), free)
        with self.crew.database.read() as connection:
            query = select(orders.c.id, orders.c.action).where(wanted).order_by(orders.c.created_at)
            found = list(connection.execute(query))
        for key, action in found:
            if self._end.is_set():
                return
            hands = self._aside if goes_aside(action) else self._running
            if len(hands) >= (ASIDE_AT_ONCE if hands is self._aside else AT_ONCE):
                continue
            if key in hands or self._paused.get(key, (0, 0.0))[1] > time.monotonic():
                continue
            with self.crew.database.write() as connection:
                took = connection.execute(update(orders).where(orders.c.id == key, wanted).values(worker=name))
            if took.rowcount:
                hands.add(key)
                try:
                    self._begin(dbos, key)
                except Exception:
                    hands.discard(key)
                    raise

    def _begin(self, dbos: Any, key: str) -> None:
        """Begins the workflow, where DBOS does not go on by itself with what this worker has begun."""
        from dbos import SetWorkflowID

        begun = dbos.list_workflows(workflow_id_prefix=f"{key}:", load_input=False, load_output=False)
        own = [it for it in begun if (it.executor_id, it.app_version) == (self.crew.name, VERSION)]
        if any(it.status in GOING and it.workflow_id not in self._over for it in own):
            return
        with SetWorkflowID(f"{key}:{self.crew.name}:{len(begun) + 1}"):
            dbos.start_workflow(self._carry, key)

    # The workflow

    def _carry_out(self, key: str) -> str:
        from dbos import DBOS

        try:
            ended = self._steps(DBOS, key)
            self._paused.pop(key, None)
        except Exception:
            times = self._paused.get(key, (0, 0.0))[0]
            self._paused[key] = (times + 1, time.monotonic() + PAUSES_S[min(times, len(PAUSES_S) - 1)])
            _log.exception("carrying out the order %s broke off; it is begun anew", key)
            raise
        finally:
            if (id_ := DBOS.workflow_id) is not None:
                self._over.add(id_)
            self._running.discard(key)
            self._aside.discard(key)
            self.wake()  # there is room for another
        return ended

    def _steps(self, dbos: Any, key: str) -> str:
        count, failure = dbos.run_step({"name": "begin"}, self.crew.begin, key)
        if not count:
            return str(Tried.LOST)
        if failure is None:
            for number in range(1, count + 1):
                tried, said = self._until_known(dbos, self.crew.step, key, number)
                if tried == Tried.LOST:
                    return str(Tried.LOST)
                if tried != Tried.DONE:
                    failure = dbos.run_step({"name": "fail"}, self.crew.fail, key, f"step {number} failed: {said}")
                    if failure is None:
                        return str(Tried.LOST)
                    break
        if failure is None:
            ended, failure = dbos.run_step({"name": "finish"}, self.crew.finish, key, None)
            if failure is None:
                return str(ended)
        for number in range(count, 0, -1):
            self._until_known(dbos, self.crew.undo, key, number)
        return str(dbos.run_step({"name": "end"}, self.crew.finish, key, failure)[0])

    def _until_known(
        self, dbos: Any, act: Callable[[str, int, bool], tuple[str, str | None]], key: str, number: int
    ) -> tuple[str, str | None]:
        tries = 0
        for look in range(FOLLOW_TRIES):
            last = tries + 1 >= TRIES
            tried, said = dbos.run_step({"name": f"{act.__name__} {number}"}, act, key, number, last)
            if tried != Tried.AGAIN:
                return tried, said
            if said != "still running":
                tries += 1
            dbos.sleep(self._waits[min(look, len(self._waits) - 1)])
        return Tried.FAILED, "it did not end"
