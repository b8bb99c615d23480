"""When each source is asked next."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.fleet.schedule import (
    FIRST_WAIT,
    SHORTEST,
    TOGETHER,
    Schedule,
    Tempo,
    backoff_wait,
    chance,
    interval_wait,
)
from services.model import Observation, Outcome, Source
from tests.services.estate.things import NOW

RDS = Source("rds", "DescribeDBInstances", "111122223333", "eu-central-1")
MINUTE = timedelta(minutes=1)
FAILING = sorted(FIRST_WAIT)
NO_LIMIT = timedelta.max

lengths = st.timedeltas(timedelta(seconds=2), timedelta(hours=1))
chances = st.floats(0, 1, exclude_max=True)
tempos = st.builds(
    Tempo,
    pace=st.floats(0.05, 10),
    focus=st.floats(0.1, 1),
    jitter=st.floats(0, 0.5),
    longest_wait=st.timedeltas(timedelta(seconds=5), timedelta(minutes=10)),
)


def seen(outcome: Outcome = Outcome.SEEN, source: Source = RDS, at: timedelta = timedelta()) -> Observation[object]:
    return Observation(source, NOW + at, outcome, () if outcome.answered else None)


def schedule(tempo: Tempo = Tempo(), seed: int = 7, every: timedelta = MINUTE) -> Schedule:  # noqa: B008
    return Schedule(tempo, seed, lambda _: (every, NO_LIMIT))


@given(every=lengths, drawn=chances, tempo=tempos, longest=lengths)
def test_an_interval_is_within_its_jitter_and_never_beyond_what_the_policy_allows(
    every: timedelta, drawn: float, tempo: Tempo, longest: timedelta
) -> None:
    """On the screen no later than off it; both no further from their interval than the jitter."""
    plain = interval_wait(every, drawn, tempo, in_sight=False, longest=longest)
    focused = interval_wait(every, drawn, tempo, in_sight=True, longest=longest)
    assert SHORTEST <= focused <= plain
    assert plain <= max(longest * (1 + tempo.jitter) + timedelta(milliseconds=1), SHORTEST)
    assert plain >= min(every * tempo.pace, longest) * (1 - tempo.jitter) - timedelta(milliseconds=1)


@given(drawn=chances, failures=st.integers(1, 10_000), tempo=tempos, outcome=st.sampled_from(FAILING))
def test_a_back_off_ends(drawn: float, failures: int, tempo: Tempo, outcome: Outcome) -> None:
    """However often it failed: it lies between a second and the longest wait, so what comes back is found again."""
    assert SHORTEST <= backoff_wait(outcome, failures, drawn, tempo) <= max(tempo.longest_wait, SHORTEST)


@given(drawn=chances, failures=st.integers(1, 40), tempo=tempos)
def test_back_off_grows_and_who_is_throttled_waits_longest(drawn: float, failures: int, tempo: Tempo) -> None:
    """Of the same draw: no shorter after one more failure, and no shorter for a throttled source than a failed one."""
    failed = backoff_wait(Outcome.FAILED, failures, drawn, tempo)
    assert backoff_wait(Outcome.FAILED, failures + 1, drawn, tempo) >= failed
    assert backoff_wait(Outcome.THROTTLED, failures, drawn, tempo) >= failed


@pytest.mark.parametrize(
    ("failures", "ceiling_s"), [(1, 5), (2, 10), (3, 20), (4, 40), (5, 80), (6, 120), (7, 120), (99, 120)]
)
def test_the_ceiling_of_a_back_off_doubles_up_to_its_cap(failures: int, ceiling_s: int) -> None:
    """The wait is anywhere below it: full jitter."""
    assert backoff_wait(Outcome.FAILED, failures, 0.5, Tempo()) == timedelta(seconds=ceiling_s / 2)
    assert backoff_wait(Outcome.FAILED, failures, 0.0, Tempo()) == SHORTEST


def test_many_consoles_do_not_ask_in_step() -> None:
    """Of a hundred seeds the draws for one source spread over the whole jitter; one seed always draws the same."""
    drawn = sorted(chance(seed, RDS, 1) for seed in range(100))
    assert all(sum(low <= it < low + 0.1 for it in drawn) >= 2 for low in [tenth / 10 for tenth in range(10)])
    assert chance(3, RDS, 1) == chance(3, RDS, 1)
    assert len({chance(3, RDS, number) for number in range(50)}) == 50


def test_a_source_that_was_never_asked_is_due_and_one_that_answered_is_not() -> None:
    """Until its interval is over."""
    made = schedule()
    assert made.is_due(RDS, NOW)
    assert made.next_at(RDS) is None
    made.note(seen())
    assert not made.is_due(RDS, NOW)
    at = made.next_at(RDS)
    assert at is not None
    assert 0.9 * MINUTE <= at - NOW <= 1.1 * MINUTE
    assert made.is_due(RDS, at)
    assert not made.is_due(RDS, at - timedelta(seconds=6))
    in_sight = made.next_at(RDS, in_sight=True)
    assert in_sight is not None
    assert 0.9 * MINUTE / 2 <= in_sight - NOW <= 1.1 * MINUTE / 2


def test_failures_are_counted_until_it_answers() -> None:
    """What the back-off grows with."""
    made = schedule()
    counts = [
        made.note(seen(outcome))
        for outcome in (Outcome.SEEN, Outcome.FAILED, Outcome.THROTTLED, Outcome.DENIED, Outcome.EMPTY, Outcome.FAILED)
    ]
    assert counts == [0, 1, 2, 3, 0, 1]


def test_what_is_nearly_due_joins_but_nobody_who_is_backed_off_from() -> None:
    """A few seconds early with the others, a tenth of its interval at most."""
    made = schedule()
    made.note(seen())
    at = made.next_at(RDS)
    assert at is not None
    assert made.may_join(RDS, at - TOGETHER)
    assert not made.may_join(RDS, at - 2 * TOGETHER)
    quick = schedule(Tempo(pace=0.05))
    quick.note(seen())
    at = quick.next_at(RDS)
    assert at is not None
    assert not quick.may_join(RDS, at - timedelta(seconds=1))
    for _ in range(6):
        made.note(seen(Outcome.FAILED))
    at = made.next_at(RDS)
    assert at is not None
    assert not made.may_join(RDS, at - timedelta(milliseconds=1))


@given(back=st.timedeltas(timedelta(seconds=6), timedelta(days=400)))
def test_a_clock_that_is_set_back_keeps_nobody_from_asking(back: timedelta) -> None:
    """Else a source would not be asked until that time has come again."""
    made = schedule()
    made.note(seen())
    assert made.is_due(RDS, NOW - back)


@given(stood=st.timedeltas(timedelta(minutes=3), timedelta(days=3)), seed=st.integers(0, 999))
def test_after_a_standstill_each_source_is_asked_once_and_then_apart_again(stood: timedelta, seed: int) -> None:
    """Stopped for minutes or days and continued: what was missed is not made up for, and the jitter spreads the
    sources over their interval again, no two lanes of twenty at one instant."""
    made = schedule(seed=seed)
    lanes = [Source("rds", "DescribeDBInstances", f"{account:012}", "eu-central-1") for account in range(20)]
    for lane in lanes:
        made.note(seen(source=lane))
    assert all(made.is_due(lane, NOW + stood) for lane in lanes)
    for lane in lanes:
        made.note(seen(source=lane, at=stood))
    nexts = [at for lane in lanes if (at := made.next_at(lane)) is not None]
    assert len(set(nexts)) == len(lanes)
    assert min(nexts) - (NOW + stood) >= 0.9 * MINUTE
    assert max(nexts) - min(nexts) > 0.05 * MINUTE
