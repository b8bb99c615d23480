"""When a place is looked at next, on tables, with a fixed clock and loaded dice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.agreement import default_policy_text, parse_policy
from services.aws.collect.base import Place
from services.controlplane.recorder.rota import JITTER, SHORTEST, Rota
from tests.support.api import AT

POLICY = parse_policy(default_policy_text())
HERE, THERE = Place("111122223333", "eu-central-1"), Place("444455556666", "us-east-1")
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def rota(dice: float = 0.0) -> Rota:
    """Two places: one with public tenants alone, one with a dedicated one too."""
    made = Rota(POLICY.recovery.max_age, lambda: dice)
    made.settle({HERE: ["public"], THERE: ["public", "dedicated"]})
    return made


@pytest.mark.parametrize(
    ("tiers", "minutes"),
    [(["public"], 15), (["dedicated"], 2), (["public", "dedicated"], 2), (["platinum"], 2), ([], 2)],
)
def test_a_place_is_looked_at_as_often_as_its_strictest_tenant_needs(tiers: list[str], minutes: int) -> None:
    """The interval is the policy's max_age of the strictest tier; a tier that the policy lacks is taken for that."""
    assert rota().interval(tiers) == minutes * MINUTE


def test_no_place_is_looked_at_more_than_once_a_minute() -> None:
    """A policy that wants evidence of ten seconds, and dice that shorten every wait, do not change that."""
    text = default_policy_text().replace("dedicated: PT2M", "dedicated: PT10S")
    strict = Rota(parse_policy(text).recovery.max_age, lambda: 1.0)
    strict.settle({HERE: ["dedicated"]})
    strict.asked(HERE, AT, answered=True)
    assert strict.interval(["dedicated"]) == SHORTEST
    assert strict.due(AT + MINUTE - SECOND) == []
    assert strict.due(AT + MINUTE) == [HERE]


@pytest.mark.parametrize("dice", [0.0, 0.5, 1.0])
def test_chance_shortens_a_wait_by_a_tenth_at_most_and_never_lengthens_it(dice: float) -> None:
    """So that no sample rests on evidence that is older than the policy allows."""
    made = rota(dice)
    made.asked(HERE, AT, answered=True)
    made.asked(THERE, AT, answered=True)
    waits = {HERE: 15 * MINUTE * (1 - JITTER * dice), THERE: 2 * MINUTE * (1 - JITTER * dice)}
    for place, wait in waits.items():
        assert place not in made.due(AT + wait - SECOND)
        assert place in made.due(AT + wait)


def test_what_is_new_is_due_at_once_and_what_is_gone_never() -> None:
    """A place that gains its first tenant waits for nobody; one that lost its last is not asked."""
    made = rota()
    assert made.due(AT) == [HERE, THERE]
    made.asked(HERE, AT, answered=True)
    made.asked(THERE, AT, answered=True)
    assert made.due(AT) == []
    new = Place("111122223333", "us-east-1")
    made.settle({HERE: ["public"], new: ["public"]})
    assert made.due(AT) == [new]
    assert THERE not in made.due(AT + 60 * MINUTE)


def test_a_place_that_gets_a_stricter_tenant_is_due_by_the_shorter_interval() -> None:
    """It does not wait for what was reckoned before the tenant came."""
    made = rota()
    made.asked(HERE, AT, answered=True)
    assert HERE not in made.due(AT + 2 * MINUTE)
    made.settle({HERE: ["dedicated"]})
    assert HERE in made.due(AT + 2 * MINUTE)


@pytest.mark.parametrize(("failures", "minutes"), [(1, 2), (2, 4), (3, 8), (4, 15), (5, 15), (60, 15)])
def test_a_place_that_does_not_answer_is_asked_ever_less_often(failures: int, minutes: int) -> None:
    """Twice the wait each time, down to the longest interval of any tier; one good answer, and it is as before."""
    made = rota()
    for _ in range(failures):
        made.asked(THERE, AT, answered=False)
    assert THERE not in made.due(AT + minutes * MINUTE - SECOND)
    assert THERE in made.due(AT + minutes * MINUTE)
    made.asked(THERE, AT, answered=True)
    assert THERE in made.due(AT + 2 * MINUTE)


def test_a_clock_that_is_set_back_keeps_nobody_from_asking() -> None:
    """What was asked later than now was asked by another clock."""
    made = rota()
    made.asked(HERE, AT, answered=True)
    assert HERE in made.due(AT - SECOND)
