"""Every taught answer against AWS's own model of its operation.

Each is walked member by member: what botocore parsed has the type that the model gives it, what stands in the answer's
bytes is known to the model (a parser drops what it does not know, so nothing else would notice), and what the
console's collectors need is there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from xml.etree import ElementTree as ET

import botocore.session
import pytest
from botocore.exceptions import ClientError
from botocore.model import Shape

from services.sandbox.fleet import build_fleet
from services.sandbox.taught.rds_restores import RESTORE_S
from tests.services.sandbox.shapes import mistyped, unknown_json, unknown_xml
from tests.services.sandbox.wire import WORKER, answers, client
from tests.support.sandbox import AT, SEED, TENANTS, RunningSandbox, wait_for

PUBLIC, DEDICATED = "111122223333", "444455556666"
PLANTING = build_fleet(SEED, TENANTS, AT).planting
PLAN = next(plan.id for plan in PLANTING.plans if (plan.account, plan.region) == (PUBLIC, "eu-central-1"))
HOLD = next(hold.id for hold in PLANTING.legal_holds if hold.region == "eu-central-1")
EXPIRED = next(point.arn for point in PLANTING.recovery_points if point.status == "EXPIRED")
WINDOW = next(window.id for window in PLANTING.windows if window.name == "tenure-tonight")
BOTH = ((PUBLIC, "us-east-1"), (DEDICATED, "eu-west-2"))
FRANKFURT = ((PUBLIC, "eu-central-1"),)
"""Where most stories about backups are told."""
VIRGINIA = ((PUBLIC, "us-east-1"),)
DUBAI = ((DEDICATED, "me-central-1"),)


@dataclass(frozen=True)
class Taught:
    """An operation that the collectors use, and the members that each item of its list must have."""

    service: str
    operation: str
    member: str | None
    must: frozenset[str]
    parameters: Mapping[str, Any]
    places: tuple[tuple[str, str], ...] = BOTH
    """Accounts and regions where it has something to say."""

    def at(self, places: tuple[tuple[str, str], ...]) -> Taught:
        return replace(self, places=places)


def taught(service: str, operation: str, member: str | None, must: str, **parameters: Any) -> Taught:
    return Taught(service, operation, member, frozenset(must.split()), parameters)


OPERATIONS = (
    taught(
        "rds",
        "DescribeDBInstances",
        "DBInstances",
        "DBInstanceArn DBInstanceIdentifier DbiResourceId Engine EngineVersion DBInstanceStatus InstanceCreateTime "
        "BackupRetentionPeriod MultiAZ AvailabilityZone TagList StorageEncrypted KmsKeyId Endpoint",
    ),
    taught(
        "rds",
        "DescribeDBClusters",
        "DBClusters",
        "DBClusterArn DBClusterIdentifier DbClusterResourceId Engine Status ClusterCreateTime BackupRetentionPeriod "
        "MultiAZ DBClusterMembers TagList AvailabilityZones",
    ),
    taught(
        "rds",
        "DescribeDBSnapshots",
        "DBSnapshots",
        "DBSnapshotArn DBSnapshotIdentifier DBInstanceIdentifier DbiResourceId SnapshotType Status SnapshotCreateTime "
        "OriginalSnapshotCreateTime PercentProgress TagList Engine Encrypted",
    ),
    taught(
        "rds",
        "DescribeDBClusterSnapshots",
        "DBClusterSnapshots",
        "DBClusterSnapshotArn DBClusterSnapshotIdentifier DBClusterIdentifier DbClusterResourceId SnapshotType Status "
        "SnapshotCreateTime PercentProgress TagList Engine StorageEncrypted",
    ),
    taught(
        "rds",
        "DescribeDBInstanceAutomatedBackups",
        "DBInstanceAutomatedBackups",
        "DBInstanceAutomatedBackupsArn DBInstanceArn DbiResourceId DBInstanceIdentifier Region Status RestoreWindow "
        "BackupRetentionPeriod InstanceCreateTime Engine Encrypted TagList",
    ),
    taught(
        "rds",
        "DescribeDBClusterAutomatedBackups",
        "DBClusterAutomatedBackups",
        "DBClusterAutomatedBackupsArn DBClusterArn DbClusterResourceId DBClusterIdentifier Region Status RestoreWindow "
        "BackupRetentionPeriod ClusterCreateTime Engine StorageEncrypted TagList",
    ),
    taught("resourcegroupstaggingapi", "GetResources", "ResourceTagMappingList", "ResourceARN Tags", TagsPerPage=500),
    taught("sts", "GetCallerIdentity", None, "UserId Account Arn"),
    taught(
        "sts",
        "AssumeRole",
        None,
        "Credentials AssumedRoleUser",
        RoleArn=f"arn:aws:iam::{PUBLIC}:role/tenure-read",
        RoleSessionName="tests",
    ),
    taught(
        "rds",
        "DescribePendingMaintenanceActions",
        "PendingMaintenanceActions",
        "ResourceIdentifier PendingMaintenanceActionDetails",
    ).at(DUBAI),
    taught(
        "backup",
        "ListBackupVaults",
        "BackupVaultList",
        "BackupVaultName BackupVaultArn CreationDate Locked NumberOfRecoveryPoints VaultType",
    ),
    taught("backup", "DescribeBackupVault", None, "BackupVaultName LockDate", BackupVaultName="suite-copies"),
    taught(
        "backup",
        "ListRecoveryPointsByBackupVault",
        "RecoveryPoints",
        "RecoveryPointArn BackupVaultName BackupVaultArn ResourceArn ResourceType Status CreationDate Lifecycle",
        BackupVaultName="suite-daily",
    ).at(FRANKFURT),
    taught(
        "backup",
        "ListRecoveryPointsByResource",
        "RecoveryPoints",
        "RecoveryPointArn Status CreationDate BackupVaultName",
        ResourceArn=f"arn:aws:rds:eu-central-1:{PUBLIC}:db:wonka-desk-db",
    ).at(FRANKFURT),
    taught(
        "backup",
        "ListBackupJobs",
        "BackupJobs",
        "BackupJobId BackupVaultName ResourceArn ResourceType State CreationDate AccountId PercentDone",
    ).at(FRANKFURT),
    taught(
        "backup",
        "ListRestoreJobs",
        "RestoreJobs",
        "RestoreJobId SourceResourceArn RecoveryPointArn Status CreationDate CompletionDate",
    ).at(VIRGINIA),
    taught(
        "backup",
        "ListCopyJobs",
        "CopyJobs",
        "CopyJobId SourceRecoveryPointArn DestinationRecoveryPointArn DestinationBackupVaultArn State ResourceArn",
    ).at(FRANKFURT),
    taught("backup", "ListBackupPlans", "BackupPlansList", "BackupPlanId BackupPlanArn BackupPlanName VersionId"),
    taught(
        "backup",
        "ListProtectedResources",
        "Results",
        "ResourceArn ResourceType LastBackupTime LastRecoveryPointArn",
    ).at(FRANKFURT),
    taught("backup", "ListLegalHolds", "LegalHolds", "LegalHoldId LegalHoldArn Title Status").at(FRANKFURT),
    taught(
        "backup",
        "DescribeRecoveryPoint",
        None,
        "RecoveryPointArn Status StatusMessage ResourceArn",
        BackupVaultName="suite-daily",
        RecoveryPointArn=EXPIRED,
    ).at(FRANKFURT),
    taught("backup", "GetBackupPlan", None, "BackupPlan BackupPlanId", BackupPlanId=PLAN).at(FRANKFURT),
    taught("backup", "ListBackupSelections", "BackupSelectionsList", "SelectionId BackupPlanId", BackupPlanId=PLAN).at(
        FRANKFURT
    ),
    taught("backup", "GetBackupSelection", None, "BackupSelection", BackupPlanId=PLAN, SelectionId=PLAN).at(FRANKFURT),
    taught("backup", "GetLegalHold", None, "Title Status RecoveryPointSelection", LegalHoldId=HOLD).at(FRANKFURT),
    taught(
        "backup",
        "ListRecoveryPointsByLegalHold",
        "RecoveryPoints",
        "RecoveryPointArn ResourceArn BackupVaultName",
        LegalHoldId=HOLD,
    ).at(FRANKFURT),
    taught("ssm", "GetMaintenanceWindow", None, "WindowId CreatedDate NextExecutionTime", WindowId=WINDOW).at(VIRGINIA),
    taught(
        "ssm",
        "DescribeMaintenanceWindows",
        "WindowIdentities",
        "WindowId Name Enabled Duration Cutoff Schedule ScheduleTimezone",
    ).at(VIRGINIA),
    taught("ssm", "DescribeMaintenanceWindowSchedule", "ScheduledWindowExecutions", "WindowId Name ExecutionTime").at(
        VIRGINIA
    ),
    taught(
        "ec2",
        "DescribeVpnConnections",
        "VpnConnections",
        "VpnConnectionId State Type CustomerGatewayId VpnGatewayId VgwTelemetry Tags",
    ).at(((DEDICATED, "eu-central-1"), (DEDICATED, "eu-west-2"))),
    taught(
        "ec2",
        "DescribeTransitGatewayConnectPeers",
        "TransitGatewayConnectPeers",
        "TransitGatewayConnectPeerId TransitGatewayAttachmentId State CreationTime ConnectPeerConfiguration Tags",
    ).at(DUBAI),
    taught(
        "directconnect",
        "DescribeVirtualInterfaces",
        "virtualInterfaces",
        "virtualInterfaceId virtualInterfaceName virtualInterfaceState connectionId bgpPeers region ownerAccount tags",
    ).at(((DEDICATED, "us-east-1"),)),
    taught(
        "directconnect",
        "DescribeConnections",
        "connections",
        "connectionId connectionName connectionState region location partnerName",
    ).at(((DEDICATED, "us-east-1"),)),
    taught("s3", "ListBuckets", "Buckets", "Name CreationDate BucketRegion BucketArn", BucketRegion="us-east-1").at(
        VIRGINIA
    ),
)

CASES = [(one, place) for one in OPERATIONS for place in one.places]


@pytest.mark.parametrize(("one", "place"), CASES, ids=[f"{one.operation}-{place[1]}" for one, place in CASES])
def test_answer_is_what_the_model_describes(one: Taught, place: tuple[str, str], sandbox: RunningSandbox) -> None:
    """Every member served is in AWS's model with its type, the bytes hold nothing else, nothing needed is missing."""
    account, region = place
    caller = None if one.operation == "AssumeRole" else account
    aws = client(sandbox, one.service, region, caller)
    compare(aws, one)


