"""Whoever delivers a message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from services.telling.message import Message


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a delivery ended."""

    done: bool
    error: str | None = None
    """Why not, or why it is not known; without secrets."""
    refused: bool = False
    """Whether it is this message that is not taken; another one may be."""


class Sender(Protocol):
    """A target. Never raises for what the other side does."""

    @property
    def name(self) -> str:
        """Tells it apart from others; stable, and without a secret."""
        ...

    def send(self, message: Message) -> Delivery:
        """Delivers ``message``; blocks, and tries again where that may help. What is not known to have arrived was
        not delivered: it is sent again, under the same id."""
        ...
