"""A restore made to prove that it works (clause ``recovery``): beside the store, measured, recorded, and removed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from pydantic import JsonValue

from services.model import SCRATCH_TAG, LifecycleState, TestKind
from services.orders.base import Action, Draft, Field, RefusedError, Steps
from services.orders.evidence import StoreSeen, question, stores_seen
from services.orders.names import COPY_NAME, ORDER_TAG
from services.orders.restorable import Chosen, Restorable, restorable
from services.orders.restorable import question as restorable_question
from services.orders.world import World, create, made
from services.wire.operations import RecoveryTestRecord
from services.wire.orders import NOW, AwsCall, Confirmation, RegistryCall, TenantChange
from services.wire.registry import StoreRecord, TenantRecord
from services.words import say_instant, say_length

RECOVERY = "recovery"
INSTANCE, CLUSTER = "rds-instance", "rds-cluster"
AURORA: Final = "aurora"
"""What the engines of Aurora begin with."""
MULTI_AZ: Final = frozenset({"mysql", "postgres"})
"""The engines of Multi-AZ clusters. RDS restores one with its three instances, and deletes them with it."""
LONGEST_PART: Final = 36
"""Characters of the store's name in that of its copy: RDS takes 63 in all."""
_GOING = frozenset({LifecycleState.DESTROYING, LifecycleState.DESTROYED})
_PRIVATE: Final[dict[str, JsonValue]] = {"PubliclyAccessible": False, "DeletionProtection": False}


def _test(world: World) -> Draft:
    """Recorded as begun, restored, followed, recorded as ended, removed. What fails is recorded as failed."""
    tenant = world.tenants()[0]
    if tenant.state in _GOING:
        raise RefusedError(f"{tenant.id} is {tenant.state}: no new copy of its data is made", tenant.id)
    store = _store(world, tenant)
    seen, chosen = restorable(world, store)
    if store.kind == CLUSTER and not seen.engine.startswith(AURORA) and seen.engine not in MULTI_AZ:
        raise RefusedError(
            f"a cluster of {seen.engine} is not restored from here: only Aurora's, and those of mysql and postgres",
            "fields.store",
        )
    record = made(
        RecoveryTestRecord,
        id=world.fresh_id("test"),
        tenant=tenant.id,
        store=store.store,
        kind=TestKind.RESTORE,
        started_at=world.now,
        reference=world.value("reference") or world.key,
    )
    steps, copy = Steps(), _Copy(world, store, seen, chosen, record.id)
    _begin(steps, record)
    (copy.add_instance if store.kind == INSTANCE else copy.add_cluster)(steps)
    _end(steps, record)
    copy.remove(steps)
    change = TenantChange(tenant=tenant.id, before="the restore tests that there are", after="one more")
    return Draft(
        (change,),
        steps.all,
        effects=tuple(_effects(world, tenant, copy)),
        warnings=tuple(_warnings(world, tenant, store, seen)),
    )


def _store(world: World, tenant: TenantRecord) -> StoreSeen:
    wanted = world.needed("store")
    found = next((it for it in stores_seen(world, tenant.id) if it.store == wanted), None)
    if found is None:
        raise RefusedError(f"AWS shows no such store of {tenant.id}: {wanted}", "fields.store")
    if found.kind not in (INSTANCE, CLUSTER):
        raise RefusedError(
            f"a {found.kind} is not restored from here: AWS Backup would fill a new one, which nobody who may only "
            "remove what bears this order's tag could empty; record its test with test-record",
            "fields.store",
        )
    return found


def _begin(steps: Steps, record: RecoveryTestRecord) -> None:
    """The first step: undone before anything was restored it leaves nothing, and after that a test that failed."""
    create(
        steps,
        record,
        f"restore test {record.id} begun",
        "deleted; recorded as failed where the restore did fail",
        now=("started_at",),
        failed={"started_at": "$1.started_at", "ended_at": NOW, "succeeded": False},
    )


