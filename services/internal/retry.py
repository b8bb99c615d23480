"""When a request is worth another try, and how long to wait for it. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from services.model import Outcome

RETRIED = frozenset({429, 502, 503, 504})
"""Statuses that may be different in a moment."""
RETRIED_WRITE = frozenset({429})
"""Those of them that say that nothing was carried out."""


@dataclass(frozen=True, slots=True)
class Backoff:
    """Waits that double, in seconds, each shortened at random so that many clients do not return together."""

    first: float = 0.2
    longest: float = 2.0
    attempts: int = 4
    """Tries in all."""
    retry_after_cap: float = 10.0
    """Whoever asks for a longer wait than this is told by an outcome, not waited for."""

    def wait(self, attempt: int, retry_after: float | None, chance: float) -> float | None:
        """Seconds to wait after the try number ``attempt`` (from 1); ``None``: give up.

        ``retry_after`` is what the server asks for; ``chance`` lies in [0, 1).
        """
        if attempt >= self.attempts or (retry_after is not None and retry_after > self.retry_after_cap):
            return None
        wait: float = min(self.longest, self.first * 2.0 ** (attempt - 1)) * (0.5 + chance / 2)
        return max(wait, retry_after or 0.0)


def retry_after_seconds(header: str | None, date: str | None) -> float | None:
    """The header ``Retry-After`` in seconds: a number, or an instant against the answer's own ``Date``."""
    if header is None:
        return None
    if re.fullmatch(r"\s*[0-9]{1,9}\s*", header, re.ASCII):
        return float(header)
    if date is None:
        return None
    try:
        return max(0.0, (parsedate_to_datetime(header) - parsedate_to_datetime(date)).total_seconds())
    except (ValueError, TypeError):  # no date, or only one of them has a zone
        return None


def outcome_of(status: int) -> Outcome:
    """What a status means to whoever asked: only 200 is an answer."""
    if status == 200:
        return Outcome.SEEN
    if status in (401, 403):
        return Outcome.DENIED
    return Outcome.THROTTLED if status == 429 else Outcome.FAILED
