"""AWS Backup as it was taught: statuses, continuous points, filters, pages, holds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from services.sandbox.backups import COPIES, VAULT
from tests.services.sandbox.wire import WORKER, client
from tests.support.sandbox import AT, RunningSandbox

PUBLIC, DEDICATED = "111122223333", "444455556666"
FRANKFURT = "eu-central-1"


def every(aws: Any, operation: str, member: str, **parameters: Any) -> list[dict[str, Any]]:
    return [item for page in aws.get_paginator(operation).paginate(**parameters) for item in page[member]]


def test_vaults_hold_points_of_every_status(sandbox: RunningSandbox) -> None:
    """Good ones, continuous ones, and all that cannot be restored from, which say why where AWS does."""
    statuses: set[str] = set()
    for region in (FRANKFURT, "us-east-1"):
        backup = client(sandbox, "backup", region, PUBLIC)
        for point in every(backup, "list_recovery_points_by_backup_vault", "RecoveryPoints", BackupVaultName=VAULT):
            statuses.add(point["Status"])
            assert ("StatusMessage" in point) is (point["Status"] in ("PARTIAL", "EXPIRED", "DELETING"))
            assert (":recovery-point:continuous:" in point["RecoveryPointArn"]) is (
                point["Status"] in ("AVAILABLE", "STOPPED")
            )
            assert ("CompletionDate" in point) is (point["Status"] != "CREATING")
    assert statuses == {"COMPLETED", "AVAILABLE", "PARTIAL", "EXPIRED", "DELETING", "STOPPED", "CREATING"}


def test_a_continuous_point_keeps_up(sandbox: RunningSandbox) -> None:
    """It was created weeks ago, and its resource was backed up minutes before the question, whenever that is asked."""
    backup = client(sandbox, "backup", FRANKFURT, PUBLIC)
    arns = {"arn:aws:s3:::cyberdyne-meet-media", f"arn:aws:rds:{FRANKFURT}:{PUBLIC}:db:cyberdyne-meet-db"}
    before = sandbox.now()
    found = [one for one in every(backup, "list_protected_resources", "Results") if one["ResourceArn"] in arns]
    after = sandbox.now()
    assert len(found) == 2
    for one in found:
        assert before - timedelta(minutes=12) <= one["LastBackupTime"] <= after
        points = every(backup, "list_recovery_points_by_resource", "RecoveryPoints", ResourceArn=one["ResourceArn"])
        (point,) = [point for point in points if point["Status"] == "AVAILABLE"]
        assert point["CreationDate"] <= AT - timedelta(days=20)
        assert one["LastRecoveryPointArn"] == point["RecoveryPointArn"]


def test_jobs_are_chosen_by_what_is_asked(sandbox: RunningSandbox) -> None:
    """By state, by resource, by vault and by time; the failed job says why."""
    backup = client(sandbox, "backup", "us-east-1", PUBLIC)
    whole = every(backup, "list_backup_jobs", "BackupJobs")
    (failed,) = every(backup, "list_backup_jobs", "BackupJobs", ByState="FAILED")
    assert failed["ResourceArn"].endswith(":db:dunder-calls-db")
    assert "KMS" in failed["StatusMessage"]
    assert "RecoveryPointArn" not in failed
    noon = AT - timedelta(hours=15)
    newer = every(backup, "list_backup_jobs", "BackupJobs", ByCreatedAfter=noon)
    older = every(backup, "list_backup_jobs", "BackupJobs", ByCreatedBefore=noon)
    assert len(newer) + len(older) == len(whole)
    assert failed in newer
    assert older
    mine = every(backup, "list_backup_jobs", "BackupJobs", ByResourceArn=failed["ResourceArn"])
    assert {job["State"] for job in mine} == {"FAILED", "COMPLETED", "RUNNING"}
    assert every(backup, "list_backup_jobs", "BackupJobs", ByBackupVaultName=COPIES) == []


def test_pages_of_a_vault(sandbox: RunningSandbox) -> None:
    """Small pages give what one large page gives; a token of one's own making and a size of zero are refused."""
    backup = client(sandbox, "backup", FRANKFURT, PUBLIC)
    whole = every(backup, "list_recovery_points_by_backup_vault", "RecoveryPoints", BackupVaultName=VAULT)
    paged = every(
        backup,
        "list_recovery_points_by_backup_vault",
        "RecoveryPoints",
        BackupVaultName=VAULT,
        PaginationConfig={"PageSize": 40},
    )
    assert paged == whole
    assert len(whole) > 80
    with pytest.raises(ClientError) as refused:
        backup.list_recovery_points_by_backup_vault(BackupVaultName=VAULT, NextToken="!")
    assert refused.value.response["Error"]["Code"] == "InvalidParameterValueException"


