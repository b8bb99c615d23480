"""What has to hold after a fault, judged by what stands in the registry, in AWS and in the audit log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from services.controlplane.audit import read_entries
from services.controlplane.chaining import read_head
from services.controlplane.order_book import read_order
from services.controlplane.problems import encode
from services.controlplane.store import Database
from services.wire.chain import verify
from services.wire.operations import AuditRecord
from services.wire.orders import AwsCall, OrderRecord, OrderState, RegistryCall
from tests.reliability.orders.cases import Case, End
from tests.reliability.orders.lives import APPROVER, TAKEN_BACK
from tests.reliability.orders.stages import Stage, Standing

PAGE: Final = 500
ONCE: Final = frozenset({"begun", "done", "undone", "half-done", "failed", "stuck", "accepted"})
"""Outcomes that one act has in the log once for each of its tenants."""


COPYING: Final = frozenset(
    {
        "CreateDBInstance",
        "RestoreDBClusterFromSnapshot",
        "RestoreDBClusterToPointInTime",
        "RestoreDBInstanceFromDBSnapshot",
        "RestoreDBInstanceToPointInTime",
    }
)
"""What makes something that the order itself removes again: it may be left where the order says so."""


@dataclass(frozen=True)
class Seen:
    """What there was when an order under a fault had ended, or its time was over."""

    order: OrderRecord | None
    before: Mapping[str, str]
    """The registry when its worker began: what somebody else has just written included."""
    standing: Standing
    entries: tuple[AuditRecord, ...]
    chain: tuple[str, ...]
    """What is wrong with it."""
    calls: tuple[Mapping[str, Any], ...]
    lives: tuple[int, ...]
    """Exit codes."""
    struck: bool
    answer: str | None = None
    """To whoever took the order back."""


def read_database(path: Path, key: str) -> tuple[OrderRecord | None, tuple[AuditRecord, ...], tuple[str, ...]]:
    """The order, its entries in the audit log, and what ``tenure audit verify`` would say of that log."""
    database = Database(f"sqlite:///{path}")
    try:
        with database.read() as connection:
            order = read_order(connection, key)
            entries: list[AuditRecord] = []
            cursor = None
            while True:
                items, cursor = read_entries(connection, None, cursor, PAGE)[:2]
                entries += [AuditRecord.model_validate_json(encode(item)) for item in items]
                if cursor is None:
                    break
            faults = verify(entries, read_head(connection))
    finally:
        database.close()
    return order, tuple(it for it in entries if it.order == key), tuple(f"{it.position}: {it.what}" for it in faults)


def judge(case: Case, seen: Seen, same: OrderState | None) -> Iterator[str]:
    """What does not hold. ``same``: how the order ended under the first fault alone."""
    if not seen.struck:
        yield "the fault struck nothing"
    if seen.order is None:
        yield "the order is gone"
        return
    yield from (f"audit log: {fault}" for fault in seen.chain)
    said = Counter((entry.outcome, entry.note, entry.tenant) for entry in seen.entries if entry.outcome in ONCE)
    for (outcome, note, _), times in said.items():
        steps = sum(step.says in (note or "") for step in case.stage.plan.steps)
        if times > max(steps, 1):
            yield f"audit log: {times} times {outcome}: {note}"
    state = seen.order.state
    if not state.ended:
        yield f"it has not ended: {state}; lives {seen.lives}"
        return
    if case.end is End.DONE and state is not OrderState.DONE:
        yield f"it ended {state}: {seen.order.failure}"
    if case.end is End.NOT_DONE and state is OrderState.DONE:
        yield "it ended done"
    if case.end is End.SAME and state is not same:
        yield f"it ended {state}, and {same} without the second fault: {seen.order.failure}"
    yield from _taken_back(seen, seen.order) if case.taken_back is not None else ()
    yield from _stands(case.stage, seen, state)


def _taken_back(seen: Seen, order: OrderRecord) -> Iterator[str]:
    """Where it was, nothing is left of it; where that was refused, it is done: never anything between."""
    if seen.answer == TAKEN_BACK:
        if order.state not in (OrderState.UNDONE, OrderState.CANCELLED):
            yield f"it was taken back, and ended {order.state}: {order.failure}"
        elif order.state is OrderState.UNDONE and (order.failure, order.taken_back_by) != (
            f"taken back by {APPROVER}",
            APPROVER,
        ):
            yield f"it does not say who took it back: {order.failure}"
        said = Counter(
            entry.tenant
            for entry in seen.entries
            if entry.outcome in (TAKEN_BACK, "cancelled") and entry.who == APPROVER
        )
        if set(said.values()) != {1}:
            yield f"the audit log does not say once of each tenant who took it back: {said}"
    elif order.state is not OrderState.DONE:
        yield f"taking it back was refused ({seen.answer}), and it ended {order.state}"


def _stands(stage: Stage, seen: Seen, state: OrderState) -> Iterator[str]:
    if not stage.places and any(call["writes"] for call in seen.calls):
        yield "it wrote to AWS"
    if state is OrderState.DONE:
        yield from _compared(stage.after, seen.standing, ())
    elif state in (OrderState.UNDONE, OrderState.CANCELLED):
        told = {
            it.call.path for it in stage.plan.steps if isinstance(it.call, RegistryCall) and it.call.failed is not None
        }
        told = told if seen.answer is None else set()  # what was taken back has not failed
        yield from _compared(Standing(seen.before, stage.before.aws), seen.standing, told)
    elif state is OrderState.HALF_DONE:
        yield from _said(stage, seen)
    else:
        yield f"it ended {state}"


def _compared(wanted: Standing, found: Standing, but: Iterable[str]) -> Iterator[str]:
    for path in sorted(wanted.records.keys() | found.records.keys()):
        if wanted.records.get(path) != found.records.get(path) and path not in set(but):
            yield f"{path}: {found.records.get(path)} in the place of {wanted.records.get(path)}"
    there, meant = Counter(found.aws), Counter(wanted.aws)
    yield from (f"AWS: {times} too many of {what}" for what, times in (there - meant).items())
    yield from (f"AWS: {times} missing of {what}" for what, times in (meant - there).items())


def _said(stage: Stage, seen: Seen) -> Iterator[str]:
    """All that stands of a half-done order is named by it."""
    order = seen.order
    assert order is not None
    named = [step for step in stage.plan.steps if step.says in (order.failure or "").partition("; left: ")[2]]
    if not named:
        yield f"half done, and it does not say what is left: {order.failure}"
    paths = {step.call.path for step in named if isinstance(step.call, RegistryCall)}
    paths |= {it.call.path for it in stage.plan.steps if isinstance(it.call, RegistryCall) and it.call.failed}
    for path in sorted(seen.before.keys() | seen.standing.records.keys()):
        if seen.before.get(path) != seen.standing.records.get(path) and path not in paths:
            yield f"{path} is left, and not said: {order.failure}"
    if Counter(seen.standing.aws) != Counter(stage.before.aws) and not any(
        isinstance(step.call, AwsCall) for step in named
    ):
        yield f"something is left in AWS, and not said: {order.failure}"
    copies = sum(isinstance(step.call, AwsCall) and step.call.operation in COPYING for step in named)
    more = len(seen.standing.aws) - max(len(stage.after.aws), len(stage.before.aws)) - copies
    if more > 0:
        yield f"AWS: {more} more than the order makes"
