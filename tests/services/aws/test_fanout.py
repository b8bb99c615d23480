from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from services.aws.fanout import Answer, Call, CancelledError, FanOut, fan_out, observe
from services.model import Observation, Outcome, Source

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def call(name: str, ask: Callable[[threading.Event], Answer[object]], region: str = "eu-central-1") -> Call[object]:
    return Call(Source("rds", name, "111122223333", region), ask)


def fine(_: threading.Event) -> Answer[object]:
    return Answer(("x",))


def names(observations: list[Observation[object]]) -> set[str]:
    return {observation.source.operation for observation in observations}


def test_every_question_is_answered_once() -> None:
    """As many observations as calls, whatever the number of threads."""
    calls = [call(f"Op{number}", fine) for number in range(200)]
    seen = list(fan_out(calls, cancel=threading.Event(), limit=7, now=lambda: NOW))
    assert len(seen) == 200
    assert names(seen) == {f"Op{number}" for number in range(200)}
    assert {observation.at for observation in seen} == {NOW}


def test_no_question_ends_at_once() -> None:
    """An empty fleet is no reason to wait."""
    assert list(fan_out([], cancel=threading.Event(), limit=4, now=lambda: NOW)) == []


def test_no_more_than_the_limit_are_under_way() -> None:
    """Concurrency is bounded, and reaches its bound."""
    lock, under_way, most = threading.Lock(), 0, 0
    full = threading.Barrier(3)

    def ask(_: threading.Event) -> Answer[object]:
        nonlocal under_way, most
        with lock:
            under_way += 1
            most = max(most, under_way)
        full.wait(5)
        with lock:
            under_way -= 1
        return Answer(())

    calls = [call(f"Op{number}", ask) for number in range(12)]
    assert len(list(fan_out(calls, cancel=threading.Event(), limit=3, now=lambda: NOW))) == 12
    assert most == 3


def test_a_hanging_region_leaves_places_for_the_others() -> None:
    """With every call of a region hanging, all calls of the other are answered."""
    release = threading.Event()

    def hang(_: threading.Event) -> Answer[object]:
        release.wait(20)
        return Answer(())

    calls = [call(f"Hang{number}", hang, "me-central-1") for number in range(20)]
    calls += [call(f"Fine{number}", fine, "eu-central-1") for number in range(20)]
    cancel, seen = threading.Event(), list[Observation[object]]()
    for observation in fan_out(calls, cancel=cancel, limit=4, now=lambda: NOW):
        seen.append(observation)
        if len(seen) == 20:
            cancel.set()
    release.set()
    assert names(seen) == {f"Fine{number}" for number in range(20)}


def test_cancelling_leaves_the_call_that_hangs_to_a_daemon() -> None:
    """The consumer gets nothing and goes on; the thread that hangs is a daemon, and ends when its call does."""
    release, begun = threading.Event(), threading.Event()

    def hang(_: threading.Event) -> Answer[object]:
        begun.set()
        release.wait(20)
        return Answer(())

    cancel = threading.Event()

    def stop() -> None:
        begun.wait(5)
        cancel.set()

    threading.Thread(target=stop, daemon=True).start()
    assert list(fan_out([call("Hang", hang)], cancel=cancel, limit=2, now=lambda: NOW)) == []
    lingering = [thread for thread in threading.enumerate() if thread.name == "tenure-aws"]
    assert lingering
    assert all(thread.daemon for thread in lingering)
    release.set()
    for thread in lingering:
        thread.join(5)
    assert not any(thread.is_alive() for thread in lingering)


def test_cancelling_returns_within_a_fifth_of_a_second() -> None:
    """Measured from the cancelling itself, while a call hangs."""
    release, times = threading.Event(), list[float]()
    cancel = threading.Event()

    def hang(_: threading.Event) -> Answer[object]:
        release.wait(20)
        return Answer(())

    def stop() -> None:
        times.append(time.monotonic())
        cancel.set()

    timer = threading.Timer(0.1, stop)
    timer.start()
    assert not list(fan_out([call("Hang", hang)], cancel=cancel, limit=1, now=lambda: NOW))
    waited = time.monotonic() - times[0]
    release.set()
    timer.join()
    assert waited < 0.2


def test_a_call_past_the_deadline_has_failed_and_its_place_is_taken() -> None:
    """One that never comes back neither hides nor holds those behind it."""
    release = threading.Event()

    def hang(_: threading.Event) -> Answer[object]:
        release.wait(20)
        return Answer(("late",))

    calls = [call("Hang", hang), call("Fine", fine)]
    seen = list(
        fan_out(calls, cancel=threading.Event(), limit=1, now=lambda: NOW, deadline=timedelta(milliseconds=100))
    )
    release.set()
    assert [(it.source.operation, it.outcome) for it in seen] == [("Hang", Outcome.FAILED), ("Fine", Outcome.SEEN)]
    assert seen[0].value is None
    assert "no answer within 0.1 s" in (seen[0].error or "")


def test_questions_may_be_added_while_others_are_under_way() -> None:
    """The consumer ends after the last of them, and not before ``close``."""
    fan = FanOut(cancel=threading.Event(), limit=2, now=lambda: NOW)
    fan.add([call("First", fine)])
    seen = []
    for observation in fan.observations():
        seen.append(observation)
        if observation.source.operation == "First":
            fan.add([call("Second", fine), call("Third", fine)])
            fan.close()
    assert names(seen) == {"First", "Second", "Third"}


def test_whatever_is_raised_is_an_observation() -> None:
    """An error of any type is a failure with its words, never an absence."""

    def ask(_: threading.Event) -> Answer[object]:
        raise KeyError("DescribeDBInstancesResult")

    seen = observe(call("Op", ask), now=lambda: NOW, cancel=threading.Event())
    assert (seen.outcome, seen.value) == (Outcome.FAILED, None)
    assert "KeyError" in (seen.error or "")


def test_nothing_seen_is_not_an_error() -> None:
    """An empty answer is ``EMPTY`` with an empty tuple."""
    seen = observe(call("Op", lambda _: Answer((), empty=True)), now=lambda: NOW, cancel=threading.Event())
    assert (seen.outcome, seen.value) == (Outcome.EMPTY, ())


def test_lost_interest_is_no_observation() -> None:
    """A call that notices the cancelling between pages is not a failure."""

    def ask(cancel: threading.Event) -> Answer[object]:
        raise CancelledError

    with pytest.raises(CancelledError):
        observe(call("Op", ask), now=lambda: NOW, cancel=threading.Event())