def compare(aws: Any, one: Taught) -> dict[str, Any]:
    """Asks, and walks the answer beside the model of it; what botocore parsed."""
    method = next(name for name, operation in aws.meta.method_to_api_mapping.items() if operation == one.operation)
    with answers(aws) as kept:
        parsed: dict[str, Any] = getattr(aws, method)(**one.parameters)
    model = aws.meta.service_model.operation_model(one.operation)
    shape = model.output_shape
    assert shape is not None
    metadata = parsed.pop("ResponseMetadata")
    assert metadata["HTTPStatusCode"] == 200
    assert list(mistyped(parsed, shape, one.operation)) == []
    assert unknown(one, kept[0], shape) == []
    for item in parsed[one.member] if one.member else [parsed]:
        assert one.must <= item.keys(), one.must - item.keys()
    if one.member:
        assert parsed[one.member], "an empty list shows nothing"
    return parsed


def test_what_writing_answers_is_what_the_model_describes(faulty: RunningSandbox) -> None:
    """The same of the operations that the worker writes with, and of what it follows them with."""
    database = f"arn:aws:rds:eu-central-1:{PUBLIC}:db:wonka-desk-db"
    backup = client(faulty, "backup", "eu-central-1", PUBLIC, role=WORKER)
    role = f"arn:aws:iam::{PUBLIC}:role/service-role/AWSBackupDefaultServiceRole"
    starting = {"BackupVaultName": "suite-daily", "ResourceArn": database, "IamRoleArn": role}
    job = compare(backup, taught("backup", "StartBackupJob", None, "BackupJobId CreationDate", **starting))
    told = "BackupJobId State CreationDate ResourceArn ResourceType"
    compare(backup, taught("backup", "DescribeBackupJob", None, told, BackupJobId=job["BackupJobId"]))
    ssm = client(faulty, "ssm", "eu-central-1", PUBLIC, role=WORKER)
    window = {
        "Name": "shapes",
        "Schedule": "rate(7 days)",
        "Duration": 2,
        "Cutoff": 0,
        "AllowUnassociatedTargets": False,
    }
    made = compare(ssm, taught("ssm", "CreateMaintenanceWindow", None, "WindowId", **window))
    of = {"WindowId": made["WindowId"]}
    targets = [{"Key": "tag:tenant", "Values": ["acme"]}]
    registering = {**of, "ResourceType": "INSTANCE", "Targets": targets, "Name": "tenants-1"}
    compare(ssm, taught("ssm", "RegisterTargetWithMaintenanceWindow", None, "WindowTargetId", **registering))
    told = "WindowId WindowTargetId ResourceType Targets Name"
    compare(ssm, taught("ssm", "DescribeMaintenanceWindowTargets", "Targets", told, **of))
    compare(ssm, taught("ssm", "UpdateMaintenanceWindow", None, "WindowId Duration", **of, Duration=3))
    compare(ssm, taught("ssm", "DeleteMaintenanceWindow", None, "", **of))


