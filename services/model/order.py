"""Orders: what somebody wants done, and how far it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Confirmation(StrEnum):
    """How an order is confirmed: by what it can break."""

    REVERSIBLE = "reversible"
    SEEN = "seen"
    """The tenant notices: its id is typed."""
    IRREVERSIBLE = "irreversible"
    """The id, the number of stores and a ticket are typed, and a second person agrees."""


class OrderState(StrEnum):
    WAITING = "waiting"
    """For a second person."""
    ACCEPTED = "accepted"
    RUNNING = "running"
    DONE = "done"
    UNDONE = "undone"
    """It failed, and nothing of it is left."""
    HALF_DONE = "half-done"
    """It failed, and something of it is left: ``failure`` says what."""
    CANCELLED = "cancelled"
    VOID = "void"
    """What it was made from had changed before it was approved."""

    @property
    def ended(self) -> bool:
        return self not in (OrderState.WAITING, OrderState.ACCEPTED, OrderState.RUNNING)


@dataclass(frozen=True, slots=True)
class Order:
    """An order as the internal API keeps it, without its plan. Text fields come from outside and are not sanitized."""

    id: str
    """Its key: 32 hex digits."""
    action: str
    """``renew``, ``hold-place``, …"""
    title: str
    """What it does, for a person."""
    clause: str
    tenants: tuple[str, ...]
    """Those whose state or data it changes; none for one about a tier in a region, say."""
    state: OrderState
    author: str
    role: str
    created_at: datetime
    confirmation: Confirmation
    needs_approval: bool
    """Whether a second person has to agree."""
    steps: int
    steps_done: int
    """Those whose effect stands."""
    progress_at: datetime
    """When something of it happened last: it was made, approved, or a step began or ended."""
    step: str | None = None
    """What is being done, or is next; ``None`` once it has ended."""
    digest: str = ""
    """Of the plan."""
    origin: str | None = None
    ticket: str | None = None
    reason: str | None = None
    approved_by: str | None = None
    approved_at: datetime | None = None
    ended_at: datetime | None = None
    break_glass_until: datetime | None = None
    """Not ``None``: it did without the second person whom it needs."""
    reviewed_by: str | None = None
    """Who has looked at it since."""
    failure: str | None = None
    """Why it ended as it did, and of one that is half done what is left."""

    @property
    def scope(self) -> str:
        """Whom it is about, in a word: the tenant, or how many."""
        if len(self.tenants) == 1:
            return self.tenants[0]
        return f"{len(self.tenants)} tenants" if self.tenants else "no tenant"
