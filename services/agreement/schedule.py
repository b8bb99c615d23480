"""A verdict as a schedule: what it will be from which instant on, if nothing new is observed.

Because a verdict is read off its schedule, the next instant at which it changes by itself is known and cannot
disagree with it. The verdicts of a schedule are made once and shared by all who ask.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from services.model import Clock, Observation, Status, Verdict

ALWAYS = datetime.min.replace(tzinfo=UTC)
TICK = datetime.resolution
"""What may be as old as a limit is too old from the next representable instant on."""
LAST = datetime.max.replace(tzinfo=UTC)


class Phase(NamedTuple):
    """The judgement from ``since`` on, until the next phase. ``status`` is ``None`` where there is none to give."""

    since: datetime
    status: Status | None
    reason: str
    at: datetime | None = None
    """The instant that the judgement rests on."""
    due_at: datetime | None = None
    """What an operator counts down to, and how long that clock is."""
    length: timedelta | None = None
    clause: str | None = None
    """Where it is not that of the schedule."""

    @property
    def said(self) -> tuple[object, ...]:
        """What somebody would notice to have changed."""
        return self[1:]


class Schedule:
    """One figure through all of time; each verdict is made when it is first asked for, and shared from then on."""

    __slots__ = ("_clause", "_course", "_evidence", "_figure", "_made", "_target", "_value", "instants")

    def __init__(
        self,
        figure: str,
        clause: str,
        phases: Iterable[Phase],
        *,
        value: timedelta | None = None,
        target: timedelta | None = None,
        evidence: tuple[Observation[object], ...] = (),
    ) -> None:
        course: list[Phase] = []
        for phase in flat(phases):
            if not course or course[-1].said != phase.said:
                course.append(phase)
        self._course = course
        self._made: list[Verdict | None] = [None] * len(course)
        self._figure, self._clause = figure, clause
        self._value, self._target, self._evidence = value, target, evidence
        self.instants = [phase.since for phase in course]
        """When something else is said; the first is that of the first phase."""

    def at(self, now: datetime) -> Verdict | None:
        """The verdict of ``now``, with the instant of the next one; ``None`` where there is none to give."""
        place = max(bisect_right(self.instants, now) - 1, 0)
        made = self._made[place]
        if made is None and self._course[place].status is not None:
            made = self._made[place] = self._verdict(place)
        return made

    def _verdict(self, place: int) -> Verdict:
        phase = self._course[place]
        return Verdict(
            phase.status or Status.UNKNOWN,
            self._figure,
            phase.clause or self._clause,
            phase.reason,
            self._value,
            self._target,
            phase.at,
            self._evidence,
            self.instants[place + 1] if place + 1 < len(self.instants) else None,
            phase.due_at,
            phase.length,
        )


def judged(
    figure: str,
    clause: str,
    phases: Iterable[Phase],
    now: datetime,
    *,
    value: timedelta | None = None,
    target: timedelta | None = None,
    evidence: tuple[Observation[object], ...] = (),
) -> Verdict:
    """The verdict of ``now``, as ``Schedule`` has it, without working out the rest of it. Where no phase has one to
    give: not applicable."""
    given = list(phases)
    phase = begun(given, now)
    if phase.status is None:
        return Verdict(Status.NOT_APPLICABLE, figure, clause, "nothing is asked", value, target)
    return Verdict(
        phase.status,
        figure,
        phase.clause or clause,
        phase.reason,
        value,
        target,
        phase.at,
        evidence,
        _next_change(given, phase, now),
        phase.due_at,
        phase.length,
    )


def _next_change(phases: Sequence[Phase], current: Phase, now: datetime) -> datetime | None:
    """When something else is said than ``current``; ``None`` if that is never."""
    said = current.said
    later = sorted([phase.since for phase in phases if phase.since > now])
    return next((since for since in later if begun(phases, since).said != said), None)


def flat(phases: Iterable[Phase]) -> list[Phase]:
    """The phases in the order of time, each counting alone until the next.

    The first of ``phases`` begins ``ALWAYS``. Of those that have begun the last in the sequence counts, so that a
    later rule takes precedence over an earlier one.
    """
    given = list(phases)
    if all(one.since < other.since for one, other in pairwise(given)):
        return given
    return [_from(begun(given, since), since) for since in sorted({phase.since for phase in given})]


def begun(phases: Sequence[Phase], now: datetime) -> Phase:
    """The phase that counts at ``now``."""
    for phase in reversed(phases):
        if phase.since <= now:
            return phase
    return phases[0]


def overlaid(phases: Iterable[Phase], bounds: Iterable[datetime], change: Callable[[Phase], Phase]) -> list[Phase]:
    """The phases, cut at ``bounds`` too, each as ``change`` makes it from what would be said from its ``since`` on."""
    given = list(phases)
    instants = sorted({*(phase.since for phase in given), *bounds})
    return [change(_from(begun(given, since), since)) for since in instants]


def _from(phase: Phase, since: datetime) -> Phase:
    return phase if phase.since == since else phase._replace(since=since)


def approach(
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    *,
    due: timedelta,
    at_risk: timedelta | None,
    at: datetime | None = None,
    since: datetime = ALWAYS,
) -> tuple[Phase, ...]:
    """A clock on its way to its end: ok, ``due`` inside that horizon, ``at-risk`` inside the nearer one.

    The first phase begins ``since``, which is no later than ``starts_at``; no other one before ``starts_at``.
    """
    length = max(ends_at - starts_at, timedelta())
    course = [
        Phase(since, Status.OK, reason, at, ends_at, length),
        Phase(max(starts_at, before(ends_at, due)), Status.DUE, reason, at, ends_at, length),
    ]
    if at_risk is not None:
        course.append(Phase(max(starts_at, before(ends_at, at_risk)), Status.AT_RISK, reason, at, ends_at, length))
    return tuple(course)


def span(clock: Clock) -> timedelta:
    """How long a clock runs; an empty one (an export window that is over before it opens) not at all."""
    return max(clock.ends_at - clock.starts_at, timedelta())


def before(at: datetime, length: timedelta) -> datetime:
    """``at - length``, or the beginning of the calendar."""
    return at - length if at - ALWAYS > length else ALWAYS


def after(at: datetime, length: timedelta) -> datetime:
    """``at + length``, or the end of the calendar."""
    return at + length if LAST - at > length else LAST
