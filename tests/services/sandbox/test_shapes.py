"""Every taught answer against AWS's own model of its operation.

Each is walked member by member: what botocore parsed has the type that the model gives it, what stands in the answer's
bytes is known to the model (a parser drops what it does not know, so nothing else would notice), and what the
console's collectors need is there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

import botocore.session
import pytest

from tests.services.sandbox.shapes import mistyped, unknown_json, unknown_xml
from tests.services.sandbox.wire import answers, client
from tests.support.sandbox import RunningSandbox

PUBLIC, DEDICATED = "111122223333", "444455556666"


@dataclass(frozen=True)
class Taught:
    """An operation that the collectors use, and the members that each item of its list must have."""

    service: str
    operation: str
    member: str | None
    must: frozenset[str]
    parameters: Mapping[str, Any]


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
)


@pytest.mark.parametrize("one", OPERATIONS, ids=lambda one: one.operation)
@pytest.mark.parametrize("account", [PUBLIC, DEDICATED])
def test_answer_is_what_the_model_describes(one: Taught, account: str, sandbox: RunningSandbox) -> None:
    """Every member served is in AWS's model with its type, the bytes hold nothing else, nothing needed is missing."""
    caller = None if one.operation == "AssumeRole" else account
    region = "us-east-1" if account == PUBLIC else "eu-west-2"
    aws = client(sandbox, one.service, region, caller)
    method = next(name for name, operation in aws.meta.method_to_api_mapping.items() if operation == one.operation)
    with answers(aws) as kept:
        parsed = getattr(aws, method)(**one.parameters)
    model = aws.meta.service_model.operation_model(one.operation)
    shape = model.output_shape
    assert shape is not None
    metadata = parsed.pop("ResponseMetadata")
    assert metadata["HTTPStatusCode"] == 200
    assert list(mistyped(parsed, shape, one.operation)) == []
    if one.service == "resourcegroupstaggingapi":
        strange = list(unknown_json(json.loads(kept[0]), shape, one.operation))
    else:
        root = ET.fromstring(kept[0])  # noqa: S314 - written by our own server
        result = root.find(f"{{*}}{shape.serialization.get('resultWrapper', one.operation + 'Result')}")
        assert result is not None
        strange = list(unknown_xml(result, shape, one.operation))
    assert strange == []
    for item in parsed[one.member] if one.member else [parsed]:
        assert one.must <= item.keys(), one.must - item.keys()
    if one.member:
        assert parsed[one.member], "an empty list shows nothing"


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
