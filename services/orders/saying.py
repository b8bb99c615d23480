"""Plans and orders in plain lines, for the console's dialogs and the command line. Pure, and not sanitized: values in
them are text from outside, which whoever shows them makes harmless."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from pydantic import JsonValue

from services.orders.confirming import needed
from services.wire.orders import (
    NOW,
    AwsCall,
    MovedClock,
    OrderRecord,
    OrderState,
    Plan,
    RegistryCall,
    Step,
    StepProgress,
    StepState,
    TenantChange,
)
from services.words import say_instant

LONGEST: Final = 120
"""Characters of one value of a call."""
NOTHING: Final = "—"
AT_ONCE: Final = "when it is carried out"
ALIKE: Final = 4
"""So many tenants of which the same becomes share a line."""
IDS: Final = 62
"""Characters of a line of ids."""
_OF_STEP: Final = re.compile(r"\$([0-9]+)\.(\w+)")


class Row(NamedTuple):
    """A line: its label, or none where it goes on with what the line above began."""

    label: str
    text: str


def short(digest: str) -> str:
    """A digest as a person tells it apart: ``41aa…07``."""
    return f"{digest[:4]}…{digest[-2:]}"


def plan_title(plan: Plan) -> str:
    """``plan 41aa…07 · Renew the subscription · acme``; of several tenants their number."""
    return f"plan {short(plan.digest)} · {order_title(plan)}"


def order_title(plan: Plan) -> str:
    """What it is and for whom: ``Renew the subscription · acme``."""
    fields = plan.asked.fields
    group = [fields[name] for name in ("tier", "region") if fields.get(name) and not plan.asked.tenants]
    tenants = [change.tenant for change in plan.tenants]
    whom = tenants[0] if len(tenants) == 1 else f"{len(tenants)} tenants"
    return " · ".join([plan.title, *([" ".join(group)] if group else []), *([whom] if tenants else [])])


def plan_lines(plan: Plan, most: int | None = None) -> list[Row]:
    """A plan as it is shown before anything happens: to whom, what moves, every call in order, how it is confirmed.

    ``most`` bounds the lines for tenants and those for clocks; what is left out is counted.
    """
    rows = [
        *_block("Given", [f"{name} = {value}" for name, value in plan.asked.fields.items()]),
        *_block("Tenants", _bounded(_changes(plan.tenants), most)),
        *_block("Clocks", _bounded(_columns([_clock(it, named=len(plan.tenants) > 1) for it in plan.clocks]), most)),
        *_block("Effects", list(plan.effects)),
        *_block("Warning", list(plan.warnings)),
        *_block("Steps", [line for step in plan.steps for line in step_lines(step)]),
    ]
    if plan.stores:
        rows.append(Row("Stores", f"{plan.stores} become unreadable"))
    return [
        *rows,
        Row("Clause", plan.clause),
        *_block("Confirm", _confirming(plan)),
        Row("State", f"read {say_instant(plan.made_at)} · digest {short(plan.digest)} · runs in the worker, not here"),
    ]


def step_lines(step: Step) -> list[str]:
    """A step: what it does and whether it can be undone; then the exact call."""
    undo = f"undo: {step.undo}" if step.undo is not None else "cannot be undone"
    return [f"{step.number}  {step.says}  {undo}", *(f"   {line}" for line in call_lines(step.call))]


def call_lines(call: RegistryCall | AwsCall) -> list[str]:
    """A call as it will be made: the operation, and below it what it carries."""
    if isinstance(call, AwsCall):
        parameters = [f"{name}: {_value(value)}" for name, value in call.parameters.items()]
        return [f"{call.service} {call.operation}  {call.account} {call.region}", *parameters]
    return [f"{call.method} {call.path}", *_members(call)]


def order_lines(order: OrderRecord) -> list[Row]:
    """An order and how far it is: who, when, its end, each step."""
    return [
        Row("State", state_words(order)),
        *about_lines(order),
        *_block("Tenants", _changes(order.plan.tenants)),
        *_block("Steps", list(_progress(order))),
        Row("Digest", order.plan.digest),
    ]


def about_lines(order: OrderRecord) -> list[Row]:
    """Who ordered it, when and why, who agreed, and how it ended."""
    rows = [
        Row("Order", order.id),
        Row("Author", f"{order.author} ({order.role}){f' from {order.origin}' if order.origin else ''}"),
        Row("Ordered", say_instant(order.created_at)),
    ]
    if order.ticket:
        rows.append(Row("Ticket", order.ticket))
    if order.reason:
        rows.append(Row("Reason", order.reason))
    if order.break_glass_until is not None:
        review = f"reviewed by {order.reviewed_by}" if order.reviewed_by else "to be reviewed by another approver"
        rows.append(Row("Alone", f"BREAK-GLASS: without a second person; {review}"))
    if order.approved_by is not None:
        rows.append(Row("Agreed", f"{order.approved_by} {_instant(order.approved_at)}"))
    if order.ended_at is not None:
        rows.append(Row("Ended", say_instant(order.ended_at)))
    if order.failure:
        rows.append(Row("Failure", order.failure))
    return rows


def state_words(order: OrderRecord) -> str:
    """The state in a sentence: ``running · step 2 of 4: hold h-1 placed``."""
    match order.state:
        case OrderState.WAITING:
            return "waiting · for a second person to agree"
        case OrderState.RUNNING:
            return "running · what was done of it is being undone" if order.failure else f"running · {_at(order)}"
        case OrderState.UNDONE:
            return f"undone · {_why(order)}, and nothing of it is left"
        case OrderState.HALF_DONE:
            return f"half-done · {_why(order)}, and something of it is left"
        case OrderState.VOID:
            return "void · what it was made from had changed before it was approved"
        case _:
            return order.state.value


def progress_words(step: Step, progress: StepProgress) -> str:
    """One step and how far it is: ``2  done  hold h-1 placed  request 7f0c…``."""
    words = [f"{step.number}  {progress.state:7}  {step.says}"]
    if progress.attempts > 1:
        words.append(f"tried {progress.attempts} times")
    if progress.request_id:
        words.append(f"request {progress.request_id}")
    if progress.error:
        words.append(progress.error)
    return "  ".join(words)


def steps_of(order: OrderRecord) -> list[tuple[Step, StepProgress]]:
    """Each step of the plan with how far it is; one that is not told of is pending."""
    told = {progress.number: progress for progress in order.steps}
    return [
        (step, told.get(step.number, StepProgress(number=step.number, state=StepState.PENDING)))
        for step in order.plan.steps
    ]


def _progress(order: OrderRecord) -> Iterator[str]:
    for step, progress in steps_of(order):
        yield progress_words(step, progress)


def _why(order: OrderRecord) -> str:
    return "it failed" if order.taken_back_by is None else "it was taken back"


def _at(order: OrderRecord) -> str:
    steps = steps_of(order)
    busy = next((step for step, progress in steps if progress.state is StepState.RUNNING), None)
    if busy is None:
        busy = next((step for step, progress in steps if progress.state is StepState.PENDING), None)
    return f"step {busy.number} of {len(steps)}: {busy.says}" if busy is not None else f"{len(steps)} steps"


def _block(label: str, lines: list[str]) -> list[Row]:
    return [Row("" if index else label, line) for index, line in enumerate(lines)]


def _bounded(lines: list[str], most: int | None) -> list[str]:
    if most is None or len(lines) <= most:
        return lines
    return [*lines[:most], f"and {len(lines) - most} more"]


def _confirming(plan: Plan) -> list[str]:
    lines = [one.told for one in needed(plan)]
    return [*lines, "then a second person has to agree"] if plan.approval else lines


def _changes(tenants: Sequence[TenantChange]) -> list[str]:
    """A line a tenant; what becomes of ``ALIKE`` of them or more is said once, and their ids below it."""
    alike: dict[tuple[str, str], list[str]] = {}
    for it in tenants:
        alike.setdefault((it.before, it.after), []).append(it.tenant)
    single = [[it.tenant, f"{it.before} → {it.after}"] for it in tenants if len(alike[it.before, it.after]) < ALIKE]
    lines = _columns(single)
    for (before, after), ids in alike.items():
        if len(ids) >= ALIKE:
            lines.append(f"{len(ids)} tenants  {before} → {after}")
            lines += [f"  {line}" for line in textwrap.wrap(", ".join(ids), IDS, break_on_hyphens=False)]
    return lines


def _columns(lines: Sequence[Sequence[str]]) -> list[str]:
    """Words in columns, two blanks apart."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return ["  ".join(f"{word:{width}}" for word, width in zip(line, widths, strict=True)).rstrip() for line in lines]


def _clock(it: MovedClock, *, named: bool) -> list[str]:
    """The columns of a clock; ``named``: whose it is, which of one tenant stands above already."""
    after = AT_ONCE if it.at_once else _instant(it.after)
    return [*([it.tenant] if named else []), it.clock, f"{_instant(it.before)} → {after}", it.clause]


def _instant(at: datetime | None) -> str:
    return NOTHING if at is None else say_instant(at)


def _members(call: RegistryCall) -> list[str]:
    """What a record's members become; of one that is new or goes, all that it has."""
    before, after = call.before or {}, call.after or {}
    if call.before is None:
        return [f"{name}: {_value(value)}" for name, value in after.items() if value is not None]
    if call.after is None:
        return []
    return [
        f"{name}: {_value(before.get(name))} → {_value(after.get(name))}"
        for name in dict.fromkeys((*before, *after))
        if before.get(name) != after.get(name)
    ]


def _value(value: JsonValue) -> str:
    if value is None:
        return NOTHING
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=True)
    if text == NOW:
        return AT_ONCE
    if isinstance(value, str) and (named := _OF_STEP.fullmatch(value)):
        return f"{named[2]} of step {named[1]}"
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
