"""``tenure tenants diff``: the registry against what AWS has and how it is tagged."""

from __future__ import annotations

import os
import threading
from typing import Annotated, Final

from cyclopts import Parameter

from console.errors import OK, UNANSWERED
from console.output import Format, print_rows, say
from services.model import Source

DIFFERENT: Final = 1
REGISTRY: Final = (Source("internal", "GET /tenants"), Source("internal", "GET /stores"))
"""Without these nothing can be compared."""


def diff(
    *,
    output: Annotated[Format, Parameter(name=["--output", "-o"], help="Form of the rows on stdout.")] = "table",
) -> int:
    """Print where the registry and AWS differ: stores tagged with a tenant that is not registered, mapped and not
    seen, of nobody, in another account or region than their tenant, and those whose mapping and tag contradict.

    Exits 0 where there is no difference, 1 where there is one, 3 where there is none as far as the sources answered.
    """
    from console.reading import read_once, tell_missing
    from console.settings import load_settings
    from console.waiting import Task
    from console.wiring import load_policy, make_api, open_fleet
    from services.now import make_now
    from services.upkeep.differences import Kind, differences
    from services.upkeep.tables import DIFFERENCES

    settings = load_settings(os.environ)
    now = make_now(settings.clock_offset)
    with open_fleet(settings, now) as reader:
        fleet = read_once(reader)
    with make_api(settings, now, load_policy(settings).default_zone) as api:
        records = Task("registry", lambda: api.records(threading.Event())).wait()
    for trouble in records.troubles:
        say(f"tenure: {trouble}")
    missing = tell_missing(fleet)
    if records.troubles or any(view.source in REGISTRY for view in fleet.failed):
        return UNANSWERED  # nothing can be told apart from what was not read
    found = differences(fleet, records.stores.values())
    print_rows(DIFFERENCES, found, output, fleet)
    if any(one.kind is not Kind.UNKNOWN for one in found):
        return DIFFERENT
    return UNANSWERED if found or missing else OK
