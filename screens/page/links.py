"""A tenant's private links: how many of their paths are up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from screens.page.lines import STATUS, PageLine, word
from screens.text import DIM, age, fit, line
from services.areas.links import carried, link_state
from services.fleet.snapshot import FleetSnapshot, LinkView, TenantView
from services.model import Status

_LINK = 22
_STATE = 9
_QUIET = (Status.OK, Status.NOT_APPLICABLE)


def links(view: TenantView, fleet: FleetSnapshot, now: datetime) -> Iterator[PageLine]:
    """A line a link, and why it is not well where it is not; nothing where there is none, and none is promised."""
    for one in view.links:
        yield _line(one, now)
        if one.link is not None and one.verdict.status not in _QUIET:
            yield PageLine(line(" " * (STATUS + 1), (one.verdict.reason, DIM)))
    promised = fleet.policy.peering.tiers if fleet.policy is not None else ()
    if not view.links and view.tenant.tier in promised:
        yield PageLine(line(("none is declared, and none bears its tag", DIM)))


def _line(one: LinkView, now: datetime) -> PageLine:
    link = one.link
    if link is None:
        return PageLine(line(word(one.verdict.status), (one.verdict.reason, DIM)), one.verdict, one.tenant)
    seen = f"{age(one.observed_at, now)} ago" if one.observed_at is not None else "never seen"
    said = line(
        word(one.verdict.status),
        fit(link.id, _LINK),
        " ",
        fit(link_state(one), _STATE),
        fit(carried(one) or "", 4),
        " ",
        (f"{seen}  {link.kind}", DIM),
        (f"  {link.carrier}" if link.carrier else "", DIM),
    )
    return PageLine(said, one.verdict, one.tenant)
