"""Legal holds of AWS Backup that no record of the internal API accounts for: they stop destruction all the same."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from services.aws.collect.base import Place
from services.aws.collect.legal_holds import LEGAL_HOLDS
from services.aws.facts_backup import BackupLegalHold
from services.estate.arns import parse
from services.estate.join import Estate
from services.model import Hold, Tenant

BASIS = "aws-backup"
"""What such a hold rests on as far as is known: nothing that excuses."""
ALWAYS = datetime.min.replace(tzinfo=UTC)
"""Since when a hold stands of which AWS does not say when it was made."""
TITLED = "tenure-"
"""What the title of a hold begins with that carries out one of the internal API; that one's id follows."""


def unrecorded(estate: Estate, tenant: Tenant, arns: Iterable[str], recorded: Iterable[Hold]) -> list[tuple[Hold, str]]:
    """The holds that stand on points of a tenant's stores (``arns``) and carry out none of ``recorded``, each with its
    ARN."""
    found: list[tuple[Hold, str]] = []
    known = {TITLED + hold.id for hold in recorded}
    for place, names in _by_place(estate, tenant, arns).items():
        found += [
            (_hold(it, tenant), it.arn)
            for it in estate.facts.seen(place, LEGAL_HOLDS.operation)
            if it.stands and it.title not in known and not names.isdisjoint(it.resources)
        ]
    return found


def _by_place(estate: Estate, tenant: Tenant, arns: Iterable[str]) -> dict[Place, set[str]]:
    places: dict[Place, set[str]] = {}
    for arn in arns:
        parsed = parse(arn)
        if parsed is not None and parsed.account and parsed.region:
            place = Place(parsed.account, parsed.region)
        else:
            place = estate.home_of(arn) or Place(tenant.account, tenant.region)
        places.setdefault(place, set()).add(arn)
    return places


def _hold(it: BackupLegalHold, tenant: Tenant) -> Hold:
    return Hold(
        id=it.id,
        tenant=tenant.id,
        basis=BASIS,
        owner="AWS Backup",
        reason=": ".join(part for part in (it.title, it.description) if part) or "no title",
        placed_at=it.created_at or ALWAYS,
    )
