"""How ``tenure serve token list`` prints tokens."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from services.areas.base import Area, Field, Kind
from services.controlplane.tokens import StoredToken


def _fields(now: datetime) -> Iterator[Field[StoredToken]]:
    yield Field("id", Kind.TEXT, lambda it: it.id, "ID", 16, priority=1)
    yield Field("user", Kind.TEXT, lambda it: it.user, "USER", 24, priority=1)
    yield Field("role", Kind.TEXT, lambda it: it.role, "ROLE", 8, priority=2)
    yield Field("state", Kind.TEXT, lambda it: _state(it, now), "STATE", 7, priority=2)
    yield Field("expires_at", Kind.INSTANT, lambda it: it.expires_at, "EXPIRES AT", 20, priority=3)


def _state(token: StoredToken, now: datetime) -> str:
    return "expired" if token.expires_at is not None and token.expires_at <= now else "valid"


def table_of(now: datetime) -> Area[StoredToken]:
    """Fields to print tokens by; it is no area of the console."""
    return Area(
        name="tokens",
        title="Tokens",
        key=None,
        fields=tuple(_fields(now)),
        rows=lambda _: (),
        row_key=lambda row: row.id,
        tenant=lambda _: None,
        status=lambda _: None,
    )
