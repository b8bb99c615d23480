"""Links: a row for every private link, whoever owns it, and for every tenant whose links could not be told."""

from __future__ import annotations

from collections.abc import Iterator

from services.areas.base import STATUSES, Area, Field, Kind
from services.areas.urgency import most_urgent_first
from services.fleet.snapshot import FleetSnapshot, LinkView
from services.model import LinkState

STATES = tuple(LinkState)
WORST_FIRST = (LinkState.DOWN, LinkState.DEGRADED, LinkState.TESTING, LinkState.UNKNOWN, LinkState.UP)


def _rows(fleet: FleetSnapshot) -> list[LinkView]:
    rows = [link for view in fleet.tenants.values() for link in view.links]
    rows += fleet.orphan_links
    return most_urgent_first(rows, lambda row: row.verdict, lambda row: row.key, fleet.at)


def link_state(row: LinkView) -> LinkState:
    """What may be said of a link now: of one that was not read just now nothing."""
    return row.link.state if row.link is not None and row.known else LinkState.UNKNOWN


def paths_up(row: LinkView) -> int | None:
    """``None`` where AWS tells of no path, or nothing may be said now."""
    return row.link.paths_up if row.link is not None and row.known and row.link.paths else None


def paths(row: LinkView) -> int | None:
    """How many paths it has, as far as that was ever told."""
    return len(row.link.paths) or None if row.link is not None else None


def carried(row: LinkView) -> str | None:
    """``1/2``: paths up of paths."""
    up = paths_up(row)
    return f"{up}/{paths(row)}" if up is not None else None


def path_words(row: LinkView) -> tuple[str, ...] | None:
    """Each path with its state, as it was last seen."""
    if row.link is None:
        return None
    words = {True: "up", False: "down", None: "unknown"}
    return tuple(f"{path.name} {words[path.up]}" for path in row.link.paths) or None


def _fields() -> Iterator[Field[LinkView]]:
    yield Field("status", Kind.STATUS, lambda row: row.verdict.status, "STATUS", 14, priority=1, choices=STATUSES)
    yield Field("state", Kind.TEXT, link_state, "STATE", 8, priority=1, choices=STATES, order=WORST_FIRST)
    yield Field("tenant", Kind.TEXT, lambda row: row.tenant, "TENANT", 14, priority=1)
    yield Field("link_id", Kind.TEXT, lambda row: row.link.id if row.link else None, "LINK", 22, priority=2)
    yield Field("link", Kind.TEXT, lambda row: row.link.arn if row.link else None, aliases=("arn",))
    yield Field("kind", Kind.TEXT, lambda row: row.link.kind if row.link else None, "KIND", 14, priority=5)
    yield Field("carries", Kind.TEXT, carried, "PATHS", 5, priority=3)
    yield Field("paths_up", Kind.NUMBER, paths_up, aliases=("up",))
    yield Field("paths", Kind.NUMBER, paths)
    yield Field(
        "since", Kind.AGE, lambda row: row.link.since if row.link and row.known else None, "SINCE", 5, priority=4
    )
    yield Field("observed_at", Kind.AGE, lambda row: row.observed_at, "SEEN", 5, priority=6, aliases=("seen", "age"))
    yield Field("name", Kind.TEXT, lambda row: row.link.name if row.link else None, "NAME", 16, priority=9)
    yield Field("carrier", Kind.TEXT, lambda row: row.link.carrier if row.link else None, "CARRIER", 12, priority=10)
    yield Field("region", Kind.TEXT, lambda row: row.region, "REGION", 14, priority=8)
    yield Field("account", Kind.TEXT, lambda row: row.account, "ACCOUNT", 12, priority=11)
    yield Field("tunnels", Kind.TEXTS, path_words)
    yield Field("last_state", Kind.TEXT, lambda row: row.link.state if row.link else None)
    yield Field("declared", Kind.TEXT, lambda row: row.link.declared if row.link else None)
    yield Field("figure", Kind.TEXT, lambda row: row.verdict.figure)
    yield Field("clause", Kind.TEXT, lambda row: row.verdict.clause)
    yield Field("reason", Kind.TEXT, lambda row: row.verdict.reason or None, "REASON", 30, priority=7)


LINKS: Area[LinkView] = Area(
    name="links",
    title="Links",
    key="8",
    fields=tuple(_fields()),
    rows=_rows,
    row_key=lambda row: row.key,
    tenant=lambda row: row.tenant,
    status=lambda row: row.verdict.status,
    explain=lambda row: (row.tenant, row.verdict.figure),
    help="Every VPN, Direct Connect interface and SD-WAN peer, with how many of its paths are up.",
    empty="no link was seen, and no tenant has one",
)
