"""Conduct cases: 24 elapsed hours from the delivery, a scope, and exactly that scope back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.model import CaseState
from services.orders.base import RefusedError
from services.orders.world import Known
from services.wire.operations import CaseRecord
from services.wire.orders import NOW, Confirmation
from tests.services.agreement.policies import OTHER
from tests.services.orders.worlds import (
    AT,
    DAY,
    HOUR,
    KEY,
    acme,
    becomes,
    calls,
    carried_out,
    known,
    later,
    plan,
    refusal,
    subscription,
    tenant,
)
from tests.support import registry

DELIVERED = AT - HOUR
OPENING = {"scope": "application fax", "summary": "spam by fax"}


def with_case(**members: Any) -> Known:
    """A tenant in force with a case on its fax."""
    return known(*acme(ended_on=None), registry.case("c-1", "acme", **members))


def the_case(of: Known) -> CaseRecord:
    (record,) = of.records[CaseRecord]
    assert isinstance(record, CaseRecord)
    return record


def test_opening_starts_no_clock() -> None:
    """The clock runs from the delivery of the request."""
    made = plan(known(*acme()), "case-open", **OPENING, reference="INC-7")
    (call,) = calls(made)
    assert call.after is not None
    assert call.path == f"/cases/case-{KEY[:12]}-1"
    assert (call.after["state"], call.after["opened_at"], call.after["delivered_at"]) == ("open", NOW, None)
    assert made.clocks == ()
    assert made.confirmation is Confirmation.REVERSIBLE


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("application  fax ", "application fax"),
        ("account 7", "account 7"),
        ("data call records", "data call records"),
        ("project x", "project x"),
        ("tenant", "tenant"),
        ("tenant acme", "tenant"),
        ("sp-end-customer end-7", "sp-end-customer end-7"),
    ],
)
def test_scopes_that_the_policy_lets_disable(typed: str, kept: str) -> None:
    """A kind and a name; of all of the tenant no name; of a service provider one of its own customers."""
    given = known(tenant(sp_end_customers=["end-7", "end-8"]), subscription())
    (call,) = calls(plan(given, "case-open", **{**OPENING, "scope": typed}))
    assert call.after is not None
    assert call.after["scope"] == kept


@pytest.mark.parametrize(
    "typed", ["fax", "application", "region eu-central-1", "tenant beta", "sp-end-customer end-9", "sp-end-customer"]
)
def test_scopes_that_it_does_not(typed: str) -> None:
    """No kind of the policy's, no name, another tenant, another provider's customer."""
    given = known(tenant(sp_end_customers=["end-7"]), subscription())
    assert refusal(given, "case-open", **{**OPENING, "scope": typed}).where == "fields.scope"


def test_another_agreement_names_other_scopes() -> None:
    """The kinds are data."""
    given = known(*acme(), policy=OTHER.policy)
    assert plan(given, "case-open", **{**OPENING, "scope": "account 7"}).steps
    assert "one of account" in str(refusal(given, "case-open", **OPENING))


def test_one_open_case_a_scope_and_none_where_access_is_blocked() -> None:
    """A second operator is told of the first one's case; what is blocked needs no case."""
    assert "case c-1 is about application fax already" in str(refusal(with_case(), "case-open", **OPENING))
    assert plan(with_case(state="closed", ended_at=AT), "case-open", **OPENING).steps
    assert refusal(known(*acme("dismissed")), "case-open", **OPENING).where == "acme"


def test_the_delivery_starts_24_elapsed_hours() -> None:
    """From the instant of the delivery, whatever the clocks do that night."""
    night = datetime(2026, 10, 24, 20, tzinfo=UTC)  # Rome's clocks go back
    made = plan(with_case(opened_at=night - HOUR), "case-deliver", case="c-1", delivered="2026-10-24T22:00:00+02:00")
    assert [becomes(call) for call in calls(made)] == [{"delivered_at": (None, "2026-10-24T20:00:00Z")}]
    (clock,) = made.clocks
    assert (clock.clock, clock.clause, clock.before, clock.after) == ("conduct", "acceptable-use", None, night + DAY)
    assert made.warnings == ()


def test_a_delivery_before_the_case_was_opened_is_told() -> None:
    """It may have been so; it also makes the customer's time shorter."""
    made = plan(with_case(opened_at=AT), "case-deliver", case="c-1", delivered="2026-11-23T11:00:00Z")
    assert made.warnings == ("the delivery lies before the case was opened 2026-11-23T12:00:00Z",)


