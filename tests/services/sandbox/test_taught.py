"""What was taught to moto: times, backups, snapshots, pages, tags, accounts."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from services.sandbox.options import ACCESS_KEY_ID, ACCOUNTS, BASE_ACCOUNT
from services.sandbox.stories import HOSTILE
from services.sandbox.taught.keys import Keys
from tests.services.sandbox.wire import client
from tests.support.sandbox import AT, RunningSandbox

PUBLIC, DEDICATED = "111122223333", "444455556666"


def every(aws: Any, operation: str, member: str, **parameters: Any) -> list[dict[str, Any]]:
    return [item for page in aws.get_paginator(operation).paginate(**parameters) for item in page[member]]


def test_restorable_times_keep_up_or_stand_still(sandbox: RunningSandbox) -> None:
    """A healthy dedicated database is one to four minutes behind the sandbox's clock; the story's stands still."""
    rds = client(sandbox, "rds", "eu-central-1", DEDICATED)
    before = sandbox.now()
    found = {one["DBInstanceIdentifier"]: one for one in every(rds, "describe_db_instances", "DBInstances")}
    after = sandbox.now()
    planted = found.pop("globex-voice-core")["LatestRestorableTime"]
    assert planted == AT - timedelta(minutes=9)
    healthy = [one["LatestRestorableTime"] for one in found.values() if "LatestRestorableTime" in one]
    assert healthy
    for moment in healthy:
        assert before - timedelta(minutes=4) <= moment <= after - timedelta(minutes=1)


def test_backups_off_have_nothing_to_restore_to(sandbox: RunningSandbox) -> None:
    """Retention 0: no restorable time and no automated backup. Members of a cluster have none of their own either."""
    rds = client(sandbox, "rds", "us-east-1", PUBLIC)
    instances = every(rds, "describe_db_instances", "DBInstances")
    backups = every(rds, "describe_db_instance_automated_backups", "DBInstanceAutomatedBackups")
    off = {one["DBInstanceIdentifier"] for one in instances if "LatestRestorableTime" not in one}
    assert "initech-desk-db" in off
    assert any("DBClusterIdentifier" in one for one in instances)
    assert all("LatestRestorableTime" not in one for one in instances if "DBClusterIdentifier" in one)
    assert off.isdisjoint(one["DBInstanceIdentifier"] for one in backups)
    by_name = {one["DBInstanceIdentifier"]: one for one in instances}
    for backup in backups:
        window = backup["RestoreWindow"]
        assert window["EarliestTime"] < window["LatestTime"]
        if backup["Status"] == "active":
            assert by_name[backup["DBInstanceIdentifier"]]["DbiResourceId"] == backup["DbiResourceId"]


def test_resource_ids_are_of_one_database_each(sandbox: RunningSandbox) -> None:
    """No two databases of an account share a resource id, and each has the form that AWS gives it."""
    ids = []
    for region in sandbox.regions:
        found = every(client(sandbox, "rds", region, DEDICATED), "describe_db_instances", "DBInstances")
        ids += [one["DbiResourceId"] for one in found]
    assert len(set(ids)) == len(ids) > 10
    assert all(one.startswith("db-") and len(one) == 29 for one in ids)


def test_snapshots_say_how_old_their_data_is(sandbox: RunningSandbox) -> None:
    """A copy is new, its data is not: an instance's copy says so, a cluster's names its origin."""
    rds = client(sandbox, "rds", "us-east-1", PUBLIC)
    (copy,) = every(rds, "describe_db_snapshots", "DBSnapshots", DBInstanceIdentifier="initech-desk-db")
    assert copy["SnapshotCreateTime"] == AT - timedelta(hours=2)
    assert copy["OriginalSnapshotCreateTime"] == AT - timedelta(days=40)
    of_cluster = every(rds, "describe_db_cluster_snapshots", "DBClusterSnapshots", DBClusterIdentifier="hooli-meet-db")
    origin, made = sorted(of_cluster, key=lambda one: one["SnapshotCreateTime"])
    assert made["SourceDBClusterSnapshotArn"] == origin["DBClusterSnapshotArn"]
    assert "SourceDBClusterSnapshotArn" not in origin
    assert origin["SnapshotCreateTime"] == AT - timedelta(days=40)


def test_pages_hold_everything_once(sandbox: RunningSandbox) -> None:
    """Small pages give what one large page gives, in the same order; a size or marker that RDS refuses is refused."""
    rds = client(sandbox, "rds", "eu-central-1", PUBLIC)
    whole = every(rds, "describe_db_snapshots", "DBSnapshots")
    first = rds.describe_db_snapshots(MaxRecords=20)
    assert len(first["DBSnapshots"]) == 20
    rest = rds.describe_db_snapshots(MaxRecords=20, Marker=first["Marker"])
    assert [*first["DBSnapshots"], *rest["DBSnapshots"]] == whole[:40]
    assert "Marker" not in rds.describe_db_snapshots()
    for wrong in ({"MaxRecords": 19}, {"MaxRecords": 101}, {"Marker": "no marker"}):
        with pytest.raises(ClientError) as refused:
            rds.describe_db_snapshots(**wrong)
        assert refused.value.response["Error"]["Code"] == "InvalidParameterValue"


def test_tags_come_in_pages(sandbox: RunningSandbox) -> None:
    """GetResources pages by resources and by tags, ends with an empty token, and refuses a token of its own making."""
    tagging = client(sandbox, "resourcegroupstaggingapi", "us-east-1", PUBLIC)
    whole = every(tagging, "get_resources", "ResourceTagMappingList", TagsPerPage=500)
    assert every(tagging, "get_resources", "ResourceTagMappingList", ResourcesPerPage=3) == whole
    first = tagging.get_resources(ResourcesPerPage=3)
    assert len(first["ResourceTagMappingList"]) == 3
    assert first["PaginationToken"]
    assert tagging.get_resources(ResourcesPerPage=100)["PaginationToken"] == ""
    with pytest.raises(ClientError) as refused:
        tagging.get_resources(PaginationToken="!")
    assert refused.value.response["Error"]["Code"] == "PaginationTokenExpiredException"


def test_json_carries_what_xml_cannot(sandbox: RunningSandbox) -> None:
    """The hostile tags arrive whole: all of them through the tagging API, those that XML can hold through RDS."""
    tagging = client(sandbox, "resourcegroupstaggingapi", "us-east-1", DEDICATED)
    found = {one["ResourceARN"]: one["Tags"] for one in every(tagging, "get_resources", "ResourceTagMappingList")}
    tags = found["arn:aws:rds:us-east-1:444455556666:db:acme-hostile-core"]
    assert set(HOSTILE) <= {tag["Value"] for tag in tags}
    rds = client(sandbox, "rds", "us-east-1", DEDICATED)
    (one,) = every(rds, "describe_db_instances", "DBInstances", DBInstanceIdentifier="acme-hostile-core")
    values = {tag["Value"] for tag in one["TagList"]}
    assert any("\u202e" in value for value in values)
    assert any("\x9b" in value for value in values)
    assert "[/foo][bold red]" in values


def test_each_account_sees_itself_alone(sandbox: RunningSandbox) -> None:
    """A role's credentials see the resources of its account and no other's; the operator's own account has none."""
    for account in (PUBLIC, DEDICATED):
        assert client(sandbox, "sts", account=account).get_caller_identity()["Account"] == account
        arns = [
            one["DBInstanceArn"]
            for one in every(client(sandbox, "rds", "us-east-1", account), "describe_db_instances", "DBInstances")
        ]
        assert arns
        assert all(arn.split(":")[4] == account for arn in arns)
    own = client(sandbox, "sts").get_caller_identity()
    assert own["Arn"] == f"arn:aws:iam::{own['Account']}:user/operator"
    assert own["Account"] not in sandbox.accounts
    assert client(sandbox, "rds").describe_db_instances()["DBInstances"] == []


