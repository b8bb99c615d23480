"""The credentials in use: whose they are, in which role, how long they last, and how they are made good again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.areas.base import STATUSES, Area, Field, Kind
from services.fleet.snapshot import FleetSnapshot
from services.model import INTERNAL, SOON, Credential, Renewal, Status, severity


@dataclass(frozen=True, slots=True)
class CredentialRow:
    """A credential as of the picture's instant."""

    credential: Credential
    role: str | None
    at: datetime

    @property
    def status(self) -> Status:
        """``unknown`` where it opens nothing: of what lies behind it nobody is told anything."""
        it = self.credential
        if it.ended or it.error is not None or (it.expires_at is not None and it.expires_at <= self.at):
            return Status.UNKNOWN
        return Status.AT_RISK if it.expires_at is not None and it.expires_at - self.at < SOON else Status.OK

    @property
    def who(self) -> str | None:
        """The user, or the session's name; the whole where it is no ARN."""
        parts = _resource(self.credential.who)
        return self.credential.who if parts is None else parts[-1] if parts[0] != "role" else None

    @property
    def left(self) -> timedelta | None:
        return self.credential.expires_at - self.at if self.credential.expires_at is not None else None


def _resource(arn: str | None) -> list[str] | None:
    """``["assumed-role", "ops-read", "olga"]`` of an ARN of IAM or STS; ``None`` where it is none."""
    fields = (arn or "").split(":", 5)
    return fields[5].split("/") if len(fields) == 6 and fields[0] == "arn" else None


def _role(credential: Credential, fleet: FleetSnapshot) -> str | None:
    if credential.name == INTERNAL:
        return fleet.identity.role
    parts = _resource(credential.who)
    if parts is None or len(parts) == 1:
        return None
    return {"assumed-role": parts[1], "role": parts[-1]}.get(parts[0])


def _rows(fleet: FleetSnapshot) -> list[CredentialRow]:
    rows = [CredentialRow(it, _role(it, fleet), fleet.known_at) for it in fleet.credentials]
    return sorted(rows, key=lambda row: severity(row.status))


def _fields() -> Iterator[Field[CredentialRow]]:
    yield Field(
        "expires_at", Kind.COUNTDOWN, lambda row: row.credential.expires_at, "LEFT", 10, priority=1, aliases=("left",)
    )
    yield Field("status", Kind.STATUS, lambda row: row.status, "STATUS", 9, priority=1, choices=STATUSES)
    yield Field("credential", Kind.TEXT, lambda row: row.credential.name, "CREDENTIAL", 12, priority=1)
    yield Field("role", Kind.TEXT, lambda row: row.role, "ROLE", 14, priority=2)
    yield Field("who", Kind.TEXT, lambda row: row.who, "WHO", 14, priority=2)
    yield Field(
        "renewal", Kind.TEXT, lambda row: row.credential.renewal.value, "RENEWED", 7, priority=1, choices=tuple(Renewal)
    )
    yield Field("identity", Kind.TEXT, lambda row: row.credential.who)
    yield Field("seconds_left", Kind.LEFT, lambda row: row.left)
    yield Field("error", Kind.TEXT, lambda row: row.credential.error, "ERROR", 30, priority=4)


CREDENTIALS: Area[CredentialRow] = Area(
    name="credentials",
    title="Credentials",
    key=None,
    fields=tuple(_fields()),
    rows=_rows,
    row_key=lambda row: row.credential.name,
    tenant=lambda _row: None,
    status=lambda row: row.status,
    help="What opens AWS, each account and the internal API: whose it is, how long it lasts, how it is renewed.",
    empty="nothing is known of any credentials",
)
