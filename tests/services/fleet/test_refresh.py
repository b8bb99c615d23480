from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.aws.collect.base import Place
from services.fleet.reader import FleetReader
from services.fleet.refresh import Fleet
from services.fleet.round import PUBLISH_EVERY_S
from services.fleet.snapshot import FleetSnapshot
from services.internal.answer import RegistryAnswer
from services.model import Outcome, Status
from tests.services.estate.things import HERE, NOW, OTHER, THERE
from tests.services.fleet.fakes import (
    ASKED,
    LINKED,
    POLICY,
    FakeAws,
    FakeRegistry,
    Pages,
    raw_instance,
    registry,
    restored,
    tenant,
)

NEVER = threading.Event()


def nothing(operation: str, account: str, region: str) -> list[dict[str, Any]]:
    return []


def one_each(operation: str, account: str, region: str) -> list[dict[str, Any]]:
    """An instance in every place, tagged with the region as its tenant."""
    if operation != "describe_db_instances":
        return []
    return [raw_instance("db", Place(account, region), tags={"tenant": region})]


def each(*places: Place) -> RegistryAnswer:
    """A tenant in every place, named as the region, whose instance was tested."""
    tests = tuple(replace(restored("db", place), id=place.region) for place in places)
    return registry(*(tenant(place.region, place) for place in places), recovery_tests=tests)


def fleet(aws: FakeAws, source: FakeRegistry, **options: Any) -> Fleet:
    return Fleet(source, aws, POLICY, lambda: NOW, **options)


def ignore(snapshot: FleetSnapshot) -> None:
    """Publishes to nobody."""


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """Lets go, at the end of the test, whoever waits for it."""
    event = threading.Event()
    yield event
    event.set()


def hanging(region: str, gate: threading.Event, begun: threading.Event | None = None) -> Pages:
    def pages(operation: str, account: str, where: str) -> list[dict[str, Any]]:
        if where == region:
            if begun is not None:
                begun.set()
            gate.wait(20)
        return one_each(operation, account, where)

    return pages


def test_a_fleet_is_a_reader() -> None:
    """The application and the command line need no more than the protocol."""
    reader: FleetReader = fleet(FakeAws(nothing), FakeRegistry(registry()))
    assert reader.rejudge(NOW) is reader.rejudge(NOW)


def test_the_scope_is_that_of_the_registry_and_of_the_profile() -> None:
    """Each place is asked all questions, once; about links where somebody is promised one, or the profile looks."""
    aws = FakeAws(nothing)
    tenants = registry(tenant("acme", HERE), tenant("contoso", HERE), tenant("far", THERE))
    shot = fleet(aws, FakeRegistry(tenants), extra_scope=[(OTHER.account, OTHER.region)]).refresh(ignore, NEVER)
    places = {(account, region) for _, account, region in aws.asked}
    assert places == {(it.account, it.region) for it in (HERE, THERE, OTHER)}
    assert len(aws.asked) == len(set(aws.asked)) == 3 * ASKED + len(LINKED)
    assert {view.outcome for view in shot.sources} == {Outcome.SEEN, Outcome.EMPTY}
    assert not any(view.asking for view in shot.sources)


def test_the_whole_picture_is_returned_and_was_published_last() -> None:
    """With everybody's answer, and who is looking."""
    published: list[FleetSnapshot] = []
    tenants = each(HERE, THERE)
    shot = fleet(FakeAws(one_each), FakeRegistry(tenants)).refresh(published.append, NEVER)
    assert published[-1] is shot
    assert {name: view.status for name, view in shot.tenants.items()} == {
        HERE.region: Status.OK,
        THERE.region: Status.OK,
    }
    assert (shot.identity.user, shot.identity.role) == ("olga", "viewer")
    assert shot.identity.aws_arn == "arn:aws:iam::111122223333:user/olga"
    assert shot.identity.expires_at == NOW + timedelta(hours=1)
    assert {view.source.name for view in shot.sources} >= {"internal:GET /whoami", "sts:GetCallerIdentity"}


def test_before_the_first_answer_the_sources_are_pending(gate: threading.Event) -> None:
    """Whom everybody waits for can be seen from the start."""
    published: list[FleetSnapshot] = []
    cancel = threading.Event()

    def publish(shot: FleetSnapshot) -> None:
        published.append(shot)
        cancel.set()

    fleet(FakeAws(nothing), FakeRegistry(registry(), gate)).refresh(publish, cancel)
    first = published[0]
    assert {view.source.operation for view in first.sources} >= {"GET /tenants", "GET /stores", "GetCallerIdentity"}
    assert all(view.asking for view in first.sources)
    assert first.pending == len(first.sources)


