"""``tenure show TENANT -o json|yaml``."""

from __future__ import annotations

import os
import sys
from typing import Annotated, Literal

from cyclopts import Parameter

from console.errors import OK, UNANSWERED, UsageError
from console.output import print_json, say
from services.fleet.snapshot import FleetSnapshot, SourceView, TenantView


def show(
    tenant: Annotated[str, Parameter(help="The tenant's id.")],
    /,
    *,
    output: Annotated[Literal["json", "yaml"], Parameter(name=["--output", "-o"])] = "yaml",
) -> int:
    """Print everything about one tenant: record, clocks, verdicts, stores with restore points, sources with ages.

    Exits 0 when every source that speaks about it answered, 3 when one did not, 2 when there is no such tenant.
    """
    from console.reading import read_once, tell_missing
    from console.settings import load_settings
    from console.wiring import open_fleet
    from services.areas.page import tenant_page
    from services.now import make_now

    settings = load_settings(os.environ)
    with open_fleet(settings, make_now(settings.clock_offset)) as reader:
        fleet = read_once(reader)
    view = fleet.tenants.get(tenant)
    if view is None:
        if any(bad.id == tenant for bad in fleet.bad_records) or not _registry_answered(fleet):
            tell_missing(fleet)
            return UNANSWERED
        raise UsageError(f"there is no tenant {tenant!r}; tenure list tenants names them")
    page = tenant_page(fleet, view)
    if output == "json":
        print_json(page)
    else:
        import yaml

        yaml.safe_dump(page, sys.stdout, sort_keys=False, allow_unicode=False, width=120)
        sys.stdout.flush()
    return _tell_missing(fleet, view)


def _registry_answered(fleet: FleetSnapshot) -> bool:
    return any(
        view.source.operation == "GET /tenants" and view.outcome is not None and view.outcome.answered
        for view in fleet.sources
    )


def _tell_missing(fleet: FleetSnapshot, view: TenantView) -> int:
    """As for a list, of the sources alone that speak about this tenant."""
    from services.areas.page import speaks_about

    missing = [source for source in fleet.sources if not _answered(source) and speaks_about(source, view)]
    for source in missing:
        seen = source.observation
        say(f"tenure: {source.source.name} {f'{seen.outcome}: {seen.error}' if seen else 'was not asked'}")
    return UNANSWERED if missing else OK


def _answered(view: SourceView) -> bool:
    return view.outcome is not None and view.outcome.answered
