"""A registry and an AWS that answer as a test tells them to, without a network."""

from __future__ import annotations

import threading
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from services.agreement import Policy, default_policy_text, parse_policy
from services.agreement.life import Passage
from services.aws.collect.base import Place
from services.fleet.merge import Picture
from services.fleet.registry import SOURCES
from services.fleet.rules import AGREEMENT, Exports, Holds, Rules
from services.internal.answer import RegistryAnswer
from services.model import (
    BASE,
    INTERNAL,
    Acknowledgement,
    AuditEntry,
    Credential,
    Identity,
    LifecycleState,
    Observation,
    Order,
    Outcome,
    Prompts,
    RecoveryTest,
    Slot,
    Source,
    Store,
    StoreMapping,
    Tenant,
    TestKind,
    Verdict,
)
from services.orders.desk import OrderDesk, Refusing
from services.wire.history import HistoryRecord
from services.wire.registry import WhoAmI
from tests.services.estate.things import HERE, NOW

POLICY: Policy = parse_policy(default_policy_text())


def tenant(name: str, place: Place = HERE, **members: Any) -> Tenant:
    chosen: dict[str, Any] = {
        "name": name.title(),
        "tier": "public",
        "zone": "Europe/Rome",
        "state": LifecycleState.ACTIVE,
        "customer": "Customer",
        "ended_on": date(2028, 1, 1),
    }
    return Tenant(id=name, region=place.region, account=place.account, **(chosen | members))


def restored(store: str, place: Place = HERE, **members: Any) -> RecoveryTest:
    """A restore test of an instance, a day ago, which took an hour."""
    chosen: dict[str, Any] = {
        "kind": TestKind.RESTORE,
        "started_at": NOW - timedelta(days=1),
        "ended_at": NOW - timedelta(hours=23),
        "succeeded": True,
        "seen_in": "internal GET /recovery-tests",
    }
    arn = f"arn:aws:rds:{place.region}:{place.account}:db:{store}"
    return RecoveryTest(id=f"test-{store}", store=arn, **(chosen | members))


def collection(name: str, outcome: Outcome = Outcome.SEEN, at: datetime = NOW) -> Observation[tuple[str, ...]]:
    error = None if outcome.answered else "answered 503"
    return Observation(Source("internal", f"GET /{name}"), at, outcome, () if outcome.answered else None, error=error)


def registry(
    *tenants: Tenant,
    stores: tuple[StoreMapping, ...] = (),
    at: datetime = NOW,
    failed: tuple[str, ...] = (),
    unheard: tuple[str, ...] = (),
    doubts: Mapping[str, str] | None = None,
    **more: tuple[Any, ...],
) -> RegistryAnswer:
    """An answer; a collection that failed, or was not heard yet, brings nothing. ``more`` is what the other
    collections hold: ``exports``, ``slots``, ``recovery_tests``."""
    names = [name for name in SOURCES if name not in unheard]
    lost = {*failed, *unheard}
    kept: dict[str, Any] = {name: () if name.replace("_", "-") in lost else it for name, it in more.items()}
    return RegistryAnswer(
        tuple(collection(it, Outcome.FAILED if it in failed else Outcome.SEEN, at) for it in names),
        () if "tenants" in lost else tenants,
        () if "stores" in lost else stores,
        (),
        doubts or {},
        **kept,
    )


