"""A picture with every kind of figure, made by the fleet's own judging from facts in memory, source by source."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from services.aws.collect.base import Collector
from services.aws.collect.connect_peers import CONNECT_PEERS
from services.aws.collect.virtual_interfaces import VIRTUAL_INTERFACES
from services.aws.collect.vpn_connections import VPN_CONNECTIONS
from services.aws.facts import ResourceTags
from services.aws.facts_links import Tunnel, VpnConnection
from services.fleet.merge import Picture
from services.fleet.registry import SOURCES
from services.fleet.snapshot import FleetSnapshot
from services.internal.answer import RegistryAnswer
from services.model import ExportState, LifecycleState, Observation, Outcome, Source, TestKind
from tests.services.estate.things import HERE, NOW, answers, bucket, cluster, instance, recovery_point, seen, tagged
from tests.services.fleet.fakes import collection, picture, registry, restored, tenant
from tests.services.fleet.nouns import DAY, case, export, hold, pending, slot, window
from tests.services.fleet.test_backup_holds import legal_hold

MINUTE = timedelta(minutes=1)
ORDERS = instance("orders", tags=tagged("acme"))
LEDGER = cluster("ledger", tags=tagged("fabrikam"))
FILES = bucket("files")
OLD = instance("old", tags=tagged("litware"))
ENDED: dict[str, Any] = {"state": LifecycleState.DISMISSED, "ended_on": date(2026, 10, 1)}
GRACE: dict[str, Any] = {"state": LifecycleState.GRACE, "ended_on": date(2026, 11, 10)}

Lost = Callable[[Source], bool]
"""Which sources do not answer."""
ERROR = "AccessDenied: not authorized"


def _records(lost: Lost, at: datetime, outcome: Outcome) -> RegistryAnswer:
    """The registry's lists, those that are lost without what is in them."""
    failed = tuple(name for name, source in SOURCES.items() if lost(source))
    whole = registry(
        tenant("acme"),
        tenant("fabrikam", tier="dedicated"),
        tenant("litware", **ENDED),
        tenant("oakwood", **GRACE),
        at=at,
        failed=failed,
        exports=(
            export("litware", available_at=NOW - 2 * DAY, requested_at=NOW - 3 * DAY, delivered_at=NOW - DAY),
            export(
                "fabrikam",
                state=ExportState.REQUESTED,
                available_at=None,
                delivered_at=None,
                complete=None,
                requested_at=NOW - DAY,
            ),
        ),
        holds=(hold("litware"),),
        cases=(case("fabrikam", delivered_at=NOW - timedelta(hours=2)),),
        slots=(slot(),),
        recovery_tests=(
            restored("orders"),
            restored("old"),
            replace(restored("files"), store=FILES.arn),
            replace(restored("ledger", kind=TestKind.FAILOVER, ended_at=NOW - DAY + MINUTE), store=LEDGER.arn),
        ),
    )
    worded = tuple(
        replace(it, outcome=outcome, error=ERROR) if not it.outcome.answered else it for it in whole.observations
    )
    return replace(whole, observations=worded)


def _facts(at: datetime) -> list[Observation[Any]]:
    """What AWS holds in HERE, all of it in good health at ``at``."""
    fresh = at - 3 * MINUTE
    moved = [replace(it, latest_restorable_time=fresh) for it in (ORDERS, OLD)]
    ledger = replace(LEDGER, latest_restorable_time=fresh)
    point = recovery_point("p", FILES, place=HERE, created_at=at - timedelta(hours=6))
    tags = Observation(
        Source("resourcegroupstaggingapi", "GetResources", HERE.account, HERE.region),
        at,
        Outcome.SEEN,
        (ResourceTags(FILES.arn, HERE.account, HERE.region, tagged("acme")),),
    )
    holds = Observation(Source("backup", "ListLegalHolds", HERE.account, HERE.region), at, Outcome.SEEN, (HOLD,))
    return [
        *answers(*moved, ledger, FILES, point, at=at),
        seen("DescribeMaintenanceWindows", window(slot()), at=at),
        seen(
            "DescribePendingMaintenanceActions", pending(ORDERS.arn, forced_at=None, applies_at=NOW + 20 * DAY), at=at
        ),
        tags,
        holds,
        *linked(at),
    ]


def linked(at: datetime) -> list[Observation[Any]]:
    """What AWS says of links in HERE: a VPN of fabrikam's, both tunnels up, and nothing else."""
    tunnels = tuple(Tunnel(it, "UP", NOW - 9 * DAY, "", 3) for it in ("203.0.113.5", "203.0.113.6"))
    arn = f"arn:aws:ec2:{HERE.region}:{HERE.account}:vpn-connection/vpn-0a1b"
    vpn = VpnConnection(arn, "vpn-0a1b", HERE.account, HERE.region, "available", tunnels, tagged("fabrikam"))
    found: list[tuple[Collector[Any], tuple[Any, ...]]]
    found = [(VPN_CONNECTIONS, (vpn,)), (VIRTUAL_INTERFACES, ()), (CONNECT_PEERS, ())]
    return [Observation(it.source(HERE), at, Outcome.SEEN if value else Outcome.EMPTY, value) for it, value in found]


HOLD = legal_hold(resources=(OLD.arn,))


def nothing(_: Source) -> bool:
    """Everybody answers."""
    return False


def world(lost: Lost = nothing, *, outcome: Outcome = Outcome.DENIED, before: timedelta = MINUTE) -> FleetSnapshot:
    """The picture at ``NOW``: everything answered ``before`` then, and again at it, but for what is ``lost``."""
    return made_of(lost, outcome=outcome, before=before).snapshot


def made_of(lost: Lost = nothing, *, outcome: Outcome = Outcome.DENIED, before: timedelta = MINUTE) -> Picture:
    """The picture that goes on: see ``world``."""
    made, at = picture(), NOW
    for moment, gone in ((at - before, nothing), (at, lost)):
        made.take_registry(_records(gone, moment, outcome), moment)
        made.take_audit(collection("audit", at=moment))  # type: ignore[arg-type]  # an empty log
        made.take([_lose(it, outcome) if gone(it.source) else it for it in _facts(moment)])
    while made.behind:
        made.catch_up(at)
    made.publish(at, 1)
    return made


def _lose(seen_: Observation[Any], outcome: Outcome) -> Observation[Any]:
    return replace(seen_, outcome=outcome, value=None, error=ERROR)
