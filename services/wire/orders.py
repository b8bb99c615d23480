"""Orders: what somebody wants done, the plan of it, and how it is carried out.

Shared by the server, which makes plans and carries them out, and by the client, which shows them. A plan stands for
itself: ``plan_digest`` is over what would be done and over all that it was made from, so that two plans of one digest
do the same onto the same.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Literal, TypeAlias, TypeGuard

from pydantic import AfterValidator, Field, JsonValue

from services.model import order
from services.wire.operations import Text
from services.wire.registry import AccountId, Id, Instant, Name, Record, Region, Role

NOW = "$now"
"""Stands in a step for the instant at which it is carried out."""
MOST_TENANTS = 1000
"""Of one order that names its tenants."""

Key = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
"""Made by who asks, at random: the order's id. The same key is the same order, however often it is sent."""
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
ActionName = Annotated[str, Field(pattern=r"^[a-z]+(-[a-z]+)*$", max_length=64)]
Values: TypeAlias = Mapping[str, str]


Confirmation: TypeAlias = order.Confirmation
OrderState: TypeAlias = order.OrderState


def _finite(value: JsonValue) -> JsonValue:
    """Python's parsers take ``NaN`` and ``1e999`` for numbers, which JSON has no word for (RFC 8259, section 6)."""
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("holds a number that JSON does not have")
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _finite(each)
    return value


Json: TypeAlias = Annotated[JsonValue, AfterValidator(_finite)]
"""Anything that JSON has."""


class StepState(StrEnum):
    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    UNDONE = "undone"
    STUCK = "stuck"
    """Done, and it could not be undone; or nobody knows whether it was done."""


class Asked(Record):
    """What somebody wants done."""

    key: Key
    action: ActionName
    tenants: Annotated[tuple[Id, ...], Field(max_length=MOST_TENANTS)] = ()
    fields: Annotated[Mapping[Annotated[str, Field(max_length=64)], Text], Field(max_length=64)] = {}
    """As typed; the action reads them."""


class RegistryCall(Record):
    """A write of the internal API: the record as it stands before, and as it shall stand (``None``: not at all)."""

    kind: Literal["registry"] = "registry"
    method: Literal["PUT", "DELETE"]
    path: Annotated[str, Field(pattern=r"^/[a-z-]+/[A-Za-z0-9._-]+$")]
    before: dict[str, Json] | None = None
    after: dict[str, Json] | None = None
    failed: dict[str, Json] | None = Field(default=None, exclude_if=lambda value: value is None)
    """What stands in the place of ``before`` where the order fails once the step after this one was carried out."""


class AwsCall(Record):
    """A write to AWS, as boto3 names it. A value ``$2.WindowId`` is that member of step 2's answer."""

    kind: Literal["aws"] = "aws"
    service: Name
    operation: Name
    account: AccountId
    region: Region
    parameters: dict[str, Json] = Field(default_factory=dict)


Call: TypeAlias = Annotated[RegistryCall | AwsCall, Field(discriminator="kind")]


class Step(Record):
    """One call of a plan, in order."""

    number: Annotated[int, Field(ge=1)]
    call: Call
    says: Text
    """What it does, in words: ``hold h-1 placed``."""
    undo: Text | None = None
    """How it is undone; ``None``: it cannot be."""


class TenantChange(Record):
    """What a tenant is before and after."""

    tenant: Id
    before: Text
    after: Text


class MovedClock(Record):
    """A clock that ends at another time; ``None``: it does not run, or ends ``at_once``."""

    tenant: Id
    clock: Name
    clause: Name
    before: Instant | None = None
    after: Instant | None = None
    at_once: bool = False
    """It ends when the order is carried out."""


class Seen(Record):
    """Something that the plan was made from: a record's path or a question, and what was answered."""

    what: Name
    value: Json = None


class Plan(Record):
    """What would be done."""

    asked: Asked
    title: Name
    clause: Name
    confirmation: Confirmation
    approval: bool
    """Whether a second person has to agree."""
    tenants: tuple[TenantChange, ...]
    steps: tuple[Step, ...]
    clocks: tuple[MovedClock, ...] = ()
    effects: tuple[Text, ...] = ()
    """Effects beside: on the month's availability, on what the tenant sees. A line each."""
    warnings: tuple[Text, ...] = ()
    seen: tuple[Seen, ...]
    stores: Annotated[int, Field(ge=0)] = 0
    """Stores that it makes unreadable: what is typed to confirm an irreversible one."""
    made_at: Instant
    digest: Digest


