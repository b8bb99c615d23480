"""``tenure clocks --ended DATE …``: the agreement alone, no service needed."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from console.errors import OK, UsageError
from console.output import Format, print_rows, say
from services.areas.base import Area, Field, Kind
from services.model import Clock, LifecycleState, Tenant

if TYPE_CHECKING:
    from services.agreement import Policy
    from services.fleet.snapshot import FleetSnapshot

EXPORT_WINDOW = "export_window"
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)


@dataclass(frozen=True, slots=True)
class ClockRow:
    """A clock as of the instant that was asked for."""

    clock: Clock
    at: datetime

    @property
    def note(self) -> str | None:
        """That an export window is cut, or never open."""
        clock = self.clock
        if clock.name != EXPORT_WINDOW:
            return None
        by = f"; {clock.cut_by} cuts it" if clock.cut_by else ""
        if clock.starts_at >= clock.ends_at:
            return f"never open: it is over when the package becomes available{by}"
        return f"closes early{by}" if by else None


def _no_rows(_: FleetSnapshot) -> Iterator[ClockRow]:
    return iter(())  # these rows come from the command line, not from a fleet


CLOCKS: Area[ClockRow] = Area(
    name="clocks",
    title="Clocks",
    key=None,
    fields=(
        Field("clock", Kind.TEXT, lambda row: row.clock.name, "CLOCK", 16, 1),
        Field("starts_at", Kind.INSTANT, lambda row: row.clock.starts_at, "STARTS", 20, 4),
        Field("ends_at", Kind.INSTANT, lambda row: row.clock.ends_at, "ENDS", 20, 2),
        Field("state", Kind.TEXT, lambda row: str(row.clock.state(row.at).value), "STATE", 11, 3),
        Field("clause", Kind.TEXT, lambda row: row.clock.clause, "CLAUSE", 21, 5),
        Field("cut_by", Kind.TEXT, lambda row: row.clock.cut_by),
        Field("note", Kind.TEXT, lambda row: row.note),
    ),
    rows=_no_rows,
    row_key=lambda row: row.clock.name,
    tenant=lambda _: None,
    status=lambda _: None,
)


def clocks(
    *,
    ended: Annotated[str, Parameter(help="The last day of the subscription, past or to come: YYYY-MM-DD.")],
    zone: Annotated[str | None, Parameter(help="IANA zone of that day; by default the policy's.")] = None,
    tier: Annotated[str | None, Parameter(help="A tier of the policy.")] = None,
    export_available: Annotated[
        str | None,
        Parameter(help="When an export, requested after the end and delivered complete, became available."),
    ] = None,
    export_requested: Annotated[
        str | None,
        Parameter(help="When it was requested; needed where the policy counts the window from the request."),
    ] = None,
    termination_confirmed: Annotated[str | None, Parameter(help="When the customer confirmed the termination.")] = None,
    conduct_requested: Annotated[
        str | None, Parameter(help="When a request under the acceptable use policy was delivered.")
    ] = None,
    at: Annotated[str | None, Parameter(help="The instant to look from; by default the present.")] = None,
    output: Annotated[Format, Parameter(name=["--output", "-o"], help="Form of the list on stdout.")] = "table",
) -> int:
    """Print the agreement's clocks for the end of a subscription; needs no service.

    Instants are RFC 3339 with Z or an offset, such as 2026-03-10T09:00:00Z.
    """
    from console.policy_in_force import local_settings
    from console.wiring import load_policy
    from services.now import make_now

    settings = local_settings(os.environ)
    policy = load_policy(settings)
    instants = {
        "--export-available": export_available,
        "--export-requested": export_requested,
        "--termination-confirmed": termination_confirmed,
        "--conduct-requested": conduct_requested,
        "--at": at,
    }
    read = {option: _instant(option, text) for option, text in instants.items() if text is not None}
    now = read.get("--at") or make_now(settings.clock_offset)()
    tenant = _tenant(policy, _day(ended), zone, tier, read.get("--termination-confirmed"))
    found = _reckon(
        policy, tenant, read.get("--export-available"), read.get("--export-requested"), read.get("--conduct-requested")
    )
    rows = [ClockRow(clock, now) for clock in found]
    print_rows(CLOCKS, rows, output, now)
    for row in rows:
        if row.note is not None:
            say(f"tenure: {row.clock.name} {row.note}")
    return OK


def _reckon(
    policy: Policy,
    tenant: Tenant,
    available: datetime | None,
    requested: datetime | None,
    conduct: datetime | None,
) -> tuple[Clock, ...]:
    from services.agreement import PeriodError, conduct_clock, reckon_clocks
    from services.agreement import zone as zone_named

    try:
        found = reckon_clocks(tenant, policy, export_available=available, export_requested=requested)
        _refuse_contradictions(found[0], available, requested)
        if conduct is not None:
            found = (*found, conduct_clock(policy, conduct, zone_named(tenant.zone)))
    except PeriodError as error:
        raise UsageError(f"the clocks cannot be reckoned: {error}") from error
    return found


def _refuse_contradictions(grace: Clock, available: datetime | None, requested: datetime | None) -> None:
    """The export options speak of one export, requested after the end and available after that."""
    end = grace.starts_at
    if requested is not None and available is None:
        raise UsageError("--export-requested says nothing without --export-available")
    asked = available if requested is None else requested
    if available is None or asked is None:
        return
    if asked < end:
        option = "--export-available" if requested is None else "--export-requested"
        raise UsageError(
            f"{option}: the subscription ends {end:%Y-%m-%dT%H:%M:%SZ}; it means an export requested after the end"
        )
    if available < asked:
        raise UsageError("--export-available: no package is available before it was requested")


def _tenant(policy: Policy, ended: date, zone: str | None, tier: str | None, confirmed: datetime | None) -> Tenant:
    from services.agreement import ZoneError
    from services.agreement import zone as zone_named

    try:
        local = zone_named(policy.default_zone if zone is None else zone)
    except ZoneError as error:
        raise UsageError(f"--zone: {error}") from error
    if tier is not None and tier not in policy.tiers:
        raise UsageError(f"--tier: there is no tier {tier!r}; there are {', '.join(policy.tiers)}")
    return Tenant(
        id="asked",
        name="asked",
        tier=tier or next(iter(policy.tiers)),
        region="",
        account="",
        zone=local.key,
        state=LifecycleState.ACTIVE,
        customer="asked",
        ended_on=ended,
        termination_confirmed_at=confirmed,
    )


def _day(text: str) -> date:
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass  # said below, as for a text of another form
    raise UsageError(f"--ended: {text!r} is no day: write YYYY-MM-DD, such as 2026-02-28")


def _instant(option: str, text: str) -> datetime:
    try:
        if _INSTANT.fullmatch(text):
            return datetime.fromisoformat(text.upper().replace(" ", "T")).astimezone(UTC)
    except (ValueError, OverflowError):
        pass  # said below, as for a text of another form
    raise UsageError(f"{option}: {text!r} is no instant: write it with Z or an offset, such as 2026-03-10T09:00:00Z")
