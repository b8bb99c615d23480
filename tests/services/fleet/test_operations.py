"""Exports, cases and holds with their tenant, and what follows where such a list was not read."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from services.fleet.snapshot import TenantView
from services.model import LifecycleState, Status, Verdict
from tests.services.estate.things import NOW, answers, instance, tagged
from tests.services.fleet.fakes import picture, registry, restored, tenant
from tests.services.fleet.nouns import case, export, hold
from tests.services.fleet.test_merge import merged

ORDERS = instance("orders", tags=tagged("acme"))
ENDED: dict[str, Any] = {"state": LifecycleState.DISMISSED, "ended_on": date(2026, 10, 1)}
"""Hosted data is due 2027-01-01 by the end alone."""
LATE: dict[str, Any] = {"state": LifecycleState.DISMISSED, "ended_on": date(2026, 4, 1)}
"""Hosted data and everything else is overdue."""


def acme(*, record: dict[str, Any] | None = None, **answer: Any) -> TenantView:
    made = picture()
    made.take_registry(registry(tenant("acme", **(record or {})), recovery_tests=(restored("orders"),), **answer), NOW)
    return merged(made, *answers(ORDERS)).tenants["acme"]


def verdict(view: TenantView, figure: str) -> Verdict:
    (found,) = [verdict for verdict in view.verdicts if verdict.figure == figure]
    return found


def test_exports_cases_and_holds_are_judged_with_their_tenant() -> None:
    """Each has a verdict among the tenant's, and the worst of them is its status."""
    view = acme(record=ENDED, exports=(export(),), cases=(case(),), holds=(hold(),))
    (one,), (two,), (three,) = view.exports, view.cases, view.holds
    figures = [it.figure for it in (one.verdict, two.verdict, three.verdict)]
    assert figures == ["export.exp-acme", "case.case-acme", "hold.hold-acme"]
    assert verdict(view, "case.case-acme").status is Status.AT_RISK
    assert view.status is Status.AT_RISK
    assert view.exports[0].clock is not None
    assert view.cases[0].clock is not None


def test_a_delivered_export_brings_the_end_of_hosted_data_forward() -> None:
    """The tenant's clock is that of the export's window, and its verdict says so."""
    alone, with_export = acme(record=ENDED), acme(record=ENDED, exports=(export(),))
    assert verdict(with_export, "hosted_data").due_at == with_export.exports[0].clock.ends_at  # type: ignore[union-attr]
    assert (verdict(alone, "hosted_data").due_at or NOW) > (verdict(with_export, "hosted_data").due_at or NOW)


def test_the_newest_request_and_case_come_first() -> None:
    """An operator looks for what was asked last."""
    old = export(id="exp-0", requested_at=NOW - timedelta(days=90))
    view = acme(exports=(old, export()), cases=(case(id="case-0", opened_at=NOW - timedelta(days=9)), case()))
    assert [it.export.id for it in view.exports] == ["exp-acme", "exp-0"]
    assert [it.case.id for it in view.cases] == ["case-acme", "case-0"]


@pytest.mark.parametrize("collection", ["exports", "cases", "holds"])
def test_a_list_that_was_not_read_makes_the_tenant_unknown(collection: str) -> None:
    """There may be more than is known: no tenant is well by an absence that nobody saw."""
    assert acme().status is Status.OK
    view = acme(failed=(collection,))
    assert view.status is Status.UNKNOWN
    assert f"its {collection} cannot be told: internal GET /{collection} failed" in verdict(view, collection).reason


def test_without_the_exports_an_ended_tenants_data_may_be_due_earlier() -> None:
    """What is not broken yet is unknown, and says what it would be."""
    view = acme(record=ENDED, failed=("exports",))
    hosted = verdict(view, "hosted_data")
    assert hosted.status is Status.UNKNOWN
    assert "an export could bring it forward: internal GET /exports failed" in hosted.reason
    assert verdict(view, "state").status is Status.UNKNOWN


def test_without_the_exports_what_is_broken_stays_broken() -> None:
    """An export only ever brings the end forward."""
    assert verdict(acme(record=LATE, failed=("exports",)), "hosted_data").status is Status.BREACHED


