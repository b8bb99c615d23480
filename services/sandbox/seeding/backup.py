"""AWS Backup: vaults into moto's own, the rest beside them."""

from __future__ import annotations

from moto.backup.models import backup_backends

from services.sandbox.plan import Planting
from services.sandbox.taught.backup import kept


def seed_backup(planting: Planting) -> None:
    for vault in planting.vaults:
        backend = backup_backends[vault.account][vault.region]
        made = backend.create_backup_vault(vault.name, dict(vault.tags), "", vault.name)
        made.creation_date = vault.created_at.timestamp()
        made.locked = vault.locked
        made.min_retention_days, made.max_retention_days = vault.min_retention_days, vault.max_retention_days
        made.lock_date = vault.lock_date.timestamp() if vault.lock_date else None
        kept(vault.account, vault.region).vaults[vault.name] = vault
    for point in planting.recovery_points:
        kept(point.account, point.region).points[point.arn] = point
    for backup in planting.backup_jobs:
        kept(backup.account, backup.region).backup_jobs[backup.id] = backup
    for restore in planting.restore_jobs:
        kept(restore.account, restore.region).restore_jobs[restore.id] = restore
    for copy in planting.copy_jobs:
        kept(copy.account, copy.region).copy_jobs[copy.id] = copy
    for plan in planting.plans:
        kept(plan.account, plan.region).plans[plan.id] = plan
    for hold in planting.legal_holds:
        kept(hold.account, hold.region).holds[hold.id] = hold