@dataclass
class Counting:
    """The agreement's rules, their calls counted."""

    judged: list[tuple[str, str | None]] = field(default_factory=list)
    """(store's name, tier) of each RPO judged."""
    lives: list[str] = field(default_factory=list)
    slots: list[str] = field(default_factory=list)
    """Slots that were held against others."""

    @property
    def rules(self) -> Rules:
        def rpo(store: Store, tier: str | None, policy: Policy, now: datetime, *, figure: str) -> Verdict:
            self.judged.append((store.name, tier))
            return AGREEMENT.rpo(store, tier, policy, now, figure=figure)

        def life(who: Tenant, policy: Policy, now: datetime, exports: Exports, holds: Holds) -> Passage:
            self.lives.append(who.id)
            return AGREEMENT.life(who, policy, now, exports, holds)

        def conflicts(
            slot: Slot, others: Sequence[Slot], tenants: Sequence[Tenant], exports: Exports, policy: Policy
        ) -> tuple[str, ...]:
            self.slots.append(slot.id)
            return AGREEMENT.slot_conflicts(slot, others, tenants, exports, policy)

        return replace(AGREEMENT, rpo=rpo, life=life, slot_conflicts=conflicts)


def picture(rules: Rules = AGREEMENT) -> Picture:
    return Picture(POLICY, rules, "tenant", NOW)


OLGA = Credential(INTERNAL, "olga")


@dataclass
class FakeRegistry:
    """``InternalApi`` as far as the fleet uses it."""

    answer: RegistryAnswer
    wait: threading.Event | None = None
    """Nothing is answered before it is set."""
    log: tuple[AuditEntry, ...] = ()
    ordered: tuple[Order, ...] = ()
    refuses: str | None = None
    """Why nobody may acknowledge anything."""
    token: Credential = OLGA
    over: list[Acknowledgement | None] = field(default_factory=list)
    """What whoever wrote said to have seen there before."""
    desk: OrderDesk = field(default_factory=lambda: Refusing("nobody orders anything here"))
    recalled: list[tuple[str, datetime, datetime]] = field(default_factory=list)
    """Of whom and over which stretch it was asked what was recorded."""

    def credential(self) -> Credential:
        return self.token

    def whoami(self, cancel: threading.Event | None = None) -> Observation[WhoAmI]:
        return Observation(Source("internal", "GET /whoami"), NOW, Outcome.SEEN, WhoAmI(user="olga", role="viewer"))

    def audit(
        self, cancel: threading.Event, tenant: str | None = None, limit: int = 500
    ) -> Observation[tuple[AuditEntry, ...]]:
        return Observation(Source("internal", "GET /audit"), NOW, Outcome.SEEN, self.log)

    def orders(self, cancel: threading.Event) -> Observation[tuple[Order, ...]]:
        return Observation(Source("internal", "GET /orders"), NOW, Outcome.SEEN, self.ordered)

    def acknowledge(
        self, ack: Acknowledgement, cancel: threading.Event | None = None, *, over: Acknowledgement | None = None
    ) -> Observation[Acknowledgement]:
        self.over.append(over)
        if self.refuses is not None:
            return Observation(Source("internal", "PUT /acknowledgements"), NOW, Outcome.DENIED, error=self.refuses)
        return Observation(Source("internal", "PUT /acknowledgements"), NOW, Outcome.SEEN, ack)

    def history(
        self, cancel: threading.Event, tenant: str, since: datetime, until: datetime
    ) -> Observation[HistoryRecord]:
        self.recalled.append((tenant, since, until))
        return Observation(Source("internal", "GET /samples/history"), NOW, Outcome.NOT_OFFERED)

    def withdraw(
        self,
        tenant: str | None,
        figure: str,
        cancel: threading.Event | None = None,
        *,
        over: Acknowledgement | None = None,
    ) -> Observation[Acknowledgement]:
        self.over.append(over)
        outcome = Outcome.SEEN if over is not None else Outcome.EMPTY
        return Observation(Source("internal", "DELETE /acknowledgements"), NOW, outcome, over)

    def registry(
        self,
        cancel: threading.Event,
        publish: Callable[[RegistryAnswer], None] | None = None,
        *,
        only: Container[str] | None = None,
        anew: bool = True,
    ) -> RegistryAnswer:
        if self.wait is not None:
            self.wait.wait(20)
        return self.answer


Pages = Callable[[str, str, str], list[dict[str, Any]]]
"""From operation (as boto3's paginator names it), account and region, the records; raises what AWS would."""

