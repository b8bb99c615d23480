"""The backup jobs on demand of a store, asked with the worker's role (AWS Backup API reference, ListBackupJobs)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from pydantic import JsonValue

from services.aws.collect.base import Place
from services.aws.errors import outcome_of
from services.controlplane.carrying.writers.backups import newest_on_demand
from services.controlplane.known import UnansweredError

if TYPE_CHECKING:
    from services.aws.session import Clients

JOBS: Final = "jobs of "


def newest_job(store: str, places: Iterable[Place], clients: Clients) -> JsonValue:
    """``{"newest": INSTANT}``: when the newest of them was created, of all that AWS keeps; ``None``: there is none.

    Raises ``UnansweredError``.
    """
    found: list[datetime] = []
    for place in places:
        try:
            backup: Any = clients.client("backup", place.account, place.region)
            pages = backup.get_paginator("list_backup_jobs").paginate(ByResourceArn=store)
            newest = newest_on_demand(job for page in pages for job in page["BackupJobs"])
        except Exception as error:  # whatever botocore raises: told as the lack of an answer
            said = outcome_of(error)[1]
            raise UnansweredError(f"backup ListBackupJobs of {place.account} {place.region}: {said}") from error
        found += [newest] if newest is not None else []
    return {"newest": max(found).astimezone(UTC).isoformat() if found else None}
