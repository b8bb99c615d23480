"""Bearer tokens: made once, kept as digests, compared in constant time.

A token of the database reads ``tenure_<id>_<secret>``: the id finds the row, the digest of the whole is compared. The
secret has 256 random bits, so a plain SHA-256 keeps it; a slow password hash would only slow every request.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from datetime import datetime
from enum import Enum

from sqlalchemy import delete, insert, select

from services.controlplane.store import Database
from services.controlplane.tables import tokens as table
from services.wire.registry import WhoAmI

_SHAPE = re.compile(r"tenure_([0-9a-f]{16})_[A-Za-z0-9_-]{43}", re.ASCII)


class Rejected(Enum):
    """Why a token does not count."""

    UNKNOWN = "unknown"
    EXPIRED = "expired"


class Tokens:
    """Who bears which token: those handed in at the start, and those of the database."""

    def __init__(self, database: Database, given: Mapping[str, WhoAmI]) -> None:
        self._database = database
        self._given = tuple((_digest(token), who) for token, who in given.items())

    def bearer(self, token: str, now: datetime) -> WhoAmI | Rejected:
        """The bearer of ``token`` at the instant ``now``."""
        digest = _digest(token)
        who: WhoAmI | None = None
        for known, owner in self._given:  # all of them: the time must not tell which one was near
            if hmac.compare_digest(known, digest):
                who = owner
        if who is None:
            who = self._stored(token, digest)
        if who is None:
            return Rejected.UNKNOWN
        if who.expires_at is not None and who.expires_at <= now:
            return Rejected.EXPIRED
        return who

    def _stored(self, token: str, digest: bytes) -> WhoAmI | None:
        shape = _SHAPE.fullmatch(token)
        if shape is None:
            return None
        with self._database.read() as connection:
            row = connection.execute(select(table).where(table.c.id == shape[1])).one_or_none()
        if row is None or not hmac.compare_digest(row.digest, digest):
            return None
        return WhoAmI(user=row.user, role=row.role, expires_at=row.expires_at)


def add_token(database: Database, who: WhoAmI) -> str:
    """Make a token for ``who`` and keep its digest. The token is returned this once and can never be read again."""
    id_ = secrets.token_hex(8)
    token = f"tenure_{id_}_{secrets.token_urlsafe(32)}"
    with database.write() as connection:
        connection.execute(
            insert(table).values(id=id_, digest=_digest(token), user=who.user, role=who.role, expires_at=who.expires_at)
        )
    return token


def drop_tokens(database: Database, user: str) -> int:
    """Make every token of ``user`` worthless, from the next request on; how many there were."""
    with database.write() as connection:
        ids = connection.execute(delete(table).where(table.c.user == user).returning(table.c.id)).all()
    return len(ids)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
