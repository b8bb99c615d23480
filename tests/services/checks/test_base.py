from __future__ import annotations

import json
import re
from pathlib import Path

from services.areas import AREAS
from services.checks import CHECKS, RECOVERY_RDS, actions_of, iam_policy
from services.checks.base import Check, collectors_of
from services.checks.permissions import areas_of


def test_the_policy_holds_the_actions_of_the_checks_and_no_more() -> None:
    """Generated from the declarations, sorted, and good JSON."""
    policy = json.loads(json.dumps(iam_policy(CHECKS)))
    (statement,) = policy["Statement"]
    assert policy["Version"] == "2012-10-17"
    assert statement["Effect"] == "Allow"
    assert statement["Action"] == [
        "backup:GetLegalHold",
        "backup:ListBackupJobs",
        "backup:ListBackupPlans",
        "backup:ListBackupVaults",
        "backup:ListCopyJobs",
        "backup:ListLegalHolds",
        "backup:ListProtectedResources",
        "backup:ListRecoveryPointsByBackupVault",
        "backup:ListRestoreJobs",
        "directconnect:DescribeConnections",
        "directconnect:DescribeVirtualInterfaces",
        "ec2:DescribeTransitGatewayConnectPeers",
        "ec2:DescribeVpnConnections",
        "rds:DescribeDBClusterAutomatedBackups",
        "rds:DescribeDBClusterSnapshots",
        "rds:DescribeDBClusters",
        "rds:DescribeDBInstanceAutomatedBackups",
        "rds:DescribeDBInstances",
        "rds:DescribeDBSnapshots",
        "rds:DescribePendingMaintenanceActions",
        "s3:GetBucketObjectLockConfiguration",
        "s3:GetBucketVersioning",
        "s3:GetReplicationConfiguration",
        "s3:ListAllMyBuckets",
        "ssm:DescribeMaintenanceWindows",
        "tag:GetResources",
    ]


def test_the_documentation_shows_the_policy_there_is() -> None:
    """As the command in it prints it."""
    page = (Path(__file__).resolve().parents[3] / "docs" / "aws.md").read_text("utf-8")
    (shown,) = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    assert json.loads(shown) == iam_policy(CHECKS)


def test_the_policy_only_reads() -> None:
    """No wildcard, and nothing that AWS does not call a list or a description."""
    for action in actions_of(CHECKS):
        assert "*" not in action
        assert action.split(":")[1].startswith(("Describe", "Get", "List"))


def test_every_check_names_an_area_of_the_console() -> None:
    """Which the doctor names where one of its actions is missing."""
    assert {check.area for check in CHECKS} <= AREAS.keys()
    assert areas_of("rds:DescribePendingMaintenanceActions", CHECKS) == ("maintenance",)


def test_a_collector_that_two_checks_want_is_asked_once() -> None:
    """And stands where it was first named."""
    again = Check("again", "recovery", "Again", "recovery", RECOVERY_RDS.collectors[:2], RECOVERY_RDS.judge)
    assert collectors_of([again, RECOVERY_RDS]) == RECOVERY_RDS.collectors


def test_every_check_names_a_clause_of_the_agreement() -> None:
    """By its key in the policy."""
    from services.agreement import Policy

    clauses = {field.alias or name for name, field in Policy.model_fields.items()}
    assert {check.clause for check in CHECKS} <= clauses
