"""Reading the audit log, newest first, as far back as is asked for."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import cast

from services.internal.newest import NewestFirst
from services.internal.sending import Send
from services.model import AuditEntry, Observation
from services.now import Now
from services.wire.nouns import audit_entry
from services.wire.operations import AuditRecord


class AuditReader:
    """Reads the log through ``send``."""

    def __init__(self, send: Send, now: Now) -> None:
        self._log = NewestFirst(send, now, "/audit", AuditRecord, lambda it: it.at, "entries")

    def read(self, cancel: threading.Event, tenant: str | None, limit: int) -> Observation[tuple[AuditEntry, ...]]:
        """The newest ``limit`` entries, all or one tenant's; see ``InternalApi.audit``."""
        seen = self.log(cancel, tenant, limit)
        value = None if seen.value is None else tuple(audit_entry(record) for record in seen.value)
        return replace(cast("Observation[tuple[AuditEntry, ...]]", seen), value=value)

    def log(
        self, cancel: threading.Event, tenant: str | None = None, limit: int | None = None
    ) -> Observation[tuple[AuditRecord, ...]]:
        """The same as the records that the server keeps; without ``limit`` as far back as there are any."""
        return self._log.read(cancel, {} if tenant is None else {"tenant": tenant}, limit)
