"""An order carried out: each step once, whatever fails; what cannot go on is undone, and what stays is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from services.controlplane.audit import read_entries
from services.controlplane.carrying.outcome import Tried
from services.controlplane.carrying.worker import TRIES
from services.controlplane.carrying.writers.base import Poll, Result
from services.controlplane.collection import COLLECTIONS
from services.controlplane.order_tables import orders
from services.controlplane.registry import read_one
from services.wire.orders import AwsCall, OrderState, RegistryCall, Step, StepState
from tests.services.controlplane.carrying.hands import (
    AT,
    KEY,
    Aws,
    Bench,
    LostError,
    Making,
    Plainly,
    RefusedByAwsError,
    bench,
    making,
    renaming,
)

PARTIES = next(it for it in COLLECTIONS if it.name == "parties")
Lay = Callable[..., Bench]


@pytest.fixture
def lay(tmp_path: Path) -> Iterator[Lay]:
    made: list[Bench] = []

    def lay(*steps: Step) -> Bench:
        made.append(bench(tmp_path, *steps))
        return made[-1]

    yield lay
    for one in made:
        one.database.close()


def name_of(one: Bench) -> str:
    with one.database.read() as connection:
        item = read_one(connection, PARTIES, "northwind")
    assert item is not None
    return str(item["name"])


def states(one: Bench) -> list[StepState]:
    return [step.state for step in one.order().steps]


def test_steps_are_carried_out_in_order_and_each_is_written_down(lay: Lay) -> None:
    """A record and a thing in AWS: both done, with times, request id, and an audit entry before and after the call."""
    one = lay(renaming(1, "New", before="Northwind"), making(2))
    assert one.carry() == OrderState.DONE
    assert (name_of(one), one.aws.calls) == ("New", [f"do {KEY}-2"])
    assert states(one) == [StepState.DONE, StepState.DONE]
    assert one.order().steps[1].request_id == "r-1"
    with one.database.read() as connection:
        entries = read_entries(connection, None, None, 50)[0]
    said = [entry["outcome"] for entry in reversed(entries) if entry["order"] == KEY]
    assert said == ["begun", "done", "begun", "done", "done"]
    assert {entry["who"] for entry in entries if entry["order"] == KEY} == {"olga"}


def test_from_its_beginning_again_nothing_is_done_twice(lay: Lay) -> None:
    """As after a crash whose memory is lost: the marks in our own tables tell what is behind it."""
    one = lay(renaming(1, "New", before="Northwind"), making(2), making(3, "two"))
    assert one.crew.begin(KEY) == (0, None), "it is nobody's before a worker has taken it"
    assert one.carry() == OrderState.DONE
    assert one.carry() == Tried.LOST, "an order that has ended is not begun again"
    assert one.aws.calls == [f"do {KEY}-2", f"do {KEY}-3"]


@pytest.mark.parametrize("lost", [1, 2, 3])
def test_a_call_whose_answer_was_lost_is_looked_up_and_not_made_again(lay: Lay, lost: int) -> None:
    """The work was done; however often the answer is lost, it is done once."""
    one = lay(making(1))
    one.aws.after = [LostError() for _ in range(lost)]
    plainly = Plainly()
    assert one.carry(plainly) == OrderState.DONE
    assert one.aws.calls == [f"do {KEY}-1"]
    assert len(plainly.slept) == 1


def test_what_may_go_better_is_tried_again_with_waits_and_given_up_at_last(lay: Lay) -> None:
    """Throttled or silent: so often and no more; then the order fails, and nothing is left of it."""
    one = lay(making(1))
    one.aws.before = [LostError("throttled") for _ in range(TRIES - 1)]
    assert one.carry() == OrderState.DONE
    assert one.order().steps[0].attempts == TRIES


def test_an_order_that_never_gets_through_fails_and_leaves_nothing(lay: Lay) -> None:
    """After the last try the record that was written before is as it was."""
    one = lay(renaming(1, "New", before="Northwind"), making(2))
    one.aws.before = [LostError("silent") for _ in range(TRIES)]
    assert one.carry() == OrderState.UNDONE
    assert (name_of(one), one.aws.calls) == ("Northwind", [])
    assert one.order().failure == "step 2 failed: silent"
    assert states(one) == [StepState.UNDONE, StepState.FAILED]


def test_a_refusal_after_a_lost_answer_does_not_hide_what_was_done(lay: Lay) -> None:
    """Made, its answer lost, and every look-up silent until the tries are over: it is found afterwards, and undone."""
    one = lay(renaming(1, "New", before="Northwind"), making(2))
    one.aws.after = [LostError("silent")]
    one.aws.found = [LostError("silent") for _ in range(TRIES)]
    assert one.carry() == OrderState.UNDONE
    assert (name_of(one), one.aws.made) == ("Northwind", {})
    assert one.aws.calls == [f"do {KEY}-2", f"undo {KEY}-2"]
    assert states(one) == [StepState.UNDONE, StepState.UNDONE]
    assert one.order().steps[1].error == "silent; what was done all the same is undone"


def test_what_nobody_can_look_up_is_not_said_to_be_undone(lay: Lay) -> None:
    """Its answer lost, and then no look-up allowed: the order is half done, and says that this is not known."""
    one = lay(renaming(1, "New", before="Northwind"), making(2))
    one.aws.after = [LostError("silent")]
    one.aws.found = [RefusedByAwsError("AccessDenied") for _ in range(2)]
    assert one.carry() == OrderState.HALF_DONE
    order = one.order()
    assert states(one) == [StepState.UNDONE, StepState.STUCK]
    assert order.steps[1].error == "AccessDenied; not known whether it was done: AccessDenied"
    assert order.failure == "step 2 failed: AccessDenied; left: thing one made"


def test_what_was_done_all_the_same_and_stays_is_said(lay: Lay) -> None:
    """A call that nobody undoes, found after its tries are over: half done, with what is left."""
    one = lay(making(1, undo=None))
    one.aws.after = [LostError("silent")]
    one.aws.found = [LostError("silent") for _ in range(TRIES - 1)]
    assert one.carry() == OrderState.HALF_DONE
    assert one.aws.calls == [f"do {KEY}-1"]
    assert one.order().steps[0].error == "silent; it was done all the same, and cannot be undone"


def test_a_refusal_undoes_what_was_done_in_reverse(lay: Lay) -> None:
    """AWS says no to the third: the second is deleted, the first written back, and it is not asked again."""
    one = lay(renaming(1, "New", before="Northwind"), making(2), making(3, "two"))
    one.aws.refused = "two"
    assert one.carry() == OrderState.UNDONE
    assert one.aws.calls == [f"do {KEY}-2", f"undo {KEY}-2"]
    assert name_of(one) == "Northwind"
    assert states(one) == [StepState.UNDONE, StepState.UNDONE, StepState.FAILED]


def test_what_cannot_be_undone_is_said_to_be_left(lay: Lay) -> None:
    """The order is half done, and names what of it stands."""
    one = lay(making(1, undo=None), renaming(2, "New", before="Somebody else"))
    assert one.carry() == OrderState.HALF_DONE
    order = one.order()
    assert states(one) == [StepState.STUCK, StepState.FAILED]
    assert order.failure == ("step 2 failed: party northwind has been changed meanwhile; left: thing one made")


def test_an_undoing_that_fails_is_tried_again_and_then_said(lay: Lay) -> None:
    """Silence is tried again; a refusal leaves the order half done."""
    one = lay(making(1), renaming(2, "New", before="Somebody else"))
    one.aws.undone = [LostError("silent")]
    assert one.carry() == OrderState.UNDONE
    assert one.aws.calls == [f"do {KEY}-1", f"undo {KEY}-1"]


def test_a_refused_undoing_leaves_the_order_half_done(lay: Lay) -> None:
    """It says so, with the reason."""
    one = lay(making(1), renaming(2, "New", before="Somebody else"))
    one.aws.undone = [RefusedByAwsError("AccessDenied")]
    assert one.carry() == OrderState.HALF_DONE
    assert one.order().steps[0].error == "not undone: AccessDenied"


def test_a_record_that_somebody_changed_since_is_not_written_back(lay: Lay) -> None:
    """Undoing would overwrite what another has done: it is left, and said."""
    one = lay(renaming(1, "New", before="Northwind"), making(2))
    one.aws.before = [RefusedByAwsError("AccessDenied")]
    undo = type(one.crew).undo

    def meddle(crew: object, key: str, number: int, last: bool) -> tuple[str, str | None]:
        with one.database.write() as connection:
            connection.execute(update(PARTIES.table).where(PARTIES.table.c.id == "northwind").values(name="Other"))
        return undo(one.crew, key, number, last)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(one.crew), "undo", meddle)
        assert one.carry() == OrderState.HALF_DONE
    assert name_of(one) == "Other"


def test_what_aws_carries_out_is_followed_to_its_end(lay: Lay) -> None:
    """A job that runs is looked at again without being begun again; looks do not count as failed tries."""
    one = lay(making(1))
    one.aws.polls = [Poll.RUNNING] * (TRIES * 2)
    assert one.carry() == OrderState.DONE
    assert one.aws.calls == [f"do {KEY}-1"]


class Unfindable(Making):
    """Of what it makes nothing tells whose it is."""

    def find(self, client: Aws, call: AwsCall, key: str) -> Result | None:
        return None


def test_what_was_begun_is_followed_by_what_its_call_answered(lay: Lay) -> None:
    """Where nothing can be looked up, the answer is kept from one look to the next: one call, whoever goes on."""
    one = lay(making(1))
    crew = replace(one.crew, writers={("ssm", "CreateThing"): Unfindable()})
    one.aws.polls = [Poll.RUNNING, Poll.RUNNING]
    with one.database.write() as connection:
        connection.execute(update(orders).values(worker="w-1"))
    assert crew.begin(KEY) == (1, None)
    last = False
    assert [crew.step(KEY, 1, last)[0] for _ in range(3)] == [Tried.AGAIN, Tried.AGAIN, Tried.DONE]
    assert one.aws.calls == [f"do {KEY}-1"]
    assert one.order().steps[0].result == {"ThingId": "thing of one", "request_id": "r-1"}


def test_what_was_begun_and_may_not_be_followed_is_left_and_said(lay: Lay) -> None:
    """Begun by the first try, and AWS lets nobody look how it ends: the order does not say that nothing is left."""
    one = lay(making(1, undo=None))
    one.aws.polls = [RefusedByAwsError("AccessDenied")]
    assert one.carry() == OrderState.HALF_DONE
    assert one.order().failure == "step 1 failed: AccessDenied; left: thing one made"
    assert one.order().steps[0].error == "AccessDenied; begun, and not known how it ended"


def test_what_was_begun_and_can_be_undone_is(lay: Lay) -> None:
    """The same of a thing that can be taken away again: nothing is left, and nothing is said to be."""
    one = lay(making(1))
    one.aws.polls = [RefusedByAwsError("AccessDenied")]
    assert one.carry() == OrderState.UNDONE
    assert one.aws.calls == [f"do {KEY}-1", f"undo {KEY}-1"]


class Unsaid(Unfindable):
    """And it says so."""

    tells = False


class Refusing(Plainly):
    """While the worker waits before its next try, AWS begins to refuse."""

    def __init__(self, aws: Aws) -> None:
        super().__init__()
        self._aws = aws

    def sleep(self, seconds: float) -> None:
        self._aws.refused = "one"


def test_what_no_look_up_can_tell_is_not_said_to_be_undone(lay: Lay) -> None:
    """Begun, its answer lost, then refused: a look-up that finds nothing does not prove that nothing is there."""
    one = lay(making(1, undo=None))
    crew = replace(one.crew, writers={("ssm", "CreateThing"): Unsaid()})
    one.aws.after = [LostError("silent")]
    assert one.carry(Refusing(one.aws), crew) == OrderState.HALF_DONE
    assert one.order().failure == "step 1 failed: AccessDenied; left: thing one made"
    assert one.order().steps[0].error == "AccessDenied; not known whether it was done"


@pytest.mark.parametrize("after", [1, 2, 3])
def test_whoever_goes_on_with_an_undoing_carries_nothing_out_again(lay: Lay, after: int) -> None:
    """Another worker, or a new program, begins the workflow anew in the middle of it: what was undone stays so."""
    one = lay(renaming(1, "New", before="Northwind"), making(2), making(3, "two"), making(4, "four"))
    one.aws.refused = "four"
    undo = type(one.crew).undo
    undone: list[int] = []

    def die(crew: object, key: str, number: int, last: bool) -> tuple[str, str | None]:
        if len(undone) == after:
            raise KeyboardInterrupt
        undone.append(number)
        return undo(one.crew, key, number, last)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(one.crew), "undo", die)
        with pytest.raises(KeyboardInterrupt):
            one.carry()
    assert one.carry() == OrderState.UNDONE
    assert one.aws.calls == [f"do {KEY}-2", f"do {KEY}-3", f"undo {KEY}-3", f"undo {KEY}-2"]
    assert (name_of(one), one.order().failure) == ("Northwind", "step 4 failed: AccessDenied")


def test_a_job_that_fails_fails_the_order(lay: Lay) -> None:
    """AWS's own word that it failed."""
    one = lay(renaming(1, "New", before="Northwind"), making(2))
    one.aws.polls = [Poll.RUNNING, Poll.FAILED]
    assert one.carry() == OrderState.UNDONE
    assert name_of(one) == "Northwind"


