"""How one try of a step ended."""

from __future__ import annotations

from enum import StrEnum


class Tried(StrEnum):
    DONE = "done"
    AGAIN = "again"
    """Nobody knows yet, or it was throttled: it is looked up, and tried again."""
    FAILED = "failed"
    LOST = "lost"
    """Another worker carries the order out by now: this one leaves it alone."""
