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
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from enum import Enum
from typing import Final

from sqlalchemy import Connection, delete, insert, select

from services.controlplane.audit import write_entry
from services.controlplane.store import Database
from services.controlplane.tables import tokens as table
from services.wire.registry import WhoAmI

KEEPER: Final = "keeper"
"""In the log, the role of whoever has the database itself in hand."""
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


@dataclass(frozen=True, slots=True)
class Keeper:
    """Who has the database itself in hand and changes tokens there: noted in the log as what people do over HTTP."""

    user: str
    at: datetime
    origin: str | None = None

    def note(self, connection: Connection, action: str, token: StoredToken) -> None:
        """Add what was done to the log."""
        until = f"until {token.expires_at.isoformat()}" if token.expires_at else "for good"
        write_entry(
            connection,
            at=self.at,
            who=self.user,
            role=KEEPER,
            action=action,
            outcome="done",
            origin=self.origin,
            note=f"{token.id} of {token.user}, {token.role}, {until}",
        )


@dataclass(frozen=True, slots=True)
class StoredToken:
    """What can be told of a token of the database."""

    id: str
    user: str
    role: str
    expires_at: datetime | None


def add_token(database: Database, who: WhoAmI, by: Keeper | None = None) -> str:
    """Make a token for ``who`` and keep its digest. The token is returned this once and can never be read again."""
    made = StoredToken(secrets.token_hex(8), who.user, who.role, who.expires_at)
    token = f"tenure_{made.id}_{secrets.token_urlsafe(32)}"
    with database.write() as connection:
        connection.execute(insert(table).values(**asdict(made), digest=_digest(token)))
        if by is not None:
            by.note(connection, "token add", made)
    return token


def stored_tokens(database: Database) -> list[StoredToken]:
    """Those of the database, by user and id."""
    columns = [table.c[it.name] for it in fields(StoredToken)]
    with database.read() as connection:
        rows = connection.execute(select(*columns).order_by(table.c.user, table.c.id)).mappings()
        return [StoredToken(**row) for row in rows]


def revoke_tokens(database: Database, which: str, by: Keeper | None = None) -> list[StoredToken]:
    """Make the token of the id ``which`` worthless, from the next request on; where there is none, all of the user's of
    that name. Those that were."""
    columns = [table.c[it.name] for it in fields(StoredToken)]
    with database.write() as connection:
        for named in (table.c.id, table.c.user):
            gone = connection.execute(delete(table).where(named == which).returning(*columns)).mappings()
            revoked = [StoredToken(**row) for row in gone]
            if by is not None:
                for token in revoked:
                    by.note(connection, "token revoke", token)
            if revoked:
                return revoked
    return []


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
