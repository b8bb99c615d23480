"""What is judged again by the clock alone."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.aws.collect.base import Place
from services.fleet.reminders import Reminders
from tests.services.estate.things import NOW

MINUTE = timedelta(minutes=1)
names = st.sampled_from(["a", "b", "c"])
pushes = st.lists(st.tuples(names, st.one_of(st.none(), st.integers(-5, 50))), max_size=60)


def test_each_kind_comes_with_the_instant_that_it_was_for() -> None:
    """In the order of time, and once."""
    made = Reminders()
    made.tenant(NOW + 2 * MINUTE, "acme", NOW)
    made.tenant(NOW + MINUTE, "contoso", NOW)
    made.orphan(NOW + MINUTE, "arn:1", NOW)
    made.slot(NOW + MINUTE, "night", NOW)
    made.place(NOW + MINUTE, Place("111122223333", "eu-central-1"), NOW)
    due = made.take(NOW + 2 * MINUTE)
    assert due.tenants == [("contoso", NOW + MINUTE), ("acme", NOW + 2 * MINUTE)]
    assert (due.orphans, due.slots) == ([("arn:1", NOW + MINUTE)], [("night", NOW + MINUTE)])
    assert due.places == [(Place("111122223333", "eu-central-1"), NOW + MINUTE)]
    assert made.take(NOW + 9 * MINUTE).tenants == []


@given(pushes=pushes, later=st.integers(0, 60))
def test_the_newest_for_a_thing_counts(pushes: list[tuple[str, int | None]], later: int) -> None:
    """Whatever was said before of the same tenant: no reminder, one that has passed, or another instant."""
    made, wanted = Reminders(), {}
    for name, minutes in pushes:
        at = None if minutes is None else NOW + minutes * MINUTE
        made.tenant(at, name, NOW)
        wanted[name] = at
    until = NOW + later * MINUTE
    found = made.take(until).tenants
    assert sorted(found) == sorted((name, at) for name, at in wanted.items() if at is not None and NOW < at <= until)


def test_what_is_overtaken_does_not_pile_up() -> None:
    """A console that is open for weeks judges a tenant ten thousand times, each time with a later instant."""
    made = Reminders()
    for number in range(10_000):
        for name in ("acme", "contoso"):
            made.tenant(NOW + timedelta(days=30, minutes=number), name, NOW)
        made.slot(NOW + timedelta(days=200), "night", NOW)
    assert len(made) <= 100
    assert len(made.take(NOW + timedelta(days=400)).tenants) == 2
