"""A verdict as a schedule: what it will be from which instant on, if nothing new is observed.

Because a verdict is read off its schedule, the next instant at which it changes by itself is known and cannot
disagree with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from services.model import Status

ALWAYS = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Phase:
    """The judgement from ``since`` on, until the next phase. ``status`` is ``None`` where there is none to give."""

    since: datetime
    status: Status | None
    reason: str
    at: datetime | None = None
    """The instant that the judgement rests on."""

    @property
    def said(self) -> tuple[Status | None, str, datetime | None]:
        """What somebody would notice to have changed."""
        return (self.status, self.reason, self.at)


def phase_at(phases: Sequence[Phase], now: datetime) -> tuple[Phase, datetime | None]:
    """The phase of ``now`` and the instant at which another one takes over that says something else.

    The first of ``phases`` begins ``ALWAYS``. Of those that have begun the last in the sequence counts, so that a
    later rule takes precedence over an earlier one.
    """
    current = _begun(phases, now)
    instants = sorted({phase.since for phase in phases if phase.since > now})
    return current, next((since for since in instants if _begun(phases, since).said != current.said), None)


def _begun(phases: Sequence[Phase], now: datetime) -> Phase:
    return next((phase for phase in reversed(phases) if phase.since <= now), phases[0])
