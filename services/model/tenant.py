"""A tenant as the registry has it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


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
    terminated_for: str | None = None
    """The breach that the subscription was terminated for; ``None``: none."""
    links: tuple[str, ...] = ()
    """The ARNs of its private links, as the registry declares them."""


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
