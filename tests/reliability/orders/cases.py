"""What is broken, and where: each fault of the matrix, made from what a worker in health does with the same order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from services.wire.orders import RegistryCall
from tests.reliability.orders.lives import FIRST, OTHER
from tests.reliability.orders.moments import KEPT, WRITTEN
from tests.reliability.orders.stages import Stage
from tests.reliability.orders.striking import Kind, Reach, Strike

HANDED: Final = ("the plan arrives", "the answer is sent", "it is followed")
"""When whoever hands an order over is killed: before the first, before the second, and during the third."""
ACCEPTING: Final = ("accept · write 1 · begun", "accept · write 1 · written", "accept · write 1 · kept")


class End(StrEnum):
    """How an order has to end."""

    DONE = "done"
    SAME = "as without the second fault"
    NOT_DONE = "not done"
    ANY = "any"
    """Whatever it says has to be so."""


class Group(StrEnum):
    """The rows of the report."""

    DENIED = "AWS: denied"
    THROTTLED = "AWS: throttled"
    BROKEN = "AWS: 503"
    HANGING = "AWS: hanging"
    LOST = "AWS: carried out, answer lost"
    REFUSED = "registry: changed by somebody else"
    FAILING = "database: fails when a write is kept"
    UNSURE = "database: kept, and said to have failed"
    RESTARTED = "worker killed, and restarted"
    OTHER = "worker killed, another goes on"
    SERVER = "server killed, and restarted"
    CLIENT = "client killed"
    TAKEN = "taken back while it is under way"


@dataclass(frozen=True)
class Case:
    """A fault, and what an order under it has to come to."""

    stage: Stage
    group: Group
    where: str
    end: End
    strikes: tuple[Strike, ...] = ()
    meddled: int | None = None
    """The step whose record somebody else has just written."""
    fatal: str | None = None
    failing: str | None = None
    successor: str = FIRST
    undoing: bool = False
    """Whether it strikes while the order is undone."""
    taken_back: str | None = None
    """The moment at which an approver takes it back."""

    def __str__(self) -> str:
        return f"{self.stage.action}: {self.group}, {self.where}"


@dataclass(frozen=True)
class Refusal:
    """A first fault, under which an order is undone; and what a worker in health does then."""

    case: Case
    moments: tuple[str, ...]
    calls: tuple[str, ...]
    begun: int = 0
    """How many of the calls were made before it was undone."""


def first_faults(stage: Stage, seed: int) -> Iterator[Case]:
    """Every call to AWS in every way; every write of the registry; the worker killed at every moment."""
    for number, call in enumerate(stage.calls, start=1):
        for kind in Kind:
            for reach in (Reach.ONCE, Reach.ON):
                if kind is Kind.DENIED and reach is Reach.ONCE:
                    continue  # a call that is denied is not made again
                where = f"call {number} ({call['name'].split('/')[0].strip()}), {reach}"
                end = End.NOT_DONE if kind is Kind.DENIED else End.DONE if reach is Reach.ONCE else End.ANY
                if call["name"].startswith("sts") and end is End.DONE:
                    end = End.ANY  # keys that were refused are not asked for again for two seconds
                yield Case(stage, Group[kind.name], where, end, (Strike(number, kind, reach),))
    yield from _database(stage, stage.moments, End.DONE)
    yield from _killed(stage, stage.moments, End.DONE, seed)
    yield from _taken_back(stage, seed)


def refusals(stage: Stage) -> Iterator[Case]:
    """Faults under which the order is undone: each write to AWS denied, each record but the first written by others."""
    for number, call in enumerate(stage.calls, start=1):
        if call["writes"]:
            where = f"call {number} ({call['name'].split('/')[0].strip()}), {Reach.SAME}"
            yield Case(stage, Group.DENIED, where, End.NOT_DONE, (Strike(number, Kind.DENIED, Reach.SAME),))
    for step in stage.plan.steps:
        if isinstance(step.call, RegistryCall):
            yield Case(stage, Group.REFUSED, f"step {step.number}", End.NOT_DONE, meddled=step.number)


def other_firsts(refused: Case, calls: Sequence[str]) -> Iterator[Case]:
    """Under which an order is undone as well: the call that was denied throttled or answered with 503 as often as it is
    made, and carried out with its answer lost and its look-up denied. ``calls``: what was asked under the denial."""
    (strike,) = refused.strikes
    number = strike.at
    what = f"call {number} ({calls[number - 1]})"
    for kind in (Kind.THROTTLED, Kind.BROKEN):
        strikes: tuple[Strike, ...] = (Strike(number, kind, Reach.SAME),)
        yield replace(refused, group=Group[kind.name], where=f"{what} {kind}, {Reach.SAME}", strikes=strikes)
    strikes = (Strike(number, Kind.LOST), Strike(number + 1, Kind.DENIED))
    yield replace(refused, group=Group.LOST, where=f"{what} lost, its look-up denied", strikes=strikes)


def second_faults(refusal: Refusal, seed: int, every: int = 1) -> Iterator[Case]:
    """While the order is undone: every call to AWS in every way, every write, the worker killed at every moment.

    ``every``: where it is more than 1, of the moments one in so many, and of the calls none that hangs: that takes
    long.
    """
    first, stage = refusal.case, refusal.case.stage
    begun = max((strike.at for strike in first.strikes), default=0)
    for number in range(max(begun, refusal.begun) + 1, len(refusal.calls) + 1):
        for kind in Kind:
            if kind is Kind.HANGING and every > 1:
                continue
            for reach in (Reach.ONCE, Reach.ON) if kind is Kind.BROKEN else (Reach.ONCE,):
                once = reach is Reach.ONCE and kind is not Kind.DENIED
                where = f"{first.where}; then call {number} ({refusal.calls[number - 1]}), {reach}"
                strikes = (*first.strikes, Strike(number, kind, reach))
                yield Case(
                    stage,
                    Group[kind.name],
                    where,
                    End.SAME if once else End.NOT_DONE,
                    strikes,
                    first.meddled,
                    undoing=True,
                )
    moments = [it for it in refusal.moments if it.startswith(("fail", "undo", "finish"))][seed % every :: every]
    for case in (*_database(stage, moments, End.SAME), *_killed(stage, moments, End.SAME, seed)):
        yield Case(
            stage,
            case.group,
            f"{first.where}; then {case.where}",
            End.SAME,
            first.strikes,
            first.meddled,
            case.fatal,
            case.failing,
            case.successor,
            undoing=True,
        )


def served_faults(stage: Stage, seed: int) -> Iterator[Case]:
    """The server killed while it accepts the order, and at a moment of each step; whoever hands it over killed."""
    for number, moment in enumerate((*ACCEPTING, *_one_each(stage, seed))):
        if number >= len(ACCEPTING) or (number + seed) % len(ACCEPTING) == 0:
            yield Case(stage, Group.SERVER, moment, End.DONE, fatal=moment)
    yield Case(stage, Group.CLIENT, HANDED[seed % len(HANDED)], End.DONE)


def _one_each(stage: Stage, seed: int) -> Iterator[str]:
    names = dict.fromkeys(moment.partition(" · ")[0] for moment in stage.moments)
    for number, name in enumerate(names):
        own = [moment for moment in stage.moments if moment.startswith(f"{name} ·")]
        yield own[(seed + number) % len(own)]


def _database(stage: Stage, moments: Sequence[str], end: End) -> Iterator[Case]:
    for moment in moments:
        if " write " in moment:
            group = Group.UNSURE if moment.endswith(KEPT) else Group.FAILING
            if moment.endswith(WRITTEN) or group is Group.UNSURE:
                yield Case(stage, group, moment, end, failing=moment)


def _taken_back(stage: Stage, seed: int) -> Iterator[Case]:
    """At one in two of the moments at which nobody writes."""
    moments = [it for it in stage.moments if it.startswith(("begin", "step", "finish")) and not it.endswith(WRITTEN)]
    for moment in moments[seed % 2 :: 2]:
        yield Case(stage, Group.TAKEN, moment, End.ANY, taken_back=moment)


def _killed(stage: Stage, moments: Sequence[str], end: End, seed: int) -> Iterator[Case]:
    for number, moment in enumerate(moments):
        other = (number + seed) % 2
        group = Group.OTHER if other else Group.RESTARTED
        yield Case(stage, group, moment, end, fatal=moment, successor=OTHER if other else FIRST)
