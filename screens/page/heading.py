"""Who the tenant is."""

from __future__ import annotations

from collections.abc import Iterator

from screens.page.lines import PageLine
from screens.text import DIM, STRONG, line, status_style
from services.areas.words import ABSENT
from services.fleet.snapshot import TenantView


def heading(view: TenantView) -> Iterator[PageLine]:
    """Name, place and status; the parties."""
    tenant = view.tenant
    facts = (tenant.name, tenant.tier, tenant.region, tenant.account)
    yield PageLine(
        line(
            (tenant.id, STRONG),
            *(part for fact in facts for part in ((" · ", DIM), fact)),
            (" · ", DIM),
            (view.status, status_style(view.status)),
        )
    )
    yield PageLine(
        line(
            *_named("customer", tenant.customer),
            *_named("reseller", tenant.reseller),
            *_named("order", tenant.order),
            *_named("zone", tenant.zone),
        )
    )
    if tenant.service_provider or tenant.sp_end_customers:
        customers = ", ".join(tenant.sp_end_customers) or None
        yield PageLine(line(*_named("provider", tenant.service_provider), *_named("its customers", customers)))


def _named(name: str, value: str | None) -> tuple[tuple[str, str], str]:
    return (f"{name} ", DIM), f"{value if value is not None else ABSENT}  "