LISTED = {
    "describe_db_instances": "DBInstances",
    "describe_db_clusters": "DBClusters",
    "describe_db_snapshots": "DBSnapshots",
    "describe_db_cluster_snapshots": "DBClusterSnapshots",
    "describe_db_instance_automated_backups": "DBInstanceAutomatedBackups",
    "describe_db_cluster_automated_backups": "DBClusterAutomatedBackups",
    "get_resources": "ResourceTagMappingList",
    "describe_maintenance_windows": "WindowIdentities",
    "describe_pending_maintenance_actions": "PendingMaintenanceActions",
    "list_backup_jobs": "BackupJobs",
    "list_backup_plans": "BackupPlansList",
    "list_backup_vaults": "BackupVaultList",
    "list_buckets": "Buckets",
    "list_copy_jobs": "CopyJobs",
    "list_legal_holds": "LegalHolds",
    "list_protected_resources": "Results",
    "list_restore_jobs": "RestoreJobs",
}
LINKED = {
    "describe_vpn_connections": "VpnConnections",
    "describe_virtual_interfaces": "virtualInterfaces",
    "describe_connections": "connections",
    "describe_transit_gateway_connect_peers": "TransitGatewayConnectPeers",
}
"""Calls to a place where somebody is promised a private link."""
ASKED = len(LISTED)
"""Calls to a place where there is nothing, and nobody who is promised a link."""


@dataclass
class FakeAws:
    """``AwsSession`` as far as the fleet uses it."""

    pages: Pages
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    known: tuple[Credential, ...] = (Credential(BASE, "arn:aws:iam::111122223333:user/olga"),)

    def credentials(self) -> tuple[Credential, ...]:
        return self.known

    def sign_in(self, prompts: Prompts, cancel: threading.Event) -> str | None:
        return "these credentials are renewed in a shell"

    def identity(self) -> Identity:
        return Identity(aws_arn="arn:aws:iam::111122223333:user/olga", expires_at=NOW + timedelta(hours=1))

    def prepare(self, services: object) -> None:
        """Nothing has to be read."""

    def answered(self, operation: str, account: str, region: str) -> dict[str, Any]:
        """The one page of an answer."""
        records = self.pages(operation, account, region)
        return {{**LISTED, **LINKED}[operation]: records, "ResponseMetadata": {"RequestId": "r"}}

    def client(self, service: str, account: str, region: str) -> Any:
        outer = self

        class Client:
            def get_paginator(self, operation_name: str) -> Any:
                class Paginator:
                    def paginate(self, **parameters: object) -> list[dict[str, Any]]:
                        outer.asked.append((operation_name, account, region))
                        return [outer.answered(operation_name, account, region)]

                return Paginator()

            def describe_vpn_connections(self) -> Any:
                return self._asked("describe_vpn_connections")

            def describe_virtual_interfaces(self) -> Any:
                return self._asked("describe_virtual_interfaces")

            def describe_connections(self) -> Any:
                return self._asked("describe_connections")

            def _asked(self, operation: str) -> Any:
                outer.asked.append((operation, account, region))
                return outer.answered(operation, account, region)

        return Client()


def raw_instance(name: str, place: Place = HERE, *, tags: Mapping[str, str] | None = None) -> dict[str, Any]:
    """An instance as boto3 gives it, in good health."""
    return {
        "DBInstanceArn": f"arn:aws:rds:{place.region}:{place.account}:db:{name}",
        "DBInstanceIdentifier": name,
        "DbiResourceId": f"db-{name}-{place.region}",
        "Engine": "postgres",
        "DBInstanceStatus": "available",
        "InstanceCreateTime": datetime(2026, 1, 1, tzinfo=UTC),
        "LatestRestorableTime": NOW - timedelta(minutes=3),
        "BackupRetentionPeriod": 7,
        "TagList": [{"Key": key, "Value": value} for key, value in (tags or {}).items()],
    }
