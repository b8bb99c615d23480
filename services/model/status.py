"""The verdict words and their order."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Status(StrEnum):
    """The verdict words, the same on every surface."""

    OK = "ok"
    DUE = "due"
    """A clock in its normal course, inside the policy's horizon."""
    AT_RISK = "at-risk"
    BREACHED = "breached"
    UNKNOWN = "unknown"
    """The evidence is missing, refused, too old or contradictory. Never to be drawn as good."""
    UNPROVEN = "unproven"
    """Nothing speaks against it, and nothing was ever observed that proves it."""
    NOT_APPLICABLE = "not-applicable"


SEVERITY: tuple[Status, ...] = (
    Status.BREACHED,
    Status.AT_RISK,
    Status.UNKNOWN,
    Status.UNPROVEN,
    Status.DUE,
    Status.OK,
    Status.NOT_APPLICABLE,
)
"""Worst first."""

_RANK = {status: rank for rank, status in enumerate(SEVERITY)}


def severity(status: Status) -> int:
    """The rank of a status, 0 for the worst."""
    return _RANK[status]


def worst(statuses: Iterable[Status]) -> Status:
    """The worst of several statuses; ``NOT_APPLICABLE`` of none."""
    return min(statuses, key=severity, default=Status.NOT_APPLICABLE)
