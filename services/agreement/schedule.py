"""A verdict as a schedule: what it will be from which instant on, if nothing new is observed.

Because a verdict is read off its schedule, the next instant at which it changes by itself is known and cannot
disagree with it. The verdicts of a schedule are made once and shared by all who ask.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from services.model import Clock, Observation, Status, Verdict

ALWAYS = datetime.min.replace(tzinfo=UTC)
TICK = datetime.resolution
"""What may be as old as a limit is too old from the next representable instant on."""
LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Phase:
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
        return (self.status, self.reason, self.at, self.due_at, self.length, self.clause)


@dataclass(frozen=True, slots=True)
class Schedule:
    """One figure through all of time. ``verdicts[i]`` stands from ``instants[i]`` on; ``None``: there is none."""

    instants: tuple[datetime, ...]
    verdicts: tuple[Verdict | None, ...]

    def at(self, now: datetime) -> Verdict | None:
        return self.verdicts[bisect_right(self.instants, now) - 1]


def schedule(
    figure: str,
    clause: str,
    phases: Iterable[Phase],
    *,
    value: timedelta | None = None,
    target: timedelta | None = None,
    evidence: tuple[Observation[object], ...] = (),
) -> Schedule:
    """The verdicts of ``figure``, each with the instant at which another one takes over that says something else."""
    course: list[Phase] = []
    for phase in flat(phases):
        if not course or course[-1].said != phase.said:
            course.append(phase)
    ends = [*(phase.since for phase in course[1:]), None]
    verdicts = [
        None
        if phase.status is None
        else Verdict(
            status=phase.status,
            figure=figure,
            clause=phase.clause or clause,
            reason=phase.reason,
            value=value,
            target=target,
            at=phase.at,
            evidence=evidence,
            changes_at=end,
            due_at=phase.due_at,
            length=phase.length,
        )
        for phase, end in zip(course, ends, strict=True)
    ]
    return Schedule(tuple(phase.since for phase in course), tuple(verdicts))


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
    """The verdict of ``now``. Where no phase has one to give: not applicable."""
    verdict = schedule(figure, clause, phases, value=value, target=target, evidence=evidence).at(now)
    return verdict or Verdict(Status.NOT_APPLICABLE, figure, clause, "nothing is asked", value, target)


def flat(phases: Iterable[Phase]) -> list[Phase]:
    """The phases in the order of time, each counting alone until the next.

    The first of ``phases`` begins ``ALWAYS``. Of those that have begun the last in the sequence counts, so that a
    later rule takes precedence over an earlier one.
    """
    given = list(phases)
    return [
        phase if phase.since == since else replace(phase, since=since)
        for since in sorted({phase.since for phase in given})
        for phase in (begun(given, since),)
    ]


def begun(phases: Sequence[Phase], now: datetime) -> Phase:
    """The phase that counts at ``now``."""
    return next((phase for phase in reversed(phases) if phase.since <= now), phases[0])


def overlaid(phases: Iterable[Phase], bounds: Iterable[datetime], change: Callable[[Phase], Phase]) -> list[Phase]:
    """The phases, cut at ``bounds`` too, each as ``change`` makes it from what would be said from its ``since`` on."""
    given = list(phases)
    instants = sorted({*(phase.since for phase in given), *bounds})
    return [change(replace(begun(given, since), since=since)) for since in instants]


def approach(
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    *,
    due: timedelta,
    at_risk: timedelta | None,
    at: datetime | None = None,
    length: timedelta | None = None,
) -> tuple[Phase, ...]:
    """A clock on its way to its end: ok, ``due`` inside that horizon, ``at-risk`` inside the nearer one."""
    length = max(ends_at - starts_at, timedelta()) if length is None else length
    course = [
        Phase(ALWAYS, Status.OK, reason, at, ends_at, length),
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
