"""What changed is judged again, and nothing else: counted."""

from __future__ import annotations

from datetime import timedelta

from tests.services.fleet.fakes import Counting
from tests.support.many import NOW, answers, picture, registry

TENANTS = 1000


def test_a_refresh_that_changes_a_hundred_of_a_thousand_judges_a_hundred() -> None:
    """Those of the account whose answers are new; no life is reckoned again, for no record changed."""
    counting = Counting()
    made = picture(TENANTS, counting.rules)
    assert (len(counting.judged), len(counting.lives)) == (TENANTS, TENANTS)
    counting.judged.clear()
    counting.lives.clear()
    before = made.snapshot
    made.take(answers(200, NOW + timedelta(seconds=10)))
    shot = made.publish(NOW + timedelta(seconds=10), 2)
    assert {name for name, _ in counting.judged} == {f"db-{number:06}" for number in range(200, 300)}
    assert len(counting.judged) == 100
    assert counting.lives == []
    same = [name for name, view in shot.tenants.items() if before.tenants[name] is view]
    assert len(same) == TENANTS - 100


def test_a_registry_that_says_the_same_judges_nobody() -> None:
    """A round every minute costs what changed."""
    counting = Counting()
    made = picture(TENANTS, counting.rules)
    counting.judged.clear()
    counting.lives.clear()
    soon = NOW + timedelta(seconds=60)
    made.take_registry(registry(TENANTS, soon), soon)
    made.publish(soon, 2)
    assert (counting.judged, counting.lives) == ([], [])


def test_time_judges_those_whose_clock_ends() -> None:
    """At the end of a grace, the tenants whose grace that is, and nobody else for their lives."""
    counting = Counting()
    made = picture(TENANTS, counting.rules)
    ends = {view.clocks[0].ends_at for view in made.snapshot.tenants.values() if view.clocks}
    first = min(end for end in ends if end > NOW)
    made.take_registry(registry(TENANTS, first), first)
    for start in range(0, TENANTS, 100):
        made.take(answers(start, first))
    counting.lives.clear()
    made.publish(first, 2)
    assert 0 < len(counting.lives) < TENANTS
