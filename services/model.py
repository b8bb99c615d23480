"""The nouns of Tenure: what every layer speaks of.

All are frozen and hold values only. Instants (``datetime``) are aware and in UTC, days (``date``) are calendar
days in the zone that stands beside them, lengths are ``timedelta``. An absent value is ``None``: never zero, never
an empty word.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Generic, TypeVar

T_co = TypeVar("T_co", covariant=True)


class Status(StrEnum):
    """The verdict words, the same on every surface."""

    OK = "ok"
    DUE = "due"
    """A clock in its normal course, inside the policy's horizon."""
    AT_RISK = "at-risk"
    BREACHED = "breached"
    UNKNOWN = "unknown"
    """The evidence is missing, refused, too old or contradictory. Never to be drawn as good."""
    UNPROVEN = "unproven"
    """Nothing speaks against it, and nothing was ever observed that proves it."""
    NOT_APPLICABLE = "not-applicable"


SEVERITY: tuple[Status, ...] = (
    Status.BREACHED,
    Status.AT_RISK,
    Status.UNKNOWN,
    Status.UNPROVEN,
    Status.DUE,
    Status.OK,
    Status.NOT_APPLICABLE,
)
"""Worst first."""

_RANK = {status: rank for rank, status in enumerate(SEVERITY)}


def severity(status: Status) -> int:
    """The rank of a status, 0 for the worst."""
    return _RANK[status]


def worst(statuses: Iterable[Status]) -> Status:
    """The worst of several statuses; ``NOT_APPLICABLE`` of none."""
    return min(statuses, key=severity, default=Status.NOT_APPLICABLE)


class Outcome(StrEnum):
    """How a question to AWS or to the internal API ended."""

    SEEN = "seen"
    EMPTY = "empty"
    """It was answered, and there is nothing."""
    DENIED = "denied"
    THROTTLED = "throttled"
    FAILED = "failed"
    """No answer, or one that cannot be read: an outage, a time-out, garbage."""
    STALE = "stale"
    """The last answer was good and is older than it may be."""

    @property
    def answered(self) -> bool:
        """Whether the answer may be judged; only then does nothing mean nothing."""
        return self in (Outcome.SEEN, Outcome.EMPTY)


@dataclass(frozen=True, slots=True)
class Source:
    """Where an observation comes from: one operation of one service in one account and region."""

    service: str
    """As boto3 names it (``rds``), or ``internal`` for the internal API."""
    operation: str
    """As AWS names it (``DescribeDBInstances``), or method and path (``GET /tenants``)."""
    account: str | None = None
    region: str | None = None

    @property
    def name(self) -> str:
        """The stable name, unique among sources: ``rds:DescribeDBInstances:111122223333:eu-central-1``."""
        return ":".join(part or "" for part in (self.service, self.operation, self.account, self.region)).rstrip(":")


@dataclass(frozen=True, slots=True)
class Observation(Generic[T_co]):
    """What one source answered, when, and how that ended.

    ``value`` is what was seen; ``None`` unless the outcome is ``SEEN``, ``EMPTY`` (an empty tuple) or ``STALE``
    (what was last seen).
    """

    source: Source
    at: datetime
    outcome: Outcome
    value: T_co | None = None
    latency_ms: int | None = None
    retries: int = 0
    request_id: str | None = None
    """Of the last page, for an answer of several."""
    error: str | None = None
    """Why it was not answered, as the service put it: text from outside, not sanitized."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is looking: the user of the internal API and the AWS principal, each ``None`` until it has answered."""

    user: str | None = None
    role: str | None = None
    """``viewer``, ``operator``, ``approver``, ``worker``."""
    aws_arn: str | None = None
    expires_at: datetime | None = None
    """When the AWS credentials end; ``None`` where they do not, or it cannot be told."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A judgement, with all that is needed to believe it."""

    status: Status
    figure: str
    """What was judged, unique per tenant: ``recovery.orders-db``, ``grace``. The argument of ``why``."""
    clause: str
    """The key of the agreement's clause."""
    reason: str
    """One line for a person; may contain text from outside."""
    value: timedelta | None = None
    target: timedelta | None = None
    at: datetime | None = None
    """The instant that the figure rests on (a restore point, a deadline)."""
    evidence: tuple[Observation[object], ...] = ()
    changes_at: datetime | None = None
    """The next instant at which the verdict changes if nothing new is observed; ``None`` if it never does."""


