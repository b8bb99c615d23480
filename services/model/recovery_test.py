"""A test that a store can be brought back, or goes on elsewhere, and how long that took (clause ``recovery``)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

SCRATCH_TAG: Final = "tenure:restore-test"
"""What is restored for a test bears it, with the test's id: a copy that is removed again, and no store of its own."""


class TestKind(StrEnum):
    __test__ = False  # no test class of pytest's

    RESTORE = "restore"
    """From a restore point to a running store."""
    FAILOVER = "failover"
    """To the standby."""


@dataclass(frozen=True, slots=True)
class RecoveryTest:
    """A test of one store, seen in AWS (a restore job) or recorded in the internal API."""

    id: str
    store: str
    """The ARN."""
    kind: TestKind
    started_at: datetime
    ended_at: datetime | None
    """``None`` while it runs."""
    succeeded: bool | None
    """``None`` while it runs."""
    seen_in: str
    """``backup ListRestoreJobs`` or ``internal GET /recovery-tests``."""
    reference: str | None = None

    @property
    def duration(self) -> timedelta | None:
        return self.ended_at - self.started_at if self.ended_at is not None else None
