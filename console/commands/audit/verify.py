"""``tenure audit verify``: whether the audit log is as it was written."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

from cyclopts import Parameter

from console.errors import OK, UNANSWERED, CommandError, UsageError
from console.output import say
from console.waiting import Task

if TYPE_CHECKING:
    from services.internal.client import InternalApi
    from services.wire.anchor import Anchor
    from services.wire.chain import Fault

TOLD: Final = 20
"""Faults that are told one by one."""


def verify(
    *,
    anchor: Annotated[
        list[Path] | None, Parameter(negative="", help="What tenure audit anchor has kept; may be given several times.")
    ] = None,
) -> int:
    """Read the whole audit log and reckon its chain: an edit, a gap, a changed order and a cut end are found.

    Who can write the database can also write the whole log anew; only an anchor that lies elsewhere tells that.

    Exits 4 with the first bad position, 3 where the internal API did not answer.
    """
    from console.settings import load_settings
    from console.wiring import make_api
    from services.now import make_now

    anchors = [_read(path) for path in anchor or ()]
    settings = load_settings(os.environ)
    with make_api(settings, make_now(settings.clock_offset), "UTC") as api:
        read = Task("audit", lambda: _verify(api, anchors)).wait()
    if isinstance(read, str):
        say(f"tenure: {read}")
        return UNANSWERED
    faults, position = read
    if faults:
        told = [f"position {fault.position}: {fault.what}" for fault in faults[:TOLD]]
        more = [f"and {len(faults) - TOLD} more"] if len(faults) > TOLD else []
        raise CommandError("\n".join(["the audit log is not as it was written", *told, *more]))
    say(f"tenure: the audit log is whole, 1 to {position}" if position else "tenure: the audit log is empty")
    for path, kept in zip(anchor or (), anchors, strict=True):
        say(f"tenure: it holds what {path} knows: position {kept.position}, {kept.at.isoformat(timespec='seconds')}")
    if not anchors:
        say("tenure: without an anchor a log that was written anew looks whole, too: tenure audit anchor")
    return OK


def _verify(api: InternalApi, anchors: list[Anchor]) -> tuple[list[Fault], int] | str:
    """The faults and where the log ends; or why it could not be read."""
    from services.wire.chain import verify as faults_of

    cancel = threading.Event()
    first = api.audit_head(cancel)
    log = api.audit_log(cancel)
    last = api.audit_head(cancel)
    if first.value is None or last.value is None or log.value is None:
        return next(seen.error for seen in (first, log, last) if seen.value is None) or "the audit log did not answer"
    if log.error is not None:
        raise CommandError(f"the audit log is not as it was written: {log.error}")
    # what was added while it was read may have been read or not
    after, until = first.value.position, last.value.position
    entries = [it for it in log.value if it.position is None or not after < it.position <= until]
    faults = faults_of(entries, first.value, *(it.head for it in anchors))
    return faults, first.value.position


def _read(path: Path) -> Anchor:
    from pydantic import ValidationError

    from services.wire.anchor import Anchor

    try:
        return Anchor.model_validate_json(path.read_bytes())
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from error
    except ValidationError as error:
        raise UsageError(f"{path}: this is no anchor: {error.errors()[0]['msg']}") from error