def test_without_the_holds_what_is_broken_may_be_excused() -> None:
    """It is unknown, and the reason keeps what it would be."""
    outer = verdict(acme(record=LATE, failed=("holds",)), "return_or_delete")
    assert outer.status is Status.UNKNOWN
    assert "a legal hold could excuse it" in outer.reason
    assert "was breached" in outer.reason


def test_without_the_holds_what_is_not_due_stays_as_it_is() -> None:
    """A hold makes nothing worse."""
    assert verdict(acme(record=ENDED, failed=("holds",)), "return_or_delete").status is Status.OK


def test_a_tenant_in_force_needs_neither_exports_nor_holds_for_its_state() -> None:
    """Nothing of it is due for destruction."""
    assert verdict(acme(failed=("exports", "holds")), "state").status is Status.OK


def test_without_the_recorded_tests_the_rto_is_unknown() -> None:
    """A slower test, or a first one, may be among them; RPO rests on none."""
    view = acme(failed=("recovery-tests",))
    assert verdict(view, "rto.orders").status is Status.UNKNOWN
    assert "further tests cannot be told" in verdict(view, "rto.orders").reason
    assert verdict(view, "recovery.orders").status is Status.OK


def test_without_the_end_nothing_that_runs_to_it_is_judged() -> None:
    """An export's window is cut by it and a hold stops what it begins; a case has nothing to do with it."""
    made = picture()
    answer = registry(
        tenant("acme"), exports=(export(),), holds=(hold(),), cases=(case(),), doubts={"acme": "no subscription"}
    )
    made.take_registry(answer, NOW)
    view = merged(made, *answers(ORDERS)).tenants["acme"]
    for it in (view.exports[0].verdict, view.holds[0].verdict):
        assert it.status is Status.UNKNOWN
        assert "its end date is not known: no subscription; was " in it.reason
    assert view.cases[0].verdict.status is not Status.UNKNOWN


def test_a_bad_record_that_names_a_tenant_is_doubt_about_that_tenant_alone() -> None:
    """What cannot be read of one hides nothing of another."""
    made = picture()
    answer = registry(tenant("acme"), tenant("contoso"), doubtful={"cases": {"acme": "bad record (case-1)"}})  # type: ignore[arg-type]
    made.take_registry(answer, NOW)
    shot = merged(made, *answers())
    assert "bad record (case-1)" in verdict(shot.tenants["acme"], "cases").reason
    assert "cases" not in {it.figure for it in shot.tenants["contoso"].verdicts}


def test_what_was_last_seen_stays_in_sight_while_its_list_is_not_read() -> None:
    """As unknown, with what it was."""
    made = picture()
    made.take_registry(registry(tenant("acme"), cases=(case(),)), NOW)
    made.take_registry(registry(tenant("acme"), failed=("cases",), at=NOW), NOW)
    view = merged(made, *answers(ORDERS)).tenants["acme"]
    assert view.cases[0].verdict.status is Status.UNKNOWN
    assert "was at-risk" in view.cases[0].verdict.reason


def test_lists_that_nobody_asked_for_in_time_heal_with_their_answer() -> None:
    """What grew too old is unknown, and comes back though the answer is as before."""
    made = picture()
    answer = registry(tenant("acme"), recovery_tests=(restored("orders"),))
    made.take_registry(answer, NOW)
    merged(made, *answers(ORDERS))
    late = NOW + timedelta(hours=1)
    assert made.rejudge(late).tenants["acme"].status is Status.UNKNOWN
    made.take(answers(ORDERS, at=late))
    parts = registry(tenant("acme"), recovery_tests=(restored("orders"),), at=late, unheard=("exports", "cases"))
    made.take_registry(parts, late)
    assert made.publish(late, 2).tenants["acme"].status is Status.UNKNOWN
    made.take_registry(registry(tenant("acme"), recovery_tests=(restored("orders"),), at=late), late)
    assert made.publish(late, 2).tenants["acme"].status is Status.OK
