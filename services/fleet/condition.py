"""In what state the facts of an area or of a tenant's page are, by how the sources that it rests on answered. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial

from services.fleet.needs import INTERNAL, about, cannot_do_without, needed
from services.fleet.snapshot import FleetSnapshot, SourceView, TenantView
from services.model import Outcome, Source

STALE_AFTER = timedelta(minutes=5)
"""From this age on a fact says that the asking has stopped, unless it is asked as seldom as that."""
OVERDUE = timedelta(minutes=2)
"""So long after its time a source may still be on its way to an answer."""


class State(StrEnum):
    """How far what is shown can be believed, and if not, what kind of thing is in the way."""

    FRESH = "fresh"
    LOADING = "loading"
    """Some sources have not answered a first time; those that have did."""
    PARTIAL = "partial"
    """Some sources did not answer; the others did."""
    STALE = "stale"
    """All answered, some too long ago."""
    DENIED = "denied"
    """What it cannot do without was denied."""
    THROTTLED = "throttled"
    FAILED = "failed"
    FROZEN = "frozen"
    """Credentials have ended: nobody is asked."""


@dataclass(frozen=True, slots=True)
class Condition:
    """The state of something, and the sources that make it so."""

    state: State
    asked: tuple[SourceView, ...]
    """All that it rests on."""
    to_blame: tuple[SourceView, ...] = ()
    """Those that did not answer, are waited for, or are too old, the gravest first."""
    oldest: timedelta | None = None
    """The age of its oldest fact; ``None`` before there is one."""

    @property
    def waiting(self) -> int:
        """How many have not answered a first time."""
        return sum(view.observation is None for view in self.asked)

    @property
    def failed(self) -> tuple[SourceView, ...]:
        """Those whose last answer is none."""
        return tuple(view for view in self.asked if view.outcome is not None and not view.outcome.answered)


_WHOLE = {Outcome.DENIED: State.DENIED, Outcome.THROTTLED: State.THROTTLED}
_GRAVEST = (Outcome.DENIED, Outcome.FAILED, Outcome.STALE, Outcome.THROTTLED)


def of_area(fleet: FleetSnapshot, area: str, now: datetime) -> Condition:
    """The state of an area at ``now``."""
    vital = partial(cannot_do_without, area)
    return condition(fleet, needed(fleet, area), now, vital, of_aws=area == "recovery")


def of_all(fleet: FleetSnapshot, now: datetime) -> Condition:
    """The state of everything."""
    return condition(fleet, fleet.sources, now, lambda source: source.operation == "GET /tenants")


def of_tenant(fleet: FleetSnapshot, view: TenantView, now: datetime) -> Condition:
    """The state of a tenant's page."""
    asked = about(view, fleet.sources)
    return condition(fleet, asked, now, lambda source: source.operation == "GET /tenants")


def condition(
    fleet: FleetSnapshot,
    asked: Sequence[SourceView],
    now: datetime,
    vital: Callable[[Source], bool],
    *,
    of_aws: bool = False,
) -> Condition:
    """The state of what rests on ``asked``; ``vital`` tells without which sources nothing of it is known, ``of_aws``
    whether nothing is where AWS answers no call at all."""
    every, passed = tuple(asked), max(now - fleet.known_at, timedelta())
    seen = [view.last_seen_at for view in every if view.last_seen_at is not None]
    oldest = max(fleet.known_at - min(seen), timedelta()) + passed if seen else None
    failed = sorted((view for view in every if _failed(view)), key=lambda view: (not vital(view.source), _rank(view)))
    waiting = tuple(view for view in every if view.observation is None)
    if fleet.frozen is not None:
        return Condition(State.FROZEN, every, tuple(failed), oldest)
    if failed:
        first = failed[0]
        whole = vital(first.source) or (of_aws and all(_failed(it) for it in every if it.source.service != INTERNAL))
        state = _WHOLE.get(first.outcome or Outcome.FAILED, State.FAILED) if whole else State.PARTIAL
        return Condition(state, every, tuple(failed), oldest)
    if waiting:
        return Condition(State.LOADING, every, waiting, oldest)
    at = fleet.known_at + passed
    stale = sorted((view for view in every if is_overdue(view, at)), key=lambda view: view.last_seen_at or at)
    return Condition(State.STALE if stale else State.FRESH, every, tuple(stale), oldest)


def is_overdue(view: SourceView, at: datetime) -> bool:
    """Whether a source that answered last should have been asked again long ago."""
    if view.last_seen_at is None or at - view.last_seen_at <= STALE_AFTER:
        return False
    return view.next_at is None or at - view.next_at > OVERDUE


def _failed(view: SourceView) -> bool:
    return view.outcome is not None and not view.outcome.answered


def _rank(view: SourceView) -> int:
    return _GRAVEST.index(view.outcome) if view.outcome in _GRAVEST else len(_GRAVEST)
