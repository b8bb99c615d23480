"""``tenure audit anchor``: keep where the audit log ends, for ``tenure audit verify`` to compare with later."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from console.errors import OK, UNANSWERED, CommandError, UsageError
from console.output import say
from console.waiting import Task
from services.now import Now

if TYPE_CHECKING:
    from services.internal.client import InternalApi


def anchor(
    file: Annotated[
        Path | None, Parameter(help="A new file to keep it in; one that is there already is never overwritten.")
    ] = None,
    /,
) -> int:
    """Keep the position and the hash of the audit log's last entry: in a file, or without one in S3, by the server.

    A log that was cut or written anew is found by tenure audit verify --anchor only where the anchor lies out of reach
    of who can write the log's database. The server keeps it where tenure serve --anchor says, in a new object.

    Exits 2 where the file is there already or cannot be made, 3 where the internal API did not answer, 4 where the
    server or S3 refused.
    """
    from console.settings import load_settings
    from console.wiring import make_api
    from services.now import make_now

    settings = load_settings(os.environ)
    now = make_now(settings.clock_offset)
    with make_api(settings, now, "UTC") as api:
        return _in_s3(api) if file is None else _in_file(api, file, now)


def _in_s3(api: InternalApi) -> int:
    seen = Task("anchor", api.anchor).wait()
    if seen.value is None:
        raise CommandError(f"nothing was kept, as far as is known: {seen.error}")
    say(f"tenure: position {seen.value.position} of the audit log is kept in")
    sys.stdout.write(f"{seen.value.uri}\n")
    return OK


def _in_file(api: InternalApi, file: Path, now: Now) -> int:
    from services.wire.anchor import Anchor

    seen = Task("audit head", api.audit_head).wait()
    if seen.value is None:
        say(f"tenure: the head of the audit log cannot be read: {seen.error}")
        return UNANSWERED
    kept = Anchor(position=seen.value.position, hash=seen.value.hash, at=now())
    try:
        with file.open("x", encoding="ascii") as opened:
            opened.write(kept.model_dump_json() + "\n")
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}") from error
    say(f"tenure: position {kept.position} of the audit log is kept in {file}")
    return OK
