"""Legal holds of AWS Backup, each with what it covers (AWS Backup API reference, ListLegalHolds and GetLegalHold)."""

from __future__ import annotations

from services.aws.collect.base import Asking, Chain, Place, Record, instant, need, read_all, text
from services.aws.facts_backup import BackupLegalHold


def read(record: Record, place: Place) -> BackupLegalHold:
    covers = record.get("RecoveryPointSelection") or {}
    dates = covers.get("DateRange") or {}
    return BackupLegalHold(
        id=need(record, "LegalHoldId"),
        arn=need(record, "LegalHoldArn"),
        title=text(record, "Title") or "",
        description=text(record, "Description") or "",
        status=text(record, "Status") or "unknown",
        created_at=instant(record, "CreationDate"),
        cancelled_at=instant(record, "CancellationDate"),
        retained_until=instant(record, "RetainRecordUntil"),
        vaults=tuple(map(str, covers.get("VaultNames") or ())),
        resources=tuple(map(str, covers.get("ResourceIdentifiers") or ())),
        from_at=instant(dates, "FromDate"),
        to_at=instant(dates, "ToDate"),
        account=place.account,
        region=place.region,
    )


def ask(asking: Asking) -> tuple[BackupLegalHold, ...]:
    ids = read_all(
        asking.list("list_legal_holds", "LegalHolds"),
        lambda record, _: need(record, "LegalHoldId"),
        asking.place,
        "LegalHolds",
    )
    holds = asking.each(ids, lambda hold: read(asking.get("get_legal_hold", LegalHoldId=hold), asking.place))
    for hold in holds:
        if isinstance(hold, Exception):
            raise hold
    return tuple(hold for hold in holds if isinstance(hold, BackupLegalHold))


LEGAL_HOLDS = Chain("backup", "ListLegalHolds", ask, ("backup:GetLegalHold", "backup:ListLegalHolds"))
