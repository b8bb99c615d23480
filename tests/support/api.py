"""The reference internal API, served by uvicorn on loopback for a test, with faults where a test wants them."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from services.controlplane.app import create_app
from services.controlplane.collection import AnyRecord
from services.controlplane.store import load_registry
from services.now import Now
from services.wire.operations import AuditRecord
from services.wire.registry import PartyRecord, Role, StoreRecord, SubscriptionRecord, TenantRecord, WhoAmI

AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
"""The instant of the servers' clocks."""
TOKENS: Mapping[str, WhoAmI] = {
    f"{role}-token": WhoAmI(user=f"{role}@example.org", role=role)
    for role in ("viewer", "operator", "approver", "worker")
}
DEADLINE = 20.0


def token(role: Role) -> str:
    """The token of a role in ``TOKENS``."""
    return f"{role}-token"


def bearer(role: Role) -> dict[str, str]:
    """The header that a role's request bears."""
    return {"Authorization": f"Bearer {token(role)}"}


@dataclass(frozen=True, slots=True)
class Registry:
    """Records to begin with."""

    parties: Sequence[PartyRecord] = ()
    tenants: Sequence[TenantRecord] = ()
    subscriptions: Sequence[SubscriptionRecord] = ()
    stores: Sequence[StoreRecord] = ()
    operations: Sequence[AnyRecord] = ()
    audit: Sequence[AuditRecord] = ()

    def load(self, url: str) -> None:
        """Fill the database at ``url`` with them."""
        load_registry(
            url,
            self.parties,
            self.tenants,
            self.subscriptions,
            self.stores,
            operations=self.operations,
            audit_=self.audit,
        )


@contextmanager
def serve_app(app: ASGIApp) -> Iterator[str]:
    """Serve any ASGI application on a free port of loopback, in a thread; gives its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    # asyncio sets it only where the socket's protocol was named; without it every answer waits 40 ms for an ACK
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    config = uvicorn.Config(app, log_config=None, lifespan="on", timeout_graceful_shutdown=1)
    server = _Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="uvicorn", daemon=True)
    thread.start()
    try:
        if not server.ready.wait(DEADLINE):
            raise TimeoutError("uvicorn has not started")
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(DEADLINE)
        listener.close()
        if thread.is_alive():
            raise TimeoutError("uvicorn has not ended")


@contextmanager
def serve_api(
    folder: Path,
    registry: Registry | None = None,
    *,
    now: Now = lambda: AT,
    tokens: Mapping[str, WhoAmI] = TOKENS,
    around: Callable[[ASGIApp], ASGIApp] = lambda app: app,
    url: str | None = None,
) -> Iterator[str]:
    """Serve the reference API on a new database in ``folder``, or on the one at ``url``; gives its address.

    ``around`` wraps the application, for a test that plants a fault in front of it.
    """
    url = url or f"sqlite:///{folder / 'registry.db'}"
    if registry is not None:
        registry.load(url)
    with serve_app(around(create_app(url, now=now, tokens=tokens))) as address:
        yield address


class _Server(uvicorn.Server):
    """Tells when it listens, so that nobody needs to try."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()
