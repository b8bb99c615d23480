"""The lines of a tenant's page, from its view: a pure function of the picture, the instant and the width."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from textual.content import Content

from screens.text import DIM, STRONG, age, fit, line, status_style
from screens.widgets.timeline import Mark, timeline
from services.areas.recovery import store_name
from services.areas.words import ABSENT, countdown
from services.fleet.snapshot import FleetSnapshot, SourceView, StoreView, TenantView
from services.model import Clock, ClockState, Observation, Status, Tenant, Verdict
from services.words import say_length

LABEL = 8
"""Cells of the column of section names."""
BAR = 10
_STATUS = 9
_STORE = 18
_CLOCK = 13

_CLOCK_WORDS = {"grace": "grace", "hosted_data": "hosted data", "return_or_delete": "return/delete"}
_AFTER = {"grace": "data kept", "hosted_data": "in backup only", "return_or_delete": "nothing may remain"}
_SECTION_ORDER = ("grace", "hosted_data", "return_or_delete")


def page(view: TenantView, fleet: FleetSnapshot, now: datetime, width: int) -> list[Content]:
    """All lines, each at most ``width`` cells where it is not cut at its right end."""
    sections: list[Iterable[Content]] = [
        _heading(view),
        _lifecycle(view, now, width),
        _section("State", _state(view)),
        _section("Clocks", _clocks(view, now)),
        _section("Stores", _stores(view, now, width - LABEL)),
        _section("Sources", _sources(view, fleet, now)),
    ]
    lines: list[Content] = []
    for section in sections:
        drawn = list(section)
        if drawn and lines:
            lines.append(Content(""))
        lines += drawn
    return lines


def _section(name: str, lines: Iterable[Content]) -> Iterator[Content]:
    for index, content in enumerate(lines):
        yield line((fit(name if index == 0 else "", LABEL), STRONG), content)


def _heading(view: TenantView) -> Iterator[Content]:
    tenant = view.tenant
    facts = (tenant.name, tenant.tier, tenant.region, tenant.account)
    yield line(
        (tenant.id, STRONG),
        *(part for fact in facts for part in ((" · ", DIM), fact)),
        (" · ", DIM),
        (view.status, status_style(view.status)),
    )
    yield line(
        *_named("customer", tenant.customer),
        *_named("reseller", tenant.reseller),
        *_named("order", tenant.order),
        *_named("zone", tenant.zone),
    )
    if tenant.service_provider or tenant.sp_end_customers:
        customers = ", ".join(tenant.sp_end_customers) or None
        yield line(*_named("provider", tenant.service_provider), *_named("its customers", customers))


def _named(name: str, value: str | None) -> tuple[tuple[str, str], str]:
    return (f"{name} ", DIM), f"{value if value is not None else ABSENT}  "


# Lifecycle


def _lifecycle(view: TenantView, now: datetime, width: int) -> Iterator[Content]:
    from services.agreement import zone as zone_named  # with the fleet it is loaded; the first picture does not wait

    clocks = {clock.name: clock for clock in view.clocks}
    tenant = view.tenant
    zone = zone_named(tenant.zone)
    grace = clocks.get("grace")
    if grace is None:
        started = f"in force since {tenant.started_on}" if tenant.started_on else "in force"
        end = f"ends {tenant.ended_on}" if tenant.ended_on else "no end is recorded"
        yield line(f"{started}; {end}")
        return
    ended_at = grace.starts_at
    if now < ended_at:
        yield from _running(tenant, ended_at, now, width, zone)
        return
    marks = [Mark(ended_at, f"ended {_day(tenant.ended_on or ended_at.date())}", _AFTER["grace"])]
    due = [clocks[name] for name in _SECTION_ORDER if name in clocks]
    for clock, following in zip(due, [*due[1:], None], strict=True):
        label = "grace ends" if clock.name == "grace" else _CLOCK_WORDS[clock.name]
        if clock.name == "return_or_delete":
            days = clock.ends_at.astimezone(zone).date() - ended_at.astimezone(zone).date()
            label = f"{days.days} d"  # days of the calendar: between them a clock may have been put forward
        after = _AFTER[following.name] if following else ""
        marks.append(Mark(clock.ends_at, f"{label} {_last_day(clock, zone)}", after))
    running = next((clock for clock in due if clock.state(now) is ClockState.RUNNING), None)
    if running is None:
        yield from timeline(marks, now, width, "all periods are over", status_style(view.status))
        return
    said = f"{countdown(running.ends_at, now)} left of {_CLOCK_WORDS[running.name]}"
    yield from timeline(marks, now, width, said)


def _running(tenant: Tenant, ends_at: datetime, now: datetime, width: int, zone: ZoneInfo) -> Iterator[Content]:
    """The subscription itself, from its start to its end."""
    end = f"ends {_day(tenant.ended_on, year=True)}" if tenant.ended_on else "ends"
    if tenant.started_on is None:
        yield line(f"in force; {end}, in {say_length(ends_at - now)}")
        return
    started_at = datetime.combine(tenant.started_on, datetime.min.time(), zone)
    marks = [Mark(started_at, f"since {_day(tenant.started_on, year=True)}", "in force"), Mark(ends_at, end)]
    yield from timeline(marks, now, width, f"{(ends_at - now).days} days left")


def _day(day: date, *, year: bool = False) -> str:
    return f"{day.day} {day:%b %Y}" if year else f"{day.day} {day:%b}"


def _last_day(clock: Clock, zone: ZoneInfo) -> str:
    """The last day of a period whose end is the midnight that follows it."""
    return _day((clock.ends_at.astimezone(zone) - timedelta(microseconds=1)).date())


# Sections


def _state(view: TenantView) -> Iterator[Content]:
    recorded, due = view.tenant.state, view.state_due
    verdict = next((verdict for verdict in view.verdicts if verdict.figure == "state"), None)
    if verdict is not None:
        yield line(_word(verdict.status), verdict.reason)
        if verdict.status is not Status.OK:
            yield line(" " * (_STATUS + 1), (verdict.clause, DIM))
    elif due is None:
        yield line(f"recorded {recorded}; what is due cannot be reckoned")
    else:
        yield line(f"{recorded}, as due" if due is recorded else f"recorded {recorded}, due {due}")


def _word(status: Status) -> Content:
    return line((fit(status, _STATUS), status_style(status)), " ")


def _clocks(view: TenantView, now: datetime) -> Iterator[Content]:
    if not view.clocks:
        why = ": the subscription has no recorded end" if view.tenant.ended_on is None else ""
        yield line((f"none{why}", DIM))
        return
    if all(clock.state(now) is ClockState.NOT_STARTED for clock in view.clocks):
        yield line(("none runs before the subscription ends", DIM))
        return
    verdicts = {verdict.figure: verdict for verdict in view.verdicts}
    for clock in view.clocks:
        verdict = verdicts.get(clock.name)
        status = verdict.status if verdict else None
        yield line(
            fit(countdown(clock.ends_at, now), 10, right=True),
            " ",
            (fit(status or clock.state(now), _STATUS), status_style(status) if status else DIM),
            fit(_CLOCK_WORDS.get(clock.name, clock.name), _CLOCK),
            " ",
            fit(_short(clock.ends_at, now), 13),
            (f" {clock.clause}", DIM),
        )


def _short(instant: datetime, now: datetime) -> str:
    """An instant without its year where that is plain: ``23 Nov 23:00Z``, else its day: ``2028-01-15``."""
    near = abs(instant - now) < timedelta(days=300)
    return f"{_day(instant.date())} {instant:%H:%M}Z" if near else f"{instant:%Y-%m-%d}"


def _stores(view: TenantView, now: datetime, width: int) -> Iterator[Content]:
    if not view.stores:
        yield line(("none is known", DIM), *_why_no_store(view))
        return
    for store in view.stores:
        yield _store(store, now, width)
        if store.verdict.status not in (Status.OK, Status.NOT_APPLICABLE):
            yield line(" " * (_STATUS + 1), (store.verdict.reason, DIM))


def _why_no_store(view: TenantView) -> Iterator[tuple[str, str]]:
    verdict = next((verdict for verdict in view.verdicts if verdict.figure.startswith("recovery")), None)
    if verdict is not None:
        yield f": {verdict.status}, {verdict.reason}", DIM


def _store(view: StoreView, now: datetime, width: int) -> Content:
    verdict = view.verdict
    name = store_name(view) or ABSENT
    figure = ABSENT if verdict.value is None else say_length(verdict.value)
    if verdict.status is Status.UNKNOWN and verdict.value is not None:
        figure = f"({figure})"
    target = say_length(verdict.target) if verdict.target is not None else ABSENT
    seen = f"{age(view.observed_at, now)} ago" if view.observed_at else "never seen"
    drawn = line(
        _word(verdict.status),
        fit(name, _STORE),
        " RPO ",
        fit(f"{figure} of {target}" if verdict.value or verdict.target else figure, 14),
        _bar(verdict),
        " ",
        (seen, DIM),
    )
    kind = f"  {view.store.kind}" if view.store else ""
    return line(drawn, (kind, DIM)) if drawn.cell_length + len(kind) <= width else drawn


def _bar(verdict: Verdict) -> Content:
    """The figure's share of its target; empty where nothing may be said."""
    if verdict.value is None or not verdict.target or verdict.status is Status.UNKNOWN:
        return line(("·" * BAR, DIM))
    share = verdict.value / verdict.target
    full = min(max(round(share * BAR), 1 if share > 0 else 0), BAR)
    return line(("█" * full, status_style(verdict.status)), ("░" * (BAR - full), DIM))


