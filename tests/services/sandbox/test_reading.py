"""What the role that reads is refused, on the sandbox and by name."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from services.checks import CHECKS
from services.checks.base import collectors_of
from services.sandbox.aws_errors import Call
from services.sandbox.reading import writes
from tests.services.sandbox.wire import WORKER, client
from tests.support.sandbox import RunningSandbox

PUBLIC = "111122223333"
FRANKFURT = "eu-central-1"


@pytest.mark.parametrize(
    ("service", "operation", "parameters"),
    [
        ("ssm", "delete_maintenance_window", {"WindowId": "mw-0123456789abcdef0"}),
        ("rds", "create_db_snapshot", {"DBInstanceIdentifier": "none", "DBSnapshotIdentifier": "none"}),
        ("backup", "delete_backup_vault_lock_configuration", {"BackupVaultName": "suite-copies"}),
        ("s3", "delete_object", {"Bucket": "no-bucket", "Key": "none"}),
    ],
)
def test_the_role_that_reads_writes_nothing(
    sandbox: RunningSandbox, service: str, operation: str, parameters: dict[str, str]
) -> None:
    """Each is denied before anything is looked at; the worker's role is told what is wrong."""
    reader = client(sandbox, service, FRANKFURT, PUBLIC)
    with pytest.raises(ClientError) as refused:
        getattr(reader, operation)(**parameters)
    assert refused.value.response["Error"]["Code"] in ("AccessDenied", "AccessDeniedException")
    worker = client(sandbox, service, FRANKFURT, PUBLIC, role=WORKER)
    with pytest.raises(ClientError) as wrong:
        getattr(worker, operation)(**parameters)
    assert "AccessDenied" not in wrong.value.response["Error"]["Code"]


@pytest.mark.parametrize(
    ("service", "operation", "writing"),
    [
        ("rds", "DescribeDBInstances", False),
        ("rds", "RebootDBInstance", True),
        ("resourcegroupstaggingapi", "GetResources", False),
        ("resourcegroupstaggingapi", "TagResources", True),
        ("ssm", "ListTagsForResource", False),
        ("ssm", "", True),
        ("backup", "GET /backup-vaults/", False),
        ("backup", "PUT /backup-jobs", True),
        ("s3", "HEAD /bucket", False),
        ("s3", "POST /bucket", True),
        ("sts", "AssumeRole", False),
        ("iam", "PutRolePolicy", False),
    ],
)
def test_what_writes(service: str, operation: str, *, writing: bool) -> None:
    """By the operation's name, or the method; what has neither counts as a write."""
    assert writes(Call(service, FRANKFURT, operation, "json")) is writing


def test_no_collector_writes() -> None:
    """Every operation that the console reads with is let through."""
    named = [it for it in collectors_of(CHECKS) if it.service not in ("backup", "s3")]
    assert named
    assert not [it.operation for it in named if writes(Call(it.service, FRANKFURT, it.operation, "json"))]