def test_an_answer_stands_in_the_calls_after_it(lay: Lay) -> None:
    """``$1.ThingId`` is what step 1 answered."""
    one = lay(making(1, "one"), making(2, "$1.ThingId"))
    assert one.carry() == OrderState.DONE
    assert one.aws.made[f"{KEY}-2"]["ThingId"] == "thing of thing of one"


def test_a_worker_that_has_lost_an_order_leaves_it_alone(lay: Lay) -> None:
    """Another has taken it: neither its steps nor its end are this one's to write."""
    one = lay(renaming(1, "New", before="Northwind"), making(2))
    stranger, last = replace(one.crew, name="w-2"), True
    assert one.crew.begin(KEY) == (0, None)
    with one.database.write() as connection:
        connection.execute(update(orders).values(worker="w-1"))
    assert one.crew.begin(KEY) == (2, None)
    assert stranger.step(KEY, 1, last) == (Tried.LOST, None)
    assert stranger.step(KEY, 2, last) == (Tried.LOST, None)
    assert stranger.finish(KEY, None) == (Tried.LOST, None)
    assert (name_of(one), one.aws.calls, one.order().state) == ("Northwind", [], OrderState.RUNNING)


def test_what_was_to_do_without_a_second_person_is_void_if_begun_too_late(lay: Lay) -> None:
    """Its time is over when a worker comes to it: nothing is done."""
    one = lay(renaming(1, "New", before="Northwind"))
    with one.database.write() as connection:
        connection.execute(update(orders).values(break_glass_until=AT))
    assert one.carry() == Tried.LOST
    assert (name_of(one), one.order().state) == ("Northwind", OrderState.VOID)


