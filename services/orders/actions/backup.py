"""A backup on demand (clause ``recovery``): a manual snapshot of RDS, or a job of AWS Backup."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pydantic import JsonValue

from services.model import LifecycleState
from services.orders.base import Action, Draft, Field, RefusedError, Steps
from services.orders.evidence import StoreSeen, question, stores_seen
from services.orders.names import ORDER_TAG, SNAPSHOT_NAME
from services.orders.world import World
from services.wire.orders import AwsCall, Confirmation, TenantChange
from services.wire.registry import TenantRecord

RECOVERY = "recovery"
SNAPSHOT, BACKUP = "snapshot", "backup"
METHODS = (SNAPSHOT, BACKUP)
INSTANCE, CLUSTER = "rds-instance", "rds-cluster"
DEFAULT_ROLE = "arn:aws:iam::{account}:role/service-role/AWSBackupDefaultServiceRole"
"""What AWS Backup makes for itself in each account (AWS Backup developer guide, "IAM service roles")."""
_ROLE = re.compile(r"arn:aws[a-z-]*:iam::[0-9]{12}:role/[\w+=,.@/-]{1,512}", re.ASCII)
_VAULT = re.compile(r"[a-zA-Z0-9_-]{2,50}")
_GOING = frozenset({LifecycleState.DESTROYING, LifecycleState.DESTROYED})


def _start(world: World) -> Draft:
    """The store, all of it, as it is when the worker begins."""
    tenant = world.tenants()[0]
    if tenant.state in _GOING:
        raise RefusedError(f"{tenant.id} is {tenant.state}: no new copy of its data is made", tenant.id)
    store = _store(world, tenant)
    method = world.chosen("method", METHODS)
    steps = Steps()
    call = _snapshot(world, store) if method == SNAPSHOT else _job(world, store)
    steps.add(call, f"{'snapshot' if method == SNAPSHOT else 'backup job'} of {store.store}, followed to its end", None)
    change = TenantChange(tenant=tenant.id, before="the restore points that there are", after="one more")
    return Draft((change,), steps.all, effects=tuple(_effects(world, method)), warnings=tuple(_warnings(tenant)))


def _store(world: World, tenant: TenantRecord) -> StoreSeen:
    """The store of the field, as AWS shows it. Raises ``RefusedError`` where AWS shows it as nobody's or another's."""
    wanted = world.needed("store")
    found = next((it for it in stores_seen(world, tenant.id) if it.store == wanted), None)
    if found is None:
        raise RefusedError(f"AWS shows no such store of {tenant.id}: {wanted}", "fields.store")
    return found


def _snapshot(world: World, store: StoreSeen) -> AwsCall:
    nouns = {INSTANCE: "DBInstance", CLUSTER: "DBCluster"}
    if store.kind not in nouns:
        raise RefusedError(f"a {store.kind} has no snapshots: choose {BACKUP}", "fields.method")
    for name in ("vault", "keep", "role"):
        if world.value(name):
            raise RefusedError(f"{name} is for {BACKUP}: a snapshot has none", f"fields.{name}")
    noun = nouns[store.kind]
    kind = "DBSnapshot" if store.kind == INSTANCE else "DBClusterSnapshot"
    name = store.store.rpartition(":")[2]
    parameters: dict[str, JsonValue] = {
        f"{noun}Identifier": name,
        f"{kind}Identifier": f"{SNAPSHOT_NAME}{name}-{world.key[:12]}",
        "Tags": [{"Key": ORDER_TAG, "Value": world.key}],
    }
    return AwsCall(
        service="rds", operation=f"Create{kind}", account=store.account, region=store.region, parameters=parameters
    )


def _job(world: World, store: StoreSeen) -> AwsCall:
    vault = world.needed("vault")
    if not _VAULT.fullmatch(vault):
        raise RefusedError("vault is the name of a backup vault: 2 to 50 letters, digits, - and _", "fields.vault")
    role = world.value("role") or DEFAULT_ROLE.format(account=store.account)
    if not _ROLE.fullmatch(role):
        raise RefusedError("role is the ARN of an IAM role", "fields.role")
    parameters: dict[str, JsonValue] = {
        "BackupVaultName": vault,
        "ResourceArn": store.store,
        "IamRoleArn": role,
        "RecoveryPointTags": {ORDER_TAG: world.key},
    }
    days = _days(world)
    if days is not None:
        parameters["Lifecycle"] = {"DeleteAfterDays": days}
    before = world.seen_in_aws(jobs_question(store.store))
    if not isinstance(before, dict):
        raise RefusedError(f"AWS does not say which backups of {store.store} were started", "fields.store")
    parameters["before"] = {"newest": before.get("newest")}
    return AwsCall(
        service="backup", operation="StartBackupJob", account=store.account, region=store.region, parameters=parameters
    )


def _days(world: World) -> int | None:
    text = world.value("keep")
    if text is None:
        return None
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 1 <= int(text) <= 36500:
        raise RefusedError("keep is a number of days, 1 to 36500", "fields.keep")
    return int(text)


def _effects(world: World, method: str) -> Iterator[str]:
    days = None if method == SNAPSHOT else _days(world)
    yield "It is kept until somebody deletes it." if days is None else f"AWS Backup deletes it after {days} days."


def _warnings(tenant: TenantRecord) -> Iterator[str]:
    if tenant.state is not LifecycleState.ACTIVE:
        yield f"{tenant.id} is {tenant.state}: what is made is due for destruction with all hosted data."


def jobs_question(store: str) -> str:
    """What AWS is asked: ``{"newest": INSTANT}`` of the backup jobs on demand of a store, or ``None`` in its place."""
    return f"jobs of {store}"


def _ask(world: World) -> tuple[str, ...]:
    """A job is looked up by being newer than those there were; a snapshot has a name."""
    store = world.value("store") if world.value("method") == BACKUP else None
    return (*(question(it.id) for it in world.tenants()), *((jobs_question(store),) if store else ()))


ACTIONS = (
    Action(
        "backup-start",
        "Back a store up now",
        RECOVERY,
        Confirmation.REVERSIBLE,
        _start,
        (
            Field("store", "Store", "its ARN", "store"),
            Field("method", "Method", "snapshot: of RDS; backup: AWS Backup", "choice", choices=METHODS),
            Field("vault", "Vault", "of AWS Backup", required=False),
            Field("keep", "Keep", "days; empty: until it is deleted", required=False),
            Field("role", "Role", "ARN; empty: AWS Backup's own", required=False),
        ),
        key="B",
        states=frozenset(LifecycleState) - _GOING,
        many=False,
        aside=True,
        questions=_ask,
    ),
)
