"""End dates and instants at which a clock of the agreement stands as a story needs it, found by trying days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

from services.agreement import (
    Policy,
    default_policy_text,
    export_clock,
    parse_policy,
    state_due,
    tenant_clocks,
    zone,
)
from services.model import Clock, Export, ExportState, LifecycleState, Tenant
from services.sandbox.builder import DEFAULT_ZONE, Builder
from services.wire.registry import TenantRecord

ONE_DAY = timedelta(days=1)
MARGIN = timedelta(days=6)
"""Months differ in length: so much earlier the search begins."""


@cache
def policy() -> Policy:
    """The agreement that the stories are told of: the one that Tenure ships with."""
    return parse_policy(default_policy_text())


def noun(record: TenantRecord, ended_on: date) -> Tenant:
    """The tenant as the agreement's functions take it."""
    return Tenant(
        id=record.id,
        name=record.name,
        tier=record.tier,
        region=record.region,
        account=record.account,
        zone=record.zone or DEFAULT_ZONE,
        state=record.state,
        customer=record.customer,
        ended_on=ended_on,
    )


def clock_of(record: TenantRecord, ended_on: date, clock: str) -> Clock:
    """A clock of a tenant with that end date."""
    return next(each for each in tenant_clocks(noun(record, ended_on), policy()) if each.name == clock)


def clock_end(record: TenantRecord, ended_on: date, clock: str) -> datetime:
    """When a clock of a tenant with that end date is over."""
    return clock_of(record, ended_on, clock).ends_at


def ends_from(builder: Builder, record: TenantRecord, clock: str, moment: datetime) -> date:
    """The earliest end date with which ``clock`` is over at ``moment`` or later."""
    day = _near(builder, record, clock, moment) - MARGIN
    while clock_end(record, day, clock) < moment:
        day += ONE_DAY
    return day


def ended_by(builder: Builder, record: TenantRecord, clock: str, moment: datetime) -> date:
    """The latest end date with which ``clock`` is over by ``moment``."""
    day = _near(builder, record, clock, moment) + MARGIN
    while clock_end(record, day, clock) > moment:
        day -= ONE_DAY
    return day


def _near(builder: Builder, record: TenantRecord, clock: str, moment: datetime) -> date:
    today = builder.today(record)
    return today - (clock_end(record, today, clock) - moment)


def available_from(record: TenantRecord, ended_on: date, moment: datetime) -> datetime:
    """The latest instant, some whole days before ``moment``, from which an export window is over by ``moment``."""

    def closes(available: datetime) -> datetime:
        export = Export(
            id="tried",
            tenant=record.id,
            state=ExportState.AVAILABLE,
            requested_at=available,
            requester="",
            available_at=available,
        )
        clock = export_clock(export, noun(record, ended_on), policy())
        if clock is None:
            raise ValueError(f"no window opens for {record.id}")
        return clock.ends_at

    return _latest(moment, lambda available: closes(available) <= moment)


def _latest(moment: datetime, fits: Callable[[datetime], bool]) -> datetime:
    available = moment - ONE_DAY
    while not fits(available):
        available -= ONE_DAY
    return available


def state_at(record: TenantRecord, ended_on: date, now: datetime) -> LifecycleState:
    """The state that the clocks of a tenant with that end date call for."""
    due = state_due(noun(record, ended_on), policy(), now)
    if due is None:
        raise ValueError(f"the clocks of {record.id} cannot be reckoned")
    return due


def next_local(after: datetime, zone_name: str, hour: int) -> datetime:
    """The first instant after ``after`` at which it is ``hour`` o'clock in a zone; UTC."""
    local = zone(zone_name)
    day = after.astimezone(local).date()
    while True:
        moment = datetime.combine(day, time(hour), local).astimezone(UTC)
        if moment > after:
            return moment
        day += ONE_DAY


def next_gap(after: datetime, zone_name: str) -> datetime | None:
    """The first local time (naive) after ``after`` that the clocks of a zone skip; ``None`` for two years without.

    It is looked for in quarters of an hour, as the changes of clocks fall.
    """
    local = zone(zone_name)
    day = after.astimezone(local).date()
    for ahead in range(1, 2 * 366):
        midnight = datetime.combine(day + timedelta(days=ahead), time(0))
        morning = midnight + timedelta(days=1)
        if _offset(midnight, zone_name) == _offset(morning, zone_name):
            continue
        for quarter in range(96):
            moment = midnight + timedelta(minutes=15 * quarter)
            there = moment.replace(tzinfo=local).astimezone(UTC).astimezone(local)
            if there.replace(tzinfo=None) != moment:
                return moment
    return None


def _offset(local: datetime, zone_name: str) -> timedelta | None:
    return local.replace(tzinfo=zone(zone_name)).utcoffset()
