"""What the internal API keeps beside the registry: exports, slots, legal holds, cases, recovery tests,
acknowledgements, and the audit log.

Shared by the reference server and the client. Ids and names are as ``services.wire.registry`` has them.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, NaiveDatetime, WithJsonSchema, model_validator

from services.model import CaseKind, CaseState, ExportState, SlotState, TestKind
from services.wire.registry import Arn, Id, Instant, Name, Record, Region

Text = Annotated[str, Field(max_length=4000, pattern=r"^[^\u0000]*$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
"""In hex."""
WallTime = Annotated[
    NaiveDatetime,
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?$",
            "description": "a reading of a wall clock, without an offset",
        }
    ),
]

_GIVEN: Any = Field(default=None, json_schema_extra={"readOnly": True})
"""A member that the server gives."""


class ExportRecord(Record):
    """A customer's request for its data, and its package (clause ``right-to-be-forgotten``)."""

    id: Id
    tenant: Id
    state: ExportState
    requested_at: Instant
    requester: Name
    reference: Name | None = None
    """The mail to the DPO that asked for it."""
    checked_by: Name | None = None
    """Who verified that the requester may ask."""
    progress: Annotated[float, Field(ge=0, le=1)] | None = None
    available_at: Instant | None = None
    complete: bool | None = None
    """Whether the package was verified to hold everything."""
    delivered_at: Instant | None = None
    """When the customer had fetched all of it."""
    destroyed_at: Instant | None = None
    failure: Text | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.available_at is None:
            if self.state is ExportState.AVAILABLE or self.delivered_at is not None:
                raise ValueError("what is available or was delivered says since when it is available")
        elif self.available_at < self.requested_at:
            raise ValueError("it was available before it was requested")
        elif self.delivered_at is not None and self.delivered_at < self.available_at:
            raise ValueError("it was delivered before it was available")
        return self


class SlotRecord(Record):
    """A maintenance slot for one ``tenant``, or for the tenants of a ``tier`` in a ``region``."""

    id: Id
    tenant: Id | None = None
    tier: Id | None = None
    region: Region | None = None
    starts_at: Instant
    ends_at: Instant
    zone: Annotated[str, Field(min_length=1, max_length=64)]
    local_start: WallTime
    """The wall clock's reading in ``zone``, as announced."""
    choice: Literal["earlier", "later"] | None = None
    """For a local time that exists twice or not at all."""
    state: SlotState
    reason: Text
    scheduled_at: Instant
    announced_at: Instant | None = None

    @model_validator(mode="after")
    def _scoped(self) -> Self:
        if (self.tenant is None) == (self.tier is None or self.region is None):
            raise ValueError("a slot is for a tenant, or for a tier and a region")
        if self.ends_at <= self.starts_at:
            raise ValueError("a slot ends after it starts")
        return self


class HoldRecord(Record):
    """A legal hold on a tenant's data (clause ``return-or-delete``)."""

    id: Id
    tenant: Id
    basis: Id
    """``union-law``, ``member-state-law``, ``litigation``, …"""
    owner: Name
    reason: Text
    placed_at: Instant
    expires_at: Instant | None = None
    lifted_at: Instant | None = None


class CaseRecord(Record):
    """A case with a clock (clauses ``acceptable-use``, ``processing``)."""

    id: Id
    tenant: Id
    kind: CaseKind
    scope: Name
    state: CaseState
    opened_at: Instant
    delivered_at: Instant | None = None
    ended_at: Instant | None = None
    disabled_at: Instant | None = None
    disabled_scope: Name | None = None
    """What was disabled, and nothing but that is reinstated; absent: the case's scope."""
    reinstated_at: Instant | None = None
    reference: Name | None = None
    summary: Text = ""
    outcome: Text | None = None
    """How it ended: what was answered, why it was closed."""


class RecoveryTestRecord(Record):
    """A restore test or failover test that somebody made and recorded (clause ``recovery``)."""

    id: Id
    tenant: Id
    store: Arn
    kind: TestKind
    started_at: Instant
    ended_at: Instant | None = None
    succeeded: bool | None = None
    reference: Name | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ended_at is not None and self.ended_at < self.started_at:
            raise ValueError("it ended before it started")
        if self.ended_at is None and self.succeeded is not None:
            raise ValueError("what has a result has ended")
        return self


class AcknowledgementRecord(Record):
    """That an item of the due list is seen, and whose it is. ``id`` is the first 32 hexadecimal digits of SHA-256 over
    tenant (or nothing), U+0000 and figure."""

    id: Id
    tenant: Id | None = None
    figure: Name
    by: Name
    at: Instant
    until: Instant
    assignee: Name | None = None
    note: Text | None = None


class AuditRecord(Record):
    """An entry of the audit log. Served newest first; nobody changes or deletes one.

    Entries form a chain, and the server gives each its place in it: ``hash`` is SHA-256 in hex over ``previous`` (64
    zeros before the first) and the entry as JSON, without ``previous``, ``hash`` and members that are null, members
    sorted by name, without spaces, in ASCII, times in UTC with ``Z`` and six digits of a fraction where there is one.
    """

    id: Id
    at: Instant
    who: Name
    role: Id
    action: Name
    outcome: Name
    tenant: Id | None = None
    origin: Name | None = None
    ticket: Name | None = None
    note: Text | None = None
    order: Id | None = None
    """The key of the order that it belongs to."""
    plan: Sha256 | None = None
    """The digest of that order's plan."""
    request_id: Name | None = None
    """Of the request to this server or to AWS."""
    position: Annotated[int, Field(ge=1)] | None = _GIVEN
    """Its place in the log: 1, 2, 3, …"""
    previous: Sha256 | None = _GIVEN
    """The hash of the entry before it."""
    hash: Sha256 | None = _GIVEN


class AuditHead(Record):
    """Where the audit log ends: the position and the hash of its last entry; 0 and zeros where it has none."""

    position: Annotated[int, Field(ge=0)]
    hash: Sha256
