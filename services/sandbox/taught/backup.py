"""AWS Backup: recovery points by vault and by resource, jobs, plans with their selections, legal holds.

Read from the API reference of 2018-11-15. What is planted is kept beside moto's vaults; a continuous point reaches as
far as its clock says at the moment of the question.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from moto.backup import urls
from moto.backup.exceptions import InvalidParameterValueException, ResourceNotFoundException
from moto.backup.models import backup_backends
from moto.backup.responses import BackupResponse

from services.now import Now
from services.sandbox.planned.backup import BackupJob, CopyJob, LegalHold, Plan, RecoveryPoint, RestoreJob, Vault
from services.sandbox.taught import backup_answers as answers
from services.sandbox.taught.backup_jobs import Started, point_arn
from services.sandbox.taught.tokens import TokenError, take

MOST = 1000
NOW = "tenure_now"
"""The attribute of the response class that tells the time."""
KEPT = "tenure_kept"
"""The attribute of a backend that holds what is ``Kept``."""

ItemT = TypeVar("ItemT")


@dataclass(slots=True)
class Kept:
    """What one account and region hold, by ARN or id."""

    vaults: dict[str, Vault] = field(default_factory=dict)
    """By name."""
    points: dict[str, RecoveryPoint] = field(default_factory=dict)
    backup_jobs: dict[str, BackupJob] = field(default_factory=dict)
    restore_jobs: dict[str, RestoreJob] = field(default_factory=dict)
    copy_jobs: dict[str, CopyJob] = field(default_factory=dict)
    plans: dict[str, Plan] = field(default_factory=dict)
    holds: dict[str, LegalHold] = field(default_factory=dict)
    started: Started = field(default_factory=Started)


def kept(account: str, region: str) -> Kept:
    """What an account and region hold; empty where nothing was planted."""
    backend: Any = backup_backends[account][region]
    found: Kept = backend.__dict__.setdefault(KEPT, Kept())
    return found


def teach(now: Now) -> None:
    """Change moto's AWS Backup in this process, before its first request; ``now`` is the sandbox's clock."""
    urls.url_paths["{0}/.*"] = urls.response.dispatch  # the paths that moto does not know; its own come first
    given = BackupResponse.__init__

    def parsing(self: BackupResponse) -> None:
        given(self)
        self.automated_parameter_parsing = True

    def list_protected_resources(self: BackupResponse) -> str:
        found = answers.protected(_kept(self).points.values(), now())
        return _page(self, "Results", found, lambda one: str(one["ResourceArn"]))

    setattr(BackupResponse, "__init__", parsing)  # noqa: B010 - a class of moto's
    setattr(BackupResponse, NOW, staticmethod(now))
    taught = (
        list_protected_resources,
        list_backup_vaults,
        describe_backup_vault,
        list_recovery_points_by_backup_vault,
        list_recovery_points_by_resource,
        describe_recovery_point,
        list_recovery_points_by_legal_hold,
        list_backup_jobs,
        start_backup_job,
        describe_backup_job,
        list_tags,
        list_restore_jobs,
        list_copy_jobs,
        list_backup_plans,
        get_backup_plan,
        list_backup_selections,
        get_backup_selection,
        list_legal_holds,
        get_legal_hold,
    )
    for method in taught:
        setattr(BackupResponse, method.__name__, method)


def _kept(response: BackupResponse) -> Kept:
    held = kept(response.current_account, response.region)
    held.started.settle(held.backup_jobs, held.points, _now(response))
    return held


def _now(response: BackupResponse) -> datetime:
    moment: datetime = getattr(response, NOW)()
    return moment


def _page(
    response: BackupResponse, member: str, found: Iterable[ItemT], key: Callable[[ItemT], str], say: Any = None
) -> str:
    params: Any = response.params
    size = params.get("MaxResults") or MOST
    if not 1 <= size <= MOST:
        raise InvalidParameterValueException(f"MaxResults must be between 1 and {MOST}")
    try:
        items, token = take(found, key, size, params.get("NextToken"))
    except TokenError:
        raise InvalidParameterValueException("NextToken is invalid") from None
    answer: dict[str, Any] = {member: [say(item) for item in items] if say else items}
    return _json({**answer, "NextToken": token} if token else answer)


def _json(answer: Any) -> str:
    """As REST-JSON writes it, instants in seconds; moto's own serialiser takes twenty times as long over a vault."""
    return json.dumps(answer, default=lambda value: value.timestamp())


