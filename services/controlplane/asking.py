"""What a plan has to know of AWS, asked with the worker's role: ``windows of slot ID``, ``stores of TENANT``,
``primary of STORE``, ``restorable of STORE``, ``jobs of STORE``.

Unknown is never fine: where one of the calls behind a question did not answer, the question is not answered.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from pydantic import JsonValue

from services.agreement.slots import window_name
from services.aws.collect.base import Place
from services.aws.errors import outcome_of
from services.controlplane.estates import AT_ONCE, CHECKS, calls_in, owned, place_of_arn, places_of
from services.controlplane.jobs import JOBS, newest_job
from services.controlplane.known import AskAws, UnansweredError
from services.controlplane.restorable import RESTORABLE, restorable
from services.model import RestorePoint, Store, StoreMapping
from services.orders.world import Known
from services.wire.operations import SlotRecord
from services.wire.registry import StoreRecord, TenantRecord

if TYPE_CHECKING:
    from services.aws.session import Clients

__all__ = ["CHECKS", "WINDOW_ACTIONS", "answer", "asker"]

WINDOWS, STORES, PRIMARY = "windows of slot ", "stores of ", "primary of "
WINDOW_ACTIONS: Final = (
    "ssm:DescribeMaintenanceWindowTargets",
    "ssm:DescribeMaintenanceWindowTasks",
    "ssm:DescribeMaintenanceWindows",
    "ssm:ListTagsForResource",
)
_COPIED = ("Name", "Description", "Schedule", "ScheduleTimezone", "Duration", "Cutoff")


def asker(clients: Clients, cancel: threading.Event) -> AskAws:
    """Puts questions with these clients, until ``cancel`` is set."""
    return lambda question, known: answer(question, clients, known, cancel)


def answer(question: str, clients: Clients, known: Known, cancel: threading.Event) -> JsonValue:
    """AWS's answer to a question of an action; blocks. Raises ``UnansweredError``."""
    if question.startswith(WINDOWS):
        return _windows(question.removeprefix(WINDOWS), clients, known, cancel)
    if question.startswith(STORES):
        return _stores(question.removeprefix(STORES), clients, known, cancel)
    if question.startswith(PRIMARY):
        return _primary(question.removeprefix(PRIMARY), clients)
    if question.startswith(RESTORABLE):
        return restorable(question.removeprefix(RESTORABLE), clients)
    if question.startswith(JOBS):
        return _jobs(question.removeprefix(JOBS), clients, known)
    raise UnansweredError(f"nobody knows how to ask AWS for {question}")


# Windows


def _windows(slot_id: str, clients: Clients, known: Known, cancel: threading.Event) -> JsonValue:
    """The windows that carry the slot out, where its tenants are and where it was given some, with all that they would
    be made again from.

    A JSON list of ``{"window", "name", "account", "region", "tasks", "Name", "Schedule", …, "Tags", "Targets"}``,
    by place and id; empty for a slot that there is not.
    """
    slot = next((it for it in _records(known, SlotRecord) if it.id == slot_id), None)
    if slot is None:
        return []
    tenants = [
        it
        for it in _records(known, TenantRecord)
        if (it.id == slot.tenant if slot.tenant is not None else (it.tier, it.region) == (slot.tier, slot.region))
    ]
    found: list[JsonValue] = []
    homes = {Place(it.account, it.region) for it in tenants}
    for place in sorted(homes | {Place(*it) for it in known.windows_in}):
        try:
            found += _windows_in(place, window_name(slot_id), clients, cancel)
        except Exception as error:  # whatever botocore raises: told as the lack of an answer
            said = outcome_of(error)[1]
            raise UnansweredError(
                f"ssm DescribeMaintenanceWindows of {place.account} {place.region}: {said}"
            ) from error
    return found


def _windows_in(place: Place, name: str, clients: Clients, cancel: threading.Event) -> list[JsonValue]:
    from services.aws.collect.asking import Asking

    asking = Asking(clients.client("ssm", place.account, place.region), place, cancel)
    filters = [{"Key": "Name", "Values": [name]}]
    windows = list(asking.list("describe_maintenance_windows", "WindowIdentities", Filters=filters))
    found: list[JsonValue] = []
    for window in sorted(windows, key=lambda it: str(it["WindowId"])):
        id_ = window["WindowId"]
        targets = asking.list("describe_maintenance_window_targets", "Targets", WindowId=id_)
        tasks = asking.list("describe_maintenance_window_tasks", "Tasks", WindowId=id_)
        tags = asking.get("list_tags_for_resource", ResourceType="MaintenanceWindow", ResourceId=id_)["TagList"]
        found.append(
            {
                "window": id_,
                "name": name,
                "account": place.account,
                "region": place.region,
                "tasks": len(list(tasks)),
                **{member: window[member] for member in _COPIED if member in window},
                "Tags": [{"Key": str(tag["Key"]), "Value": str(tag["Value"])} for tag in tags],
                "Targets": [_target(each) for each in targets],
            }
        )
    return found