class OrderRequest(Record):
    """A plan to be carried out, as it was shown and confirmed."""

    plan: Plan
    ticket: Name | None = None
    reason: Text | None = None
    break_glass_until: Instant | None = None
    """Do without the second person, for a ``reason``; not begun by then it is void. Another approver reviews it."""


class Decision(Record):
    """A second person's word on an order; the digest is that of the plan that they saw."""

    digest: Digest
    reason: Text | None = None


class StepProgress(Record):
    """How far a step is."""

    number: Annotated[int, Field(ge=1)]
    state: StepState
    started_at: Instant | None = None
    ended_at: Instant | None = None
    request_id: Name | None = None
    attempts: Annotated[int, Field(ge=0)] = 0
    result: Json = None
    error: Text | None = None


class OrderRecord(Record):
    """An order and how far it is."""

    id: Key
    plan: Plan
    state: OrderState
    author: Name
    role: Role
    origin: Name | None = None
    ticket: Name | None = None
    reason: Text | None = None
    created_at: Instant
    approved_by: Name | None = None
    approved_at: Instant | None = None
    ended_at: Instant | None = None
    failure: Text | None = None
    break_glass_until: Instant | None = None
    """Carried out without the second person whom its plan wants; if begun before this."""
    reviewed_by: Name | None = None
    """Of one without a second person: who has looked at it since."""
    reviewed_at: Instant | None = None
    taken_back_by: Name | None = None
    """Of one that was under way: who has had it undone."""
    taken_back_at: Instant | None = None
    steps: tuple[StepProgress, ...]


def canonical(value: object) -> bytes:
    """JSON of one form only: members sorted, no spaces, ASCII."""
    return json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":"), allow_nan=False).encode("ascii")


_NOT_MEANT = {"made_at", "digest"}


def plan_digest(plan: Plan | Mapping[str, Any]) -> str:
    """SHA-256 in hex over a plan without its time and its digest."""
    data = plan.model_dump(mode="json") if isinstance(plan, Plan) else plan
    return hashlib.sha256(canonical({key: it for key, it in data.items() if key not in _NOT_MEANT})).hexdigest()


def differences(before: Plan, after: Plan) -> tuple[str, ...]:
    """What had changed between two plans, a line each: ``tenants/acme state: grace → active``."""
    return tuple(_differing({it.what: it.value for it in before.seen}, {it.what: it.value for it in after.seen}))


def differences_seen(before: Plan, seen: Mapping[str, JsonValue]) -> tuple[str, ...]:
    """The same where no plan came of it the second time: of what was read until then and had been read before."""
    first = {it.what: it.value for it in before.seen if it.what in seen}
    return tuple(_differing(first, {what: seen[what] for what in first}))


def _differing(before: Mapping[str, JsonValue], after: Mapping[str, JsonValue]) -> list[str]:
    lines = []
    for what in sorted({*before, *after}):
        one, other = before.get(what), after.get(what)
        if one == other:
            continue
        records, others = _by_id(one), _by_id(other)
        if isinstance(one, dict) and isinstance(other, dict):
            lines += _differing_members(what, one, other)
        elif (one is None and isinstance(other, dict)) or (other is None and isinstance(one, dict)):
            lines.append(f"{what} is {'new' if one is None else 'gone'}")
        elif records is not None and others is not None:
            for id_ in dict.fromkeys((*records, *others)):
                lines += _differing_members(f"{what} {id_}", records.get(id_), others.get(id_))
        elif _are_words(one) and _are_words(other):
            lines += [f"{what}: {it} is gone" for it in one if it not in other]
            lines += [f"{what}: {it} is new" for it in other if it not in one]
        else:
            lines.append(f"{what}: {_said(one)} → {_said(other)}")
    return lines


def _differing_members(
    what: str, one: Mapping[str, JsonValue] | None, other: Mapping[str, JsonValue] | None
) -> list[str]:
    """What differs between two states of a record, a line each; of one that is new or gone a line that says so."""
    if one is None or other is None:
        return [f"{what} is {'new' if one is None else 'gone'}"]
    return [
        f"{what} {member}: {_said(one.get(member))} → {_said(other.get(member))}"
        for member in sorted({*one, *other})
        if one.get(member) != other.get(member)
    ]


def _by_id(value: JsonValue) -> Mapping[str, dict[str, JsonValue]] | None:
    """A list of records by their ids; ``None`` for anything else."""
    if not isinstance(value, list):
        return None
    records = {str(it["id"]): it for it in value if isinstance(it, dict) and "id" in it}
    return records if len(records) == len(value) else None


def _are_words(value: JsonValue) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(it, str) for it in value)


def _said(value: JsonValue) -> str:
    if value is None:
        return "—"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=True)
    return text if len(text) <= 120 else f"{text[:119]}…"