@pytest.mark.parametrize(
    ("operation", "parameters"),
    [
        ("list_recovery_points_by_backup_vault", {"BackupVaultName": "nowhere"}),
        ("describe_recovery_point", {"BackupVaultName": VAULT, "RecoveryPointArn": "arn:aws:backup:x:y:z"}),
        ("get_legal_hold", {"LegalHoldId": "nothing"}),
        ("get_backup_selection", {"BackupPlanId": "none", "SelectionId": "none"}),
    ],
)
def test_what_is_not_there_is_refused(operation: str, parameters: dict[str, str], sandbox: RunningSandbox) -> None:
    """As AWS refuses it, and not with an empty answer."""
    with pytest.raises(ClientError) as refused:
        getattr(client(sandbox, "backup", FRANKFURT, PUBLIC), operation)(**parameters)
    assert refused.value.response["Error"]["Code"] == "ResourceNotFoundException"


def test_a_copy_leads_back_to_its_origin(sandbox: RunningSandbox) -> None:
    """A copy in the locked vault is newer than its data; its job names the point that it was copied from."""
    backup = client(sandbox, "backup", FRANKFURT, PUBLIC)
    jobs = {job["DestinationRecoveryPointArn"]: job for job in every(backup, "list_copy_jobs", "CopyJobs")}
    copies = every(backup, "list_recovery_points_by_backup_vault", "RecoveryPoints", BackupVaultName=COPIES)
    assert copies
    for copy in copies:
        source = jobs[copy["RecoveryPointArn"]]["SourceRecoveryPointArn"]
        origin = backup.describe_recovery_point(BackupVaultName=VAULT, RecoveryPointArn=source)
        assert origin["CreationDate"] < copy["CreationDate"]
        assert origin["ResourceArn"] == copy["ResourceArn"]
        assert copy["SourceBackupVaultArn"] == origin["BackupVaultArn"]


def test_the_vault_of_copies_is_locked_for_good(sandbox: RunningSandbox) -> None:
    """Its lock is in compliance mode and its grace is over: it can be changed no more."""
    backup = client(sandbox, "backup", FRANKFURT, PUBLIC)
    vaults = {one["BackupVaultName"]: one for one in every(backup, "list_backup_vaults", "BackupVaultList")}
    assert vaults[COPIES]["Locked"]
    assert vaults[COPIES]["LockDate"] < AT
    assert not vaults[VAULT]["Locked"]
    worker = client(sandbox, "backup", FRANKFURT, PUBLIC, role=WORKER)
    with pytest.raises(ClientError) as refused:
        worker.delete_backup_vault_lock_configuration(BackupVaultName=COPIES)
    assert refused.value.response["Error"]["Code"] == "InvalidRequestException"


def test_a_legal_hold_names_what_it_holds(sandbox: RunningSandbox) -> None:
    """The hold's resources are those whose recovery points it keeps."""
    backup = client(sandbox, "backup", FRANKFURT, PUBLIC)
    (listed,) = every(backup, "list_legal_holds", "LegalHolds")
    hold = backup.get_legal_hold(LegalHoldId=listed["LegalHoldId"])
    resources = hold["RecoveryPointSelection"]["ResourceIdentifiers"]
    assert resources == [f"arn:aws:rds:{FRANKFURT}:{PUBLIC}:db:nakatomi-voice-db"]
    points = every(backup, "list_recovery_points_by_legal_hold", "RecoveryPoints", LegalHoldId=listed["LegalHoldId"])
    assert {point["ResourceArn"] for point in points} == set(resources)


def test_what_moto_had_still_works(sandbox: RunningSandbox) -> None:
    """A plan made through the API is listed beside the planted ones; in the operator's own account there are none."""
    backup = client(sandbox, "backup", FRANKFURT)
    rule = {"RuleName": "hourly", "TargetBackupVaultName": "none"}
    made = backup.create_backup_plan(BackupPlan={"BackupPlanName": "by-hand", "Rules": [rule]})
    (listed,) = every(backup, "list_backup_plans", "BackupPlansList")
    assert listed["BackupPlanId"] == made["BackupPlanId"]
    assert backup.get_backup_plan(BackupPlanId=made["BackupPlanId"])["BackupPlan"]["BackupPlanName"] == "by-hand"
    backup.delete_backup_plan(BackupPlanId=made["BackupPlanId"])
    assert every(backup, "list_backup_plans", "BackupPlansList") == []
