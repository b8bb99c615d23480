"""Somebody's word that an item of the due list is seen, and whose it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """Shown to all beside the item; it changes no verdict. Text comes from outside and is not sanitized."""

    tenant: str | None
    figure: str
    by: str
    at: datetime
    until: datetime
    """From then on the item stands as if nobody had seen it."""
    assignee: str | None = None
    note: str | None = None

    @property
    def id(self) -> str:
        return acknowledgement_id(self.tenant, self.figure)


def acknowledgement_id(tenant: str | None, figure: str) -> str:
    """The id under which the internal API keeps the one acknowledgement of an item: 32 hex digits."""
    return sha256(f"{tenant or ''}\0{figure}".encode()).hexdigest()[:32]