def take_back(one: Bench) -> None:
    """As the server writes it down."""
    members = {"failure": "taken back by olga", "taken_back_by": "olga", "taken_back_at": AT}
    with one.database.write() as connection:
        connection.execute(update(orders).values(**members))


class TakenBack(Plainly):
    """While the worker waits for AWS, or before it ends the order, somebody takes the order back."""

    def __init__(self, one: Bench, when: str) -> None:
        super().__init__()
        self._one, self._when = one, when

    def run_step(self, options: Any, act: Callable[..., object], *args: object) -> object:
        if options["name"] == self._when:
            self._when = ""
            take_back(self._one)
        return super().run_step(options, act, *args)

    def sleep(self, seconds: float) -> None:
        if self._when == "sleep":
            self._when = ""
            take_back(self._one)
        super().sleep(seconds)


@pytest.mark.parametrize(
    ("when", "calls"),
    [
        ("step 1", []),
        ("step 2", []),
        ("sleep", [f"do {KEY}-2", f"undo {KEY}-2"]),
        ("step 3", [f"do {KEY}-2", f"undo {KEY}-2"]),
        ("finish", [f"do {KEY}-2", f"do {KEY}-3", f"undo {KEY}-3", f"undo {KEY}-2"]),
    ],
)
def test_an_order_that_is_taken_back_carries_nothing_more_out_and_is_undone(
    lay: Lay, when: str, calls: list[str]
) -> None:
    """Before its first step, between two, while AWS works on one, and when all of them were done."""
    one = lay(renaming(1, "New", before="Northwind"), making(2), making(3, "two"))
    one.aws.polls = [Poll.RUNNING, Poll.RUNNING] if when == "sleep" else []
    assert one.carry(TakenBack(one, when)) == OrderState.UNDONE
    assert (name_of(one), one.aws.calls, one.aws.made) == ("Northwind", calls, {})
    assert one.order().failure == "taken back by olga"


@pytest.mark.parametrize("taken", [True, False])
def test_a_test_that_is_taken_back_has_not_failed(lay: Lay, taken: bool) -> None:
    """What a failure leaves behind is left by a failure alone."""
    step = renaming(1, "New", before="Northwind")
    failed = {**(step.call.after or {}), "name": "Failed"} if isinstance(step.call, RegistryCall) else {}
    one = lay(step.model_copy(update={"call": step.call.model_copy(update={"failed": failed})}), making(2))
    if taken:
        one.aws.polls = [Poll.RUNNING, Poll.RUNNING]
    else:
        one.aws.polls = [Poll.FAILED]
    one.carry(TakenBack(one, "sleep"))
    assert name_of(one) == ("Northwind" if taken else "Failed")
