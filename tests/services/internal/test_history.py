"""What was recorded of a tenant, as the client reads it."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

from starlette.types import ASGIApp, Receive, Scope, Send

from services.controlplane.sample_book import add_samples
from services.controlplane.store import Database
from services.internal.client import InternalApi
from services.model import Outcome
from tests.services.controlplane.test_samples import FILES, KEPT, ORDERS
from tests.support.api import AT, serve_api, token

NEVER = threading.Event()
SINCE = AT - timedelta(days=35)


def client(address: str) -> InternalApi:
    return InternalApi(address, token("viewer"), now=lambda: AT, default_zone="UTC")


def elsewhere(app: ASGIApp) -> ASGIApp:
    """A server that has no such path."""

    async def asgi(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == "/samples/history":
            scope = {**scope, "path": "/nothing", "raw_path": b"/nothing"}
        await app(scope, receive, send)

    return asgi


def test_a_tenants_history_comes_over_with_where_it_is_from(tmp_path: Path) -> None:
    """Each of its stores, and the request by which it was told."""
    url = f"sqlite:///{tmp_path / 'registry.db'}"
    database = Database(url)
    with database.write() as connection:
        add_samples(connection, KEPT)
    database.close()
    with serve_api(tmp_path, url=url) as address, client(address) as api:
        seen = api.history(NEVER, "acme", SINCE, AT)
    assert seen.value is not None
    assert [it.store for it in seen.value.stores] == [ORDERS, FILES]
    assert (seen.outcome, seen.source.operation) == (Outcome.SEEN, "GET /samples/history")
    assert seen.request_id


def test_a_server_without_it_does_not_offer_it(tmp_path: Path) -> None:
    """404 is no failure: such a server records nothing; a stretch of no length is one, with the server's words."""
    with serve_api(tmp_path, around=elsewhere) as address, client(address) as api:
        assert api.history(NEVER, "acme", SINCE, AT).outcome is Outcome.NOT_OFFERED
    with serve_api(tmp_path) as address, client(address) as api:
        refused = api.history(NEVER, "acme", AT, AT)
    assert (refused.outcome, refused.value) == (Outcome.FAILED, None)
    assert "longer than nothing" in (refused.error or "")
