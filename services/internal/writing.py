"""Writing acknowledgements: nothing that was not seen is overwritten, and nothing is repeated blindly.

A write carries the tag of what was read just before. Where its answer is lost, what stands there afterwards tells
whether it was carried out.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Final

from pydantic import ValidationError

from services.internal.sending import DONE, Ask, Reply, Send
from services.model import Acknowledgement, Observation, Outcome, Source, acknowledgement_id
from services.now import Now
from services.wire.nouns import acknowledgement, acknowledgement_record
from services.wire.operations import AcknowledgementRecord

PUT: Final = Source("internal", "PUT /acknowledgements")
DELETE: Final = Source("internal", "DELETE /acknowledgements")


@dataclass(frozen=True, slots=True)
class _Standing:
    """What stands under an id: ``ack`` is ``None`` where nothing does; ``reply`` tells why it could not be read."""

    ack: Acknowledgement | None = None
    tag: str | None = None
    failed: Reply | None = None


class Writer:
    """Writes through ``send``."""

    def __init__(self, send: Send, now: Now) -> None:
        self._send = send
        self._now = now

    def acknowledge(
        self, ack: Acknowledgement, cancel: threading.Event, over: Acknowledgement | None
    ) -> Observation[Acknowledgement]:
        """See ``InternalApi.acknowledge``."""
        started = time.monotonic()
        try:
            body = acknowledgement_record(ack).model_dump_json().encode()
        except (ValidationError, ValueError) as error:
            return self._observation(PUT, started, Reply(Outcome.FAILED), None, f"it cannot be kept: {_first(error)}")
        path = f"/acknowledgements/{ack.id}"
        before = self._standing(path, cancel)
        if before.failed is not None:
            return self._observation(PUT, started, before.failed, None, before.failed.error)
        there = before.ack
        if there is not None and there not in (over, ack) and there.by != ack.by and there.until > ack.at:
            reason = f"{there.by} has acknowledged it meanwhile, until {there.until:%Y-%m-%dT%H:%M:%SZ}"
            return self._observation(PUT, started, Reply(Outcome.FAILED), None, reason)
        condition = {"If-Match": before.tag} if before.tag is not None else {"If-None-Match": "*"}
        reply = self._send(Ask("PUT", path, headers=condition, body=body), cancel)
        if reply.status in DONE:
            return self._observation(PUT, started, reply, ack, None)
        if not reply.undecided and reply.status != 412:
            return self._observation(PUT, started, reply, None, reply.error)
        after = self._standing(path, cancel)
        if after.ack == ack:
            return self._observation(PUT, started, reply, ack, None)
        return self._observation(PUT, started, reply, None, _undecided(reply, after))

    def withdraw(
        self, tenant: str | None, figure: str, cancel: threading.Event, over: Acknowledgement | None
    ) -> Observation[Acknowledgement]:
        """See ``InternalApi.withdraw``."""
        started = time.monotonic()
        path = f"/acknowledgements/{acknowledgement_id(tenant, figure)}"
        before = self._standing(path, cancel)
        if before.failed is not None:
            return self._observation(DELETE, started, before.failed, None, before.failed.error)
        there = before.ack
        if there is None or before.tag is None:
            return self._observation(DELETE, started, Reply(Outcome.EMPTY), None, None)
        if over is not None and there != over:
            reason = f"it is another one meanwhile, of {there.by}"
            return self._observation(DELETE, started, Reply(Outcome.FAILED), None, reason)
        reply = self._send(Ask("DELETE", path, headers={"If-Match": before.tag}), cancel)
        if reply.status in DONE:
            return self._observation(DELETE, started, reply, there, None)
        if not reply.undecided and reply.status not in (404, 412):
            return self._observation(DELETE, started, reply, None, reply.error)
        after = self._standing(path, cancel)
        if after.failed is None and after.ack is None:
            return self._observation(DELETE, started, reply, there, None)
        return self._observation(DELETE, started, reply, None, _undecided(reply, after))

    def _standing(self, path: str, cancel: threading.Event) -> _Standing:
        reply = self._send(Ask("GET", path), cancel)
        if reply.status == 404:
            return _Standing()
        if reply.outcome is not Outcome.SEEN:
            return _Standing(failed=reply)
        try:
            record = AcknowledgementRecord.model_validate_json(reply.body, strict=True)
        except ValidationError as error:
            return _Standing(failed=Reply(Outcome.FAILED, error=f"what stands there cannot be read: {_first(error)}"))
        if reply.tag is None:
            return _Standing(failed=Reply(Outcome.FAILED, error="it has no ETag, so others' changes go unnoticed"))
        return _Standing(acknowledgement(record), reply.tag)

    def _observation(
        self, source: Source, started: float, reply: Reply, value: Acknowledgement | None, error: str | None
    ) -> Observation[Acknowledgement]:
        outcome = reply.outcome
        if value is not None:
            outcome = Outcome.SEEN
        elif outcome is Outcome.SEEN:
            outcome = Outcome.FAILED
        latency = round((time.monotonic() - started) * 1000)
        return Observation(source, self._now(), outcome, value, latency, reply.retries, reply.request_id, error)


def _undecided(reply: Reply, after: _Standing) -> str:
    """Why a write is not known to have been carried out, or known not to have been."""
    if after.failed is not None:
        return f"it is not known whether it was carried out: {reply.error}"
    if reply.status == 412:
        return "another change came in between; look at it again"
    return f"it was not carried out: {reply.error}"


def _first(error: Exception) -> str:
    if isinstance(error, ValidationError):
        one = error.errors(include_url=False, include_input=False)[0]
        return f"{'.'.join(map(str, one['loc'])) or 'record'}: {one['msg']}"
    return str(error)
