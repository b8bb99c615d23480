"""Which sources an area rests on: whose failure is its trouble, and what is asked first while it is in sight.

Written down and not gathered from the checks, whose collectors the console loads only once it stands; a test holds
both against each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import MappingProxyType
from typing import TypeAlias

from services.fleet.snapshot import FleetSnapshot, SourceView, TenantView
from services.model import Source

Rests: TypeAlias = Callable[[Source], bool]
"""Whether something rests on a source."""

INTERNAL = "internal"
RECORD = frozenset({"tenants", "subscriptions", "stores"})
"""Lists of the internal API on which everything said of a tenant rests."""
PARTIES = frozenset({"parties"})
EXPORTS, HOLDS, CASES = frozenset({"exports"}), frozenset({"holds"}), frozenset({"cases"})
SLOTS, TESTS, AUDIT = frozenset({"slots"}), frozenset({"recovery-tests"}), frozenset({"audit"})
SEEN = frozenset({"acknowledgements"})
ORDERS, WHOAMI = frozenset({"orders"}), frozenset({"whoami"})

INVENTORY = frozenset({"DescribeDBInstances", "DescribeDBClusters"})
STORES = INVENTORY | {
    "DescribeDBClusterAutomatedBackups",
    "DescribeDBClusterSnapshots",
    "DescribeDBInstanceAutomatedBackups",
    "DescribeDBSnapshots",
    "GetResources",
    "ListBackupJobs",
    "ListBackupPlans",
    "ListBuckets",
    "ListCopyJobs",
    "ListProtectedResources",
    "ListRecoveryPointsByBackupVault",
    "ListRestoreJobs",
}
"""Operations of AWS that tell of stores and of how far back they can be brought."""
LEGAL_HOLDS = frozenset({"ListLegalHolds"})
LINKS = frozenset({"DescribeVpnConnections", "DescribeVirtualInterfaces", "DescribeTransitGatewayConnectPeers"})
WORK = frozenset({"DescribeMaintenanceWindows", "DescribePendingMaintenanceActions"})

OF_TENANTS = RECORD | EXPORTS | HOLDS | CASES | TESTS
"""What a tenant's status is the worst of."""

NEEDS = MappingProxyType(
    {
        "due": (OF_TENANTS | SLOTS | SEEN | ORDERS, STORES | LEGAL_HOLDS | LINKS | WORK),
        "tenants": (OF_TENANTS | PARTIES, STORES | LEGAL_HOLDS | LINKS),
        "recovery": (RECORD | TESTS, STORES),
        "retention": (RECORD | EXPORTS | HOLDS, LEGAL_HOLDS),
        "exports": (RECORD | EXPORTS, frozenset[str]()),
        "maintenance": (RECORD | EXPORTS | SLOTS, INVENTORY | WORK),
        "links": (frozenset({"tenants", "subscriptions"}), LINKS),
        "cases": (RECORD | CASES, frozenset[str]()),
        "orders": (ORDERS, frozenset[str]()),
        "journal": (ORDERS | AUDIT | WHOAMI, frozenset[str]()),
        "audit": (AUDIT, frozenset[str]()),
        "credentials": (WHOAMI, frozenset({"GetCallerIdentity"})),
    }
)
"""Area → lists of the internal API, and operations of AWS. ``sources`` is about all of them."""

_OWN = MappingProxyType(
    {
        "exports": EXPORTS,
        "maintenance": SLOTS,
        "cases": CASES,
        "orders": ORDERS,
        "journal": WHOAMI,
        "audit": AUDIT,
        "retention": frozenset({"subscriptions"}),
        "credentials": WHOAMI,
    }
)
_OF_NO_TENANT = frozenset({"audit", "journal", "orders"})
"""Areas whose rows stand without the list of tenants."""


def rests_on(area: str, source: Source) -> bool:
    """Whether anything that an area shows rests on a source; everything does for an area that is not known here."""
    if area not in NEEDS:
        return True
    lists, calls = NEEDS[area]
    if source.service == INTERNAL:
        return source.operation.removeprefix("GET /") in lists
    return source.operation in calls


def cannot_do_without(area: str, source: Source) -> bool:
    """Whether nothing that an area shows can be told without a source: the list that its rows come from."""
    if source.service != INTERNAL or area not in NEEDS:
        return False
    collection = source.operation.removeprefix("GET /")
    return collection in _OWN.get(area, ()) or (collection == "tenants" and area not in _OF_NO_TENANT)


def about(view: TenantView, sources: Iterable[SourceView]) -> list[SourceView]:
    """The sources that speak about a tenant: those of its account and region, its evidence, and the registry."""
    evidence = {seen.source for verdict in view.verdicts for seen in verdict.evidence}
    evidence |= {seen.source for store in view.stores if store.store for seen in store.store.sources}
    tenant = view.tenant

    def speaks(source: Source) -> bool:
        where = (source.account, source.region)
        return source in evidence or where in ((tenant.account, tenant.region), (None, None))

    return [source for source in sources if speaks(source.source)]


def needed(fleet: FleetSnapshot, area: str) -> list[SourceView]:
    """The sources that an area rests on, with how each answered."""
    return [view for view in fleet.sources if rests_on(area, view.source)]
