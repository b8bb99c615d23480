"""A tenant's life by its clocks, reckoned once for all tenants with the same terms.

Of a hundred thousand tenants most share an end date, a zone and a state with others; what the agreement says of them
is the same clocks and the same verdicts, and they are the same objects.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import lru_cache

from services.agreement.basics import EXPORT_WINDOW, FORGOTTEN, RETURN_OR_DELETE, Terms, end_of_service
from services.agreement.clocks import life_clocks, reckon_clocks
from services.agreement.course import STATE, clock_phases, due_states, state_phases
from services.agreement.holding import held_by
from services.agreement.periods import BeyondCalendarError, PeriodError, ZoneError
from services.agreement.policy import Policy
from services.agreement.schedule import ALWAYS, Phase, Schedule, schedule
from services.model import Clock, Export, Hold, LifecycleState, Status, Tenant, Verdict

_POLICIES = 8
_LIVES = 32768
"""Bounds of what is remembered."""


class Life:
    """What the agreement says of a tenant with certain terms, at any instant."""

    __slots__ = ("_passages", "clocks", "instants", "schedules", "states")

    def __init__(
        self,
        terms: Terms,
        policy: Policy,
        exports: Sequence[Export],
        holds: Sequence[Hold],
        available: datetime | None,
        requested: datetime | None,
    ) -> None:
        self.clocks: tuple[Clock, ...] = ()
        self.states: tuple[tuple[datetime, LifecycleState | None], ...]
        self.schedules: tuple[Schedule, ...]
        try:
            end = end_of_service(terms, policy)
        except BeyondCalendarError as error:  # after every instant that there is
            end = None
            self.states, self.schedules = ((ALWAYS, LifecycleState.ACTIVE),), (_endless(terms, str(error)),)
        except ZoneError as error:
            end = None
            self.states, self.schedules = ((ALWAYS, None),), (_unknown(str(error)),)
        else:
            if end is None:
                self.states, self.schedules = ((ALWAYS, LifecycleState.ACTIVE),), (_endless(terms, None),)
        try:
            self.clocks = reckon_clocks(
                terms, policy, exports=exports, export_available=available, export_requested=requested
            )
        except (ZoneError, PeriodError) as error:
            if end is not None:
                self.states = ((ALWAYS, LifecycleState.ACTIVE), (end, None))
                self.schedules = (_until(end, terms, error),)
        else:
            if end is not None:
                held = held_by(holds, policy)
                named = life_clocks(self.clocks)
                self.states = due_states(named, held)
                shown = [*named.values()] if terms.state is not LifecycleState.DESTROYED else []
                if available is not None and shown:
                    shown += [clock for clock in self.clocks if clock.name == EXPORT_WINDOW]
                    shown.sort(key=lambda clock: clock.name == RETURN_OR_DELETE)
                self.schedules = (
                    *(schedule(one.name, one.clause, clock_phases(one, terms, policy, held)) for one in shown),
                    schedule(STATE, FORGOTTEN, state_phases(terms, policy, named, held)),
                )
        self.instants = sorted({instant for one in self.schedules for instant in one.instants})
        self._passages: dict[int, tuple[Verdict, ...]] = {}

    def due(self, now: datetime) -> LifecycleState | None:
        """The state that is due; ``None`` where that cannot be told."""
        return next(state for since, state in reversed(self.states) if since <= now)

    def verdicts(self, now: datetime) -> tuple[Verdict, ...]:
        """Those of ``now``: the same objects until one of them changes."""
        passage = bisect_right(self.instants, now)
        found = self._passages.get(passage)
        if found is None:
            read = (one.at(now) for one in self.schedules)
            found = self._passages[passage] = tuple(verdict for verdict in read if verdict is not None)
        return found


def _unknown(reason: str) -> Schedule:
    return schedule(STATE, FORGOTTEN, [Phase(ALWAYS, Status.UNKNOWN, f"the clocks cannot be reckoned: {reason}")])


def _endless(terms: Terms, error: str | None) -> Schedule:
    if terms.state is LifecycleState.ACTIVE:
        said = "in force; no end is agreed" if error is None else f"in force to the end of {terms.ended_on}"
        return schedule(STATE, FORGOTTEN, [Phase(ALWAYS, Status.OK, said)])
    if error is not None:
        return _unknown(error)
    reason = f"recorded {terms.state}, and no end date is recorded"
    return schedule(STATE, FORGOTTEN, [Phase(ALWAYS, Status.UNKNOWN, reason)])


def _until(end: datetime, terms: Terms, error: Exception) -> Schedule:
    """Clocks that cannot be reckoned though the end can: beyond the calendar the tenant is in force until then."""
    said = f"the clocks cannot be reckoned: {error}"
    phases = [Phase(ALWAYS, Status.UNKNOWN, said)]
    if terms.state is LifecycleState.ACTIVE and isinstance(error, BeyondCalendarError):
        phases = [
            Phase(ALWAYS, Status.OK, f"in force to the end of {terms.ended_on}"),
            Phase(end, Status.UNKNOWN, said),
        ]
    return schedule(STATE, FORGOTTEN, phases)


_Reckon = Callable[
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
_known: dict[int, tuple[Policy, _Reckon]] = {}
"""By the identity of the policy, which is kept alive here: a policy's value is too much to hash at every call."""


def life_of(
    tenant: Tenant,
    policy: Policy,
    exports: Sequence[Export] = (),
    holds: Sequence[Hold] = (),
    export_available: datetime | None = None,
    export_requested: datetime | None = None,
) -> Life:
    """The life of a tenant, shared by all that have the same terms, exports and holds. Never raises."""
    known = _known.get(id(policy))
    reckon = known[1] if known is not None else _remember(policy)
    return reckon(
        tenant.ended_on,
        tenant.zone,
        tenant.termination_confirmed_at,
        tenant.state,
        tuple(exports),
        tuple(holds),
        export_available,
        export_requested,
    )


def _remember(policy: Policy) -> _Reckon:
    @lru_cache(maxsize=_LIVES)
    def reckon(
        ended_on: date | None,
        zone: str,
        confirmed_at: datetime | None,
        state: LifecycleState,
        exports: tuple[Export, ...],
        holds: tuple[Hold, ...],
        available: datetime | None,
        requested: datetime | None,
    ) -> Life:
        return Life(Terms(ended_on, zone, confirmed_at, state), policy, exports, holds, available, requested)

    if len(_known) >= _POLICIES:
        _known.clear()
    _known[id(policy)] = (policy, reckon)
    return reckon
