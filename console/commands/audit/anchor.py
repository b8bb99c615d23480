"""``tenure audit anchor FILE``: keep where the audit log ends, for ``tenure audit verify`` to compare with later."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from console.errors import OK, UNANSWERED, UsageError
from console.output import say
from console.waiting import Task


def anchor(
    file: Annotated[Path, Parameter(help="A new file; one that is there already is never overwritten.")],
    /,
) -> int:
    """Write the position and the hash of the last entry of the audit log to a file.

    Keep it where who can write the log's database cannot write. tenure audit verify --anchor FILE then finds a log
    that was cut or written anew.

    Exits 2 where the file is there already or cannot be made, 3 where the internal API did not answer.
    """
    from console.settings import load_settings
    from console.wiring import make_api
    from services.now import make_now
    from services.wire.anchor import Anchor

    settings = load_settings(os.environ)
    now = make_now(settings.clock_offset)
    with make_api(settings, now, "UTC") as api:
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