def test_what_is_restored_is_what_the_model_describes(faulty: RunningSandbox) -> None:
    """The same of the copies that a restore test makes, and of their removal."""
    near = client(faulty, "rds", "eu-central-1", PUBLIC, role=WORKER)
    far = client(faulty, "rds", "eu-west-2", DEDICATED, role=WORKER)
    at = faulty.now()
    faulty.stand(at)
    latest: dict[str, Any] = {"UseLatestRestorableTime": True, "Tags": [{"Key": "tenure:order", "Value": "shapes"}]}
    source = {"SourceDBInstanceIdentifier": "initrode-pbx-db", "TargetDBInstanceIdentifier": "shapes"}
    compare(near, taught("rds", "RestoreDBInstanceToPointInTime", None, "DBInstance", **source, **latest))
    gone = {"SkipFinalSnapshot": True, "DeleteAutomatedBackups": True}
    compare(near, taught("rds", "DeleteDBInstance", None, "DBInstance", DBInstanceIdentifier="shapes", **gone))
    named = near.describe_db_snapshots(DBInstanceIdentifier="initrode-pbx-db")["DBSnapshots"][0]["DBSnapshotIdentifier"]
    of = {"DBInstanceIdentifier": "shapes", "DBSnapshotIdentifier": named}
    compare(near, taught("rds", "RestoreDBInstanceFromDBSnapshot", None, "DBInstance", **of))
    near.delete_db_instance(DBInstanceIdentifier="shapes", SkipFinalSnapshot=True)
    source = {"SourceDBClusterIdentifier": "spacely-voice-core", "DBClusterIdentifier": "shapes"}
    compare(far, taught("rds", "RestoreDBClusterToPointInTime", None, "DBCluster", **source, **latest))
    faulty.stand(at + RESTORE_S)
    made = {"DBInstanceIdentifier": "shapes-1", "DBClusterIdentifier": "shapes", "DBInstanceClass": "db.m7g.large"}
    compare(far, taught("rds", "CreateDBInstance", None, "DBInstance", **made, Engine="aurora-postgresql"))
    far.delete_db_instance(DBInstanceIdentifier="shapes-1", SkipFinalSnapshot=True)
    compare(far, taught("rds", "DeleteDBCluster", None, "DBCluster", DBClusterIdentifier="shapes", **gone))
    snapshots = far.describe_db_cluster_snapshots(DBClusterIdentifier="spacely-voice-core")["DBClusterSnapshots"]
    of = {"DBClusterIdentifier": "shapes", "SnapshotIdentifier": snapshots[0]["DBClusterSnapshotIdentifier"]}
    compare(far, taught("rds", "RestoreDBClusterFromSnapshot", None, "DBCluster", **of, Engine="aurora-postgresql"))
    far.delete_db_cluster(DBClusterIdentifier="shapes", SkipFinalSnapshot=True)


