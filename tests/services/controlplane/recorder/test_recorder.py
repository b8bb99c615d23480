"""The recorder on the sandbox: what it records of a fleet is what the console says of it, whatever fails."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select

from services.agreement import default_policy_text, parse_policy
from services.aws.session import AwsSession, AwsSettings
from services.controlplane.recorder.lease import LENGTH
from services.controlplane.recorder.recorder import PRUNED_AT_A_LOOK, LostLeaseError, Recorder
from services.controlplane.sample_book import PRUNED_AT_ONCE, add_samples, read_samples
from services.controlplane.sample_tables import samples
from services.controlplane.store import Database
from services.controlplane.tables import stores
from services.model import LinkState, Status
from services.now import Now
from services.sandbox.api import REGISTRY
from services.sandbox.options import WORKER_ROLE_ARN
from services.wire.samples import SampleRecord
from tests.services.controlplane.test_samples import sample
from tests.support.api import AT
from tests.support.cli import tenure
from tests.support.sandbox import RunningSandbox, running_sandbox, wait_for

pytestmark = [pytest.mark.xdist_group("recorder"), pytest.mark.processes]
POLICY = parse_policy(default_policy_text())
DENIED = "eu-central-1"
MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RunningSandbox, Path]]:
    """A sandbox of these tests' own, and its registry as it was filled."""
    state = tmp_path_factory.mktemp("recorder")
    with running_sandbox("--tenants", "39", "--state", str(state)) as running:
        yield running, state / REGISTRY


