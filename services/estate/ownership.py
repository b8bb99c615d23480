"""Whose a store is: the registry's mapping says so; where it is silent, the resource's own tag."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass

from services.aws.facts import Tags
from services.model import StoreMapping


@dataclass(frozen=True, slots=True)
class Owners:
    """A store's owners among the known tenants."""

    tenants: tuple[str, ...]
    parts: tuple[tuple[str, str], ...]
    tag_tenant: str | None
    unknown: tuple[str, ...] = ()
    """Tenants that the registry maps it to and does not list."""
    mapped: bool = False
    """Whether the registry maps it to anybody."""


def owners_of(
    mappings: Iterable[StoreMapping], tags: Tags, more_tags: Tags, *, tag: str, known: Container[str]
) -> Owners:
    """Attributes a store. ``tags`` are those of the describe call, ``more_tags`` the tagging API's.

    A tag never adds an owner to a mapped store; it may contradict the mapping, so it is kept.
    """
    named = next((value for key, value in (*tags, *more_tags) if key == tag and value), None)
    mapped = tuple(mappings)
    if mapped:
        listed = [mapping for mapping in mapped if mapping.tenant in known]
        return Owners(
            tenants=tuple(dict.fromkeys(mapping.tenant for mapping in listed)),
            parts=tuple((mapping.tenant, mapping.part) for mapping in listed if mapping.part is not None),
            tag_tenant=named,
            unknown=tuple(dict.fromkeys(mapping.tenant for mapping in mapped if mapping.tenant not in known)),
            mapped=True,
        )
    return Owners((named,) if named is not None and named in known else (), (), named)
