"""What was asked of AWS and of the internal API, and how that ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

T_co = TypeVar("T_co", covariant=True)


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
    NOT_OFFERED = "not-offered"
    """The other side answered that it has no such question: there is nothing, and nobody is in trouble."""

    @property
    def answered(self) -> bool:
        """Whether the answer may be judged; only then does nothing mean nothing."""
        return self in (Outcome.SEEN, Outcome.EMPTY, Outcome.NOT_OFFERED)


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

    ``value`` is what was seen; ``None`` unless the outcome is ``SEEN``, ``EMPTY`` or ``NOT_OFFERED`` (an empty tuple),
    or ``STALE`` (what was last seen).
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
