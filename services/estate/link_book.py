"""All links that were seen or are declared, and whose each is. Pure; asks nobody anything."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Protocol, TypeVar

from services.aws.collect.base import Place
from services.aws.facts import Tags
from services.aws.facts_links import LinkFact
from services.estate.facts import Facts
from services.estate.links import LINK_KINDS, link_id, link_kind_of, link_of, link_place
from services.model import Link, LinkState


class Declaring(Protocol):
    """A tenant as far as its links have to know it."""

    @property
    def id(self) -> str: ...
    @property
    def links(self) -> tuple[str, ...]: ...


TenantT = TypeVar("TenantT", bound=Declaring)


class LinkBook:
    """The links by place, by ARN and by tenant. A link is of whoever declares it; where nobody does, of whom its own
    tag names."""

    def __init__(self, facts: Facts, tag: str) -> None:
        self._facts = facts
        self._tag = tag
        self._at: dict[Place, tuple[str, ...]] = {}
        self._seen: dict[str, Link] = {}
        self._tagged: dict[str, set[str]] = {}
        """Tenant that a tag names → ARNs."""
        self._declared: dict[str, tuple[str, ...]] = {}
        """Tenant → ARNs."""
        self._declarers: dict[str, tuple[str, ...]] = {}
        """ARN → tenants."""
        self._declared_at: dict[Place, set[str]] = {}
        self._known: Container[str] = ()

    def place_changed(self, place: Place, tenants: Mapping[str, TenantT]) -> set[str]:
        """A list of links of a place was read, or could not be: the tenants whose links differ, or were seen anew."""
        concerned: set[str] = set()
        self._known = tenants
        for arn in self._at.get(place, ()):
            concerned.update(self._forget(arn))
        found = list(self._listed(place))
        self._at[place] = tuple(link.arn for link in found)
        for link in found:
            self._seen[link.arn] = link
            if link.tag_tenant is not None:
                self._tagged.setdefault(link.tag_tenant, set()).add(link.arn)
            concerned.update(self._owners(link.arn))
        for arn in self._declared_at.get(place, ()):
            concerned.update(self._declarers[arn])
        return concerned & tenants.keys()

    def tenants_changed(self, names: Iterable[str], tenants: Mapping[str, TenantT]) -> set[str]:
        """Records of these tenants differ, or they came or went: whoever else's links that may change."""
        concerned: set[str] = set()
        self._known = tenants
        for name in names:
            before = self._declared.pop(name, ())
            after = tenants[name].links if name in tenants else ()
            if after:
                self._declared[name] = after
            for arn in {*before, *after}:
                others = [it for it in self._declarers.get(arn, ()) if it != name]
                concerned.update(others)
                self._declare(arn, tuple(sorted({*others, *([name] if arn in after else [])})))
                tagged = self._seen[arn].tag_tenant if arn in self._seen else None
                if tagged is not None and tagged in tenants:
                    concerned.add(tagged)
        return concerned

    def of_tenant(self, tenant: Declaring) -> list[Link]:
        """Its links, those declared that were not seen included, in the order of their ARNs."""
        tagged = {arn for arn in self._tagged.get(tenant.id, ()) if tenant.id in self._owners(arn)}
        return [self._link(arn) for arn in sorted({*tenant.links, *tagged})]

    def unowned(self) -> list[Link]:
        """Those seen that are nobody's, in the order of their ARNs."""
        arns = [arn for arn, link in self._seen.items() if link.seen and not self._owners(arn)]
        return [self._seen[arn] for arn in sorted(arns)]

    def declared_places(self) -> set[Place]:
        """Where links are that the registry declares."""
        return {place for place, arns in self._declared_at.items() if arns}

    def owned(self) -> Iterator[tuple[str, Link]]:
        """Every link that is somebody's, for each whose it is; those declared and not seen included."""
        for arn in sorted({*self._seen, *self._declarers}):
            for owner in self._owners(arn):
                yield owner, self._link(arn)

    def _declare(self, arn: str, declarers: tuple[str, ...]) -> None:
        place = link_place(arn) if link_kind_of(arn) is not None else None
        if declarers:
            self._declarers[arn] = declarers
            if place is not None:
                self._declared_at.setdefault(place, set()).add(arn)
            return
        self._declarers.pop(arn, None)
        if place is not None:
            self._declared_at.get(place, set()).discard(arn)

    def _owners(self, arn: str) -> tuple[str, ...]:
        link = self._seen.get(arn)
        declarers = self._declarers.get(arn)
        if declarers:
            return declarers
        if link is None or not link.seen:
            return ()
        return (link.tag_tenant,) if link.tag_tenant in self._known and link.tag_tenant is not None else ()

    def _link(self, arn: str) -> Link:
        owners = self._owners(arn)
        link = self._seen.get(arn)
        if link is None:
            return self._absent(arn, owners)
        return replace(link, tenants=owners, declared=arn in self._declarers)

    def _absent(self, arn: str, owners: tuple[str, ...]) -> Link:
        """A link that the registry declares and AWS does not name. Only a whole answer says that it is not there."""
        kind, place = link_kind_of(arn), link_place(arn)
        known = self._facts.get(place, kind.listed_by) if kind is not None and place is not None else None
        state, said = LinkState.UNKNOWN, f"nothing here reads this kind of link: {arn}"
        if kind is not None and place is not None:
            where = f"{place.account} {place.region}"
            if known is None or not known.latest.outcome.answered:
                said = f"whether AWS has this {kind.word} in {where} was not heard"
            else:
                state, said = LinkState.DOWN, f"declared by the registry, and AWS has no such {kind.word} in {where}"
        return Link(
            arn=arn,
            id=link_id(arn),
            kind=kind.name if kind is not None else "unknown",
            account=place.account if place is not None else "",
            region=place.region if place is not None else "",
            state=state,
            said=said,
            seen=False,
            tenants=owners,
            declared=True,
            sources=(known.latest,) if known is not None else (),
        )

    def _forget(self, arn: str) -> tuple[str, ...]:
        owners = self._owners(arn)
        link = self._seen.pop(arn, None)
        if link is not None and link.tag_tenant is not None:
            self._tagged[link.tag_tenant].discard(arn)
        return owners

    def _listed(self, place: Place) -> Iterator[Link]:
        """The links of the last answers of a place, each with how its list was answered last."""
        for kind in LINK_KINDS:
            known = self._facts.get(place, kind.listed_by)
            if known is None or known.good is None:
                continue
            facts: tuple[LinkFact, ...] = known.good.value or ()
            for fact in facts:
                yield replace(link_of(fact), tag_tenant=_tagged(fact.tags, self._tag), sources=(known.latest,))


def _tagged(tags: Tags, tag: str) -> str | None:
    return next((value for key, value in tags if key == tag and value), None)