def _wanted(response: BackupResponse, **members: str) -> Callable[[Any], bool]:
    """Whether an item has what the parameters ask for: the parameter's name, and the item's own for it.

    ``created_at`` and ``completed_at`` are compared with the parameters of AWS's names for before and after.
    """
    params: Any = response.params
    same = [(attribute, params[name]) for name, attribute in members.items() if params.get(name)]
    bounds = [
        (attribute, sign, _instant(params[name]))
        for attribute, name, sign in (
            ("created_at", "ByCreatedBefore", -1),
            ("created_at", "ByCreatedAfter", 1),
            ("completed_at", "ByCompleteBefore", -1),
            ("completed_at", "ByCompleteAfter", 1),
        )
        if params.get(name)
    ]

    def fits(item: Any) -> bool:
        if any(getattr(item, attribute) != value for attribute, value in same):
            return False
        for attribute, sign, bound in bounds:
            at = getattr(item, attribute)
            if at is None or (at - bound).total_seconds() * sign < 0:
                return False
        return True

    return fits


def _instant(value: datetime) -> datetime:
    """moto reads instants as UTC and does not say so."""
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def _one(found: ItemT | None, what: str) -> ItemT:
    if found is None:
        raise ResourceNotFoundException(f"{what} was not found")
    return found


def list_backup_vaults(self: BackupResponse) -> str:
    held, moto = _kept(self), self.backup_backend.vaults
    found = [answers.vault(moto[name], held.vaults.get(name), held.points.values()) for name in list(moto)]
    return _page(self, "BackupVaultList", found, lambda one: str(one["BackupVaultName"]))


def describe_backup_vault(self: BackupResponse) -> str:
    held, name = _kept(self), self.params["BackupVaultName"]
    found = self.backup_backend.describe_backup_vault(name)
    return _json(answers.vault(found, held.vaults.get(name), held.points.values()))


def list_recovery_points_by_backup_vault(self: BackupResponse) -> str:
    name = self.params["BackupVaultName"]
    self.backup_backend.describe_backup_vault(name)  # refuses one that is not there
    fits = _wanted(self, ByResourceArn="resource", ByResourceType="resource_type", ByBackupPlanId="plan")
    found = [point for point in _kept(self).points.values() if point.vault == name and fits(point)]
    return _page(self, "RecoveryPoints", found, lambda point: point.arn, answers.point)


def list_recovery_points_by_resource(self: BackupResponse) -> str:
    wanted = self.params["ResourceArn"]
    found = [point for point in _kept(self).points.values() if point.resource == wanted]
    return _page(self, "RecoveryPoints", found, lambda point: point.arn, answers.point_of_resource)


def describe_recovery_point(self: BackupResponse) -> str:
    found = _kept(self).points.get(self.params["RecoveryPointArn"])
    if found is not None and found.vault != self.params["BackupVaultName"]:
        found = None
    point = _one(found, "The recovery point")
    return _json({**answers.point(point), "StorageClass": "WARM"})


def list_recovery_points_by_legal_hold(self: BackupResponse) -> str:
    held = _kept(self)
    hold = _one(held.holds.get(self.params["LegalHoldId"]), "The legal hold")
    found = [point for point in held.points.values() if point.resource in hold.resources]
    return _page(self, "RecoveryPoints", found, lambda point: point.arn, answers.held_point)


