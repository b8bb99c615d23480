"""``tenure show TENANT [--at ISO] -o json|yaml``."""

from __future__ import annotations

import sys
from typing import Annotated, Literal

from cyclopts import Parameter

from console.errors import OK, UNANSWERED, UsageError
from console.looking import At, looking
from console.output import print_json, say
from services.fleet.snapshot import FleetSnapshot, SourceView, TenantView


def show(
    tenant: Annotated[str, Parameter(help="The tenant's id.")],
    /,
    *,
    at: At = None,
    output: Annotated[Literal["json", "yaml"], Parameter(name=["--output", "-o"])] = "yaml",
) -> int:
    """Print everything about one tenant: record, clocks, verdicts, stores, exports, cases, holds, slots, sources.

    Exits 0 when every source that speaks about it answered, 3 when one did not, 2 when there is no such tenant.
    """
    from console.reading import tell_missing
    from services.areas.page import tenant_page

    with looking(at) as look:
        fleet = look.fleet
    view = fleet.tenants.get(tenant)
    if view is None:
        if may_exist(fleet, tenant):
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
    return tell_missing_of(fleet, view)


def may_exist(fleet: FleetSnapshot, tenant: str) -> bool:
    """Whether a tenant that is not among those known may be there all the same: its record could not be read, or the
    registry did not answer whole."""
    listed = any(view.source.operation == "GET /tenants" and _answered(view) for view in fleet.sources)
    return not listed or any(bad.id == tenant for bad in fleet.bad_records)


def tell_missing_of(fleet: FleetSnapshot, view: TenantView) -> int:
    """As for a list, of the sources alone that speak about this tenant."""
    from services.areas.page import speaks_about

    missing = [source for source in fleet.sources if not _answered(source) and speaks_about(source, view)]
    for source in missing:
        seen = source.observation
        say(f"tenure: {source.source.name} {f'{seen.outcome}: {seen.error}' if seen else 'was not asked'}")
    return UNANSWERED if missing else OK


def _answered(view: SourceView) -> bool:
    return view.outcome is not None and view.outcome.answered
