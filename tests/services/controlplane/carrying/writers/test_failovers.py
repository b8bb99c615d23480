"""Failovers in the sandbox's AWS: one, whatever is lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from services.aws.session import AwsSession
from services.controlplane.carrying.writers.base import Poll, StaysError
from services.wire.orders import AwsCall
from tests.services.controlplane.carrying.writers.losing import (
    DEDICATED,
    KEY,
    PUBLIC,
    call,
    carry_out,
    client_of,
    lost,
    working,
    writer_of,
)
from tests.support.sandbox import RunningSandbox


@pytest.fixture
def session(faulty: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[AwsSession]:
    with working(faulty, monkeypatch) as session:
        yield session


def instance(session: AwsSession) -> tuple[AwsCall, str]:
    """A failover of an instance with a standby, and the zone that it leads to."""
    for account, region in ((PUBLIC, "eu-central-1"), (PUBLIC, "us-east-1"), (DEDICATED, "eu-central-1")):
        rds: Any = session.client("rds", account, region)
        for it in rds.describe_db_instances()["DBInstances"]:
            if it.get("SecondaryAvailabilityZone") and not it.get("DBClusterIdentifier"):
                before = {"primary": it["AvailabilityZone"]}
                name = it["DBInstanceIdentifier"]
                of = call(
                    "rds",
                    "RebootDBInstance",
                    account,
                    region,
                    DBInstanceIdentifier=name,
                    ForceFailover=True,
                    before=before,
                )
                return of, it["SecondaryAvailabilityZone"]
    pytest.fail("the sandbox has no instance with a standby")


def cluster(session: AwsSession) -> tuple[AwsCall, str]:
    """The same of a cluster, and its other instance."""
    rds: Any = session.client("rds", DEDICATED, "eu-west-2")
    for it in rds.describe_db_clusters()["DBClusters"]:
        members = {one["IsClusterWriter"]: one["DBInstanceIdentifier"] for one in it["DBClusterMembers"]}
        if len(members) == 2:
            name = it["DBClusterIdentifier"]
            before = {"primary": members[True]}
            of = call("rds", "FailoverDBCluster", DEDICATED, "eu-west-2", DBClusterIdentifier=name, before=before)
            return of, members[False]
    pytest.fail("the sandbox has no cluster with a standby")


@pytest.mark.parametrize("pick", [instance, cluster])
def test_it_fails_over_once(session: AwsSession, pick: Any) -> None:
    """The answer is lost; looked up, it has happened, and no second one leads back. It ends where the standby was."""
    of, other = pick(session)
    writer, client = writer_of(of), client_of(session, of)
    assert writer.find(client, of, KEY) is None
    with lost(client, of):
        writer.do(client, of, KEY)
    assert carry_out(session, of) == {"primary": other}
    assert writer.poll(client, of, {}) is Poll.DONE
    with pytest.raises(StaysError):
        writer.undo(client, of, KEY, {})
    assert carry_out(session, of) == {"primary": other}


def test_before_it_is_elsewhere_it_goes_on(session: AwsSession) -> None:
    """Available where it was: the failover has not happened yet."""
    of, _ = instance(session)
    assert writer_of(of).poll(client_of(session, of), of, {}) is Poll.RUNNING


def test_what_has_no_standby_is_refused(session: AwsSession) -> None:
    """By AWS itself."""
    of = call("rds", "RebootDBInstance", DBInstanceIdentifier="wonka-desk-db", ForceFailover=True)
    rds = client_of(session, of)
    if rds.describe_db_instances(DBInstanceIdentifier="wonka-desk-db")["DBInstances"][0].get(
        "SecondaryAvailabilityZone"
    ):
        of = of.model_copy(update={"parameters": {**of.parameters, "DBInstanceIdentifier": "no-such-db"}})
    with pytest.raises(ClientError) as refused:
        writer_of(of).do(rds, of, KEY)
    assert refused.value.response["Error"]["Code"] == "InvalidParameterCombination"
