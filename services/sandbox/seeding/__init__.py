"""The fleet into moto's memory, in this process, and no boto3: a thousand databases take a fraction of a second."""

from __future__ import annotations

from moto.moto_api._internal import mock_random

from services.sandbox.plan import Planting
from services.sandbox.seeding.backup import seed_backup
from services.sandbox.seeding.links import seed_links
from services.sandbox.seeding.rds import seed_rds
from services.sandbox.seeding.s3 import seed_s3
from services.sandbox.seeding.ssm import seed_ssm


def seed_aws(planting: Planting, seed: int) -> None:
    """Plant everything. What moto makes up itself depends on ``seed`` alone."""
    mock_random.seed(seed)
    seed_rds(planting)
    seed_backup(planting)
    seed_s3(planting)
    seed_ssm(planting)
    seed_links(planting)