def test_what_has_come_is_published_while_a_region_hangs(gate: threading.Event) -> None:
    """The tenants of the other region are judged; the hanging one's are unknown and say whom they wait for."""
    seen = threading.Event()
    published: list[FleetSnapshot] = []
    cancel = threading.Event()

    def publish(shot: FleetSnapshot) -> None:
        published.append(shot)
        if THERE.region in shot.tenants and shot.tenants[THERE.region].status is Status.OK:
            seen.set()
            cancel.set()

    tenants = each(HERE, THERE)
    shot = fleet(FakeAws(hanging(HERE.region, gate)), FakeRegistry(tenants)).refresh(publish, cancel)
    assert seen.is_set()
    partial = published[-1].tenants[HERE.region]
    assert partial.status is Status.UNKNOWN
    assert "waiting for rds" in partial.stores[0].verdict.reason
    assert not any(view.asking for view in shot.sources)


def test_cancelling_returns_within_a_fifth_of_a_second(gate: threading.Event) -> None:
    """While AWS hangs; nothing is published after it."""
    begun, cancel = threading.Event(), threading.Event()
    published: list[float] = []
    cancelled: list[float] = []

    def stop() -> None:
        begun.wait(10)
        cancelled.append(time.monotonic())
        cancel.set()

    stopper = threading.Thread(target=stop)
    stopper.start()
    aws = FakeAws(hanging(HERE.region, gate, begun))
    fleet(aws, FakeRegistry(registry(tenant("acme")))).refresh(lambda _: published.append(time.monotonic()), cancel)
    waited = time.monotonic() - cancelled[0]
    stopper.join()
    assert waited < 0.2
    assert max(published) <= cancelled[0] + 0.05


def test_threads_left_behind_are_daemons_and_end(gate: threading.Event) -> None:
    """A refresh that was cancelled holds neither the program's end nor, once its calls return, a thread."""
    begun, cancel = threading.Event(), threading.Event()
    before = set(threading.enumerate())

    def publish(_: FleetSnapshot) -> None:
        if begun.is_set():
            cancel.set()

    fleet(FakeAws(hanging(HERE.region, gate, begun)), FakeRegistry(registry(tenant("acme")))).refresh(publish, cancel)
    left = [thread for thread in threading.enumerate() if thread not in before]
    assert left
    assert all(thread.daemon for thread in left)
    gate.set()
    for thread in left:
        thread.join(5)
    assert not any(thread.is_alive() for thread in left)


def test_a_registry_that_hangs_does_not_hold_aws(gate: threading.Event) -> None:
    """In a later refresh, AWS is asked about the tenants last seen at once."""
    source = FakeRegistry(each(HERE))
    aws = FakeAws(one_each)
    made = fleet(aws, source)
    made.refresh(ignore, NEVER)
    aws.asked.clear()
    source.wait = gate
    cancel = threading.Event()

    def publish(_: FleetSnapshot) -> None:
        if len(aws.asked) == ASKED:
            cancel.set()

    shot = made.refresh(publish, cancel)
    assert len(aws.asked) == ASKED
    assert shot.tenants[HERE.region].status is Status.OK


def test_the_first_tenants_are_published_before_aws_answers(gate: threading.Event) -> None:
    """Without waiting for the pace: within it, in the second publishing."""
    published: list[FleetSnapshot] = []
    times: list[float] = []
    cancel = threading.Event()

    def publish(shot: FleetSnapshot) -> None:
        published.append(shot)
        times.append(time.monotonic())
        if shot.tenants:
            cancel.set()

    fleet(FakeAws(hanging(HERE.region, gate)), FakeRegistry(registry(tenant("acme")))).refresh(publish, cancel)
    assert [len(shot.tenants) for shot in published] == [0, 1]
    assert times[1] - times[0] < PUBLISH_EVERY_S


def test_no_more_than_four_snapshots_a_second_are_published() -> None:
    """But for the last, which waits for nobody, however fast the answers come."""
    times: list[float] = []
    regions = [f"eu-test-{number}" for number in range(20)]

    def slowly(operation: str, account: str, region: str) -> list[dict[str, Any]]:
        threading.Event().wait(0.05)
        return []

    tenants = each(*(Place("111122223333", region) for region in regions))
    made = fleet(FakeAws(slowly), FakeRegistry(tenants), limit=6)
    made.refresh(lambda _: times.append(time.monotonic()), NEVER)
    paced = times[:-1]
    assert len(paced) > 4
    assert all(later - earlier >= 1 - 0.01 for earlier, later in zip(paced, paced[4:], strict=False))