@pytest.mark.parametrize(
    ("members", "fields"),
    [
        ({}, {"delivered": "2026-11-23T12:00:01Z"}),
        ({"delivered_at": DELIVERED}, {"delivered": "2026-11-23T11:30:00Z"}),
        ({"state": "corrected", "ended_at": AT}, {"delivered": "2026-11-23T11:30:00Z"}),
        ({"state": "closed", "ended_at": AT}, {"delivered": "2026-11-23T11:30:00Z"}),
        ({"kind": "breach-notice"}, {"delivered": "2026-11-23T11:30:00Z"}),
        ({}, {}),
    ],
)
def test_deliveries_that_are_refused(members: dict[str, Any], fields: dict[str, str]) -> None:
    """To come, a second one, of a case that is over or another kind, and one without its instant."""
    assert refusal(with_case(**members), "case-deliver", case="c-1", **fields).where in (
        "fields.case",
        "fields.delivered",
    )


def test_the_case_is_the_tenants_own() -> None:
    """No order of one tenant changes another's case."""
    given = known(*acme(), tenant("beta"), registry.case("c-1", "beta"))
    assert "is one of beta" in str(refusal(given, "case-correct", case="c-1"))


@given(st.timedeltas(timedelta(), timedelta(days=3)), st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)))  # noqa: DTZ001 - given a zone below
def test_disabling_is_refused_before_24_hours_are_over_and_allowed_from_then_on(
    since: timedelta, naive: datetime
) -> None:
    """At every instant, to the microsecond, by the time that it is."""
    delivered = naive.replace(tzinfo=UTC)
    of = later(with_case(opened_at=delivered - HOUR, delivered_at=delivered), delivered + since)
    if since < timedelta(hours=24):
        assert "case-disable is refused before" in str(refusal(of, "case-disable", case="c-1"))
    else:
        made = plan(of, "case-disable", case="c-1")
        assert becomes(calls(made)[0])["disabled_at"] == (None, NOW)


def test_the_boundary_itself() -> None:
    """A microsecond before is too early; the instant itself is not."""
    of = with_case(delivered_at=DELIVERED)
    early = refusal(later(of, DELIVERED + DAY - timedelta(microseconds=1)), "case-disable", case="c-1")
    assert "before 2026-11-24T11:00:00Z" in str(early)
    assert plan(later(of, DELIVERED + DAY), "case-disable", case="c-1").steps


def test_disabling_names_its_scope_and_touches_nothing_else() -> None:
    """The tenant notices: its id is typed."""
    made = plan(later(with_case(delivered_at=DELIVERED), AT + DAY), "case-disable", case="c-1")
    assert [becomes(call) for call in calls(made)] == [
        {"state": ("open", "disabled"), "disabled_at": (None, NOW), "disabled_scope": (None, "application fax")}
    ]
    assert made.confirmation is Confirmation.SEEN
    assert made.effects == ("application fax of acme is disabled until corrected; nothing else of it is.",)


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({}, "no clock runs"),
        ({"delivered_at": DELIVERED, "state": "corrected", "ended_at": AT}, "is corrected"),
        ({"delivered_at": DELIVERED, "state": "disabled", "disabled_at": AT}, "is disabled"),
        ({"delivered_at": DELIVERED, "scope": "everything"}, "a scope is one of"),
    ],
)
def test_disabling_that_is_refused_however_late(members: dict[str, Any], said: str) -> None:
    """Nothing delivered, corrected in time, done already, and a scope that no policy lets disable."""
    assert said in str(refusal(later(with_case(**members), AT + 9 * DAY), "case-disable", case="c-1"))


def test_disabling_all_of_a_service_provider_warns_for_its_customers() -> None:
    """The other SP end customers are untouched, unless the scope is all of it."""
    ends: dict[str, Any] = {"sp_end_customers": ["end-7", "end-8"]}
    for scope, warnings in (("tenant", 1), ("sp-end-customer end-7", 0)):
        case = registry.case("c-1", "acme", scope=scope, delivered_at=DELIVERED)
        made = plan(known(tenant(**ends), subscription(), case, now=AT + DAY), "case-disable", case="c-1")
        assert len(made.warnings) == warnings


