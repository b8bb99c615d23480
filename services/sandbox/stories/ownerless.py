"""Databases that nobody owns, and tenants that have none."""

from __future__ import annotations

from services.model import Status
from services.sandbox.builder import Builder
from services.sandbox.options import DEDICATED_ACCOUNT, PUBLIC_ACCOUNT
from services.sandbox.stories.base import Expectations, overall, recovery

NAME = "ownerless"
SENTENCE = (
    "A database without a tenant's tag, one tagged with a tenant that the registry does not know, a tenant whose "
    "mapped database does not exist, and a tenant to whom nothing is mapped at all."
)


def plant(builder: Builder) -> Expectations:
    untagged = builder.instance(PUBLIC_ACCOUNT, "eu-central-1", "left-over-db", tags=(("owner", "somebody"),))
    stranger = builder.instance(
        DEDICATED_ACCOUNT, "ap-southeast-1", "wayne-archive-db", tier="dedicated", tags=(("tenant", "wayne-archive"),)
    )
    missing = builder.tenant("tyrell-connect", "Tyrell Connect", "public", "eu-central-1")
    builder.running(missing)
    nowhere = f"arn:aws:rds:{missing.region}:{PUBLIC_ACCOUNT}:db:tyrell-connect-db"
    builder.store(missing, nowhere, tested=False)
    bare = builder.tenant("stark-phone", "Stark Phone", "dedicated", "ca-central-1")
    builder.running(bare)
    return (
        recovery(None, untagged, Status.UNKNOWN),
        recovery(None, stranger, Status.UNKNOWN),
        overall(missing.id, Status.UNKNOWN),
        overall(bare.id, Status.UNKNOWN),
    )