def list_backup_jobs(self: BackupResponse) -> str:
    fits = _wanted(
        self,
        ByResourceArn="resource",
        ByResourceType="resource_type",
        ByState="state",
        ByBackupVaultName="vault",
        ByAccountId="account",
    )
    found = [job for job in _kept(self).backup_jobs.values() if fits(job)]
    return _page(self, "BackupJobs", found, lambda job: job.id, answers.backup_job)


def start_backup_job(self: BackupResponse) -> str:
    held, params = _kept(self), self.params
    self.backup_backend.describe_backup_vault(params["BackupVaultName"])  # refuses one that is not there
    job = held.started.start(held.backup_jobs, params, self.current_account, self.region, _now(self))
    tags = [{"Key": name, "Value": value} for name, value in (params.get("RecoveryPointTags") or {}).items()]
    self.backup_backend.tagger.tag_resource(point_arn(job), tags)
    return _json({"BackupJobId": job.id, "CreationDate": job.created_at, "IsParent": False})


def describe_backup_job(self: BackupResponse) -> str:
    found: Any = self.params
    return _json(answers.backup_job(_one(_kept(self).backup_jobs.get(found["BackupJobId"]), "The job")))


def list_tags(self: BackupResponse) -> str:
    """Of what AWS Backup manages wholly alone: of a point that is RDS's it tells nothing, and refuses (ListTags)."""
    arn = self.params["ResourceArn"]
    if arn.split(":")[2] != "backup":
        raise InvalidParameterValueException(f"{arn} is not managed by AWS Backup")
    return _json({"Tags": self.backup_backend.list_tags(arn)})


def list_restore_jobs(self: BackupResponse) -> str:
    fits = _wanted(self, ByResourceType="resource_type", ByStatus="status", ByAccountId="account")
    found = [job for job in _kept(self).restore_jobs.values() if fits(job)]
    return _page(self, "RestoreJobs", found, lambda job: job.id, answers.restore_job)


def list_copy_jobs(self: BackupResponse) -> str:
    fits = _wanted(
        self,
        ByResourceArn="resource",
        ByResourceType="resource_type",
        ByState="state",
        ByDestinationVaultArn="destination_vault",
        BySourceRecoveryPointArn="source_point",
        ByAccountId="account",
    )
    found = [job for job in _kept(self).copy_jobs.values() if fits(job)]
    return _page(self, "CopyJobs", found, lambda job: job.id, answers.copy_job)


def list_backup_plans(self: BackupResponse) -> str:
    own = [answers.moto_plan(plan) for plan in self.backup_backend.list_backup_plans(None)]
    found = [*map(answers.plan, _kept(self).plans.values()), *own]
    return _page(self, "BackupPlansList", found, lambda one: str(one["BackupPlanId"]))


def get_backup_plan(self: BackupResponse) -> str:
    wanted = self.params["BackupPlanId"]
    planted = _kept(self).plans.get(wanted)
    if planted is not None:
        return _json(answers.whole_plan(planted))
    return _json(self.backup_backend.get_backup_plan(wanted, self.params.get("VersionId")).to_get_dict())


def list_backup_selections(self: BackupResponse) -> str:
    plan = _kept(self).plans.get(self.params["BackupPlanId"])
    found = [answers.selection(plan)] if plan is not None else []
    return _page(self, "BackupSelectionsList", found, lambda one: str(one["SelectionId"]))


def get_backup_selection(self: BackupResponse) -> str:
    plan = _one(_kept(self).plans.get(self.params["BackupPlanId"]), "The backup plan")
    return _json(answers.selection_document(plan))


def list_legal_holds(self: BackupResponse) -> str:
    return _page(self, "LegalHolds", _kept(self).holds.values(), lambda hold: hold.id, answers.legal_hold)


def get_legal_hold(self: BackupResponse) -> str:
    hold = _one(_kept(self).holds.get(self.params["LegalHoldId"]), "The legal hold")
    return _json({**answers.legal_hold(hold), "RecoveryPointSelection": {"ResourceIdentifiers": hold.resources}})
