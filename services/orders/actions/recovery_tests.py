"""A restore test or failover test that somebody made, recorded (clause ``recovery``)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from services.model import TestKind
from services.orders.base import Action, Draft, Field, RefusedError, Steps
from services.orders.world import World, create, made
from services.wire.operations import RecoveryTestRecord
from services.wire.orders import Confirmation, TenantChange
from services.wire.registry import StoreRecord, TenantRecord
from services.words import say_instant, say_length

RECOVERY = "recovery"
KINDS = tuple(TestKind)
ANSWERS = ("yes", "no")


def _record(world: World) -> Draft:
    """What was tested, when, how long it took, and whether it worked."""
    tenant = world.tenants()[0]
    kind = TestKind(world.chosen("kind", KINDS))
    started, ended = world.past("started"), world.past("ended")
    succeeded = world.chosen("succeeded", ANSWERS) == "yes"
    if ended < started:
        raise RefusedError("it ended before it started", "fields.ended")
    record = made(
        RecoveryTestRecord,
        id=world.fresh_id("test"),
        tenant=tenant.id,
        store=world.needed("store"),
        kind=kind,
        started_at=started,
        ended_at=ended,
        succeeded=succeeded,
        reference=world.needed("reference"),
    )
    for other in world.of(RecoveryTestRecord, tenant.id):
        if (other.store, other.kind, other.started_at) == (record.store, kind, started):
            raise RefusedError(f"it is recorded already, as {other.id}", "fields.started")
    steps = Steps()
    result = f"{'succeeded' if succeeded else 'failed'} in {say_length(ended - started)}"
    create(steps, record, f"{kind} test of {record.store} recorded: {result}", "deleted")
    return Draft(
        (TenantChange(tenant=tenant.id, before="no such test", after=f"{kind} test {result}"),),
        steps.all,
        effects=(_proves(world, tenant, kind, ended - started, succeeded=succeeded),),
        warnings=tuple(_warnings(world, tenant, record.store, ended)),
    )


def _proves(world: World, tenant: TenantRecord, kind: TestKind, took: timedelta, *, succeeded: bool) -> str:
    if not succeeded:
        return "A test that failed proves no RTO."
    recovery = world.policy.recovery
    promised = recovery.rto.get(tenant.tier)
    limit = recovery.failover_max if kind is TestKind.FAILOVER else promised
    if limit is None:
        return f"The policy promises no RTO to the tier {tenant.tier}."
    word = "within" if took <= limit else "over"
    what = "a failover may take" if kind is TestKind.FAILOVER else "the RTO of its tier is"
    return f"It took {say_length(took)}, {word} the limit: {what} {say_length(limit)}."


def _warnings(world: World, tenant: TenantRecord, store: str, ended: datetime) -> Iterator[str]:
    mapped = {it.store for it in world.of(StoreRecord, tenant.id)}
    if mapped and store not in mapped:
        yield f"the registry maps other stores to {tenant.id}: only its tags can make this one its own"
    old_from = ended + world.policy.recovery.restore_test_max_age
    if old_from <= world.now:
        yield f"it is too old since {say_instant(old_from)} to prove an RTO"


ACTIONS = (
    Action(
        "test-record",
        "Record a restore or failover test",
        RECOVERY,
        Confirmation.REVERSIBLE,
        _record,
        (
            Field("store", "Store", "its ARN", "store"),
            Field("kind", "Kind", kind="choice", choices=KINDS),
            Field("started", "Started", "2026-12-24T18:00:00Z", "instant"),
            Field("ended", "Ended", "when the store was usable, or it was given up", "instant"),
            Field("succeeded", "Succeeded", kind="choice", choices=ANSWERS),
            Field("reference", "Reference", "of the protocol"),
        ),
        key="V",
        many=False,
    ),
)
