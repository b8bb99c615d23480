"""Collectors that need one answer to put the next call."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from botocore.session import Session

from services.aws.collect.asking import Asking
from services.aws.collect.base import UnreadableError
from services.aws.collect.legal_holds import LEGAL_HOLDS
from services.aws.collect.maintenance_windows import read as read_window
from services.aws.collect.pending_maintenance import PENDING_MAINTENANCE
from services.aws.collect.recovery_points import RECOVERY_POINTS
from services.aws.facts_backup import BackupLegalHold, BackupVault, RecoveryPoint
from services.aws.facts_maintenance import PendingMaintenance
from services.aws.fanout import CancelledError
from services.model import Outcome
from tests.services.aws.collect.fake_client import HERE, FakeClient, metadata, records, refusal

NOON = datetime(2026, 11, 23, 13, tzinfo=timezone(timedelta(hours=1)))
NOON_UTC = NOON.astimezone(UTC)

VAULTS: list[dict[str, Any]] = [
    {
        "BackupVaultArn": "arn:v:daily",
        "BackupVaultName": "daily",
        "Locked": True,
        "LockDate": NOON,
        "MinRetentionDays": 7,
        "MaxRetentionDays": 35,
    },
    {"BackupVaultArn": "arn:v:copies", "BackupVaultName": "copies"},
]
POINT: dict[str, Any] = {
    "RecoveryPointArn": "arn:p:1",
    "BackupVaultArn": "arn:v:daily",
    "SourceBackupVaultArn": "arn:v:elsewhere",
    "ResourceArn": "arn:i",
    "ResourceType": "RDS",
    "Status": "COMPLETED",
    "StatusMessage": "fine",
    "CreationDate": NOON,
    "InitiationDate": NOON,
    "CreatedBy": {"BackupPlanId": "plan-1"},
    "Lifecycle": {"DeleteAfterDays": 35},
}
DAILY = BackupVault(
    "arn:v:daily",
    "daily",
    HERE.account,
    HERE.region,
    locked=True,
    lock_date=NOON_UTC,
    min_retention_days=7,
    max_retention_days=35,
)


def vaults(points: dict[str, list[dict[str, Any]]], *, broken: str | None = None) -> FakeClient:
    """A client whose vaults hold these points, each vault in pages of one."""

    def list_points(BackupVaultName: str) -> Iterator[Any]:  # noqa: N803 # as AWS names it
        if broken == BackupVaultName:
            raise refusal("AccessDeniedException")
        yield {"RecoveryPoints": [], **metadata()}
        for point in points.get(BackupVaultName, []):
            yield {"RecoveryPoints": [point], **metadata()}

    return FakeClient(
        {
            "list_backup_vaults": lambda: [{"BackupVaultList": [it], **metadata()} for it in VAULTS],
            "list_recovery_points_by_backup_vault": list_points,
        }
    )


def test_the_points_of_all_vaults_are_one_answer() -> None:
    """Every member is read, each point bears its vault, and retries of all calls are counted."""
    second = {"RecoveryPointArn": "arn:p:2", "ResourceArn": "arn:b"}
    seen = vaults({"daily": [POINT], "copies": [second]}).observe(RECOVERY_POINTS)
    first, other = records(seen)
    assert first == RecoveryPoint(
        arn="arn:p:1",
        vault=DAILY,
        resource="arn:i",
        resource_type="RDS",
        status="COMPLETED",
        status_message="fine",
        created_at=NOON_UTC,
        initiated_at=NOON_UTC,
        copied_from="arn:v:elsewhere",
        plan="plan-1",
        keeps_days=35,
    )
    assert (other.arn, other.vault.name, other.status, other.created_at) == ("arn:p:2", "copies", "unknown", None)
    assert (seen.outcome, seen.retries, seen.request_id) == (Outcome.SEEN, 6, "r")


def test_a_place_without_vaults_or_points_is_empty() -> None:
    """Which is an answer."""
    assert vaults({}).observe(RECOVERY_POINTS).outcome is Outcome.EMPTY


def test_one_vault_that_refuses_fails_the_whole() -> None:
    """What it holds is not known, so nothing may be taken for all there is."""
    seen = vaults({"daily": [POINT]}, broken="copies").observe(RECOVERY_POINTS)
    assert (seen.outcome, seen.value) == (Outcome.DENIED, None)


@pytest.mark.parametrize("member", ["RecoveryPointArn", "ResourceArn"])
def test_a_point_without_what_identifies_it_is_an_error(member: str) -> None:
    """By name: whose it is cannot be told."""
    record = {key: value for key, value in POINT.items() if key != member}
    seen = vaults({"daily": [record]}).observe(RECOVERY_POINTS)
    assert seen.outcome is Outcome.FAILED
    assert member in (seen.error or "")


def test_a_copy_within_its_own_vault_is_no_copy() -> None:
    """A point whose source is its own vault was not copied."""
    seen = vaults({"daily": [{**POINT, "SourceBackupVaultArn": "arn:v:daily"}]}).observe(RECOVERY_POINTS)
    assert [it.copied_from for it in records(seen)] == [None]


def test_only_the_arn_tells_a_continuous_point() -> None:
    """As AWS Backup writes it."""
    arn = "arn:aws:backup:eu-central-1:111122223333:recovery-point:continuous:orders-0f51c39b"
    seen = vaults({"daily": [POINT, {**POINT, "RecoveryPointArn": arn}]}).observe(RECOVERY_POINTS)
    assert [it.continuous for it in records(seen)] == [False, True]


HOLD: dict[str, Any] = {
    "LegalHoldId": "h-1",
    "LegalHoldArn": "arn:h",
    "Title": "Case 7",
    "Description": "court order",
    "Status": "ACTIVE",
    "CreationDate": NOON,
    "RetainRecordUntil": NOON,
    "RecoveryPointSelection": {
        "VaultNames": ["daily"],
        "ResourceIdentifiers": ["arn:i"],
        "DateRange": {"FromDate": NOON, "ToDate": NOON},
    },
}


def holds(*ids: str, refused: str | None = None) -> FakeClient:
    def get(LegalHoldId: str) -> dict[str, Any]:  # noqa: N803 # as AWS names it
        if LegalHoldId == refused:
            raise refusal("ThrottlingException")
        return {**HOLD, "LegalHoldId": LegalHoldId}

    listed = {"LegalHolds": [{"LegalHoldId": it} for it in ids], **metadata()}
    return FakeClient({"list_legal_holds": lambda: [listed]}, {"get_legal_hold": get})


def test_a_legal_hold_is_read_with_what_it_covers() -> None:
    """Vaults, resources and dates, in the order of the list."""
    seen = holds("h-1", "h-2", "h-3").observe(LEGAL_HOLDS)
    assert [it.id for it in records(seen)] == ["h-1", "h-2", "h-3"]
    assert records(seen)[0] == BackupLegalHold(
        id="h-1",
        arn="arn:h",
        title="Case 7",
        description="court order",
        status="ACTIVE",
        created_at=NOON_UTC,
        cancelled_at=None,
        retained_until=NOON_UTC,
        vaults=("daily",),
        resources=("arn:i",),
        from_at=NOON_UTC,
        to_at=NOON_UTC,
        account=HERE.account,
        region=HERE.region,
    )


def test_a_legal_hold_that_is_not_told_fails_the_whole() -> None:
    """What it covers is not known."""
    assert holds("h-1", "h-2", refused="h-2").observe(LEGAL_HOLDS).outcome is Outcome.THROTTLED


@pytest.mark.parametrize(
    ("status", "stands"), [("CREATING", True), ("ACTIVE", True), ("CANCELING", True), ("CANCELED", False)]
)
def test_a_legal_hold_stands_until_it_is_cancelled(status: str, *, stands: bool) -> None:
    """Being cancelled, it still holds."""
    (hold,) = records(holds("h-1").observe(LEGAL_HOLDS))
    assert type(hold)(**{**_members(hold), "status": status}).stands is stands


def _members(noun: Any) -> dict[str, Any]:
    return {name: getattr(noun, name) for name in noun.__slots__}


def test_each_pending_action_is_one_record() -> None:
    """With its resource; a resource without any brings none."""
    action = {
        "Action": "db-upgrade",
        "Description": "16.4",
        "AutoAppliedAfterDate": NOON,
        "ForcedApplyDate": NOON,
        "OptInStatus": "next-maintenance",
        "CurrentApplyDate": NOON,
    }
    listed = [
        {"ResourceIdentifier": "arn:i", "PendingMaintenanceActionDetails": [action, {"Action": "system-update"}]},
        {"ResourceIdentifier": "arn:j"},
    ]
    page = {"PendingMaintenanceActions": listed, **metadata()}
    seen = FakeClient({"describe_pending_maintenance_actions": lambda: [page]}).observe(PENDING_MAINTENANCE)
    first, second = records(seen)
    assert first == PendingMaintenance(
        arn="arn:i",
        action="db-upgrade",
        description="16.4",
        account=HERE.account,
        region=HERE.region,
        auto_applied_after=NOON_UTC,
        forced_at=NOON_UTC,
        opted_in="next-maintenance",
        applies_at=NOON_UTC,
    )
    assert (second.arn, second.action, second.forced_at, second.applies_at) == ("arn:i", "system-update", None, None)


@pytest.mark.parametrize(
    ("written", "zone", "wanted"),
    [
        ("2026-11-24T22:00:00Z", "Europe/Rome", datetime(2026, 11, 24, 22, tzinfo=UTC)),
        ("2026-11-24T22:00+01:00", None, datetime(2026, 11, 24, 21, tzinfo=UTC)),
        ("2026-11-24T22:00:00", "Europe/Rome", datetime(2026, 11, 24, 21, tzinfo=UTC)),
        ("2026-11-24T22:00:00", None, datetime(2026, 11, 24, 22, tzinfo=UTC)),
        (None, "Europe/Rome", None),
    ],
)
def test_a_window_tells_its_next_execution_in_text(
    written: str | None, zone: str | None, wanted: datetime | None
) -> None:
    """With an offset, or in the window's own zone."""
    record = {"WindowId": "w", "Name": "n", "NextExecutionTime": written, "ScheduleTimezone": zone}
    assert read_window(record, HERE).next_at == wanted


