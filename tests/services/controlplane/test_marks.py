"""Marks of collections: what changes one, and what does not."""

from __future__ import annotations

import httpx
import pytest

from services.controlplane.marks import EVERY, mark_of
from services.controlplane.store import Database
from tests.support.api import bearer

OPERATOR = bearer("operator")
COLLECTIONS = ("parties", "tenants", "subscriptions", "stores", "exports", "slots", "holds", "cases")


def tags(http: httpx.Client) -> dict[str, str]:
    """The tag of each collection."""
    seen = {name: http.get(f"/{name}", headers=OPERATOR).headers["collection-tag"] for name in COLLECTIONS}
    return seen | {"audit": http.get("/audit", headers=OPERATOR).headers["collection-tag"]}


def test_a_write_changes_the_tag_of_its_collection_and_of_the_log_alone(http: httpx.Client) -> None:
    """Whoever asks for the others is told that they are the same."""
    before = tags(http)
    assert tags(http) == before
    body = http.get("/parties/northwind", headers=OPERATOR).json() | {"name": "Northwind Ltd."}
    assert http.put("/parties/northwind", json=body, headers=OPERATOR).status_code == 200
    after = tags(http)
    assert {name for name in before if before[name] != after[name]} == {"parties", "audit"}


def test_a_write_that_is_refused_changes_no_tag(http: httpx.Client) -> None:
    """What was rolled back was never there."""
    before = tags(http)
    body = http.get("/tenants/acme", headers=OPERATOR).json() | {"customer": "nobody-knows"}
    assert http.put("/tenants/acme", json=body, headers=OPERATOR).status_code >= 400
    assert tags(http) == before


def test_pages_of_one_collection_have_tags_of_their_own(http: httpx.Client) -> None:
    """One page's tag does not stand for another page."""
    whole = http.get("/tenants", headers=OPERATOR).headers
    part = http.get("/tenants?limit=1", headers=OPERATOR).headers
    assert whole["collection-tag"] == part["collection-tag"]
    assert whole["etag"] != part["etag"]


@pytest.mark.parametrize("collection", sorted(EVERY))
def test_a_database_that_is_opened_again_bears_new_marks(url: str, collection: str) -> None:
    """What was written to it by hand meanwhile is never called unchanged."""
    seen = set()
    for _ in range(2):
        database = Database(url)
        with database.read() as connection:
            seen.add(mark_of(connection, collection))
        database.close()
    assert len(seen) == 2
