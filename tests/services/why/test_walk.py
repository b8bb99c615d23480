"""Every kind of figure with each source lost in turn: nothing that rests on it is green, and ``why`` names it."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

import pytest

from services.fleet.snapshot import FleetSnapshot
from services.model import Evidence, Explanation, Outcome, Source, Status
from services.why import explain, figures
from services.why.evidence import say_source
from tests.services.estate.things import NOW
from tests.services.why.world import ERROR, MINUTE, made_of, world

GREEN = frozenset({Status.OK, Status.DUE, Status.NOT_APPLICABLE})
FURTHER_POINTS = (
    "DescribeDBInstanceAutomatedBackups",
    "DescribeDBClusterAutomatedBackups",
    "DescribeDBSnapshots",
    "DescribeDBClusterSnapshots",
    "ListRecoveryPointsByBackupVault",
)
"""They can only make an RPO better that is proven without them; see the decision 0012."""
STANDS = {
    ("state", "GET /exports"): ("acme", "fabrikam"),
    ("state", "GET /holds"): ("acme", "fabrikam", "litware", "oakwood"),
    ("grace", "GET /exports"): ("oakwood",),
    ("grace", "GET /holds"): ("oakwood",),
    ("hosted_data", "GET /holds"): ("oakwood",),
    ("return_or_delete", "GET /exports"): ("litware", "oakwood"),
    ("return_or_delete", "GET /holds"): ("oakwood",),
}
"""Figure and list → the tenants whose clock has not begun, or which such a record could not change for the worse."""
WELL = world()
EVERY = [(tenant, figure) for tenant in (None, *WELL.tenants) for figure in figures(WELL, tenant)]
SOURCES = [view.source for view in WELL.sources]


@cache
def told(tenant: str | None, figure: str) -> Explanation:
    return explain(WELL, tenant, figure)


def resting_on(source: Source) -> list[tuple[str | None, str]]:
    name = say_source(source)
    return [one for one in EVERY if any(seen.source == name for seen in told(*one).evidence)]


def seen_of(explained: Explanation, source: Source) -> Evidence:
    (found,) = [seen for seen in explained.evidence if seen.source == say_source(source)]
    return found


def may_stand(tenant: str | None, figure: str, source: Source) -> bool:
    if figure.startswith("recovery.") and source.operation in FURTHER_POINTS and figure != "recovery.files":
        return True
    return tenant in STANDS.get((figure, source.operation), ())


def test_the_walk_meets_every_kind_of_figure_in_health() -> None:
    """A figure that is not green by itself would prove nothing; one tenant has no store, which nobody can know."""
    kinds = {figure.partition(".")[0] for _, figure in EVERY}
    assert kinds == {
        "case", "export", "grace", "hold", "hosted_data", "link", "pending", "recovery", "return_or_delete", "rto",
        "slot", "state",
    }  # fmt: skip
    bad = {one for one in EVERY if told(*one).status not in GREEN}
    assert bad == {("oakwood", "recovery")}
    assert {source.operation for source in SOURCES if not resting_on(source)} <= {
        "GET /parties", "GET /acknowledgements", "GET /audit", "GetResources", "ListBackupJobs", "ListCopyJobs",
        "ListBackupPlans", "ListProtectedResources", "DescribeVirtualInterfaces", "DescribeTransitGatewayConnectPeers",
    }  # fmt: skip


@pytest.mark.parametrize("outcome", [Outcome.DENIED, Outcome.THROTTLED, Outcome.FAILED])
@pytest.mark.parametrize("source", [it for it in SOURCES if resting_on(it)], ids=lambda it: it.operation)
def test_what_rests_on_a_lost_source_is_unknown_and_names_it(source: Source, outcome: Outcome) -> None:
    """Source, outcome, error, when it last answered and what was then seen; what stands without it says that."""
    lost = world(source.__eq__, outcome=outcome)
    for tenant, figure in resting_on(source):
        explained, well = explain(lost, tenant, figure), told(tenant, figure)
        seen = seen_of(explained, source)
        assert (seen.outcome, seen.error, seen.last_seen_at) == (outcome, ERROR, NOW - MINUTE), (tenant, figure)
        assert (seen.value is None) is (seen_of(well, source).value is None), (tenant, figure)
        if may_stand(tenant, figure, source):
            assert explained.status is well.status, (tenant, figure)
            assert any(f"stands without {say_source(source)}, {outcome}" in step for step in explained.steps)
            continue
        assert explained.status is Status.UNKNOWN, (tenant, figure, explained.reason)
        if well.status is not Status.UNKNOWN:
            assert source.operation in explained.reason, (tenant, figure, explained.reason)
            assert ERROR in explained.reason, (tenant, figure, explained.reason)


@pytest.mark.parametrize("source", [it for it in SOURCES if not resting_on(it)], ids=lambda it: it.operation)
def test_what_rests_on_other_sources_stays_as_it_is(source: Source) -> None:
    """A source that no figure rests on changes none; of backups that may have gone wrong unseen the reason tells."""
    told_of = f"its backup jobs are not all known: backup {source.operation} denied"
    assert verdicts(world(source.__eq__), without=told_of) == verdicts(WELL)


def verdicts(fleet: FleetSnapshot, without: str = "") -> list[tuple[str | None, str, Status, str]]:
    return [
        (tenant, figure, explained.status, explained.reason.removesuffix(f"; {without}"))
        for tenant, figure in EVERY
        for explained in [explain(fleet, tenant, figure)]
    ]


@pytest.mark.parametrize(("after", "tier"), [(3 * MINUTE, "dedicated"), (16 * MINUTE, "public")], ids=["2m", "15m"])
def test_a_figure_past_its_age_says_what_was_last_seen_and_which_age_is_allowed(after: timedelta, tier: str) -> None:
    """With when that was; while the evidence of the other tier is young enough still."""
    made = made_of()
    aged = made.rejudge(NOW + after)
    while made.behind:
        aged = made.rejudge(NOW + after)
    for tenant, figure in EVERY:
        explained, well = explain(aged, tenant, figure), told(tenant, figure)
        mine = aged.tenants[tenant].tenant.tier if tenant is not None else "public"
        if mine == "public" and tier == "dedicated":
            assert (explained.status, explained.reason) == (well.status, well.reason)
        elif well.status is not Status.UNKNOWN:
            allowed = "2m" if mine == "dedicated" else "15m"
            if figure.startswith("link.") and after > 5 * MINUTE:  # before, its record is what is too old
                allowed = "5m"
            assert explained.status is Status.UNKNOWN, (tenant, figure)
            assert f"older than {allowed}" in explained.reason or f"at most {allowed} ago" in explained.reason
            assert "last seen: " in explained.reason or f"was {well.status}: {well.reason}" in explained.reason
            assert "2026-11-23T12:00:00Z" in explained.reason
