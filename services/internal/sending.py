"""One request and how it ended, in words that know nothing of HTTP's library."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from services.model import Outcome
from services.wire.registry import ProblemPart

DONE: Final = frozenset({200, 201, 204})
"""Statuses that say that a write was carried out."""
COLLECTION_TAG: Final = "Collection-Tag"
"""The header in which a page says the tag of the whole collection."""


def unless(tag: str | None) -> Mapping[str, str]:
    """The headers that ask for an answer only if it bears another tag by now."""
    return {} if tag is None else {"If-None-Match": tag}


@dataclass(frozen=True, slots=True)
class Ask:
    """A request. One that writes is repeated only where it surely was not carried out."""

    method: str
    path: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    """JSON."""
    patience: float | None = None
    """Seconds for all tries together, and for each wait, where that is more than the client's own."""
    harmless: bool = False
    """Whether it changes nothing though it is no ``GET``: a question with a body."""

    @property
    def writes(self) -> bool:
        return self.method != "GET" and not self.harmless

    @property
    def good(self) -> frozenset[int]:
        """Statuses that are an answer; "not modified" only where that was asked."""
        if self.writes:
            return DONE
        return frozenset({200, 304}) if "If-None-Match" in self.headers else frozenset({200})


@dataclass(frozen=True, slots=True)
class Reply:
    """How one request ended, its retries included."""

    outcome: Outcome
    """``SEEN`` where there is a body to read, or a write was carried out; else ``DENIED``, ``THROTTLED`` or
    ``FAILED``."""
    body: bytes = b""
    error: str | None = None
    detail: str | None = None
    """The server's own words for why not (RFC 9457), without the status; ``error`` has both."""
    parts: tuple[ProblemPart, ...] = ()
    """Where and what: each thing that the server says is wrong."""
    retries: int = 0
    request_id: str | None = None
    status: int = 0
    """0: nobody answered."""
    sent: bool = True
    """Whether anything can have arrived: not where there was no token, or no connection was made."""
    tag: str | None = None
    """The entity tag of what was answered."""
    collection_tag: str | None = None
    """The tag of the whole collection that a page is of, where the server tells it."""

    @property
    def unchanged(self) -> bool:
        """Whether what the asker has is still what would be answered."""
        return self.status == 304

    @property
    def undecided(self) -> bool:
        """Whether a write may have been carried out all the same: nobody answered, or somebody in between did."""
        return self.sent and (self.status == 0 or self.status >= 500)


class Send(Protocol):
    """Sends a request; never raises for what the other side does."""

    def __call__(self, ask: Ask, cancel: threading.Event) -> Reply: ...