def _sources(view: TenantView, fleet: FleetSnapshot, now: datetime) -> Iterator[Content]:
    """What the page rests on: the questions that were not answered, or how many were."""
    sources = _concerning(view, fleet)
    bad = [source for source in sources if source.observation and not source.observation.outcome.answered]
    waiting = [source for source in sources if source.observation is None]
    for source in bad:
        observation = source.observation
        if observation is not None:
            yield _bad_source(observation, source.last_seen_at, now)
    if waiting:
        yield line((f"{len(waiting)} of {len(sources)} not answered yet", DIM))
    if not bad and not waiting:
        yield line((f"all {len(sources)} answered" if sources else "none: nobody was asked about it", DIM))


def _concerning(view: TenantView, fleet: FleetSnapshot) -> list[SourceView]:
    """The sources that speak about the tenant: those of its account and region, its evidence, and the registry."""
    evidence = {seen.source for verdict in view.verdicts for seen in verdict.evidence}
    evidence |= {seen.source for store in view.stores if store.store for seen in store.store.sources}
    tenant = view.tenant

    def concerns(source: SourceView) -> bool:
        where = (source.source.account, source.source.region)
        return source.source in evidence or where in ((tenant.account, tenant.region), (None, None))

    return [source for source in fleet.sources if concerns(source)]


def _bad_source(observation: Observation[object], last_seen_at: datetime | None, now: datetime) -> Content:
    source = observation.source
    seen = f"last answered {age(last_seen_at, now)} ago" if last_seen_at else "never answered"
    return line(
        (fit(observation.outcome, _STATUS), "$status-unknown"),
        f" {source.service} {source.operation} {source.region or ''}  ",
        (f"{seen}  {observation.error or ''}", DIM),
    )
