"""Cases with a clock (clauses ``acceptable-use`` and ``processing``)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class CaseKind(StrEnum):
    ACCEPTABLE_USE = "acceptable-use"
    DATA_SUBJECT_REQUEST = "data-subject-request"
    BREACH_NOTICE = "breach-notice"


class CaseState(StrEnum):
    OPEN = "open"
    DISABLED = "disabled"
    """Acceptable use: the scope was disabled, and is not yet reinstated."""
    CORRECTED = "corrected"
    """Acceptable use: the customer corrected it; what was disabled is to be reinstated."""
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Case:
    """A case of one tenant. Text fields come from outside and are not sanitized."""

    id: str
    tenant: str
    kind: CaseKind
    scope: str
    """What it is about: ``application fax``, ``account 7``, ``sp-end-customer end-7``, ``tenant``."""
    state: CaseState
    opened_at: datetime
    delivered_at: datetime | None
    """Acceptable use: when the vendor's request reached the customer. Assistance: when the customer's reached the
    vendor. ``None``: not yet, and no clock runs."""
    ended_at: datetime | None = None
    """When it was corrected, answered or closed."""
    disabled_at: datetime | None = None
    reference: str | None = None
    summary: str = ""
    disabled_scope: str | None = None
    """What was disabled, and nothing but that is reinstated; ``None``: its scope."""
    reinstated_at: datetime | None = None
    outcome: str | None = None
    """How it ended: what was answered, why it was closed."""