def _end(steps: Steps, record: RecoveryTestRecord) -> None:
    """Never undone: what was measured stands, whatever becomes of the copy."""
    before = record.model_dump(mode="json") | {"started_at": "$1.started_at"}
    after = {**before, "ended_at": NOW, "succeeded": True}
    call = RegistryCall(method="PUT", path=f"/recovery-tests/{record.id}", before=before, after=after)
    steps.add(call, f"restore test {record.id} succeeded", None)


class _Copy:
    """The steps that make the copy of a store, follow it and remove it."""

    def __init__(self, world: World, store: StoreSeen, seen: Restorable, chosen: Chosen, test: str) -> None:
        self._store, self._seen, self.chosen = store, seen, chosen
        self._apart = store.kind == CLUSTER and seen.engine.startswith(AURORA)
        """Whether its instance is made and deleted apart from it."""
        self._source = store.store.rpartition(":")[2]
        part = self._source[:LONGEST_PART].rstrip("-")
        self.name = f"{COPY_NAME}{part}-{world.key[:12]}"
        self._tags: list[JsonValue] = [
            {"Key": ORDER_TAG, "Value": world.key},
            {"Key": SCRATCH_TAG, "Value": test},
            {"Key": world.tenant_tag, "Value": world.tenants()[0].id},
        ]

    def add_instance(self, steps: Steps) -> None:
        members = {**self._placed(), **_PRIVATE, "BackupRetentionPeriod": 0, "MultiAZ": False}
        if self.chosen.snapshot is not None:
            names: dict[str, JsonValue] = {
                "DBInstanceIdentifier": self.name,
                "DBSnapshotIdentifier": self.chosen.snapshot,
                "DBInstanceClass": self._seen.instance_class,
            }
            operation = "RestoreDBInstanceFromDBSnapshot"
        else:
            names = {
                "TargetDBInstanceIdentifier": self.name,
                "SourceDBInstanceIdentifier": self._source,
                "DBInstanceClass": self._seen.instance_class,
                **self._moment("RestoreTime"),
            }
            operation = "RestoreDBInstanceToPointInTime"
        self._add(steps, operation, {**names, **members}, f"{self._source} restored to {self.name}", "deleted")
        self._follow(steps, "DBInstance", self.name)

    def add_cluster(self, steps: Steps) -> None:
        """Of Aurora RDS restores the cluster alone: it has no instance before one is made, and is not usable before
        that. A Multi-AZ one comes whole, of the class that is named."""
        members = {**self._placed(), "DeletionProtection": False, "BackupRetentionPeriod": 1}
        if not self._apart:
            members |= {"DBClusterInstanceClass": self._seen.instance_class, "PubliclyAccessible": False}
        names: dict[str, JsonValue] = {"DBClusterIdentifier": self.name}
        if self.chosen.snapshot is not None:
            operation = "RestoreDBClusterFromSnapshot"
            names |= {"SnapshotIdentifier": self.chosen.snapshot, "Engine": self._seen.engine}
        else:
            operation = "RestoreDBClusterToPointInTime"
            names |= {"SourceDBClusterIdentifier": self._source, **self._moment("RestoreToTime")}
        self._add(steps, operation, {**names, **members}, f"{self._source} restored to {self.name}", "deleted")
        self._follow(steps, "DBCluster", self.name)
        if not self._apart:
            return
        instance: dict[str, JsonValue] = {
            "DBInstanceIdentifier": f"{self.name}-1",
            "DBClusterIdentifier": self.name,
            "DBInstanceClass": self._seen.instance_class,
            "Engine": self._seen.engine,
            "PubliclyAccessible": False,
            "Tags": self._tags,
        }
        self._add(steps, "CreateDBInstance", instance, f"instance {self.name}-1 made in it", "deleted")
        self._follow(steps, "DBInstance", f"{self.name}-1")

    def remove(self, steps: Steps) -> None:
        """Without a last snapshot or backup: it is a copy of what is kept elsewhere."""
        cluster = self._store.kind == CLUSTER
        instance = f"{self.name}-1" if cluster else self.name
        gone: dict[str, JsonValue] = {"SkipFinalSnapshot": True, "DeleteAutomatedBackups": True}
        if not cluster or self._apart:
            found: dict[str, JsonValue] = {"DBInstanceIdentifier": instance, **gone}
            self._add(steps, "DeleteDBInstance", found, f"{instance} deleted", "stays deleted")
        if cluster:
            found = {"DBClusterIdentifier": self.name, **gone}
            self._add(steps, "DeleteDBCluster", found, f"{self.name} deleted", "stays deleted")

    def _placed(self) -> dict[str, JsonValue]:
        """Where the store is: its subnets and its security groups, not the account's default ones."""
        found: dict[str, JsonValue] = {"Tags": self._tags}
        if self._seen.subnets is not None:
            found["DBSubnetGroupName"] = self._seen.subnets
        if self._seen.groups:
            found["VpcSecurityGroupIds"] = list(self._seen.groups)
        return found

    def _moment(self, member: str) -> dict[str, JsonValue]:
        return {"UseLatestRestorableTime": True} if self.chosen.at is None else {member: say_instant(self.chosen.at)}

    def _follow(self, steps: Steps, noun: str, name: str) -> None:
        says = f"{name} available, followed to its end"
        self._add(steps, f"Describe{noun}s", {f"{noun}Identifier": name}, says, "nothing was changed")

    def _add(self, steps: Steps, operation: str, parameters: dict[str, JsonValue], says: str, undo: str) -> None:
        call = AwsCall(
            service="rds",
            operation=operation,
            account=self._store.account,
            region=self._store.region,
            parameters=parameters,
        )
        steps.add(call, says, undo)


