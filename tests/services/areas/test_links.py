"""The rows of links: nothing that was not read says UP, nothing is left out."""

from __future__ import annotations

import pytest

from services.areas.due import DUE
from services.areas.links import LINKS
from services.areas.machine import to_dict
from services.areas.page import tenant_page
from services.model import Status
from services.query import QueryError, parse
from tests.support.links import linked_fleet

FLEET = linked_fleet()
ROWS = [to_dict(LINKS, row) for row in LINKS.rows(FLEET)]
REQUIRED = {"tenant", "link", "kind", "state", "paths_up", "paths", "observed_at", "status"}


def named(name: str) -> dict[str, object]:
    (row,) = [row for row in ROWS if row["link_id"] == name]
    return dict(row)


def test_a_row_has_what_is_promised() -> None:
    """The names of the machine formats."""
    assert all(row.keys() >= REQUIRED for row in ROWS)


def test_the_order_is_that_of_urgency() -> None:
    """What carries nothing first, then what is at risk, then what nobody knows, then what is well."""
    assert [row["status"] for row in ROWS] == [
        "breached", "breached", "at-risk", "at-risk", "unknown", "unknown", "unknown", "ok", "not-applicable",
    ]  # fmt: skip


def test_a_link_that_was_not_read_has_no_state_and_no_paths_that_are_up() -> None:
    """Though it was up when it was last seen, which is said beside it."""
    row = named("vpn-0feedbeeffeedbeef")
    assert (row["state"], row["paths_up"], row["paths"]) == ("UNKNOWN", None, 2)
    assert (row["status"], row["last_state"], row["observed_at"]) == ("unknown", "UP", None)
    assert "throttled" in str(row["reason"])


def test_a_tenant_whose_links_could_not_be_told_has_a_row_without_a_link() -> None:
    """It is unknown, and names the call."""
    (row,) = [row for row in ROWS if row["link"] is None]
    assert (row["tenant"], row["state"], row["status"]) == ("trey-research", "UNKNOWN", "unknown")
    assert "DescribeVirtualInterfaces denied" in str(row["reason"])


def test_what_is_declared_and_not_there_is_down_and_what_nobody_owns_has_no_tenant() -> None:
    """Neither is left out."""
    gone = named("vpn-00000000000000000")
    assert (gone["state"], gone["status"], gone["paths"], gone["declared"]) == ("DOWN", "breached", None, True)
    stray = named("vpn-0ffffffffffffffff")
    assert (stray["tenant"], stray["state"], stray["status"]) == (None, "UP", "unknown")


def test_a_public_tenants_link_is_shown_and_not_judged() -> None:
    """Nothing is promised of it."""
    row = named("vpn-0123456789abcdef0")
    assert (row["tenant"], row["state"], row["status"]) == ("lumen-spa", "UP", "not-applicable")


def test_every_link_that_is_not_well_is_due() -> None:
    """With its figure, that of nobody's by its ARN."""
    bad = {(row["tenant"], row["figure"]) for row in ROWS if row["status"] not in ("ok", "not-applicable")}
    due = [to_dict(DUE, row) for row in DUE.rows(FLEET)]
    listed = {(row["tenant"], row["figure"]) for row in due if row["area"] == "links"}
    assert listed == bad
    first = next(row for row in due if row["figure"] == "link.vpn-0badc0ffee0ddf00d")
    assert (first["seconds_left"], first["clause"]) == (-720, "peering")


@pytest.mark.parametrize(
    ("text", "count"),
    [("state=DOWN", 2), ("kind=sd-wan", 1), ("up=0", 2), ("dxvif", 1), ("status=unknown", 3), ("equinix testing", 1)],
)
def test_the_filter_knows_its_words(text: str, count: int) -> None:
    """State, kind, paths, and any word of a row."""
    query = parse(text, LINKS, FLEET)
    assert sum(query.matches(row, FLEET.at) for row in LINKS.rows(FLEET)) == count


def test_the_filter_refuses_a_state_that_there_is_not() -> None:
    """And names those there are."""
    with pytest.raises(QueryError, match="DEGRADED"):
        parse("state=BROKEN", LINKS, FLEET)


def test_a_tenants_page_has_its_links() -> None:
    """As the area has them."""
    view = FLEET.tenants["bellows"]
    page = tenant_page(FLEET, view)
    assert [row["state"] for row in page["links"]] == ["DOWN", "DOWN"]  # type: ignore[attr-defined]  # a document
    assert view.status is Status.BREACHED
