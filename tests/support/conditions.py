"""A fleet in each state that facts can be in: every list and every call is asked, and some do not answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from services.checks import CHECKS
from services.checks.base import collectors_of
from services.fleet.condition import State
from services.fleet.needs import LINKS, cannot_do_without, rests_on
from services.fleet.registry import SOURCES
from services.fleet.reliance import unknown
from services.fleet.snapshot import FleetSnapshot, SourceView, TenantView
from services.model import BASE, Credential, Outcome, Renewal, Source, Verdict, worst
from services.why import find
from services.why.evidence import evidence_of, say_source
from tests.support.fleet import ACCOUNTS, AT, healthy_fleet, observation
from tests.support.operations import busy_fleet

Which = Callable[[Source], bool]
PLACES = ((ACCOUNTS[0], "eu-central-1"), (ACCOUNTS[0], "me-central-1"), (ACCOUNTS[1], "eu-west-1"))
LINKED = PLACES[2]
"""Where tenants are promised private links, which are asked about there alone."""
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
    lists = (*SOURCES.values(), *(Source("internal", f"GET /{it}") for it in ("orders", "audit", "whoami")))
    calls = (
        Source(it.service, it.operation, *place)
        for place in PLACES
        for it in collectors_of(CHECKS)
        if it.operation not in LINKS or place == LINKED
    )
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

    struck = {say_source(it.source): it.source for it in fleet.sources if which(it.source)}
    doubted = _doubted(fleet, struck, lambda it: f"{outcome}: {ERRORS[outcome][it.service == 'internal']}")
    return replace(doubted, sources=tuple(map(one, fleet.sources)))


def _doubted(fleet: FleetSnapshot, struck: Mapping[str, Source], how: Callable[[Source], str]) -> FleetSnapshot:
    """The fleet where what rests on these sources is unknown; which of it would stand without is for the fleet's own
    tests."""

    def judged(tenant: str | None, verdict: Verdict) -> Verdict:
        evidence = evidence_of(fleet, find(fleet, tenant, verdict.figure))
        lost = next((seen.source for seen in evidence if seen.source in struck), None)
        return unknown(verdict, f"{lost} {how(struck[lost])}") if lost is not None else verdict

    def view(one: TenantView) -> TenantView:
        of = {verdict.figure: judged(one.tenant.id, verdict) for verdict in one.verdicts}
        stores = (
            replace(it, verdict=of[it.verdict.figure], rto=of.get(it.rto.figure, it.rto) if it.rto else None)
            for it in one.stores
        )
        return replace(
            one,
            verdicts=tuple(of.values()),
            stores=tuple(stores),
            links=tuple(
                replace(it, verdict=of[it.verdict.figure], known=it.known and of[it.verdict.figure] is it.verdict)
                for it in one.links
            ),
            exports=tuple(replace(it, verdict=of[it.verdict.figure]) for it in one.exports),
            cases=tuple(replace(it, verdict=of[it.verdict.figure]) for it in one.cases),
            holds=tuple(replace(it, verdict=of[it.verdict.figure]) for it in one.holds),
            status=worst(verdict.status for verdict in of.values()),
        )

    return replace(
        fleet,
        tenants={name: view(one) for name, one in fleet.tenants.items()},
        slots=tuple(replace(it, verdict=judged(it.slot.tenant, it.verdict)) for it in fleet.slots),
        pending_maintenance=tuple(
            replace(it, verdict=judged(it.tenant, it.verdict)) for it in fleet.pending_maintenance
        ),
    )


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


NO_AWS = ("exports", "cases", "orders", "audit")
"""Areas that rest on lists of the internal API alone."""


def vital(area: str) -> Which:
    """Without which sources an area knows nothing."""
    if area == "recovery":
        return lambda source: source.service != "internal"
    return lambda source: cannot_do_without(area, source)


def partly(area: str) -> Which:
    """Sources without which part of an area is not known: one region's, or where AWS is not asked one list."""
    if area in NO_AWS:
        return lambda source: source.operation == "GET /stores"
    if area == "credentials":
        return lambda source: source.operation == "GetCallerIdentity"
    if area == "links":
        return lambda source: source.service == "directconnect"
    if area == "journal":
        return lambda source: source.operation == "GET /audit"
    return lambda it: rests_on(area, it) and it.region == "me-central-1" and it.service in ("rds", "backup")


def late(area: str) -> Which:
    """Sources that are slow to answer a first time: of two regions of three, or where AWS is not asked its own list."""
    if area in NO_AWS:
        return lambda source: source.operation == f"GET /{area}"
    if area in ("credentials", "journal"):
        return lambda source: source.operation == "GET /whoami"
    return lambda source: rests_on(area, source) and source.region in ("me-central-1", "eu-west-1")


def struck(area: str, state: State, fleet: FleetSnapshot) -> FleetSnapshot:
    """The fleet with ``area`` in a state; stale it becomes by ``LATER``."""
    match state:
        case State.FRESH | State.STALE:
            return asked(fleet)
        case State.LOADING:
            return waited_for(asked(fleet), late(area))
        case State.PARTIAL:
            return ended(asked(fleet), Outcome.DENIED, partly(area))
        case State.FROZEN:
            return frozen(asked(fleet))
        case _:
            return ended(asked(fleet), Outcome(state), vital(area))


def busy() -> FleetSnapshot:
    """Work of every kind, and everybody answered."""
    return asked(busy_fleet())