@given(
    st.sampled_from(["application fax", "account 7", "tenant", "project blue", "data call records"]),
    st.sampled_from(["application chat", "account 8", "tenant"]),
)
def test_reinstating_restores_exactly_what_was_disabled(scope: str, written_since: str) -> None:
    """Whatever was written into the case since; then it is closed, and its correction keeps its time."""
    of = later(with_case(scope=scope, delivered_at=DELIVERED), AT + DAY)
    for action in ("case-disable", "case-correct"):
        of = carried_out(of, plan(of, action, case="c-1"))
    corrected = the_case(of)
    of = known(*acme(ended_on=None), corrected.model_copy(update={"scope": written_since}), now=AT + 2 * DAY)
    made = plan(of, "case-reinstate", case="c-1")
    assert made.steps[0].says == f"{scope} of acme reinstated"
    closed = the_case(carried_out(of, made))
    assert (closed.state, closed.disabled_scope, closed.reinstated_at) == (CaseState.CLOSED, scope, AT + 2 * DAY)
    assert closed.ended_at == AT + DAY


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({}, "nothing was disabled"),
        ({"state": "corrected", "ended_at": AT}, "nothing was disabled"),
        ({"state": "disabled", "disabled_at": AT}, "disabled until corrected"),
        ({"state": "closed", "disabled_at": AT, "ended_at": AT}, "is closed"),
    ],
)
def test_reinstating_that_is_refused(members: dict[str, Any], said: str) -> None:
    """What was never disabled, what is not corrected, what is over."""
    assert said in str(refusal(with_case(**members), "case-reinstate", case="c-1"))


def test_a_correction_is_dated_when_it_is_carried_out() -> None:
    """And says what follows: reinstating, or closing."""
    made = plan(with_case(delivered_at=DELIVERED), "case-correct", case="c-1")
    assert [becomes(call) for call in calls(made)] == [{"state": ("open", "corrected"), "ended_at": (None, NOW)}]
    assert made.effects == ("It may be closed.",)
    off = with_case(state="disabled", disabled_at=AT, disabled_scope="application fax")
    assert plan(off, "case-correct", case="c-1").effects == ("application fax is to be reinstated.",)
    assert "corrected already" in str(refusal(with_case(state="corrected"), "case-correct", case="c-1"))


def test_closing_what_was_corrected_in_time() -> None:
    """No word is asked; the time of the correction stays."""
    made = plan(with_case(state="corrected", ended_at=DELIVERED), "case-close", case="c-1")
    assert [becomes(call) for call in calls(made)] == [{"state": ("corrected", "closed")}]
    assert made.warnings == ()


def test_closing_what_was_not_corrected_takes_a_word() -> None:
    """Why it was none; and what is disabled is never forgotten by closing."""
    assert refusal(with_case(), "case-close", case="c-1").where == "fields.outcome"
    made = plan(with_case(), "case-close", case="c-1", outcome="not theirs")
    assert becomes(calls(made)[0]) == {
        "state": ("open", "closed"),
        "ended_at": (None, NOW),
        "outcome": (None, "not theirs"),
    }
    assert len(made.warnings) == 1
    for state in ("disabled", "corrected"):
        off = with_case(state=state, disabled_at=AT)
        assert "case-reinstate closes it" in str(refusal(off, "case-close", case="c-1", outcome="x"))


@settings(max_examples=500)
@given(st.lists(st.sampled_from(["deliver", "disable", "correct", "reinstate", "close", "wait"]), max_size=12))
def test_no_order_of_acts_disables_early_or_leaves_something_disabled_in_a_closed_case(acts: list[str]) -> None:
    """Whatever is tried, in whatever order: what was disabled was so after its hours, and is reinstated at the end."""
    of = with_case(opened_at=AT)
    for act in acts:
        if act == "wait":
            of = later(of, of.now + 13 * HOUR)
            continue
        fields = {"delivered": of.now.isoformat()} if act == "deliver" else {}
        if act == "close":
            fields = {"outcome": "over"}
        try:
            of = carried_out(of, plan(of, f"case-{act}", case="c-1", **fields))
        except RefusedError:
            continue
    case = the_case(of)
    if case.disabled_at is not None:
        assert case.delivered_at is not None
        assert case.disabled_at >= case.delivered_at + DAY
        assert case.state is not CaseState.CLOSED or case.reinstated_at is not None
