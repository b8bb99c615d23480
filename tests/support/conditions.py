"""A fleet in each state that facts can be in: every list and every call is asked, and some do not answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from services.checks import CHECKS
from services.checks.base import collectors_of
from services.fleet.condition import State
from services.fleet.needs import cannot_do_without, rests_on
from services.fleet.registry import SOURCES
from services.fleet.snapshot import FleetSnapshot, SourceView
from services.model import BASE, Credential, Outcome, Renewal, Source
from tests.support.fleet import ACCOUNTS, AT, healthy_fleet, observation
from tests.support.operations import busy_fleet

Which = Callable[[Source], bool]
PLACES = ((ACCOUNTS[0], "eu-central-1"), (ACCOUNTS[0], "me-central-1"), (ACCOUNTS[1], "eu-west-1"))
STRANGE = ("AccessDenied: \x1b[1mUser\x1b[0m is not authorized", "403 the role may not read it")
ERRORS = {
    Outcome.DENIED: STRANGE,
    Outcome.THROTTLED: ("Throttling: Rate exceeded", "429 too many requests"),
    Outcome.FAILED: ("ReadTimeoutError: Read timeout on endpoint URL", "no answer: connection refused"),
}
AGAIN = timedelta(seconds=45)
"""After the picture's instant, when who did not answer is asked again."""
LATER = AT + timedelta(minutes=6)
"""When what was read for the picture is too old to be the answer of a console that goes on asking."""


def every_source() -> tuple[Source, ...]:
    """All that a console with three places asks."""
    lists = (*SOURCES.values(), Source("internal", "GET /audit"), Source("internal", "GET /whoami"))
    calls = (Source(it.service, it.operation, *place) for place in PLACES for it in collectors_of(CHECKS))
    return (*lists, Source("sts", "GetCallerIdentity"), *calls)


def answered(source: Source) -> SourceView:
    """It answered 40 seconds ago and is asked again soon."""
    seen = observation(source, AT)
    return SourceView(source, seen, count=3, last_seen_at=seen.at, next_at=AT + timedelta(seconds=20))


def asked(fleet: FleetSnapshot) -> FleetSnapshot:
    """The fleet with all sources, each of which answered."""
    return replace(fleet, sources=tuple(map(answered, every_source())), bad_records=())


def ended(
    fleet: FleetSnapshot, outcome: Outcome, which: Which, *, again: timedelta | None = AGAIN, seen: bool = True
) -> FleetSnapshot:
    """The fleet where ``which`` ended so, having answered 14 minutes ago, or never."""

    def one(view: SourceView) -> SourceView:
        if not which(view.source):
            return view
        failed = observation(view.source, AT, outcome, ERRORS[outcome][view.source.service == "internal"])
        last = AT - timedelta(minutes=14) if seen else None
        return SourceView(
            view.source, failed, last_seen_at=last, failures=3, next_at=AT + again if again is not None else None
        )

    return replace(fleet, sources=tuple(map(one, fleet.sources)))


def waited_for(fleet: FleetSnapshot, which: Which) -> FleetSnapshot:
    """The fleet where ``which`` have not answered a first time."""
    return replace(
        fleet,
        sources=tuple(SourceView(it.source, asking=True) if which(it.source) else it for it in fleet.sources),
    )


def frozen(fleet: FleetSnapshot, renewal: Renewal = Renewal.SSO) -> FleetSnapshot:
    """The fleet of an operator whose own AWS credentials have ended half a minute ago."""
    gone = Credential(BASE, fleet.identity.aws_arn, AT - timedelta(seconds=30), renewal, ended=True)
    return replace(fleet, credentials=(gone,))


def quiet(fleet: FleetSnapshot | None = None) -> FleetSnapshot:
    """Nobody has tenants, work or anything."""
    return asked(replace(fleet or healthy_fleet(), tenants={}, audit=()))


def struck(area: str, state: State, fleet: FleetSnapshot) -> FleetSnapshot:
    """The fleet with ``area`` in a state; stale it becomes by ``LATER``."""
    vital: Which = lambda source: cannot_do_without(area, source)  # noqa: E731 # one word for three uses below
    if area == "recovery":
        vital = lambda source: source.service != "internal"  # noqa: E731 # as above

    def partly(source: Source) -> bool:
        """In one region, or of an area that asks AWS nothing one list of several."""
        if area in ("exports", "cases"):
            return source.operation == "GET /stores"
        where = source.region == "me-central-1" and source.service in ("rds", "backup")
        return rests_on(area, source) and where

    match state:
        case State.FRESH | State.STALE:
            return asked(fleet)
        case State.LOADING:
            return waited_for(asked(fleet), lambda it: rests_on(area, it) and not cannot_do_without("tenants", it))
        case State.PARTIAL:
            return ended(asked(fleet), Outcome.DENIED, partly)
        case State.FROZEN:
            return frozen(asked(fleet))
        case State.DENIED:
            return ended(asked(fleet), Outcome.DENIED, vital)
        case State.THROTTLED:
            return ended(asked(fleet), Outcome.THROTTLED, vital)
        case State.FAILED:
            return ended(asked(fleet), Outcome.FAILED, vital)


def busy() -> FleetSnapshot:
    """Work of every kind, and everybody answered."""
    return asked(busy_fleet())