def _effects(world: World, tenant: TenantRecord, copy: _Copy) -> Iterator[str]:
    yield f"Restored from {copy.chosen.says}; not reachable from outside, and of the store's own account and region."
    promised = world.policy.recovery.rto.get(tenant.tier)
    if promised is None:
        yield f"The policy promises no RTO to the tier {tenant.tier}."
    elif promised == timedelta():
        yield f"The tier {tenant.tier} is promised an RTO of 0s, which failover tests prove: this proves the restore."
    else:
        yield f"The RTO of its tier is {say_length(promised)}: from the first step until the copy is seen available."


def _warnings(world: World, tenant: TenantRecord, store: StoreSeen, seen: Restorable) -> Iterator[str]:
    storage = "" if seen.storage is None else f" of {seen.storage} GiB"
    more = "three more" if seen.engine in MULTI_AZ and store.kind == CLUSTER else "a second"
    yield f"AWS bills {more} {seen.instance_class}{storage} until it is deleted."
    ended = [
        (it.ended_at, it.duration)
        for it in world.tests_of(tenant.id)
        if it.store == store.store and it.kind is TestKind.RESTORE and it.succeeded and it.ended_at and it.duration
    ]
    last = f"the last recorded one took {say_length(max(ended)[1])}" if ended else "none is recorded that says how long"
    yield f"It lasts as long as the restore does: {last}. It can be taken back meanwhile."
    if any(it.store == store.store and it.part is not None for it in world.of(StoreRecord, tenant.id)):
        yield f"It is shared: the copy holds what other tenants have in it, and is attributed to {tenant.id} alone."
    if tenant.state not in (LifecycleState.ACTIVE, LifecycleState.GRACE):
        yield f"{tenant.id} is {tenant.state}: what is left of the copy is due for destruction with all hosted data."


def _ask(world: World) -> tuple[str, ...]:
    store = world.value("store")
    return (*(question(it.id) for it in world.tenants()), *((restorable_question(store),) if store else ()))


ACTIONS = (
    Action(
        "restore-test",
        "Test the restore of a database",
        RECOVERY,
        Confirmation.REVERSIBLE,
        _test,
        (
            Field("store", "Store", "its ARN", "store"),
            Field("point", "Point", "an instant or a snapshot; empty: the newest", required=False),
            Field("reference", "Reference", "of the protocol; empty: this order", required=False),
        ),
        states=frozenset(LifecycleState) - _GOING,
        many=False,
        aside=True,
        questions=_ask,
    ),
)