@pytest.fixture
def sandbox(fleet: tuple[RunningSandbox, Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningSandbox]:
    running = fleet[0]
    for name, value in running.aws_environment.items():
        monkeypatch.setenv(name, value)
    yield running
    running.set_faults()


@pytest.fixture
def database(fleet: tuple[RunningSandbox, Path], tmp_path: Path) -> Iterator[Database]:
    """The registry of the fleet, for one test to record into."""
    with closing(Database(f"sqlite:///{fleet[1]}")) as origin, origin.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("VACUUM INTO ?", (str(tmp_path / "registry.db"),))
        connection.exec_driver_sql("BEGIN")
    opened = Database(f"sqlite:///{tmp_path / 'registry.db'}")
    yield opened
    opened.close()


@pytest.fixture
def make(sandbox: RunningSandbox, database: Database) -> Iterator[Callable[..., Recorder]]:
    """Makes recorders with the worker's role, which are stopped at the end."""
    made: list[Recorder] = []
    with closing(AwsSession(AwsSettings(role_arn=WORKER_ROLE_ARN, max_attempts=1))) as aws:

        def recorder(name: str = "one", now: Now = sandbox.now, tag: str = "tenant") -> Recorder:
            made.append(Recorder(name, database, now, aws, POLICY, tenant_tag=tag, dice=lambda: 0.0))
            return made[-1]

        yield recorder
        for one in made:
            one.stop()


class Hand:
    """A clock that is moved by hand."""

    def __init__(self, now: Now) -> None:
        self.at = now()

    def __call__(self) -> datetime:
        return self.at


def kept(database: Database, figure: str | None = "recovery") -> list[SampleRecord]:
    """All samples of a figure, or of both, the newest first."""
    with database.read() as connection:
        items, _, _ = read_samples(connection, figure=figure, limit=100_000)
    return [SampleRecord.model_validate_json(json.dumps(it)) for it in items]


def listed(sandbox: RunningSandbox, home: Path) -> dict[tuple[str, str], str]:
    """(Tenant, ARN) → status, as the command line says it of each store that is a tenant's."""
    ended = tenure("list", "recovery", "-o", "json", home=home, env=sandbox.environment)
    rows = json.loads(ended.stdout)
    return {(it["tenant"], it["store"]): it["status"] for it in rows if it["tenant"] and it["store"]}


def told(sandbox: RunningSandbox, home: Path) -> dict[str, set[str]]:
    """Tenant → the statuses of its rows, as the command line says them."""
    ended = tenure("list", "recovery", "-o", "json", home=home, env=sandbox.environment)
    found: dict[str, set[str]] = {}
    for row in json.loads(ended.stdout):
        if row["tenant"]:
            found.setdefault(row["tenant"], set()).add(row["status"])
    return found


def test_after_one_round_every_store_has_a_sample_that_says_what_the_console_says(
    sandbox: RunningSandbox, database: Database, make: Callable[..., Recorder], tmp_path: Path
) -> None:
    """One for each store and tenant, none for anything else that is seen; asked a moment before and a moment after,
    since a store may cross its target in between. Figure, point and instant of each agree."""
    before = listed(sandbox, tmp_path)
    count = make().look()
    after = listed(sandbox, tmp_path)
    found = kept(database)
    assert count == len(kept(database, None))
    stores = {(it.tenant, it.store): it for it in found if it.store is not None}
    assert len(stores) == sum(it.store is not None for it in found)
    assert before.keys() == after.keys() != set()
    assert before.keys() <= stores.keys()
    differ = {key: stores[key].status for key in before if stores[key].status not in (before[key], after[key])}
    assert differ == {}
    assert len({it.status for it in stores.values()}) >= 3, "the stories' fleet has more to tell"
    for key in stores.keys() - before.keys():  # mapped, and not there
        assert stores[key].status is Status.UNKNOWN
    for it in found:
        assert it.reason
        assert (it.rpo_seconds is None) == (it.restore_point_at is None)
        if it.restore_point_at is not None and it.rpo_seconds:
            gap = it.observed_at - it.restore_point_at
            assert timedelta() <= gap - timedelta(seconds=it.rpo_seconds) < timedelta(seconds=1)
        if it.status is Status.UNKNOWN:
            assert it.rpo_seconds is None


def test_whose_a_store_is_says_the_tag_that_the_server_is_told(
    database: Database, make: Callable[..., Recorder]
) -> None:
    """By a tag that nothing bears there are no stores but those that the registry maps."""
    with database.read() as connection:
        mapped = {(it.tenant, it.store) for it in connection.execute(select(stores.c.tenant, stores.c.store))}
    other = make(tag="tenure:tenant")
    other.look()
    assert {(it.tenant, it.store) for it in kept(database) if it.store is not None} == mapped != set()
    with database.write() as connection:
        connection.execute(delete(samples))
    other.stop()
    make().look()
    assert {(it.tenant, it.store) for it in kept(database) if it.store is not None} > mapped


def test_a_region_that_is_denied_gives_unknown_samples_of_its_tenants_and_leaves_the_others_alone(
    sandbox: RunningSandbox, database: Database, make: Callable[..., Recorder]
) -> None:
    """From the first look on: each tenant of the region has a sample, none of them is anything but unknown, each says
    why; elsewhere every store says what it says when all is well."""
    before = make()
    before.look()
    before.stop()
    well = {(it.tenant, it.store): it.status for it in kept(database)}
    with database.write() as connection:
        connection.execute(samples.delete())
    sandbox.set_faults(f"denied:rds:{DENIED}", f"denied:s3:{DENIED}", f"denied:backup:{DENIED}")
    make().look()
    found = kept(database)
    there = tenants_in(database, DENIED)
    of_there = [it for it in found if it.tenant in there and (it.store is None or DENIED in it.store)]
    assert {it.tenant for it in of_there} == there
    assert {it.status for it in of_there} == {Status.UNKNOWN}
    assert all("denied" in it.reason or "waiting" in it.reason for it in of_there)
    elsewhere = {(it.tenant, it.store): it.status for it in found if it.store and it.tenant not in there}
    assert elsewhere
    worse = {key for key, status in elsewhere.items() if status is not well[key]}
    assert not worse


@pytest.mark.parametrize(
    "faults",
    [
        ["denied:rds:eu-central-1"],
        ["denied:s3"],
        ["denied:resourcegroupstaggingapi"],
        ["throttle:backup:us-east-1"],
        ["down:rds", "denied:s3:me-central-1"],
        ["denied:sts"],
    ],
)
def test_whatever_fails_the_recorder_knows_of_each_tenant_as_much_as_the_console(
    sandbox: RunningSandbox, database: Database, make: Callable[..., Recorder], tmp_path: Path, faults: list[str]
) -> None:
    """What of a tenant is unknown, whether its stores were seen or not, is the same on both sides: neither takes for
    an absence what the other takes for a refusal."""
    sandbox.set_faults(*faults)
    before = told(sandbox, tmp_path)
    make().look()
    after = told(sandbox, tmp_path)
    found: dict[str, set[str]] = {}
    for it in kept(database):
        found.setdefault(it.tenant, set()).add(it.status)
    gone = {tenant for tenant, said in after.items() if said == {Status.NOT_APPLICABLE}}
    assert found.keys() == after.keys() - gone
    differ = {
        tenant: (said, after[tenant]) for tenant, said in found.items() if said not in (before[tenant], after[tenant])
    }
    assert differ == {}
    assert any(Status.UNKNOWN in said for said in found.values())


def test_a_store_that_was_seen_and_cannot_be_seen_any_more_is_unknown_and_not_gone(
    sandbox: RunningSandbox, database: Database, make: Callable[..., Recorder]
) -> None:
    """Its next sample says which call did not answer; none of them says that it is well, though it was."""
    clock = Hand(sandbox.now)
    recorder = make(now=clock)
    recorder.look()
    seen = {(it.tenant, it.store) for it in kept(database) if it.store and f":{DENIED}:" in it.store}
    sandbox.set_faults(f"denied:rds:{DENIED}")
    clock.at += 15 * MINUTE
    recorder.look()
    later = {(it.tenant, it.store): it for it in kept(database) if it.observed_at == clock.at}
    assert seen
    assert seen <= later.keys()
    assert {later[key].status for key in seen} == {Status.UNKNOWN}


def test_two_workers_do_not_both_record(database: Database, make: Callable[..., Recorder]) -> None:
    """The second does not even ask, though it bears the same name, until the first has been silent for as long as its
    lease; then it records what is due at once, and the first finds out."""
    clock = Hand(lambda: AT)
    one, two = make("one", clock), make("one", clock)
    first = one.look()
    assert first
    assert two.look() is None
    assert len(kept(database, None)) == first
    clock.at += LENGTH
    assert two.look() == first
    assert one.look() is None


def test_who_loses_the_lease_in_the_middle_of_a_round_records_nothing(
    database: Database, make: Callable[..., Recorder]
) -> None:
    """A worker that stood still while another took over does not add its old answers to the new ones."""
    clock = Hand(lambda: AT)
    two = make("two", clock)

    def stalled() -> datetime:
        """The first worker's clock: while answers come in, the machine sleeps, and the other one records."""
        if threading.current_thread() is not threading.main_thread():
            return clock.at
        readings.append(clock.at)
        if len(readings) == 8:
            clock.at += 2 * LENGTH
            two.look()
        return clock.at

    readings: list[datetime] = []
    one = make("one", stalled)
    with pytest.raises(LostLeaseError):
        one.look()
    counted = len(kept(database, None))
    assert two.look() == 0
    assert len(kept(database, None)) == counted


def test_places_are_asked_again_when_they_are_due_and_not_before(
    sandbox: RunningSandbox, database: Database, make: Callable[..., Recorder]
) -> None:
    """A minute later nothing is; after two minutes the places with dedicated tenants are, and each of their stores has
    a second sample on evidence of that look; after a quarter of an hour all are."""
    clock = Hand(sandbox.now)
    recorder = make(now=clock)
    every = recorder.look()
    clock.at += MINUTE
    assert recorder.look() == 0
    clock.at += MINUTE
    some = recorder.look()
    assert every is not None
    assert some is not None
    assert 0 < some < every
    clock.at += 13 * MINUTE
    assert recorder.look() == every


def test_old_samples_go_a_few_steps_a_look(database: Database, make: Callable[..., Recorder]) -> None:
    """What is older than the policy's window goes, the oldest first, and no look takes more than its steps."""
    window = POLICY.recovery.gap_window
    minutes = window // MINUTE
    steps = PRUNED_AT_A_LOOK * PRUNED_AT_ONCE
    with database.write() as connection:
        add_samples(connection, [sample(n, "old", None, minutes + 1 + n) for n in range(steps + 10)])
        add_samples(connection, [sample(999_999, "young", None, minutes - 1)])
    clock = Hand(lambda: AT)
    recorder = make(now=clock)
    recorder.look()
    assert of(database, "old") == 10
    recorder.look()
    assert of(database, "old") == 0
    assert of(database, "young") == 1


def test_it_runs_on_its_own_thread_through_an_outage_and_ends_when_told(
    sandbox: RunningSandbox, database: Database, make: Callable[..., Recorder]
) -> None:
    """With all of AWS down every tenant has unknown samples; stopped, it leaves the lease to the next one at once."""
    sandbox.set_faults("down")
    recorder = make()
    recorder.start()
    assert wait_for(lambda: bool(kept(database)), 60)
    recorder.stop()
    assert not recorder.alive
    assert {it.status for it in kept(database)} == {Status.UNKNOWN}
    sandbox.set_faults()
    assert make("two").look()


def links(sandbox: RunningSandbox, home: Path) -> dict[tuple[str, str | None], tuple[object, ...]]:
    """(Tenant, ARN) → state, paths and status, as the command line says them of each link that is a tenant's."""
    ended = tenure("list", "links", "-o", "json", home=home, env=sandbox.environment)
    rows = [it for it in json.loads(ended.stdout) if it["tenant"]]
    assert rows, (ended.returncode, ended.stderr)
    return {(it["tenant"], it["link"]): (it["state"], it["paths_up"], it["paths"], it["status"]) for it in rows}


@pytest.mark.parametrize("faults", [[], ["denied:ec2:eu-central-1", "throttle:directconnect"]])
def test_links_are_recorded_as_the_console_lists_them(
    sandbox: RunningSandbox, database: Database, make: Callable[..., Recorder], tmp_path: Path, faults: list[str]
) -> None:
    """Each link, declared and missing ones too, and each tenant whose links cannot be told, with state, paths and
    status; what was not answered is unknown, in health everything else is there."""
    sandbox.set_faults(*faults)
    listed = links(sandbox, tmp_path)
    make().look()
    found = {(it.tenant, it.link): (it.state, it.paths_up, it.paths, it.status) for it in kept(database, "links")}
    assert found == listed
    states = {it[0] for it in listed.values()}
    assert ("UNKNOWN" in states) is bool(faults)
    assert faults or states == {"UP", "DEGRADED", "DOWN", "TESTING"}


def test_links_are_looked_at_as_often_as_their_own_age_says(
    database: Database, make: Callable[..., Recorder], sandbox: RunningSandbox
) -> None:
    """Stores of dedicated tenants every two minutes, links every five, each on evidence of its look; one whose call is
    refused then is unknown and not gone."""
    clock = Hand(sandbox.now)
    recorder = make(now=clock)
    recorder.look()
    first = {(it.tenant, it.link) for it in kept(database, "links")}
    clock.at += 2 * MINUTE
    assert recorder.look()
    assert len(kept(database, "links")) == len(first)
    sandbox.set_faults("denied:ec2", "denied:directconnect")
    clock.at += 3 * MINUTE
    recorder.look()
    later = [it for it in kept(database, "links") if it.observed_at == clock.at]
    assert {(it.tenant, it.link) for it in later} >= first
    assert {(it.status, it.state, it.paths_up) for it in later} == {(Status.UNKNOWN, LinkState.UNKNOWN, None)}


def of(database: Database, tenant: str) -> int:
    with database.read() as connection:
        query = select(func.count()).select_from(samples).where(samples.c.tenant == tenant)
        return connection.execute(query).scalar_one()


def tenants_in(database: Database, region: str) -> set[str]:
    """Those at home there that may have live stores."""
    from services.controlplane.recorder.registered import GONE, read_registered

    with database.read() as connection:
        known = read_registered(connection)
    return {it.id for it in known.tenants.values() if it.home.region == region and it.state not in GONE}
