"""Cases: their clock, what they are in each state, and what an over clock means."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from services.agreement import case_clock, count, judge_case, zone
from services.model import Case, CaseKind, CaseState, Status, Verdict
from tests.services.agreement.nouns import NOW, tenant
from tests.services.agreement.policies import BOTH, DEFAULT, NAMES, Expected
from tests.services.agreement.records import DAY, HOUR, case

both = pytest.mark.parametrize("agreed", BOTH, ids=NAMES)
TICK = datetime.resolution
ROME = zone("Europe/Rome")
WHO = tenant(ended_on=None)
USE = CaseKind.ACCEPTABLE_USE
REQUEST = CaseKind.DATA_SUBJECT_REQUEST
NOTICE = CaseKind.BREACH_NOTICE


def judged(it: Case, now: datetime, agreed: Expected = DEFAULT) -> Verdict:
    """The verdict on it."""
    return judge_case(it, WHO, agreed.policy, now)


@both
@pytest.mark.parametrize("kind", list(CaseKind))
def test_the_course_of_an_open_case(agreed: Expected, kind: CaseKind) -> None:
    """Ok, due, at risk near the end; over, a promise of the vendor's is broken, and conduct lets the vendor act."""
    name = {USE: "conduct", REQUEST: "data_subject_request", NOTICE: "breach_notice"}[kind]
    period = agreed.conduct if kind is USE else agreed.assistance[name]
    end = count(period, NOW, ROME)
    clock = case_clock(case(kind), WHO, agreed.policy)
    assert clock is not None
    assert (clock.name, clock.starts_at, clock.ends_at) == (name, NOW, end)
    assert clock.clause == ("acceptable-use" if kind is USE else "processing")
    due, near = max(NOW, end - agreed.horizons[name]), agreed.at_risk[name]
    course = [(due, Status.DUE), (end, Status.AT_RISK if kind is USE else Status.BREACHED)]
    course += [(NOW, Status.OK)] if due > NOW else []
    course += [(end - TICK, Status.DUE)] if near is None else [(end - near, Status.AT_RISK)]
    for now, expected in course:
        verdict = judged(case(kind), now, agreed)
        assert (verdict.status, verdict.due_at, verdict.length) == (expected, end, end - NOW)
        assert (verdict.figure, verdict.clause) == ("case.c-1", clock.clause)


def test_forty_one_minutes_before_disabling_is_allowed() -> None:
    """In the last hour of the 24 a case is at risk, and the reason says what may be disabled from when on."""
    verdict = judged(case(delivered=NOW - timedelta(hours=23, minutes=19)), NOW)
    assert verdict.status is Status.AT_RISK
    assert verdict.reason == "application fax: to be corrected; may be disabled from 2026-11-23T12:45:31Z"


@pytest.mark.parametrize(
    ("it", "expected", "told"),
    [
        (case(delivered=None), Status.UNPROVEN, "no delivery"),
        (case(delivered=NOW + HOUR), Status.UNKNOWN, "has not come"),
        (case(state=CaseState.DISABLED), Status.UNKNOWN, "not when"),
        (case(state=CaseState.DISABLED, delivered=None, disabled=NOW), Status.UNKNOWN, "no delivery"),
        (case(state=CaseState.DISABLED, delivered=NOW - DAY, disabled=NOW - HOUR), Status.BREACHED, "before it was"),
        (case(state=CaseState.DISABLED, delivered=NOW - DAY, disabled=NOW), Status.OK, "until it is corrected"),
        (case(state=CaseState.CORRECTED, ended=NOW), Status.OK, "to be closed"),
        (case(state=CaseState.CORRECTED, ended=NOW, disabled=NOW - HOUR), Status.AT_RISK, "to be reinstated"),
        (case(state=CaseState.CLOSED, ended=NOW), Status.NOT_APPLICABLE, "in time"),
        (case(state=CaseState.CLOSED, ended=NOW + 2 * DAY), Status.NOT_APPLICABLE, "24h late"),
        (case(state=CaseState.CLOSED), Status.UNKNOWN, "not when"),
        (case(state=CaseState.CLOSED, ended=NOW, delivered=None), Status.NOT_APPLICABLE, "no delivery"),
        (case(REQUEST, delivered=None), Status.UNKNOWN, "not recorded"),
        (case(REQUEST, ended=NOW + DAY), Status.OK, "to be closed"),
        (case(NOTICE, ended=NOW + DAY), Status.BREACHED, "was due by 2026-11-24T12:04:31Z"),
        (case(NOTICE, CaseState.CLOSED, ended=NOW + DAY), Status.NOT_APPLICABLE, "late"),
    ],
)
def test_what_a_record_amounts_to(it: Case, expected: Status, told: str) -> None:
    """Each state with and without the instants that it needs; what contradicts itself is unknown."""
    verdict = judged(it, NOW)
    assert verdict.status is expected
    assert told in verdict.reason


def test_a_zone_that_cannot_be_read() -> None:
    """Where the tenant's zone is unknown there is no clock, and the verdict says why."""
    who = tenant(zone="Mars/Phobos")
    verdict = judge_case(case(), who, DEFAULT.policy, NOW)
    assert verdict.status is Status.UNKNOWN
    assert "Mars/Phobos" in verdict.reason
    assert case_clock(case(), who, DEFAULT.policy) is None
    assert case_clock(case(delivered=None), WHO, DEFAULT.policy) is None


@pytest.mark.parametrize("state", [CaseState.DISABLED, CaseState.CORRECTED])
def test_what_was_disabled_is_named_as_it_was_recorded_then(state: CaseState) -> None:
    """Whatever the case's scope has become since: what is disabled is what is to be reinstated."""
    it = case(state=state, delivered=NOW - DAY, disabled=NOW, ended=NOW)
    assert judged(it, NOW).reason.startswith("application fax: ")
    assert judged(replace(it, disabled_scope="account 7"), NOW).reason.startswith("account 7: ")


def test_closing_a_case_reinstates_nothing() -> None:
    """Until a reinstatement is recorded, a closed case does not hide what it has disabled."""
    it = case(state=CaseState.CLOSED, delivered=NOW - 2 * DAY, disabled=NOW - DAY, ended=NOW - HOUR)
    verdict = judged(it, NOW)
    assert verdict.status is Status.UNPROVEN
    assert "nothing records that it was reinstated" in verdict.reason
    assert judged(replace(it, reinstated_at=NOW), NOW).status is Status.NOT_APPLICABLE