class ClockState(StrEnum):
    NOT_STARTED = "not-started"
    RUNNING = "running"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Clock:
    """A period of the agreement laid onto time: ``[starts_at, ends_at)``."""

    name: str
    """``grace``, ``hosted_data``, ``export_window``, ``return_or_delete``, ``conduct``."""
    starts_at: datetime
    ends_at: datetime
    clause: str

    def state(self, now: datetime) -> ClockState:
        if now < self.starts_at:
            return ClockState.NOT_STARTED
        return ClockState.RUNNING if now < self.ends_at else ClockState.OVER


class LifecycleState(StrEnum):
    """The closed list of a tenant's states, in their order."""

    ACTIVE = "active"
    GRACE = "grace"
    DISMISSED = "dismissed"
    DESTROYING = "destroying"
    DESTROYED = "destroyed"


@dataclass(frozen=True, slots=True)
class Tenant:
    """A tenant as the registry has it, parties by name. Text fields come from outside and are not sanitized."""

    id: str
    name: str
    tier: str
    """A tier of the policy: ``public``, ``dedicated``."""
    region: str
    account: str
    zone: str
    """The IANA zone in which ``ended_on`` is a day."""
    state: LifecycleState
    """As recorded; the due state follows the clocks."""
    customer: str
    order: str | None = None
    reseller: str | None = None
    service_provider: str | None = None
    sp_end_customers: tuple[str, ...] = ()
    started_on: date | None = None
    ended_on: date | None = None
    """The end of the subscription period, past or to come: the service is in force to the last moment of it."""
    termination_confirmed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StoreMapping:
    """The registry's word on which store, or which part of a shared store, is a tenant's."""

    tenant: str
    store: str
    """The ARN."""
    part: str | None = None
    """The schema or database of a shared server, the prefix of a shared bucket; ``None`` for all of it."""


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A record of the internal API that cannot be read. It hides no other."""

    collection: str
    """``tenants``, ``parties``, ``subscriptions``, ``stores``."""
    id: str | None
    """Its id where that much could be read. From outside, not sanitized."""
    position: int
    """Counted from 0 over the whole collection."""
    reason: str


@dataclass(frozen=True, slots=True)
class RestorePoint:
    """A moment to which a store can be brought back, or one that cannot be dated."""

    kind: str
    """``latest-restorable-time``, ``automated-backup``, ``snapshot``: as in the policy's ``recovery.evidence``."""
    at: datetime | None
    """``None``: usable, but of unknown age (a copied cluster snapshot whose origin is gone)."""
    resource: str
    """The ARN it was read from."""
    note: str = ""
    """What a person should know: ``copied 2026-11-22T03:00:00Z``."""
    observed_at: datetime | None = None
    """When it was seen; ``None``: the latest of the store's sources speaks for it."""
    not_after: datetime | None = None
    """Where ``at`` is not known: its data is no newer than this (when the copy was made); ``None``: no bound."""


@dataclass(frozen=True, slots=True)
class Store:
    """A database instance or cluster (later: a bucket) with everything seen of its restore points."""

    arn: str
    name: str
    kind: str
    """``rds-instance``, ``rds-cluster``: the words of the policy's ``recovery.evidence``."""
    account: str
    region: str
    engine: str
    created_at: datetime | None
    tenants: tuple[str, ...]
    """Ids of the tenants it serves: mapped by the registry, or named by its tag. Empty: nobody owns it."""
    parts: tuple[tuple[str, str], ...]
    """(tenant, schema or database) of a shared store."""
    tag_tenant: str | None
    """The tenant that the tag names, known to the registry or not."""
    points: tuple[RestorePoint, ...]
    sources: tuple[Observation[object], ...]
    """Every observation that speaks about it, answered or not."""
    multi_az: bool = False
