"""Restorable times that move: what RDS answers depends on when it is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Restorable:
    """The latest restorable time of a database as a function of the sandbox's clock.

    Either it stands still (``at``), or it does what RDS does in health: every ``step_s`` seconds the logs arrive in S3
    and it jumps forward, to ``lag_s`` seconds before that moment. So its age lies in ``[lag_s, lag_s + step_s)``.
    """

    at: datetime | None = None
    lag_s: int = 60
    step_s: int = 300
    phase_s: int = 0

    def read(self, now: datetime) -> datetime:
        """The latest restorable time at the instant ``now``; whole seconds, UTC."""
        if self.at is not None:
            return self.at
        since = int(now.timestamp()) - self.phase_s
        return datetime.fromtimestamp(since - since % self.step_s + self.phase_s - self.lag_s, UTC)


def healthy(tier: str, phase_s: int) -> Restorable:
    """One to four minutes behind for a dedicated database, one to six for a public one."""
    return Restorable(step_s=180 if tier == "dedicated" else 300, phase_s=phase_s)