def test_the_tags_of_a_point_are_told_where_aws_backup_has_it_all(faulty: RunningSandbox) -> None:
    """Of a bucket's; of an RDS snapshot AWS Backup refuses to tell them."""
    backup = client(faulty, "backup", "eu-central-1", PUBLIC, role=WORKER)
    of = {"BackupVaultName": "suite-daily", "IamRoleArn": f"arn:aws:iam::{PUBLIC}:role/backups"}
    tagged = {"RecoveryPointTags": {"tenure:order": "shapes"}}
    made = backup.start_backup_job(ResourceArn="arn:aws:s3:::cyberdyne-meet-media", **of, **tagged)

    def point() -> str | None:
        found: str | None = backup.describe_backup_job(BackupJobId=made["BackupJobId"]).get("RecoveryPointArn")
        return found

    assert wait_for(lambda: point() is not None)
    told = compare(backup, taught("backup", "ListTags", None, "Tags", ResourceArn=point()))
    assert told["Tags"] == {"tenure:order": "shapes"}
    with pytest.raises(ClientError, match="InvalidParameterValue"):
        backup.list_tags(ResourceArn=f"arn:aws:rds:eu-central-1:{PUBLIC}:snapshot:awsbackup:job-1")


def unknown(one: Taught, body: bytes, shape: Shape) -> list[str]:
    """What stands in an answer's bytes and not in the model."""
    if one.service in ("resourcegroupstaggingapi", "backup", "ssm", "directconnect"):
        return list(unknown_json(json.loads(body), shape, one.operation))
    result = root = ET.fromstring(body)  # noqa: S314 - written by our own server
    if one.service == "ec2":  # whose answers name the request beside their members
        requests = root.findall("{*}requestId")
        assert len(requests) == 1
        root.remove(requests[0])
    elif one.service != "s3":  # the query protocol wraps its results
        found = root.find(f"{{*}}{shape.serialization.get('resultWrapper', one.operation + 'Result')}")
        assert found is not None
        result = found
    return list(unknown_xml(result, shape, one.operation))


def test_the_comparison_notices() -> None:
    """An element, a member or a type that the model does not have is found: the comparison can fail."""
    shape = botocore.session.get_session().get_service_model("rds").operation_model("DescribeDBInstances").output_shape
    assert shape is not None
    xml = "<R><DBInstances><DBInstance><DbiResourceID>x</DbiResourceID></DBInstance></DBInstances></R>"
    assert list(unknown_xml(ET.fromstring(xml), shape, "R")) == [  # noqa: S314 - ours
        "R.DBInstances.DBInstance.DbiResourceID"
    ]
    assert list(mistyped({"DBInstances": [{"MultiAZ": "yes"}]}, shape, "R")) == [
        "R.DBInstances[0].MultiAZ: str where the model has boolean"
    ]
    assert list(unknown_json({"Nothing": 1}, shape, "R")) == ["R.Nothing"]