def _target(target: Mapping[str, Any]) -> JsonValue:
    """As it is registered again."""
    members = ("ResourceType", "Targets", "Name", "Description", "OwnerInformation")
    return {member: target[member] for member in members if target.get(member)}


# Stores


def _stores(tenant_id: str, clients: Clients, known: Known, cancel: threading.Event) -> JsonValue:
    """The tenant's live stores with the newest point that each can be brought back to: ``StoreSeen`` each, by ARN."""
    from services.aws.fanout import fan_out
    from services.estate.join import Estate

    tenant = next((it for it in _records(known, TenantRecord) if it.id == tenant_id), None)
    if tenant is None:
        raise UnansweredError(f"there is no tenant {tenant_id} whose stores AWS could be asked for")
    mappings: dict[str, list[StoreMapping]] = {}
    for it in _records(known, StoreRecord):
        mappings.setdefault(it.store, []).append(StoreMapping(it.tenant, it.store, it.part))
    own = [arn for arn, them in mappings.items() if any(it.tenant == tenant_id for it in them)]
    calls = calls_in(places_of(Place(tenant.account, tenant.region), own), clients)
    estate = Estate()
    heard = 0
    for seen in fan_out(calls, cancel=cancel, limit=AT_ONCE, now=lambda: known.now):
        if not seen.outcome.answered:
            where = f"{seen.source.service} {seen.source.operation} of {seen.source.account} {seen.source.region}"
            raise UnansweredError(f"{where}: {seen.error or seen.outcome}")
        heard += 1
        estate.put(seen)
    if heard < len(calls):
        raise UnansweredError(f"{STORES}{tenant_id}: no longer asked, since the server ends")
    estate.refresh()
    ids = {it.id for it in _records(known, TenantRecord)} | {it.tenant for them in mappings.values() for it in them}
    stores = [store for _, store in owned(estate, mappings, ids, known.tenant_tag) if tenant_id in store.tenants]
    return [_store(store, known) for store in sorted(stores, key=lambda it: it.arn)]


def _store(store: Store, known: Known) -> JsonValue:
    newest = _newest(store, known)
    at = newest.at.isoformat().replace("+00:00", "Z") if newest is not None and newest.at is not None else None
    return {
        "store": store.arn,
        "kind": store.kind,
        "account": store.account,
        "region": store.region,
        "restore_point_at": at,
        "verified": at is not None,
    }


def _newest(store: Store, known: Known) -> RestorePoint | None:
    """The newest dated point of a kind that the policy counts. The estate joins only what AWS lists as usable."""
    kinds: Mapping[Any, Any] = known.policy.recovery.evidence
    dated = [it for it in store.points if it.at is not None and it.kind in kinds.get(store.kind, ())]
    return max(dated, key=lambda it: (it.at, it.resource), default=None)


def _jobs(store: str, clients: Clients, known: Known) -> JsonValue:
    """Where the store is; a bucket's ARN does not tell: then wherever stores of the tenants are looked for."""
    own = place_of_arn(store)
    mapped = [it.store for it in _records(known, StoreRecord)]
    homes = [Place(it.account, it.region) for it in _records(known, TenantRecord)]
    places = [own] if own is not None else sorted({place for home in homes for place in places_of(home, mapped)})
    return newest_job(store, places, clients)


# A database's standby


def _primary(store: str, clients: Clients) -> JsonValue:
    """Where a database runs and what stands by: zones of an instance, instances of a cluster; ``None``: no database."""
    from services.estate.arns import parse

    arn = parse(store)
    if arn is None or arn.service != "rds" or not arn.account or not arn.region or arn.kind not in ("db", "cluster"):
        return None
    try:
        rds: Any = clients.client("rds", arn.account, arn.region)
        if arn.kind == "db":
            instance = rds.describe_db_instances(DBInstanceIdentifier=arn.name)["DBInstances"][0]
            other = instance.get("SecondaryAvailabilityZone")
            return {"primary": instance.get("AvailabilityZone"), "standbys": [other] if other else []}
        cluster = rds.describe_db_clusters(DBClusterIdentifier=arn.name)["DBClusters"][0]
    except Exception as error:  # whatever botocore raises, as above
        raise UnansweredError(f"rds of {arn.account} {arn.region}: {outcome_of(error)[1]}") from error
    members = {
        it["DBInstanceIdentifier"]: bool(it.get("IsClusterWriter")) for it in cluster.get("DBClusterMembers", ())
    }
    writer = next((name for name, writes in members.items() if writes), None)
    return {"primary": writer, "standbys": sorted(name for name, writes in members.items() if not writes)}


def _records(known: Known, kind: type[Any]) -> tuple[Any, ...]:
    return tuple(known.records.get(kind, ()))
