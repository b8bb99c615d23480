"""A copy that was restored for a test (clause ``recovery``): the customer's data, and nobody's store.

It is promised nothing and judged by nothing while its test may run; seen after that, somebody has to delete it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from services.agreement.observed import observed_at, refusal
from services.model import Status, Store, Verdict
from services.words import say_instant

CLAUSE: Final = "recovery"
LONGEST_TEST: Final = timedelta(days=1)
"""A restore is followed for half of it; what is older was left behind."""


def judge_scratch(store: Store, figure: str, *, left: bool = True) -> Verdict:
    """Judge a store that says it is such a copy (``Store.scratch``). Pure; never raises.

    ``unknown`` where a source that speaks about it did not answer. ``at-risk`` where it was seen longer after it was
    made than a test lasts and ``left`` asks for that: one figure of the store tells it, not each.
    """
    observed, made = observed_at(store), store.created_at
    if observed is None:
        return Verdict(Status.UNKNOWN, figure, CLAUSE, refusal(store.sources), evidence=store.sources)
    if left and made is not None and observed - made > LONGEST_TEST:
        reason = f"a copy that restore test {store.scratch} left behind {say_instant(made)}: delete it"
        return Verdict(Status.AT_RISK, figure, CLAUSE, reason, at=made, evidence=store.sources)
    reason = f"a copy made by restore test {store.scratch}, deleted when it ends: it is promised nothing"
    return Verdict(Status.NOT_APPLICABLE, figure, CLAUSE, reason, evidence=store.sources)
