"""The registry as the internal API serves it: tenants, parties, subscriptions, store mappings.

Shared by the reference server and the client. Ids are the vendor's own: 1 to 64 characters of ``a-z A-Z 0-9 . _ -``.
Names are text from outside and may hold anything but U+0000, which PostgreSQL's text cannot keep.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Generic, Literal, Protocol, TypeAlias, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from services.model import LifecycleState

ID = r"^[A-Za-z0-9._-]+$"
ACCOUNT_ID = r"^[0-9]{12}$"
REGION = r"^[a-z]{2}(-[a-z]+)+-[0-9]$"
ARN = r"^arn:[a-z-]+:[a-z0-9-]+:[a-z0-9-]*:[0-9]*:[^\u0000-\u001f\u007f]+$"
Id = Annotated[str, Field(min_length=1, max_length=64, pattern=ID)]
Name = Annotated[str, Field(min_length=1, max_length=1000, pattern=r"^[^\u0000]*$")]
AccountId = Annotated[str, Field(pattern=ACCOUNT_ID)]
Region = Annotated[str, Field(pattern=REGION, max_length=32)]
Arn = Annotated[str, Field(pattern=ARN, max_length=2048)]


def _in_utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("lies outside the years 1 to 9999 in UTC") from error


Instant = Annotated[AwareDatetime, AfterValidator(_in_utc)]
"""RFC 3339 with an offset; in UTC once it is read."""
Role: TypeAlias = Literal["viewer", "operator", "approver", "worker"]


class Record(BaseModel):
    """Frozen; a member that the schema does not know is an error, so that a typing mistake never passes."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Identified(Protocol):
    """A record of a collection."""

    @property
    def id(self) -> str: ...


class PartyRecord(Record):
    """Somebody who orders, resells, provides or uses the service (clause ``subscription``)."""

    id: Id
    kind: Literal["customer", "reseller", "service-provider", "sp-end-customer"]
    name: Name


class TenantRecord(Record):
    """An instance of the service. Parties are named by their ids."""

    id: Id
    name: Name
    tier: Id
    region: Region
    account: AccountId
    zone: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    """IANA zone of its end date; absent: the policy's default."""
    state: LifecycleState
    customer: Id
    reseller: Id | None = None
    service_provider: Id | None = None
    sp_end_customers: Annotated[tuple[Id, ...], Field(max_length=10_000)] = ()
    links: Annotated[tuple[Arn, ...], Field(max_length=100)] = ()
    """The ARNs of the private links that it is to have (clause ``peering``)."""


class SubscriptionRecord(Record):
    """A subscription period of a tenant; of several the one that ends last counts."""

    id: Id
    tenant: Id
    order: Name | None = None
    started_on: date
    ended_on: date | None = None
    """The last day in force; absent: no end agreed."""
    termination_confirmed_at: Instant | None = None
    terminated_for: Name | None = None
    """The breach that it was terminated for; absent: none."""


class StoreRecord(Record):
    """Which store, or which part of a shared one, is a tenant's."""

    id: Id
    tenant: Id
    store: Arn
    part: Annotated[str, Field(min_length=1, max_length=1024, pattern=r"^[^\u0000]*$")] | None = None
    """Schema or database of a shared server, prefix of a shared bucket; absent: all of it."""


class WhoAmI(Record):
    """The bearer of the token."""

    user: Name
    role: Role
    expires_at: Instant | None = None


ItemT = TypeVar("ItemT")


class Page(BaseModel, Generic[ItemT]):
    """A page of a collection, ordered by id."""

    items: list[ItemT]
    next: str | None
    """The cursor of the page that follows, ``None`` on the last one. Never left out: an end must be said."""
    total: Annotated[int, Field(ge=0)] | None = None
    """How many records the collection has. Without it, pages that end too early go unnoticed."""


class ProblemPart(BaseModel):
    """One of several things that are wrong with a request."""

    where: str
    """``query.limit``, ``path.id``, ``body.zone``, ``header.content-type``."""
    what: str


class Problem(BaseModel):
    """An error, as RFC 9457 has it, served as ``application/problem+json``."""

    model_config = ConfigDict(extra="allow")

    type: str = "about:blank"
    title: str
    status: int
    detail: str | None = None
    instance: str | None = None
    errors: list[ProblemPart] | None = None
    """Every mistake in the request that could be told."""


class Health(BaseModel):
    """Whether the server answers, and its own idea of now (for clock skew)."""

    status: Literal["ok"]
    now: datetime


class ChoreHealth(BaseModel):
    """How it stands with something that the servers do by themselves; the log has the reason of a failure."""

    done_at: Instant | None
    """When it was done last; ``null``: never."""
    failed: bool
    """Whether the last try failed."""


class Readiness(BaseModel):
    """That requests and orders can be sent to the server."""

    status: Literal["ready"]
    revision: str
    """Of its database's tables."""
    worker: Literal["alive", "elsewhere"]
    """Whether a worker takes orders in this process, or it is left to others."""
    chores: Mapping[str, ChoreHealth] = Field(default_factory=dict)
    """What the servers do by themselves, of all of one database: ``anchor``, ``notify``; none that was never tried."""
