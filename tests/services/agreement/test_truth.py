"""What every judgement keeps, whatever the record: it never raises, its next change is true, its steps lead to it.

Each property runs through both agreements, over records at random.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.agreement import (
    Policy,
    judge_case,
    judge_export,
    judge_hold,
    judge_pending,
    judge_rpo,
    judge_rto,
    judge_slot,
    lifecycle_verdicts,
    slot_conflicts,
    state_due,
)
from services.agreement.steps import (
    Reckoning,
    explain_case,
    explain_export,
    explain_hold,
    explain_lifecycle,
    explain_pending,
    explain_rpo,
    explain_rto,
    explain_slot,
)
from services.model import (
    Case,
    CaseState,
    Export,
    ExportState,
    Hold,
    RestorePoint,
    Slot,
    SlotState,
    Status,
    Tenant,
    Verdict,
)
from tests.services.agreement.nouns import NOW, observation, point, store
from tests.services.agreement.policies import BOTH, NAMES, Expected
from tests.services.agreement.records import CASES, EXPORTS, HOLDS, INSTANTS, MAYBE, SLOTS, TENANTS, TRIED

both = pytest.mark.parametrize("agreed", BOTH, ids=NAMES)
TICK = datetime.resolution


def check(
    judge: Callable[[datetime], Verdict],
    explain: Callable[[Verdict, datetime], Reckoning],
    now: datetime,
    *,
    reckoned: bool = True,
) -> None:
    """A verdict's next change is the next one, and its last step ends in its status.

    ``reckoned``: unless it is unknown, that step is arithmetic of its own and not the verdict's reason again.
    """
    verdict = judge(now)
    if verdict.changes_at is not None:
        assert verdict.changes_at > now
        assert judge(verdict.changes_at - TICK) == verdict
        assert judge(verdict.changes_at) != verdict
        assert told(judge(verdict.changes_at)) != told(verdict)
    for one in (verdict, judge(verdict.changes_at) if verdict.changes_at else verdict):
        explained(one, explain(one, now if one is verdict else verdict.changes_at or now), reckoned=reckoned)


def told(verdict: Verdict) -> tuple[object, ...]:
    """What somebody would notice."""
    return (verdict.status, verdict.reason, verdict.at, verdict.due_at, verdict.clause)


def explained(verdict: Verdict, reckoning: Reckoning, *, reckoned: bool = True) -> None:
    """The last step ends in the status, and each value of the policy is one that a file can hold."""
    assert reckoning.steps[-1].endswith(f" → {verdict.status}")
    if reckoned and verdict.status is not Status.UNKNOWN:
        assert reckoning.steps[-1] != f"{verdict.reason} → {verdict.status}"
    assert all(key and value for key, value in reckoning.policy)
    assert all("\n" not in step for step in reckoning.steps)
    assert reckoning.promise
    if verdict.changes_at is not None:
        assert reckoning.changes_if is not None


@both
@given(who=TENANTS, exports=st.lists(EXPORTS, max_size=2), holds=st.lists(HOLDS, max_size=2), now=INSTANTS)
def test_the_lifecycle(agreed: Expected, who: Tenant, exports: list[Export], holds: list[Hold], now: datetime) -> None:
    """Every figure of a tenant's life: the set of verdicts and the due state change at announced instants alone."""
    policy = agreed.policy

    def verdicts(at: datetime) -> dict[str, Verdict]:
        return {one.figure: one for one in lifecycle_verdicts(who, policy, at, exports=exports, holds=holds)}

    found = verdicts(now)
    changes = [one.changes_at for one in found.values() if one.changes_at is not None]
    assert all(change > now for change in changes)
    for figure, one in found.items():
        alone = figure != "state" or (who.ended_on is not None and not holds)
        explained(one, explain_lifecycle(figure, one, who, policy, now, exports, holds), reckoned=alone)
        if one.changes_at is not None:
            assert verdicts(one.changes_at - TICK)[figure] == one
            after = verdicts(one.changes_at).get(figure)
            assert after is None or told(after) != told(one)
    if changes:
        before = min(changes) - TICK
        assert verdicts(before) == found
        kept = {"exports": exports, "holds": holds}
        assert state_due(who, policy, before, **kept) is state_due(who, policy, now, **kept)  # type: ignore[arg-type]


@both
@given(it=EXPORTS, who=TENANTS, now=INSTANTS)
def test_exports(agreed: Expected, it: Export, who: Tenant, now: datetime) -> None:
    """An export, whatever its record says."""
    check(
        lambda at: judge_export(it, who, agreed.policy, at),
        lambda verdict, at: explain_export(verdict, it, who, agreed.policy, at),
        now,
        reckoned=it.state is not ExportState.CANCELLED,
    )