@pytest.mark.parametrize("written", ["tomorrow", "2026-13-01T00:00:00Z", "0001-01-01T00:00:00+14:00"])
def test_an_instant_that_is_none_is_an_error(written: str) -> None:
    """Rather than no next execution."""
    with pytest.raises(UnreadableError, match="NextExecutionTime"):
        read_window({"WindowId": "w", "Name": "n", "NextExecutionTime": written}, HERE)


def test_a_chain_that_nobody_wants_any_more_stops() -> None:
    """Between two calls."""
    cancel = threading.Event()
    client = holds("h-1")
    asking = Asking(client, HERE, cancel)
    cancel.set()
    with pytest.raises(CancelledError):
        asking.get("get_legal_hold", LegalHoldId="h-1")
    with pytest.raises(CancelledError):
        asking.each(["h-1"], lambda hold: asking.get("get_legal_hold", LegalHoldId=hold))
    assert client.asked == []


@pytest.mark.parametrize(
    ("service", "operation", "listed_in", "members"),
    [
        ("backup", "ListBackupVaults", "BackupVaultList", set(VAULTS[0])),
        ("backup", "ListRecoveryPointsByBackupVault", "RecoveryPoints", set(POINT)),
        ("backup", "ListLegalHolds", "LegalHolds", {"LegalHoldId"}),
        ("backup", "GetLegalHold", None, set(HOLD)),
        (
            "rds",
            "DescribePendingMaintenanceActions",
            "PendingMaintenanceActions",
            {"ResourceIdentifier", "PendingMaintenanceActionDetails"},
        ),
        ("s3", "ListBuckets", "Buckets", {"Name", "BucketArn", "BucketRegion", "CreationDate"}),
        ("s3", "GetBucketVersioning", None, {"Status"}),
        ("s3", "GetBucketReplication", None, {"ReplicationConfiguration"}),
        ("s3", "GetObjectLockConfiguration", None, {"ObjectLockConfiguration"}),
    ],
)
def test_the_chains_ask_what_aws_has(service: str, operation: str, listed_in: str | None, members: set[str]) -> None:
    """Operation, list and every member that is read exist in AWS's own model of the service."""
    shape: Any = Session().get_service_model(service).operation_model(operation).output_shape
    if listed_in is not None:
        assert listed_in in str(Session().get_paginator_model(service).get_paginator(operation)["result_key"])
        shape = shape.members[listed_in].member
    assert members <= set(shape.members)
