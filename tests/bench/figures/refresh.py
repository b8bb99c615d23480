"""Of 100,000 tenants with a database each, one account of a hundred answers anew: the time from its answers to the
snapshot and the rows of the due list, the mean of five. Only those hundred are judged again, which is counted; aimed at
is the pace at which snapshots are published, four a second."""

from __future__ import annotations

import gc
import statistics
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from console.main import COLLECTED_AFTER
from services.agreement import Policy
from services.areas.due import DUE
from services.fleet.rules import AGREEMENT
from services.model import Observation, Store, Verdict
from tests.bench.measured import Measured, seconds
from tests.support.many import NOW, answers, picture

Answer = Observation[tuple[object, ...]]

TENANTS = 100_000
CHANGED = 100
TIMES = 5
PACE_S = 0.25


def measure() -> Iterator[Measured]:
    """The time of one such refresh."""
    judged: list[str] = []

    def rpo(store: Store, tier: str | None, policy: Policy, now: datetime, *, figure: str) -> Verdict:
        judged.append(store.name)
        return AGREEMENT.rpo(store, tier, policy, now, figure=figure)

    gc.set_threshold(*COLLECTED_AFTER)
    made = picture(TENANTS, replace(AGREEMENT, rpo=rpo))
    taken: list[float] = []
    for turn in range(TIMES):
        later = NOW + timedelta(seconds=10 * (turn + 1))
        seen = list(answers(CHANGED * turn, later))
        judged.clear()

        def refresh(later: datetime = later, seen: list[Answer] = seen) -> None:
            made.take(seen)
            list(DUE.rows(made.publish(later, 2)))

        taken.append(seconds(refresh))
        if len(judged) != CHANGED:
            raise AssertionError(f"{len(judged)} judged, {CHANGED} changed")
    yield Measured("refresh of 100 among 100,000 tenants", statistics.mean(taken), "s", PACE_S)
