"""A failover made to prove that it works (clause ``recovery``): the service moves to its standby, which is recorded."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import JsonValue

from services.agreement.slots import too_late
from services.model import LifecycleState, SlotState, TestKind
from services.orders.base import Action, Draft, Field, RefusedError, Steps
from services.orders.evidence import StoreSeen, question, stores_seen
from services.orders.world import World, create, made
from services.wire.operations import RecoveryTestRecord
from services.wire.orders import NOW, AwsCall, Confirmation, RegistryCall, TenantChange
from services.wire.registry import TenantRecord
from services.words import say_length

RECOVERY = "recovery"
_CALLS = {
    "rds-instance": ("RebootDBInstance", "DBInstanceIdentifier"),
    "rds-cluster": ("FailoverDBCluster", "DBClusterIdentifier"),
}


def primary_question(store: str) -> str:
    """What AWS is asked: ``{"primary": ZONE_OR_INSTANCE, "standbys": […]}`` of a database."""
    return f"primary of {store}"


def _test(world: World) -> Draft:
    """Recorded as begun, made, and recorded as ended once AWS says that it is available on the other side."""
    tenant = world.tenants()[0]
    wanted = world.needed("store")
    store = next((it for it in stores_seen(world, tenant.id) if it.store == wanted), None)
    if store is None:
        raise RefusedError(f"AWS shows no such store of {tenant.id}: {wanted}", "fields.store")
    if store.kind not in _CALLS:
        raise RefusedError(f"a {store.kind} has no standby to fail over to", "fields.store")
    primary = _primary(world, store)
    record = made(
        RecoveryTestRecord,
        id=world.fresh_id("test"),
        tenant=tenant.id,
        store=store.store,
        kind=TestKind.FAILOVER,
        started_at=world.now,
        reference=world.value("reference") or world.key,
    )
    steps = Steps()
    begun = create(steps, record, f"failover test {record.id} begun", "deleted", now=("started_at",))
    steps.add(_call(store, primary), f"{store.store} fails over from {primary}, followed to its end", None)
    before = record.model_dump(mode="json") | {"started_at": f"${begun}.started_at"}
    call = RegistryCall(
        method="PUT",
        path=f"/recovery-tests/{record.id}",
        before=before,
        after={**before, "ended_at": NOW, "succeeded": True},
    )
    steps.add(call, f"failover test {record.id} succeeded", "open again")
    change = TenantChange(tenant=tenant.id, before=f"runs in {primary}", after="runs on its standby")
    return Draft(
        (change,),
        steps.all,
        effects=(f"The service stops for a moment; a failover may take {_limit(world)}.",),
        warnings=tuple(_warnings(world, tenant)),
    )


def _primary(world: World, store: StoreSeen) -> str:
    """Where it runs. Raises ``RefusedError`` where there is no standby, and where AWS did not say."""
    seen = world.seen_in_aws(primary_question(store.store))
    if not isinstance(seen, dict) or not isinstance(seen.get("primary"), str):
        raise RefusedError(f"AWS does not say where {store.store} runs", "fields.store")
    if not seen.get("standbys"):
        raise RefusedError(f"{store.store} has no standby: it would only stop", "fields.store")
    return str(seen["primary"])


def _call(store: StoreSeen, primary: str) -> AwsCall:
    operation, member = _CALLS[store.kind]
    parameters: dict[str, JsonValue] = {member: store.store.rpartition(":")[2], "before": {"primary": primary}}
    if operation == "RebootDBInstance":
        parameters["ForceFailover"] = True
    return AwsCall(
        service="rds", operation=operation, account=store.account, region=store.region, parameters=parameters
    )


def _limit(world: World) -> str:
    return say_length(world.policy.recovery.failover_max)


def _warnings(world: World, tenant: TenantRecord) -> Iterator[str]:
    running = [
        slot
        for slot in world.slot_nouns()
        if slot.concerns(tenant.id, tenant.tier, tenant.region)
        and slot.state is SlotState.SCHEDULED
        and slot.starts_at <= world.now < slot.ends_at
        and too_late(slot, world.policy) is None
    ]
    if not running:
        yield "No maintenance slot runs now: what is down meanwhile counts as downtime."


def _ask(world: World) -> tuple[str, ...]:
    store = world.value("store")
    return (*(question(it.id) for it in world.tenants()), *((primary_question(store),) if store else ()))


ACTIONS = (
    Action(
        "failover-test",
        "Test the failover of a database",
        RECOVERY,
        Confirmation.SEEN,
        _test,
        (
            Field("store", "Store", "its ARN", "store"),
            Field("reference", "Reference", "of the protocol; empty: this order", required=False),
        ),
        states=frozenset({LifecycleState.ACTIVE, LifecycleState.GRACE}),
        many=False,
        questions=_ask,
    ),
)