def test_a_fault_in_one_region_leaves_the_other_tenants_as_they_are() -> None:
    """Their verdicts are equal to those without the fault, word for word."""
    regions = [f"eu-test-{number}" for number in range(5)]
    tenants = each(*(Place("111122223333", region) for region in regions))

    def faulty(operation: str, account: str, region: str) -> list[dict[str, Any]]:
        if region == regions[0]:
            raise ConnectionError("refused")
        return one_each(operation, account, region)

    def without_time(shot: FleetSnapshot) -> dict[str, Any]:
        return {
            name: [(it.status, it.figure, it.reason, it.value, it.at) for it in view.verdicts]
            for name, view in shot.tenants.items()
        }

    healthy = without_time(fleet(FakeAws(one_each), FakeRegistry(tenants)).refresh(ignore, NEVER))
    shot = fleet(FakeAws(faulty), FakeRegistry(tenants)).refresh(ignore, NEVER)
    broken = without_time(shot)
    assert shot.tenants[regions[0]].status is Status.UNKNOWN
    assert {name: broken[name] for name in regions[1:]} == {name: healthy[name] for name in regions[1:]}
    assert {view.source.region for view in shot.failed} == {regions[0]}


def test_a_registry_that_never_answered_leaves_the_extra_scope_without_owners() -> None:
    """Its stores are rows without a tenant whose ownership is unknown, not nobody's."""
    collections = ("tenants", "subscriptions", "parties", "stores")
    failed = registry(failed=collections)
    shot = fleet(FakeAws(one_each), FakeRegistry(failed), extra_scope=[(HERE.account, HERE.region)]).refresh(
        ignore, NEVER
    )
    assert shot.tenants == {}
    (row,) = shot.orphans
    assert row.verdict.status is Status.UNKNOWN
    assert "its tenant is unknown: internal GET /tenants failed" in row.verdict.reason
    assert {view.source.operation for view in shot.failed} == {f"GET /{name}" for name in collections}


def test_a_later_refresh_takes_the_place_of_one_that_still_runs(gate: threading.Event) -> None:
    """The first returns without its hanging answers and publishes no more."""
    begun = threading.Event()
    aws = FakeAws(hanging(HERE.region, gate, begun))
    made = fleet(aws, FakeRegistry(each(HERE)))
    returned: list[FleetSnapshot] = []
    first = threading.Thread(target=lambda: returned.append(made.refresh(ignore, threading.Event())))
    first.start()
    assert begun.wait(10)
    aws.pages = one_each
    second = made.refresh(ignore, NEVER)
    first.join(5)
    assert not first.is_alive()
    assert second.tenants[HERE.region].status is Status.OK
    gate.set()
    assert made.rejudge(NOW).tenants[HERE.region].status is Status.OK
    assert second.generation == 2


def test_an_error_of_our_own_is_raised_and_not_waited_out() -> None:
    """A mistake in an asking thread ends the refresh with it."""

    class Broken(FakeRegistry):
        def registry(self, cancel: threading.Event, publish: Any = None, **which: Any) -> Any:
            raise ZeroDivisionError("a mistake")

    with pytest.raises(ZeroDivisionError, match="a mistake"):
        fleet(FakeAws(nothing), Broken(registry())).refresh(ignore, NEVER)


def test_rejudging_never_waits(gate: threading.Event) -> None:
    """While the fleet is being merged, the snapshot as it stands is returned at once."""
    made = fleet(FakeAws(nothing), FakeRegistry(registry(tenant("acme"))))
    shot = made.refresh(ignore, NEVER)
    with made._lock:
        assert made.rejudge(NOW + timedelta(days=1)) is shot


def test_a_fleet_too_large_for_a_moment_is_rejudged_on_a_thread() -> None:
    """The call comes back with a part, and later calls have it all."""
    tenants = registry(*(tenant(f"t{number:04}") for number in range(3000)))
    made = fleet(FakeAws(nothing), FakeRegistry(tenants))
    made.refresh(ignore, NEVER)
    late = NOW + timedelta(hours=1)
    deadline = time.monotonic() + 20
    while not _all_too_old(made.rejudge(late)):
        assert time.monotonic() < deadline
    assert made.rejudge(late) is made.rejudge(late)


def _all_too_old(shot: FleetSnapshot) -> bool:
    return all("the registry was last read" in view.verdicts[0].reason for view in shot.tenants.values())
