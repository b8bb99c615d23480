"""Which area a figure belongs to."""

from __future__ import annotations

from types import MappingProxyType

TENANTS, RECOVERY, RETENTION, EXPORTS, MAINTENANCE, LINKS, CASES, ORDERS = (
    "tenants",
    "recovery",
    "retention",
    "exports",
    "maintenance",
    "links",
    "cases",
    "orders",
)

_AREAS = MappingProxyType(
    {
        "recovery": RECOVERY,
        "rto": RECOVERY,
        "recovery-tests": RECOVERY,
        "state": RETENTION,
        "grace": RETENTION,
        "hosted_data": RETENTION,
        "return_or_delete": RETENTION,
        "hold": RETENTION,
        "holds": RETENTION,
        "export": EXPORTS,
        "exports": EXPORTS,
        "slot": MAINTENANCE,
        "slots": MAINTENANCE,
        "pending": MAINTENANCE,
        "link": LINKS,
        "links": LINKS,
        "case": CASES,
        "cases": CASES,
        "order": ORDERS,
        "orders": ORDERS,
    }
)


def area_of(figure: str) -> str:
    """The area that lists a figure. What is judged of a tenant's record alone belongs to ``tenants``."""
    return _AREAS.get(figure.partition(".")[0], TENANTS)
