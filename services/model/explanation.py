"""Why a figure is what it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.model.status import Status


@dataclass(frozen=True, slots=True)
class Evidence:
    """One observation that a figure rests on, in words. Text may come from outside and is not sanitized."""

    source: str
    """``rds DescribeDBInstances 111122223333 eu-central-1``; ``internal GET /tenants``."""
    observed_at: datetime | None
    """``None``: it was never heard."""
    value: str | None
    """What was seen, in words; ``None`` where nothing was."""
    outcome: str
    """As ``Outcome`` has it, or ``waiting``."""
    request_id: str | None = None
    error: str | None = None
    last_seen_at: datetime | None = None
    """When it last answered, where that was not now; ``value`` is of then."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """The answer to ``why``: the rule, the facts, the arithmetic, and what would change it."""

    tenant: str | None
    figure: str
    status: Status
    clause: str
    reason: str
    promise: str
    """The clause in one line: ``dedicated: RPO at most 5m``."""
    policy: tuple[tuple[str, str], ...]
    """Keys of the policy file and their values, as it writes them: ``("recovery.rpo.dedicated", "PT5M")``."""
    evidence: tuple[Evidence, ...]
    steps: tuple[str, ...]
    """The arithmetic, a step a line, the last one ending in the status: ``9m12s > 5m → breached``."""
    changes_if: str | None
    """What would change the verdict; ``None``: nothing that is known."""