@pytest.mark.parametrize(
    "role", ["arn:aws:iam::999900001111:role/tenure-read", f"arn:aws:iam::{PUBLIC}:role/administrator"]
)
def test_no_other_role_can_be_assumed(role: str, sandbox: RunningSandbox) -> None:
    """A role that was not set up is refused as AWS refuses it."""
    with pytest.raises(ClientError) as refused:
        client(sandbox, "sts").assume_role(RoleArn=role, RoleSessionName="tests")
    assert refused.value.response["Error"]["Code"] == "AccessDenied"


def test_kept_credentials_are_those_of_the_same_account(sandbox: RunningSandbox) -> None:
    """A session's key tells its account to any sandbox; a key of no sandbox is refused rather than shown nothing."""
    keys = Keys(ACCESS_KEY_ID, BASE_ACCOUNT, ACCOUNTS, lambda: AT, None)
    earlier = keys.give(DEDICATED, "tenure-read", "tests", 3600).key
    kept = client(sandbox, "sts", keys={"aws_access_key_id": earlier, "aws_secret_access_key": "x"})
    assert kept.get_caller_identity()["Account"] == DEDICATED
    strange = client(sandbox, "rds", keys={"aws_access_key_id": "AKIAIOSFODNN7EXAMPLE", "aws_secret_access_key": "x"})
    with pytest.raises(ClientError) as refused:
        strange.describe_db_instances()
    assert refused.value.response["Error"]["Code"] == "InvalidClientTokenId"
    assert not keys.knows("ASIASANDBOXYAAAAAAAA")


