"""The names of the clocks, the clause of each, and what of a tenant they rest on."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo

from services.agreement.periods import BeyondCalendarError, count, end_of_day, zone
from services.agreement.policy import Policy
from services.model import Clock, LifecycleState

GRACE = "grace"
HOSTED_DATA = "hosted_data"
EXPORT_PREPARATION = "export_preparation"
EXPORT_WINDOW = "export_window"
RETURN_OR_DELETE = "return_or_delete"
CONDUCT = "conduct"
DATA_SUBJECT_REQUEST = "data_subject_request"
BREACH_NOTICE = "breach_notice"

FORGOTTEN = "right-to-be-forgotten"
OUTER = "return-or-delete"
USE = "acceptable-use"
PROCESSING = "processing"

CLAUSES = {
    GRACE: FORGOTTEN,
    HOSTED_DATA: FORGOTTEN,
    EXPORT_PREPARATION: FORGOTTEN,
    EXPORT_WINDOW: FORGOTTEN,
    RETURN_OR_DELETE: OUTER,
    CONDUCT: USE,
    DATA_SUBJECT_REQUEST: PROCESSING,
    BREACH_NOTICE: PROCESSING,
}
"""The clause that each clock rests on."""


class Ended(Protocol):
    """Whatever has an end date in a zone: a tenant, or its terms."""

    @property
    def ended_on(self) -> date | None: ...
    @property
    def zone(self) -> str: ...


class Terms(NamedTuple):
    """All of a tenant that its lifecycle clocks and verdicts depend on: tenants with equal terms share them."""

    ended_on: date | None
    zone: str
    termination_confirmed_at: datetime | None
    state: LifecycleState


def make_clock(name: str, starts_at: datetime, ends_at: datetime) -> Clock:
    """The clock, in UTC."""
    return Clock(name, starts_at.astimezone(UTC), ends_at.astimezone(UTC), CLAUSES[name])


def zone_of(of: Ended, policy: Policy) -> ZoneInfo:
    """The zone of the end date, or the policy's. Raises ``ZoneError``."""
    return zone(of.zone or policy.default_zone)


def end_of_service(of: Ended, policy: Policy) -> datetime | None:
    """The instant at which the subscription ends; ``None`` where no end is agreed.

    Raises ``ZoneError`` and ``BeyondCalendarError``.
    """
    return None if of.ended_on is None else end_of_day(of.ended_on, zone_of(of, policy))


def outer_end(of: Ended, policy: Policy) -> datetime | None:
    """When the clock of ``return-or-delete`` ends; ``None`` where there is none, or none that a calendar holds.

    Raises ``ZoneError``.
    """
    try:
        return None if of.ended_on is None else count(policy.return_or_delete.within, of.ended_on, zone_of(of, policy))
    except BeyondCalendarError:
        return None
