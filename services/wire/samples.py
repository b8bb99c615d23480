"""Samples as the internal API serves them: what the recorder saw of stores and links while no console was open."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.model import LinkState, Outcome, Status
from services.wire.operations import Text
from services.wire.registry import Arn, Id, Instant, Record


class SampleRecord(Record):
    """One look at one store (clause ``recovery``), or at one private link (clause ``peering``), for one tenant that it
    belongs to. Served newest first.

    Where the status is ``unknown`` there is no figure: what was seen last stands in an earlier sample.
    """

    id: Id
    tenant: Id
    store: Arn | None = None
    """Absent: the tenant's stores could not be told, or there are none."""
    observed_at: Instant
    """With a figure, of what it rests on: ``restore_point_at`` + RPO; without one, when it was looked."""
    status: Status
    rpo_seconds: Annotated[int, Field(ge=0)] | None = None
    restore_point_at: Instant | None = None
    reason: Text = ""
    outcome: Outcome
    """How AWS answered: that of the first call that did not, or of the store's inventory where all did."""
    figure: Literal["recovery", "links"] = "recovery"
    """What was looked at: how far back a store can be brought, or whether a link carries."""
    link: Arn | None = None
    """Of ``links``; absent: the tenant's links could not be told."""
    state: LinkState | None = None
    """Of ``links``: ``UNKNOWN`` where nothing may be said of it."""
    paths_up: Annotated[int, Field(ge=0)] | None = None
    paths: Annotated[int, Field(ge=0)] | None = None
