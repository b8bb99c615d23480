"""A tenant's lifecycle to scale, its recorded state against the due one, and its clocks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from textual.content import Content

from screens.page.lines import STATUS, PageLine, day, left, short, word
from screens.text import DIM, fit, line, status_style
from screens.widgets.timeline import Mark, Stretch, timeline
from services.areas.words import countdown
from services.fleet.snapshot import TenantView
from services.model import Clock, ClockState, Status, Tenant
from services.words import say_length

_CLOCK = 13
_NAMES = {
    "grace": "grace",
    "hosted_data": "hosted data",
    "return_or_delete": "return/delete",
    "export_window": "export window",
}
_AFTER = {"grace": "data kept", "hosted_data": "in backup only", "return_or_delete": "nothing may remain"}
_ORDER = ("grace", "hosted_data", "return_or_delete")


def lifecycle(view: TenantView, instant: datetime, width: int) -> Iterator[Content]:
    """The subscription to its end; after that the periods that follow, with the export windows beneath."""
    from services.agreement import zone as zone_named  # with the fleet it is loaded; the first picture does not wait

    clocks = {clock.name: clock for clock in view.clocks}
    tenant = view.tenant
    grace = clocks.get("grace")
    if grace is None:
        started = f"in force since {tenant.started_on}" if tenant.started_on else "in force"
        end = f"ends {tenant.ended_on}" if tenant.ended_on else "no end is recorded"
        yield line(f"{started}; {end}")
        return
    zone = zone_named(tenant.zone)
    ended_at = grace.starts_at
    if instant < ended_at:
        yield from _running(tenant, ended_at, instant, width, zone)
        return
    marks = [Mark(ended_at, f"ended {day(tenant.ended_on or ended_at.date())}", _AFTER["grace"])]
    due = [clocks[name] for name in _ORDER if name in clocks]
    for clock, following in zip(due, [*due[1:], None], strict=True):
        label = "grace ends" if clock.name == "grace" else _NAMES[clock.name]
        if clock.name == "return_or_delete":
            days = clock.ends_at.astimezone(zone).date() - ended_at.astimezone(zone).date()
            label = f"{days.days} d"  # days of the calendar: between them a clock may have been put forward
        after = _AFTER[following.name] if following else ""
        marks.append(Mark(clock.ends_at, f"{label} {_last_day(clock, zone)}", after))
    windows = [
        Stretch(one.clock.starts_at, one.clock.ends_at, f"export {one.export.id}")
        for one in view.exports
        if one.clock is not None and one.clock.ends_at > ended_at
    ]
    running = next((clock for clock in due if clock.state(instant) is ClockState.RUNNING), None)
    if running is None:
        yield from timeline(marks, instant, width, "all periods are over", status_style(view.status), windows)
        return
    said = f"{countdown(running.ends_at, instant)} left of {_NAMES[running.name]}"
    yield from timeline(marks, instant, width, said, stretches=windows)


def _running(tenant: Tenant, ends_at: datetime, instant: datetime, width: int, zone: ZoneInfo) -> Iterator[Content]:
    """The subscription itself, from its start to its end."""
    end = f"ends {day(tenant.ended_on, year=True)}" if tenant.ended_on else "ends"
    if tenant.started_on is None:
        yield line(f"in force; {end}, in {say_length(ends_at - instant)}")
        return
    started_at = datetime.combine(tenant.started_on, datetime.min.time(), zone)
    marks = [Mark(started_at, f"since {day(tenant.started_on, year=True)}", "in force"), Mark(ends_at, end)]
    yield from timeline(marks, instant, width, f"{(ends_at - instant).days} days left")


def _last_day(clock: Clock, zone: ZoneInfo) -> str:
    """The last day of a period whose end is the midnight that follows it."""
    return day((clock.ends_at.astimezone(zone) - timedelta(microseconds=1)).date())


def state(view: TenantView) -> Iterator[PageLine]:
    """The recorded state against the one that is due."""
    recorded, due = view.tenant.state, view.state_due
    verdict = next((verdict for verdict in view.verdicts if verdict.figure == "state"), None)
    if verdict is not None:
        yield PageLine(line(word(verdict.status), verdict.reason), verdict, view.tenant.id)
    elif due is None:
        yield PageLine(line(f"recorded {recorded}; what is due cannot be reckoned"))
    else:
        yield PageLine(line(f"{recorded}, as due" if due is recorded else f"recorded {recorded}, due {due}"))


def clocks(view: TenantView, instant: datetime) -> Iterator[PageLine]:
    """A line a clock that counts from the end; export windows stand with their exports."""
    if not view.clocks:
        why = ": the subscription has no recorded end" if view.tenant.ended_on is None else ""
        yield PageLine(line((f"none{why}", DIM)))
        return
    if all(clock.state(instant) is ClockState.NOT_STARTED for clock in view.clocks):
        yield PageLine(line(("none runs before the subscription ends", DIM)))
        return
    verdicts = {verdict.figure: verdict for verdict in view.verdicts}
    for clock in view.clocks:
        if clock.name == "export_window":
            continue
        verdict = verdicts.get(clock.name)
        status: Status | ClockState = verdict.status if verdict else clock.state(instant)
        content = line(
            (fit(status, STATUS), status_style(status) if verdict else DIM),
            left(clock.ends_at, instant),
            fit(_NAMES.get(clock.name, clock.name), _CLOCK),
            " ",
            fit(short(clock.ends_at, instant), 13),
            (f" {clock.clause}", DIM),
        )
        yield PageLine(content, verdict, view.tenant.id)
