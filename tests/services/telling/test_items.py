"""What is news."""

from __future__ import annotations

import pytest

from services.model import Status
from services.telling.items import Key, news
from tests.services.telling.things import item

ACME = Key("acme", "grace")
DUE, AT_RISK, BREACHED, UNKNOWN = Status.DUE, Status.AT_RISK, Status.BREACHED, Status.UNKNOWN


def test_each_is_told_once() -> None:
    """For tenant, figure and status: what stood in the look before is no news."""
    items = [item("acme", DUE), item("acme", BREACHED, "state"), item("contoso", DUE), item(None, AT_RISK, "slot.sl-1")]
    new, told = news(items, {}, whole=True)
    assert list(new) == items
    assert news(items, told, whole=True) == ((), told)


@pytest.mark.parametrize(
    ("course", "expected"),
    [
        ([DUE, AT_RISK, BREACHED], [DUE, AT_RISK, BREACHED]),
        ([BREACHED, AT_RISK, DUE], [BREACHED]),
        ([BREACHED, AT_RISK, BREACHED], [BREACHED, BREACHED]),
        ([DUE, None, DUE], [DUE, DUE]),
        ([DUE, UNKNOWN, DUE], [DUE]),
        ([DUE, UNKNOWN, BREACHED], [DUE, BREACHED]),
        ([UNKNOWN, Status.UNPROVEN, None], []),
    ],
    ids=lambda value: "-".join(str(it or "well") for it in value),
)
def test_what_becomes_graver_is_told_and_what_comes_back(course: list[Status | None], expected: list[Status]) -> None:
    """What eases is not told; what was well in between is told anew; what was not known in between is not."""
    told: dict[Key, Status] = {}
    heard = []
    for status in course:
        new, now = news([item("acme", status)] if status else [], told, whole=True)
        told = dict(now)
        heard += [it.status for it in new]
    assert heard == expected


def test_what_is_missing_from_a_list_that_is_not_whole_is_what_it_was() -> None:
    """A source that fails for an hour makes no news when it is back."""
    _, told = news([item("acme", DUE)], {}, whole=True)
    new, kept = news([], told, whole=False)
    assert (new, kept) == ((), {ACME: DUE})
    assert news([item("acme", DUE)], kept, whole=True)[0] == ()
    assert news([], kept, whole=True)[1] == {}
