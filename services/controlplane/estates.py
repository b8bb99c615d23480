"""How the control plane looks at stores: what it asks of AWS, where, and whose what it sees is.

Used before a plan is made, for one tenant, and by the recorder, for all.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from services.aws.collect.base import Place
from services.checks.base import collectors_of
from services.checks.links import LINKS_PEERING
from services.checks.recovery import RECOVERY_RDS, RECOVERY_S3
from services.model import Store, StoreMapping

if TYPE_CHECKING:
    from services.aws.fanout import Call
    from services.aws.session import Clients
    from services.estate.join import Estate
    from services.estate.sighting import Sighting

CHECKS: Final = (RECOVERY_RDS, RECOVERY_S3)
"""What is asked of stores is what these checks ask."""
AT_ONCE: Final = 16
"""Calls under way for one question."""


def calls_in(places: Iterable[Place], clients: Clients) -> list[Call[Any]]:
    """Everything that is asked of these places, to be put by ``fan_out``."""
    return [collector.call(clients, place) for place in places for collector in collectors_of(CHECKS)]


def link_calls_in(places: Iterable[Place], clients: Clients) -> list[Call[Any]]:
    """What is asked of these places about private links."""
    return [collector.call(clients, place) for place in places for collector in LINKS_PEERING.collectors]


def place_of_arn(arn: str) -> Place | None:
    """Where a store is by its ARN; ``None`` where that does not tell, as a bucket's."""
    from services.estate.arns import parse

    found = parse(arn)
    return None if found is None or not found.account or not found.region else Place(found.account, found.region)


def places_of(home: Place, arns: Iterable[str]) -> list[Place]:
    """Where a tenant is, and where the registry maps stores of it."""
    mapped = (place_of_arn(arn) for arn in arns)
    return sorted({home, *(place for place in mapped if place is not None)})


def owned(
    estate: Estate, mappings: Mapping[str, Sequence[StoreMapping]], known: Container[str], tag: str
) -> Iterator[tuple[Sighting, Store]]:
    """Every store that is seen, and the same with its owners; ``mappings`` by ARN, ``known`` the tenants there are,
    ``tag`` the one that attributes a resource to one of them."""
    from services.estate.ownership import owners_of

    for sighting in estate.sightings():
        resource = sighting.resource
        mapped = mappings.get(resource.arn, ())
        owners = owners_of(mapped, resource.tags, sighting.more_tags, tag=tag, known=known)
        yield sighting, sighting.as_store(owners)
