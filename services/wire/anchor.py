"""An anchor: where the audit log ended at some time, kept where who can write the log cannot write."""

from __future__ import annotations

from pydantic import Field

from services.wire.operations import AuditHead, Sha256
from services.wire.registry import Instant, Name, Record


class Anchor(Record):
    """What is kept of the log's head."""

    position: int = Field(ge=0)
    hash: Sha256
    at: Instant
    """When it was read."""

    @property
    def head(self) -> AuditHead:
        return AuditHead(position=self.position, hash=self.hash)


class AnchoredRecord(Anchor):
    """An anchor that the server has kept in S3."""

    uri: Name
    version: Name | None = None
    """Of the object, where its bucket keeps versions."""
