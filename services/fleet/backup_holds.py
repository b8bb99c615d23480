"""Legal holds of AWS Backup that no record of the internal API accounts for: they stop destruction all the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from services.aws.collect.base import Place
from services.aws.collect.legal_holds import LEGAL_HOLDS
from services.aws.facts_backup import BackupLegalHold
from services.estate.arns import parse
from services.estate.facts import Known
from services.estate.join import Estate
from services.fleet.stores import failure_of
from services.model import Hold, Tenant
from services.words import say_instant, say_length

BASIS = "aws-backup"
"""What such a hold rests on as far as is known: nothing that excuses."""
ALWAYS = datetime.min.replace(tzinfo=UTC)
"""Since when a hold stands of which AWS does not say when it was made."""
TITLED = "tenure-"
"""What the title of a hold begins with that carries out one of the internal API; that one's id follows."""


@dataclass(frozen=True, slots=True)
class Unrecorded:
    """A hold of AWS Backup that no record of the internal API accounts for."""

    hold: Hold
    arn: str
    doubt: str | None
    """Why it cannot be told that it still stands; ``None``: that was just read."""
    until: datetime | None = None
    """When what was read becomes too old."""


def unrecorded(
    estate: Estate, tenant: Tenant, arns: Iterable[str], recorded: Iterable[Hold], now: datetime, max_age: timedelta
) -> list[Unrecorded]:
    """The holds that stand, as far as was last seen, on points of a tenant's stores (``arns``) and carry out none of
    ``recorded``; what was read of them may be as old as ``max_age``."""
    found: list[Unrecorded] = []
    known = {TITLED + hold.id for hold in recorded}
    for place, names in _by_place(estate, tenant, arns).items():
        known_of = estate.facts.get(place, LEGAL_HOLDS.operation)
        doubt, until = _doubt(known_of, now, max_age) if known_of is not None else (None, None)
        found += [
            Unrecorded(_hold(it, tenant), it.arn, doubt, until)
            for it in estate.facts.seen(place, LEGAL_HOLDS.operation)
            if it.stands and it.title not in known and not names.isdisjoint(it.resources)
        ]
    return found


def _doubt(known: Known, now: datetime, max_age: timedelta) -> tuple[str | None, datetime | None]:
    """Why the list cannot be relied on, or when it no longer can."""
    latest, good = known.latest, known.good
    if not latest.outcome.answered:
        return failure_of(latest) + (f", last read {say_instant(good.at)}" if good is not None else ""), None
    if now < latest.at + max_age:
        return None, latest.at + max_age
    call = f"{latest.source.service} {latest.source.operation} of {latest.source.account} {latest.source.region}"
    return f"{call} was last read {say_instant(latest.at)}, at most {say_length(max_age)} ago is allowed", None


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