def test_credentials_end_in_real_time(sandbox: RunningSandbox) -> None:
    """Sessions end by the machine's clock, not the sandbox's: botocore renews them by it."""
    answer = client(sandbox, "sts").assume_role(
        RoleArn=sandbox.role_arn.format(account=PUBLIC), RoleSessionName="tests", DurationSeconds=900
    )
    left = answer["Credentials"]["Expiration"] - (sandbox.now() - timedelta(seconds=sandbox.clock_offset_s))
    assert timedelta(minutes=14) < left <= timedelta(minutes=15)
    assert answer["Credentials"]["Expiration"].tzinfo is not None
    assert sandbox.now().tzinfo is UTC


def test_vpn_connections_that_are_planted_are_found_by_id(sandbox: RunningSandbox) -> None:
    """Each with the telemetry of its two tunnels; one that there is not is refused as EC2 does."""
    ec2 = client(sandbox, "ec2", "eu-west-2", DEDICATED)
    planted = ec2.describe_vpn_connections()["VpnConnections"]
    assert planted
    assert all(len(it["VgwTelemetry"]) == 2 for it in planted)
    first = planted[0]["VpnConnectionId"]
    assert ec2.describe_vpn_connections(VpnConnectionIds=[first])["VpnConnections"] == planted[:1]
    with pytest.raises(ClientError, match=r"InvalidVpnConnectionID\.NotFound"):
        ec2.describe_vpn_connections(VpnConnectionIds=["vpn-0000"])


def test_a_vpn_connection_that_somebody_makes_is_listed_without_telemetry(sandbox: RunningSandbox) -> None:
    """In an account that holds nothing else; its tags arrive as they were."""
    ec2 = client(sandbox, "ec2", "ap-southeast-1")
    assert ec2.describe_vpn_connections()["VpnConnections"] == []
    gateway = ec2.create_customer_gateway(BgpAsn=65000, PublicIp="203.0.113.9", Type="ipsec.1")["CustomerGateway"]
    made = ec2.create_vpn_connection(
        CustomerGatewayId=gateway["CustomerGatewayId"],
        Type="ipsec.1",
        TagSpecifications=[{"ResourceType": "vpn-connection", "Tags": [{"Key": "Name", "Value": "a <b>"}]}],
    )["VpnConnection"]
    (one,) = ec2.describe_vpn_connections()["VpnConnections"]
    assert (one["VpnConnectionId"], one["State"]) == (made["VpnConnectionId"], "available")
    assert (one["VgwTelemetry"], one["Tags"]) == ([], [{"Key": "Name", "Value": "a <b>"}])
