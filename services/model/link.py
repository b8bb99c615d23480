"""A private link of a tenant to its instance (clause ``peering``), as AWS tells of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.model.observation import Observation


class LinkState(StrEnum):
    """What a link carries just now."""

    UP = "UP"
    """All of its paths are up."""
    DEGRADED = "DEGRADED"
    """Some are, some are not: it carries, and the next fault ends that."""
    DOWN = "DOWN"
    TESTING = "TESTING"
    """Somebody keeps it down on purpose, to see that another one takes over."""
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class LinkPath:
    """A tunnel, or a BGP session. Text comes from outside and is not sanitized."""

    name: str
    """The outside address of a tunnel, the customer's address of a session."""
    up: bool | None
    """``None``: AWS does not say."""
    changed_at: datetime | None = None
    """When that last changed, where AWS tells."""
    note: str = ""
    """What AWS says of it beside that: ``IPSEC IS DOWN``."""


@dataclass(frozen=True, slots=True)
class Link:
    """A VPN connection, a virtual interface of Direct Connect, or a Connect peer of a transit gateway."""

    arn: str
    id: str
    kind: str
    """``vpn``, ``direct-connect``, ``sd-wan``."""
    account: str
    region: str
    state: LinkState
    """As it was last seen; whether that still counts is for the judge to say."""
    said: str
    """Why it is in that state, in words: ``1 of 2 tunnels up``."""
    paths: tuple[LinkPath, ...] = ()
    since: datetime | None = None
    """Since when it is in that state, where AWS tells."""
    forming: bool = False
    """Whether it is down because it is still being set up."""
    seen: bool = True
    """Whether AWS knows it; ``False``: it is declared, and AWS was never heard to name it, or no longer does."""
    name: str | None = None
    carrier: str | None = None
    """The partner whose line it is, where AWS tells."""
    tenants: tuple[str, ...] = ()
    """Ids of those it is of: declared by the registry, or named by its tag. Empty: nobody owns it."""
    declared: bool = False
    """Whether the registry names it."""
    tag_tenant: str | None = None
    """The tenant that the tag names, known to the registry or not."""
    sources: tuple[Observation[object], ...] = ()
    """How the call that lists it answered last; empty: it was never heard."""

    @property
    def paths_up(self) -> int:
        """How many of its paths are up."""
        return sum(path.up is True for path in self.paths)
