"""The samples of links that follow from what was seen, judged as the console judges them. Pure, but for the ids."""

from __future__ import annotations

import secrets
from collections.abc import Container, Iterator
from datetime import datetime
from typing import Any

from services.agreement import Policy
from services.agreement.links import OVER, link_known
from services.aws.collect.base import Place
from services.checks.links import LINKS_PEERING
from services.controlplane.recorder.judging import kept, outcome_of, say_call, say_failure
from services.controlplane.recorder.registered import Known, Registered
from services.estate.facts import Facts
from services.estate.link_book import LinkBook
from services.estate.links import LINK_KINDS
from services.model import Link, LinkState, Observation, Status
from services.wire.samples import SampleRecord

FIGURE = "links"


def link_places(known: Known, policy: Policy, book: LinkBook) -> dict[Place, set[str]]:
    """Where links may be, with the tiers of those who have them there."""
    found = {place: set[str]() for place in book.declared_places()}
    for tenant in known.tenants.values():
        if promised(tenant, policy):
            found.setdefault(tenant.home, set()).add(tenant.tier)
    return found


def promised(tenant: Registered, policy: Policy) -> bool:
    """Whether a tenant is promised a private link."""
    return tenant.tier in policy.peering.tiers and tenant.state not in OVER


def link_samples(
    policy: Policy, known: Known, facts: Facts, book: LinkBook, places: Container[Place], now: datetime
) -> Iterator[SampleRecord]:
    """A sample for each link in these places and tenant that it is of, and for each tenant there whose links cannot be
    told."""
    spoken_for: dict[str, set[str]] = {}
    for owner, link in book.owned():
        tenant = known.tenants.get(owner)
        place = Place(link.account, link.region)
        if tenant is None:
            continue
        if place == tenant.home:
            spoken_for.setdefault(owner, set()).add(link.kind)
        if place in places or (not link.region and tenant.home in places):
            yield _of_link(policy, tenant, link, now)
    for tenant in known.tenants.values():
        if tenant.home in places and promised(tenant, policy):
            lost = list(_unread(facts, tenant.home, spoken_for.get(tenant.id, set())))
            if lost:
                yield _untold(tenant, lost, now)


def _of_link(policy: Policy, tenant: Registered, link: Link, now: datetime) -> SampleRecord:
    verdict = LINKS_PEERING.judge(link, tenant.tier, tenant.state, policy, now, figure=FIGURE)
    sure = link_known(link, policy, now)
    answered = [seen.at for seen in link.sources]
    return SampleRecord(
        id=secrets.token_hex(16),
        tenant=tenant.id,
        figure=FIGURE,
        link=link.arn,
        observed_at=min(answered) if sure else now,
        status=verdict.status,
        state=link.state if sure else LinkState.UNKNOWN,
        paths_up=link.paths_up if sure and link.paths else None,
        paths=len(link.paths) or None,
        reason=kept(verdict.reason),
        outcome=outcome_of(link.sources),
    )


def _unread(facts: Facts, home: Place, spoken_for: set[str]) -> Iterator[tuple[str, tuple[Observation[Any], ...]]]:
    for kind in LINK_KINDS:
        heard = facts.get(home, kind.listed_by)
        if heard is None:
            yield f"waiting for {say_call(kind.collector.source(home))}", ()
        elif not heard.latest.outcome.answered and (kind.name not in spoken_for or heard.good is None):
            yield say_failure(heard.latest), (heard.latest,)


def _untold(tenant: Registered, lost: list[tuple[str, tuple[Observation[Any], ...]]], now: datetime) -> SampleRecord:
    return SampleRecord(
        id=secrets.token_hex(16),
        tenant=tenant.id,
        figure=FIGURE,
        observed_at=now,
        status=Status.UNKNOWN,
        state=LinkState.UNKNOWN,
        reason=kept(f"its links cannot be told: {'; '.join(why for why, _ in lost)}"),
        outcome=outcome_of([seen for _, heard in lost for seen in heard]),
    )