@both
@given(it=HOLDS, who=TENANTS, now=INSTANTS)
def test_holds(agreed: Expected, it: Hold, who: Tenant, now: datetime) -> None:
    """A hold, of whatever basis, placed and lifted whenever."""
    check(
        lambda at: judge_hold(it, who, agreed.policy, at),
        lambda verdict, at: explain_hold(verdict, it, who, agreed.policy, at),
        now,
    )


@both
@given(it=CASES, who=TENANTS, now=INSTANTS)
def test_cases(agreed: Expected, it: Case, who: Tenant, now: datetime) -> None:
    """A case of every kind, in every state, with every contradiction."""
    check(
        lambda at: judge_case(it, who, agreed.policy, at),
        lambda verdict, at: explain_case(verdict, it, who, agreed.policy, at),
        now,
        reckoned=it.state in (CaseState.OPEN, CaseState.DISABLED) and it.delivered_at is not None,
    )


@both
@given(
    it=SLOTS,
    others=st.lists(SLOTS, max_size=2),
    who=st.lists(TENANTS, max_size=2),
    exports=st.lists(EXPORTS, max_size=2),
    carried=st.none() | st.lists(st.just("window mw-1 is disabled"), max_size=2).map(tuple),
    now=INSTANTS,
)
def test_slots(
    agreed: Expected,
    it: Slot,
    others: list[Slot],
    who: list[Tenant],
    exports: list[Export],
    carried: tuple[str, ...] | None,
    now: datetime,
) -> None:
    """A slot among others, with or without windows that carry it out."""
    conflicts = slot_conflicts(it, others, who, exports, agreed.policy)
    check(
        lambda at: judge_slot(it, conflicts, carried, agreed.policy, at),
        lambda verdict, at: explain_slot(verdict, it, conflicts, carried, agreed.policy, at),
        now,
        reckoned=it.state is SlotState.SCHEDULED,
    )


@both
@given(applies=MAYBE, forced=st.booleans(), now=INSTANTS)
def test_pending_maintenance(agreed: Expected, applies: datetime | None, now: datetime, *, forced: bool) -> None:
    """What RDS has pending, with or without a date."""
    policy: Policy = agreed.policy

    def judge(at: datetime) -> Verdict:
        return judge_pending("system-update", applies, forced=forced, policy=policy, now=at, figure="pending.db.x")

    check(
        judge,
        lambda verdict, at: explain_pending(verdict, "system-update", applies, forced=forced, policy=policy, now=at),
        now,
    )


POINTS = st.builds(
    point,
    st.none() | st.timedeltas(timedelta(minutes=-2), timedelta(days=4)),
    st.sampled_from(["snapshot", "latest-restorable-time", "backup-recovery-point", "protected-versions"]),
)


@both
@given(
    points=st.lists(POINTS, max_size=3),
    tests=st.lists(TRIED, max_size=4),
    kind=st.sampled_from(["rds-instance", "s3-bucket", "ftp"]),
    age=st.timedeltas(timedelta(0), timedelta(hours=1)),
    standby=st.sampled_from([None, "eu-central-1b"]),
    later=st.timedeltas(timedelta(0), timedelta(days=1)),
    data=st.data(),
)
def test_stores(
    agreed: Expected,
    points: list[RestorePoint],
    tests: list[object],
    kind: str,
    age: timedelta,
    standby: str | None,
    later: timedelta,
    data: st.DataObject,
) -> None:
    """RPO and RTO of a store of every tier, with evidence of any age."""
    tier = data.draw(st.sampled_from([*agreed.rpo, "none-such", None]))
    what = store(*points, kind=kind, sources=(observation(age=age),))
    what = replace(what, tests=tuple(tests), standby=standby, troubles=("backup job failed",))  # type: ignore[arg-type]
    policy = agreed.policy
    check(
        lambda at: judge_rto(what, tier, policy, at, figure="rto.orders-db"),
        lambda verdict, at: explain_rto(verdict, what, tier, policy, at),
        NOW + later,
    )
    check(
        lambda at: judge_rpo(what, tier, policy, at, figure="recovery.orders-db"),
        lambda verdict, at: explain_rpo(verdict, what, tier, policy, at),
        NOW + later,
    )


@both
@given(who=TENANTS, now=INSTANTS)
def test_a_verdict_that_somebody_else_changed_is_explained_by_its_reason(
    agreed: Expected, who: Tenant, now: datetime
) -> None:
    """Where the fleet made a verdict unknown, the last step is what it said, not arithmetic that leads elsewhere."""
    for one in lifecycle_verdicts(who, agreed.policy, now):
        other = replace(one, status=Status.UNKNOWN, reason="the registry was last read yesterday")
        if one.status is not Status.UNKNOWN:
            last = explain_lifecycle(one.figure, other, who, agreed.policy, now).steps[-1]
            assert last == "the registry was last read yesterday → unknown"
