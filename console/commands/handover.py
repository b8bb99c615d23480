"""``tenure handover --since 8h``: what the next shift has to know, in Markdown."""

from __future__ import annotations

import os
import sys
from typing import Annotated

from cyclopts import Parameter

from console.errors import UsageError
from console.looking import looking


def handover(
    *,
    since: Annotated[str, Parameter(help="From when on: a length back from now (8h, 3d), a day or an instant.")] = "8h",
) -> int:
    """Print a handover in Markdown: what is due, which orders are open or have ended, and what was done by whom.

    Exits 0 when every source answered, 3 when one did not: the text says at its beginning what is not known. Exits 2
    for what cannot be read on the command line or in the settings.
    """
    from console.reading import tell_missing
    from console.settings import load_settings
    from console.wiring import load_policy
    from services.areas.handover import handover as lines_of
    from services.instants import InstantError, read_back
    from services.now import make_now

    settings = load_settings(os.environ)
    now = make_now(settings.clock_offset)()
    try:  # before anybody is asked
        begin = read_back(since, load_policy(settings).default_zone, now)
    except InstantError as error:
        raise UsageError(f"--since: {error}") from None
    with looking() as look:
        fleet = look.fleet
    sys.stdout.writelines(f"{line}\n" for line in lines_of(fleet, begin))
    sys.stdout.flush()
    return tell_missing(fleet)
