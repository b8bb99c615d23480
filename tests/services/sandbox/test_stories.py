"""The stories, told to the real services over HTTP: what is planted is what they come to say."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from services.agreement import default_policy_text, parse_policy
from services.areas.figures import area_of
from services.aws.session import AwsSession, AwsSettings
from services.fleet.refresh import Fleet
from services.fleet.snapshot import FleetSnapshot
from services.internal.client import InternalApi
from services.model import LifecycleState, Status, Verdict
from services.sandbox.options import STORY_TENANTS
from services.sandbox.stories import HOSTILE, STORIES, Expected, plant_stories
from tests.support.sandbox import AT, SEED, RunningSandbox

TOLD = [
    pytest.param(expected, id=f"{story.name}-{expected.tenant}-{number}")
    for story in plant_stories(SEED, AT)
    for number, expected in enumerate(story.expected)
]


@pytest.fixture(scope="module")
def seen(sandbox: RunningSandbox) -> FleetSnapshot:
    """The fleet as the real services see it, asked once."""
    policy = parse_policy(default_policy_text())
    with pytest.MonkeyPatch.context() as patch:
        for name, value in sandbox.aws_environment.items():
            patch.setenv(name, value)
        aws = AwsSession(AwsSettings(role_arn=sandbox.role_arn, home_region=sandbox.regions[0]))
        api = InternalApi(sandbox.api_url, sandbox.tokens["viewer"], now=sandbox.now, default_zone=policy.default_zone)
        with api:
            return Fleet(api, aws, policy, sandbox.now).refresh(lambda _: None, threading.Event())


@pytest.mark.parametrize("expected", TOLD)
def test_story_has_its_verdict(expected: Expected, seen: FleetSnapshot) -> None:
    """Each verdict that a story expects, in its area, is the one that the services come to, on the planted instant."""
    if expected.figure is None:
        assert expected.tenant is not None
        view = seen.tenants[expected.tenant]
        assert view.status is expected.status, view.worst
        return
    assert area_of(expected.figure) == expected.area
    verdicts = [verdict for verdict in verdicts_of(expected.tenant, seen) if verdict.figure == expected.figure]
    if expected.store is not None and expected.tenant is None:  # nobody's stores may bear the same name
        verdicts = [view.verdict for view in seen.orphans if view.store and view.store.arn == expected.store]
        verdicts += [view.verdict for view in seen.orphan_links if view.link and view.link.arn == expected.store]
    (verdict,) = verdicts
    assert verdict.status is expected.status, verdict.reason
    if expected.restore_point_at is not None:
        assert verdict.at == expected.restore_point_at


def verdicts_of(tenant: str | None, seen: FleetSnapshot) -> Iterator[Verdict]:
    """Everything that is judged of a tenant, or of nobody."""
    if tenant is not None:
        yield from seen.tenants[tenant].verdicts
    yield from (view.verdict for view in seen.slots if view.slot.tenant == tenant)
    yield from (view.verdict for view in seen.pending_maintenance if view.tenant == tenant)


def test_all_are_told() -> None:
    """At least 22 stories, each with a name of its own, a sentence, something planted and something expected."""
    stories = plant_stories(SEED, AT)
    assert len({story.name for story in stories}) == len(stories) == len(STORIES) >= 22
    for story in stories:
        assert story.sentence.endswith((".", "!"))
        assert any(story.planted.facts().values())
        assert story.expected


def test_everything_answered(seen: FleetSnapshot) -> None:
    """Every source answered, no record is bad, and exactly the planted tenants are there."""
    assert [view.source.name for view in seen.failed] == []
    assert seen.pending == 0
    assert seen.bad_records == ()
    assert len(seen.tenants) == 60


def test_what_is_wrong_is_in_the_stories(seen: FleetSnapshot) -> None:
    """Every ordinary tenant is in health, its clocks in their normal course; all that is wrong is a story's."""
    told = {tenant.id for story in plant_stories(SEED, AT) for tenant in story.planted.tenants}
    ordinary = [view for id_, view in seen.tenants.items() if id_ not in told]
    assert {view.status for view in ordinary} == {Status.OK, Status.DUE}
    for view in ordinary:
        if view.tenant.state is LifecycleState.ACTIVE:
            assert view.status is Status.OK, view.worst
            assert view.stores
    assert len(seen.orphans) == 2
    assert len(seen.orphan_links) == 1


def test_nine_minutes_are_reckoned(seen: FleetSnapshot) -> None:
    """The figure of a story is the time from the planted restorable time to the observation that saw it."""
    (view,) = seen.tenants["globex-voice"].stores
    assert view.verdict.value is not None
    assert AT - timedelta(minutes=9) + view.verdict.value in {one.at for one in view.verdict.evidence}
    assert view.verdict.target == timedelta(minutes=5)


def test_two_days_are_left(seen: FleetSnapshot) -> None:
    """The grace of a story ends two days and the rest of its zone's today from now."""
    (clock,) = [clock for clock in seen.tenants["soylent-help"].clocks if clock.name == "grace"]
    assert timedelta(days=2) <= clock.ends_at - AT < timedelta(days=3)


def test_hostile_text_arrives_as_it_is(seen: FleetSnapshot) -> None:
    """No service changes a hostile string on its way: the screens get them whole and have to clean them."""
    tenant = seen.tenants["acme-hostile"].tenant
    assert tenant.sp_end_customers == tuple(text for text in HOSTILE if "\x00" not in text)
    assert "\x1b]0;owned\x07" in tenant.name
    assert "\x1b]52;" in (tenant.order or "")


def test_the_page_tells_every_story() -> None:
    """The sandbox's page has a row for each story with the tenants in it, and says how many tenants they take."""
    page = Path("docs/sandbox.md").read_text(encoding="utf-8")
    rows = {line.split("`")[1]: line for line in page.splitlines() if line.startswith("| `")}
    for story in plant_stories(SEED, AT):
        assert story.name in rows
        if story.name != "ownerless":
            assert all(f"`{tenant.id}`" in rows[story.name] for tenant in story.planted.tenants)
    assert f"the stories' {STORY_TENANTS} included" in page
