"""What carries one order's steps out: each a transaction, or a call to AWS between two of them.

Written down before an act, and after it. A call whose answer was lost is looked up before it is made again. Every
write asks in its own transaction whether the order is still this worker's.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Connection, select

from services.controlplane.carrying.ending import how_it_ended, in_doubt, was_done
from services.controlplane.carrying.filling import filled, filled_record, mapping
from services.controlplane.carrying.noting import note_act, note_end
from services.controlplane.carrying.outcome import Tried
from services.controlplane.carrying.registry_steps import StepFailedError, take_back, write
from services.controlplane.carrying.writers.base import Poll, Result, Writer
from services.controlplane.order_book import mark, move, read_order
from services.controlplane.order_tables import orders
from services.controlplane.store import Database
from services.now import Now
from services.wire.orders import AwsCall, OrderRecord, OrderState, RegistryCall, Step, StepProgress, StepState

_log = logging.getLogger("tenure.worker")


class AwsClients(Protocol):
    """Hands out clients with the worker's role (``services.aws.session.AwsSession``)."""

    def client(self, service: str, account: str, region: str) -> Any: ...


Judge = Callable[[Exception], tuple[Tried, str]]
"""What an error of AWS means for a write, and in words."""


@dataclass(frozen=True, slots=True)
class Crew:
    """One worker's hands. Safe to share between threads."""

    name: str
    database: Database
    now: Now
    clients: AwsClients | None
    writers: Mapping[tuple[str, str], Writer]
    judge: Judge

    # The order

    def begin(self, key: str) -> tuple[int, str | None]:
        """Takes the order; how many steps it has, 0 where it is not this worker's to carry out, and why it is being
        undone, as it was written down before the first step was (``None``: it is not)."""
        with self.database.write() as connection:
            order = read_order(connection, key, lock=True)
            if (
                order is None
                or order.state.ended
                or order.state is OrderState.WAITING
                or not self._mine(connection, key)
            ):
                return 0, None
            until = order.break_glass_until
            if order.state is OrderState.ACCEPTED and until is not None and self.now() >= until:
                late = "it was to do without a second person, and was not begun in time"
                move(connection, key, OrderState.VOID, ended_at=self.now(), failure=late)
                self._tell(connection, order, OrderState.VOID, late)
                return 0, None
            if order.state is OrderState.ACCEPTED:
                move(connection, key, OrderState.RUNNING)
                self._note(connection, order, "begun")
        return len(order.steps), order.failure

    def fail(self, key: str, failure: str) -> str | None:
        """Writes down that the order is undone from now on: whoever goes on carries no step out again. Why it is, which
        another may have said before; ``None`` where the order is not this worker's."""
        with self.database.write() as connection:
            order = read_order(connection, key, lock=True)
            if order is None or order.state is not OrderState.RUNNING or not self._mine(connection, key):
                return None
            failure = order.failure or failure
            move(connection, key, OrderState.RUNNING, failure=failure)
        return failure

    def finish(self, key: str, failure: str | None) -> tuple[str, str | None]:
        """Ends the order; the state that it is in then. One that was taken back at last does not end before it is
        undone: why it is, in the second place."""
        with self.database.write() as connection:
            order = read_order(connection, key, lock=True)
            if order is None or order.state is not OrderState.RUNNING or not self._mine(connection, key):
                return Tried.LOST, None
            if failure is None and order.failure is not None:
                return Tried.FAILED, order.failure
            state, said = how_it_ended(order, failure)
            move(connection, key, state, ended_at=self.now(), failure=said)
            self._tell(connection, order, state, said)
        return state, None

    # A step

    def step(self, key: str, number: int, last: bool) -> tuple[str, str | None]:
        """Tries a step; ``last``: what is not known afterwards counts as failed. How that ended, and why."""
        order, step, progress = self._read(key, number)
        if progress.state is StepState.DONE:
            return Tried.DONE, None
        if progress.state is StepState.FAILED:
            return Tried.FAILED, progress.error
        if isinstance(step.call, RegistryCall):
            return self._write_record(key, step, filled_record(step.call, order))
        return self._call_aws(order, step, step.call, last=last)

    def undo(self, key: str, number: int, last: bool) -> tuple[str, str | None]:
        """Undoes a step that was done, or that has failed and may have been done all the same. How that ended, and
        why."""
        order, step, progress = self._read(key, number)
        if isinstance(step.call, AwsCall) and in_doubt(progress):
            return self._look_up(order, step, step.call, progress, last=last)
        if progress.state is not StepState.DONE:
            return Tried.DONE, None
        if step.undo is None:
            return self._settle(key, step, StepState.STUCK, "it cannot be undone")
        if isinstance(step.call, RegistryCall):
            call = filled_record(step.call, order)
            try:
                with self.database.write() as connection:
                    if not self._mine(connection, key):
                        return Tried.LOST, None
                    # a test that somebody took back has not failed
                    failed = was_done(order, number + 1) and order.taken_back_by is None
                    take_back(connection, call, progress.result, self.now() if failed else None)
                    mark(connection, key, number, state=StepState.UNDONE, ended_at=self.now())
                    self._note(connection, order, "undone", step.says)
            except StepFailedError as error:
                return self._settle(key, step, StepState.STUCK, f"not undone: {error}")
            return Tried.DONE, None
        return self._undo_aws(order, step, step.call, progress, last=last)

    def _write_record(self, key: str, step: Step, call: RegistryCall) -> tuple[str, str | None]:
        now = self.now()
        try:
            with self.database.write() as connection:
                order = read_order(connection, key, lock=True)
                if order is None or not self._mine(connection, key):
                    return Tried.LOST, None
                if order.steps[step.number - 1].state is StepState.DONE:
                    return Tried.DONE, None
                if order.failure is not None:
                    return Tried.FAILED, order.failure
                result = write(connection, call, now)
                mark(
                    connection,
                    key,
                    step.number,
                    state=StepState.DONE,
                    attempts=order.steps[step.number - 1].attempts + 1,
                    started_at=now,
                    ended_at=now,
                    result=result,
                )
                self._note(connection, order, "done", f"{call.method} {call.path}: {step.says}")
        except StepFailedError as error:
            return self._settle(key, step, StepState.FAILED, str(error))
        return Tried.DONE, None

    def _call_aws(self, order: OrderRecord, step: Step, call: AwsCall, *, last: bool) -> tuple[str, str | None]:
        call = filled(call, order)
        writer = self.writers.get((call.service, call.operation))
        if self.clients is None or writer is None:
            why = "this worker has no AWS role" if self.clients is None else f"no writer of {call.operation}"
            if order.steps[step.number - 1].attempts:  # another program's worker may have carried it out
                self._remember(order.id, step, why)
                return Tried.FAILED, why
            return self._settle(order.id, step, StepState.FAILED, why)
        try:
            if not self._started(order, step, call):
                return Tried.LOST, None
        except StepFailedError as error:
            return Tried.FAILED, str(error)
        token = f"{order.id}-{step.number}"
        result: Result | None = None
        try:
            client = self.clients.client(call.service, call.account, call.region)
            begun = mapping(order.steps[step.number - 1].result)
            result = dict(begun) if begun else writer.find(client, call, token)
            if result is None:
                result = writer.do(client, call, token)
            state = writer.poll(client, call, result)
        except Exception as error:  # noqa: BLE001 - whatever AWS or the line does: judged, and told
            tried, said = self.judge(error)
            if tried is Tried.AGAIN and not last:
                self._remember(order.id, step, said, result)
                return tried, said
            if result is not None:  # it was begun, and nobody has said how it ended
                self._remember(order.id, step, said, result)
                return Tried.FAILED, said
            return self._settle(order.id, step, StepState.FAILED, said)
        if state is Poll.RUNNING:
            self._remember(order.id, step, None, result)
            return Tried.AGAIN, "still running"
        if state is Poll.FAILED:
            return self._settle(order.id, step, StepState.FAILED, "AWS says that it failed", result)
        return self._settle(order.id, step, StepState.DONE, None, result)

    def _undo_aws(
        self, order: OrderRecord, step: Step, call: AwsCall, progress: StepProgress, *, last: bool
    ) -> tuple[str, str | None]:
        writer = self.writers.get((call.service, call.operation))
        if self.clients is None or writer is None:
            return self._settle(order.id, step, StepState.STUCK, "this worker has no AWS role")
        call = filled(call, order)
        try:
            client = self.clients.client(call.service, call.account, call.region)
            writer.undo(client, call, f"{order.id}-{step.number}", mapping(progress.result))
        except Exception as error:  # noqa: BLE001 - as above
            tried, said = self.judge(error)
            if tried is Tried.AGAIN and not last:
                return tried, said
            return self._settle(order.id, step, StepState.STUCK, f"not undone: {said}")
        return self._settle(order.id, step, StepState.UNDONE, None)

    def _look_up(
        self, order: OrderRecord, step: Step, call: AwsCall, progress: StepProgress, *, last: bool
    ) -> tuple[str, str | None]:
        """Settles what a failed step came to: an answer may have been lost before a later try was refused."""
        why = progress.error or order.failure
        writer = self.writers.get((call.service, call.operation))
        if self.clients is None or writer is None:
            return self._settle(order.id, step, StepState.STUCK, f"{why}; nobody can look what it came to")
        call, token = filled(call, order), f"{order.id}-{step.number}"
        begun = mapping(progress.result)
        try:
            client = self.clients.client(call.service, call.account, call.region)
            found = begun or writer.find(client, call, token)
            if found and step.undo is not None:
                writer.undo(client, call, token, found)
        except Exception as error:  # noqa: BLE001 - as above
            tried, said = self.judge(error)
            if tried is Tried.AGAIN and not last:
                return tried, said
            unknown = "not undone" if begun else "not known whether it was done"
            return self._settle(order.id, step, StepState.STUCK, f"{why}; {unknown}: {said}")
        if not found and not writer.tells:
            return self._settle(order.id, step, StepState.STUCK, f"{why}; not known whether it was done")
        if not found and progress.state is StepState.RUNNING:
            return self._settle(order.id, step, StepState.FAILED, why)
        if not found:
            return Tried.DONE, None
        if step.undo is not None:
            late = "what was done all the same is undone" if progress.error else "what was begun is undone"
            return self._settle(order.id, step, StepState.UNDONE, f"{why}; {late}")
        if not begun:
            late = f"{why}; it was done all the same, and cannot be undone"
            return self._settle(order.id, step, StepState.STUCK, late)
        if progress.state is StepState.FAILED:
            return Tried.DONE, None  # what AWS itself calls failed is nothing to be left
        return self._settle(order.id, step, StepState.STUCK, f"{why}; begun, and not known how it ended")

    # What is written down

    def _started(self, order: OrderRecord, step: Step, call: AwsCall) -> bool:
        """Raises ``StepFailedError`` where the order is being undone."""
        with self.database.write() as connection:
            there = read_order(connection, order.id, lock=True)
            if there is None or not self._mine(connection, order.id):
                return False
            if there.failure is not None:
                raise StepFailedError(there.failure)
            progress = there.steps[step.number - 1]
            mark(
                connection,
                order.id,
                step.number,
                state=StepState.RUNNING,
                attempts=progress.attempts + 1,
                started_at=progress.started_at or self.now(),
            )
            if progress.attempts == 0:
                said = f"{call.service} {call.operation} {call.account} {call.region}: {step.says}"
                self._note(connection, order, "begun", said)
        return True

    def _remember(self, key: str, step: Step, error: str | None, result: Mapping[str, Any] | None = None) -> None:
        """What a try came to that did not settle the step; ``result``: of what was begun and has not ended."""
        more = {} if result is None else {"result": dict(result)}
        with self.database.write() as connection:
            mark(connection, key, step.number, error=error, **more)

    def _settle(
        self, key: str, step: Step, state: StepState, error: str | None, result: Mapping[str, Any] | None = None
    ) -> tuple[str, str | None]:
        members: dict[str, Any] = {"state": state, "ended_at": self.now(), "error": error}
        request = None
        if result is not None:
            request = result.get("request_id")
            members |= {"result": dict(result), "request_id": request}
        with self.database.write() as connection:
            order = read_order(connection, key, lock=True)
            if order is None or not self._mine(connection, key):
                return Tried.LOST, None
            mark(connection, key, step.number, **members)
            self._note(connection, order, state, f"{step.says}: {error}" if error else step.says, request)
        good = state in (StepState.DONE, StepState.UNDONE)
        return (Tried.DONE if good else Tried.FAILED), error

    def _tell(self, connection: Connection, order: OrderRecord, outcome: str, note: str | None) -> None:
        """How an order ended."""
        note_end(connection, order, outcome, at=self.now(), worker=self.name, note=note)

    def _note(
        self, connection: Connection, order: OrderRecord, outcome: str, note: str | None = None, request: Any = None
    ) -> None:
        note_act(connection, order, outcome, at=self.now(), worker=self.name, note=note, request=request)

    def _mine(self, connection: Connection, key: str) -> bool:
        return connection.execute(select(orders.c.worker).where(orders.c.id == key)).scalar_one_or_none() == self.name

    def _read(self, key: str, number: int) -> tuple[OrderRecord, Step, StepProgress]:
        with self.database.read() as connection:
            order = read_order(connection, key)
        if order is None:
            raise LookupError(key)
        return order, order.plan.steps[number - 1], order.steps[number - 1]
