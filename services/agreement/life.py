"""A tenant's life by its clocks, reckoned once for all tenants with the same terms.

Of a hundred thousand tenants most share an end date, a zone and a state with others; what the agreement says of them
is the same clocks and the same verdicts, and they are the same objects. Only what somebody asks for is reckoned.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from services.agreement.basics import EXPORT_WINDOW, FORGOTTEN, GRACE, Terms, end_of_service
from services.agreement.clocks import reckon_clocks
from services.agreement.course import STATE, STATES, boundaries, clock_phases, due_states, state_now, state_phases
from services.agreement.holding import Held, held_by
from services.agreement.memo import POLICIES, forgotten_with, per_policy
from services.agreement.periods import BeyondCalendarError, PeriodError, ZoneError
from services.agreement.policy import Policy
from services.agreement.schedule import ALWAYS, LAST, Phase, Schedule
from services.model import Clock, Export, Hold, LifecycleState, Status, Tenant, Verdict

_REMEMBERED = 32768


class Passage(NamedTuple):
    """What holds from one change to the next."""

    since: datetime
    until: datetime
    clocks: tuple[Clock, ...]
    due: LifecycleState | None
    """The state that is due; ``None`` where that cannot be told."""
    verdicts: tuple[Verdict, ...]


States = tuple[tuple[datetime, LifecycleState | None], ...]


class Life:
    """What the agreement says of a tenant with certain terms, at any instant."""

    __slots__ = ("_held", "_policy", "_states", "_terms", "_unreckoned", "_window", "clocks", "passage")

    def __init__(
        self,
        policy: Policy,
        terms: Terms,
        exports: Sequence[Export] = (),
        holds: Sequence[Hold] = (),
        available: datetime | None = None,
        requested: datetime | None = None,
    ) -> None:
        self._policy, self._terms = policy, terms
        self.clocks: tuple[Clock, ...] = ()
        self._held: tuple[Held, ...] = held_by(holds, policy) if holds else ()
        self._window = available is not None
        """Whether the export window is judged here, for want of a record that is judged by itself."""
        self._unreckoned: Schedule | None = None
        self._states: States = ()
        """Since when which state is due; empty where that follows from the clocks alone."""
        try:
            self.clocks = reckon_clocks(
                terms, policy, exports=exports, export_available=available, export_requested=requested
            )
        except (ZoneError, PeriodError) as error:
            self._unreckoned, self._states = _unreckoned(terms, policy, error)
        else:
            if terms.ended_on is None:
                self._unreckoned, self._states = _endless(terms), ((ALWAYS, LifecycleState.ACTIVE),)
            else:
                self._states = due_states(self.clocks, self._held) if self._held else ()
        self.passage = _NEVER

    def at(self, now: datetime) -> Passage:
        """What is due and what is judged: the same objects until something changes."""
        passage = self.passage
        if passage.since <= now < passage.until:
            return passage
        passage = self.passage = self._held_or_unreckoned(now) if self._states else self._by_clocks(now)
        return passage

    def _by_clocks(self, now: datetime) -> Passage:
        """The passage of ``now`` where the clocks have the only word."""
        changes = boundaries(self.clocks)
        place = bisect_right(changes, now)
        state = state_now(self._terms, self._policy, self.clocks, changes, place, now)
        until = state.changes_at or LAST
        verdicts: tuple[Verdict, ...] = (state,)
        if place and self._terms.state is not LifecycleState.DESTROYED:
            verdicts = (*self._running(now), state)
            for verdict in verdicts:
                if verdict.changes_at is not None and verdict.changes_at < until:
                    until = verdict.changes_at
        if self._window:
            until = min(until, *(clock.starts_at for clock in self.clocks if clock.starts_at > now), LAST)
        return Passage(now, until, self.clocks, STATES[place], verdicts)

    def _held_or_unreckoned(self, now: datetime) -> Passage:
        """The passage of ``now`` under holds, or without clocks."""
        due = next(state for since, state in reversed(self._states) if since <= now)
        verdicts = tuple(self._verdicts(now))
        changes = [verdict.changes_at for verdict in verdicts if verdict.changes_at is not None]
        changes += [since for since, _ in self._states if since > now]
        changes += [clock.starts_at for clock in self.clocks if clock.starts_at > now]
        return Passage(now, min(changes, default=LAST), self.clocks, due, verdicts)

    def _verdicts(self, now: datetime) -> Iterator[Verdict]:
        if self._unreckoned is not None:
            state = self._unreckoned.at(now)
        else:
            if self._terms.state is not LifecycleState.DESTROYED and self.clocks[0].starts_at <= now:
                yield from self._running(now)
            phases = state_phases(self._terms, self._policy, self.clocks, self._held)
            state = Schedule(STATE, FORGOTTEN, phases).at(now)
        if state is not None:
            yield state

    def _running(self, now: datetime) -> Iterator[Verdict]:
        """The verdicts on the clocks that run or are unmet."""
        for clock in self.clocks:
            if clock.name == GRACE and clock.ends_at <= now:
                continue
            if clock.name == EXPORT_WINDOW and not (self._window and clock.starts_at <= now):
                continue
            verdict = self._course(clock).at(now)
            if verdict is not None:
                yield verdict

    def _course(self, clock: Clock) -> Schedule:
        confirmed = clock.name == GRACE and self._terms.termination_confirmed_at is not None
        return _clock_schedule(self._policy, clock, confirmed, self._held)


_NEVER = Passage(LAST, ALWAYS, (), None, ())


@per_policy(_REMEMBERED)
def _clock_schedule(policy: Policy, clock: Clock, confirmed: bool, held: tuple[Held, ...]) -> Schedule:
    return Schedule(clock.name, clock.clause, clock_phases(clock, policy, held, confirmed=confirmed))


def _said(*phases: Phase) -> Schedule:
    return Schedule(STATE, FORGOTTEN, phases)


def _endless(terms: Terms) -> Schedule:
    if terms.state is LifecycleState.ACTIVE:
        return _said(Phase(ALWAYS, Status.OK, "in force; no end is agreed"))
    return _said(Phase(ALWAYS, Status.UNKNOWN, f"recorded {terms.state}, and no end date is recorded"))


def _unreckoned(terms: Terms, policy: Policy, error: Exception) -> tuple[Schedule, States]:
    """What is said where the clocks cannot be reckoned: until an end beyond the calendar the tenant is in force."""
    unknown = Phase(ALWAYS, Status.UNKNOWN, f"the clocks cannot be reckoned: {error}")
    try:
        end = end_of_service(terms, policy)
    except BeyondCalendarError:
        end = LAST
    except ZoneError:
        end = None
    if end is None or not isinstance(error, BeyondCalendarError):
        return _said(unknown), ((ALWAYS, None),) if end is None else ((ALWAYS, LifecycleState.ACTIVE), (end, None))
    states: States = ((ALWAYS, LifecycleState.ACTIVE), (end, None))
    if terms.state is not LifecycleState.ACTIVE:
        return _said(unknown), states
    in_force = Phase(ALWAYS, Status.OK, f"in force to the end of {terms.ended_on}")
    return _said(in_force, Phase(end, Status.UNKNOWN, unknown.reason)), states


def life_at(
    tenant: Tenant, policy: Policy, now: datetime, exports: Sequence[Export] = (), holds: Sequence[Hold] = ()
) -> Passage:
    """Clocks, due state and verdicts of a tenant at once, as ``tenant_clocks``, ``state_due`` and
    ``lifecycle_verdicts`` have them one by one. Never raises."""
    life = life_of(tenant, policy, exports, holds)
    passage = life.passage
    return passage if passage.since <= now < passage.until else life.at(now)


def life_of(
    tenant: Tenant,
    policy: Policy,
    exports: Sequence[Export] = (),
    holds: Sequence[Hold] = (),
    export_available: datetime | None = None,
    export_requested: datetime | None = None,
) -> Life:
    """The life of a tenant, shared by all that have the same terms, exports and holds. Never raises."""
    known = _lives.get(id(policy))
    if known is None:
        known = _remember(policy)
    if not (exports or holds or export_available):
        terms = (tenant.ended_on, tenant.zone, tenant.termination_confirmed_at, tenant.state)
        life = known.plain.get(terms)
        if life is None:
            if len(known.plain) >= _REMEMBERED:
                known.plain.clear()
            life = known.plain[terms] = Life(policy, Terms(*terms))
        return life
    return known.full(
        tenant.ended_on,
        tenant.zone,
        tenant.termination_confirmed_at,
        tenant.state,
        tuple(exports),
        tuple(holds),
        export_available,
        export_requested,
    )


class _Lives(NamedTuple):
    """The lives that are remembered of a policy."""

    policy: Policy
    """Kept alive, so that nothing else bears its id."""
    plain: dict[tuple[date | None, str, datetime | None, LifecycleState], Life]
    """By all four of ``Terms``, of tenants with neither exports nor holds."""
    full: Callable[
        [
            date | None,
            str,
            datetime | None,
            LifecycleState,
            tuple[Export, ...],
            tuple[Hold, ...],
            datetime | None,
            datetime | None,
        ],
        Life,
    ]


_lives: dict[int, _Lives] = {}
forgotten_with(_lives.clear)


def _remember(policy: Policy) -> _Lives:
    @lru_cache(maxsize=_REMEMBERED)
    def full(
        ended_on: date | None,
        zone: str,
        confirmed_at: datetime | None,
        state: LifecycleState,
        exports: tuple[Export, ...],
        holds: tuple[Hold, ...],
        available: datetime | None,
        requested: datetime | None,
    ) -> Life:
        return Life(policy, Terms(ended_on, zone, confirmed_at, state), exports, holds, available, requested)

    if len(_lives) >= POLICIES:
        _lives.clear()
    known = _lives[id(policy)] = _Lives(policy, {}, full)
    return known
