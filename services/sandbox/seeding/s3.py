"""S3: buckets with their settings and their objects, version by version."""

from __future__ import annotations

from typing import Any

from moto.s3.models import FakeBucket, S3Backend, s3_backends

from services.sandbox.files import MEDIA_TYPES, content
from services.sandbox.plan import Planting
from services.sandbox.planned.buckets import Bucket

PARTITION = "aws"


def seed_s3(planting: Planting) -> None:
    for plan in planting.buckets:
        backend = s3_backends[plan.account][PARTITION]
        backend.buckets[plan.name] = _bucket(plan)
        if plan.tags:
            backend.put_bucket_tagging(plan.name, dict(plan.tags))
        _objects(backend, plan)


def _bucket(plan: Bucket) -> FakeBucket:
    make: Any = FakeBucket  # moto leaves CloudFormation's part of its classes abstract
    bucket: Any = make(plan.name, plan.account, plan.region)
    bucket.creation_date = plan.created_at
    bucket.versioning_status = plan.versioning
    if plan.object_lock_days is not None:
        bucket.object_lock_enabled = True
        bucket.default_lock_mode, bucket.default_lock_days = "COMPLIANCE", plan.object_lock_days
        bucket.default_lock_years = None
    if plan.replica is not None:
        bucket.replication = {
            "Role": f"arn:aws:iam::{plan.account}:role/suite-replication",
            "Rule": [
                {
                    "ID": "protected-copy",
                    "Priority": 1,
                    "Status": "Enabled",
                    "Destination": {"Bucket": f"arn:aws:s3:::{plan.replica}"},
                }
            ],
        }
    made: FakeBucket = bucket
    return made


def _objects(backend: S3Backend, plan: Bucket) -> None:
    written: dict[str, int] = {}
    for key, at in plan.keys:
        written[key] = written.get(key, 0) + 1
        kind = key.rpartition(".")[2]
        made = backend.put_object(plan.name, key, content(kind, written[key]), disable_notification=True)
        made.last_modified = at.replace(tzinfo=None)
        made.set_metadata({"Content-Type": MEDIA_TYPES[kind]}, replace=True)
