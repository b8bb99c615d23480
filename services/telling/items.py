"""What is told of: an item of the due list, and what of it is news. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final, NamedTuple, TypeAlias

from services.model import Status

GRAVITY: Final[Mapping[Status, int]] = MappingProxyType({Status.DUE: 1, Status.AT_RISK: 2, Status.BREACHED: 3})
"""The statuses that are told. What is not known is no news: a source that fails would make hundreds of it, and who
looks says that it failed."""


class Key(NamedTuple):
    """What an item is known by from look to look."""

    tenant: str | None
    figure: str


Told: TypeAlias = Mapping[Key, Status]
"""What others know of each item that is not well: its last status of those that are told."""


@dataclass(frozen=True, slots=True)
class Item:
    """An item of the due list as it stands. Text comes from outside and is not sanitized."""

    key: Key
    status: Status
    area: str
    clause: str
    reason: str
    due_at: datetime | None = None
    acknowledged_by: str | None = None


def news(items: Iterable[Item], told: Told, *, whole: bool) -> tuple[tuple[Item, ...], Told]:
    """What others have not been told of ``items``, in their order, and what they know once they are.

    Told again is what has become graver since, or was well in between; what eases is noted and not told. An item that
    is not known at present, or is missing from a list that is not ``whole``, is what it was: a source that fails for an
    hour makes no news when it is back.
    """
    every = tuple(items)
    known = {item.key for item in every if item.status is Status.UNKNOWN}
    kept = {key: status for key, status in told.items() if key in known or not whole}
    fresh = []
    for item in every:
        if item.status not in GRAVITY:
            continue
        before = told.get(item.key)
        if before is None or GRAVITY[item.status] > GRAVITY[before]:
            fresh.append(item)
        kept[item.key] = item.status
    return tuple(fresh), kept
