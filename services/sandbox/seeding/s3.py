"""S3: buckets with their settings and their objects, version by version."""

from __future__ import annotations

from typing import Any

from moto.s3.models import FakeBucket, S3Backend, s3_backends

from services.sandbox.files import MEDIA_TYPES, content
from services.sandbox.options import VAULT_ACCOUNT
from services.sandbox.plan import Planting
from services.sandbox.planned.buckets import Bucket

PARTITION = "aws"


def seed_s3(planting: Planting) -> None:
    for bucket in planting.buckets:
        if bucket.replica is not None:
            _bucket(s3_backends[VAULT_ACCOUNT][PARTITION], VAULT_ACCOUNT, bucket.replica, bucket, is_copy=True)
        _bucket(s3_backends[bucket.account][PARTITION], bucket.account, bucket.name, bucket, is_copy=False)


def _bucket(backend: S3Backend, account: str, name: str, plan: Bucket, *, is_copy: bool) -> None:
    bucket: Any = FakeBucket(name, account, plan.region)  # type: ignore[abstract] # CloudFormation's part is not needed
    bucket.creation_date = plan.created_at
    bucket.versioning_status = "Enabled" if is_copy else plan.versioning
    lock_days = plan.object_lock_days or (35 if is_copy else None)
    if lock_days is not None:
        bucket.object_lock_enabled = True
        bucket.default_lock_mode, bucket.default_lock_days = "COMPLIANCE", lock_days
    if plan.replica is not None and not is_copy:
        bucket.replication = {
            "Role": f"arn:aws:iam::{account}:role/suite-replication",
            "Rule": [
                {
                    "ID": "protected-copy",
                    "Priority": 1,
                    "Status": "Enabled",
                    "Destination": {"Bucket": f"arn:aws:s3:::{plan.replica}", "Account": VAULT_ACCOUNT},
                }
            ],
        }
    backend.buckets[name] = bucket
    if plan.tags:
        backend.put_bucket_tagging(name, dict(plan.tags))
    written: dict[str, int] = {}
    for key, at in plan.keys:
        written[key] = written.get(key, 0) + 1
        kind = key.rpartition(".")[2]
        made = backend.put_object(name, key, content(kind, written[key]), disable_notification=True)
        made.last_modified = at.replace(tzinfo=None)
        made.set_metadata({"Content-Type": MEDIA_TYPES[kind]}, replace=True)
