"""What all checks of a run stand on: the server, the contract, what the server offers, what was written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from schemathesis.schemas import BaseSchema

from services.conformance.contract import operations
from services.conformance.outcome import Check, Exchange, FailedError, NotOfferedError, NotTriedError, Row, expect
from services.conformance.samples import ABSENT, ABSENT_KEY, PARTIES, PREFIX, TENANT, party, sample, tenant
from services.conformance.server import Server
from services.controlplane.collection import COLLECTIONS
from services.controlplane.guard import OPEN_PATHS, READING, WRITERS
from services.controlplane.ordering import SECOND
from services.wire.registry import Role

LISTS: Final = tuple(f"/{collection.name}" for collection in COLLECTIONS)
NEEDED: Final = frozenset({("GET", path) for path in (*LISTS, "/healthz", "/whoami", "/audit")})
"""What the console cannot do without."""
_NONE: Final = (404, 405, 501)
"""Statuses of who does not have an operation at all."""


@dataclass(slots=True)
class Ground:
    """One run's."""

    server: Server
    schema: BaseSchema
    examples: int
    """Generated requests to an operation, of either kind."""
    read_only: bool
    declared: frozenset[tuple[str, str]] = frozenset()
    """Operations of the server's own document, where it serves one."""
    written: list[tuple[str, str, Role]] = field(default_factory=list)
    """Collection, id and writer of what may stand because of us, the oldest first."""

    def operations(self) -> list[tuple[str, str]]:
        """Those of the contract that this run may send."""
        return [one for one in operations(self.schema) if not self.read_only or one[0] in READING]

    def guarded(self) -> list[tuple[str, str]]:
        return [one for one in self.operations() if one[1] not in OPEN_PATHS]

    def writer(self, path: str) -> Role:
        """The role, of those whose token was given, that may write under ``path``. Raises ``NotTriedError``."""
        wanted = SECOND if path.endswith(("/approve", "/review")) else WRITERS[path.split("/")[1]]
        for role in self.server.bearers:
            if role in wanted:
                return role
        raise NotTriedError(f"takes a token of the role {' or '.join(sorted(wanted))}")

    def user(self, role: Role) -> str:
        return self.server.bearers[role].user

    def there(self, method: str, path: str, seen: Exchange) -> Exchange:
        """The exchange. Raises ``NotOfferedError`` where it says that the server has no such operation, which it
        neither declares nor needs to have."""
        if seen.status in _NONE and (method, path) not in NEEDED | self.declared:
            raise NotOfferedError(f"answered {seen.status}")
        return seen

    def remember(self, collection: str, id_: str, role: Role) -> None:
        """Have this deleted at the end."""
        if (collection, id_, role) not in self.written:
            self.written.append((collection, id_, role))

    def prepare(self) -> None:
        """Write the tenant and the parties that everything else is written about, once. Raises ``NotTriedError``,
        ``NotOfferedError`` and ``FailedError``."""
        role = self.writer("/tenants")
        for body in (*map(party, PARTIES), tenant()):
            name = "parties" if "kind" in body else "tenants"
            if (name, body["id"], role) not in self.written:
                self.remember(name, body["id"], role)
                seen = self.server.ask("PUT", f"/{name}/{body['id']}", role, body=body)
                expect(self.there("PUT", f"/{name}/{{id}}", seen), 200, 201)

    def sweep(self) -> None:
        """Delete what a run that was killed may have left; what is not there, or not ours to delete, is passed over."""
        for name, ids in self._ours().items():
            wanted = [role for role in self.server.bearers if role in WRITERS[name]]
            for id_ in ids if wanted else ():
                self.server.ask("DELETE", f"/{name}/{id_}", wanted[0])

    def _ours(self) -> dict[str, list[str]]:
        words = ("life", "generated", "strict", "lost", "kept")
        found: dict[str, list[str]] = {}
        for collection in reversed(COLLECTIONS):
            name = collection.name
            roles = [role for role in self.server.bearers if role in WRITERS[name]]
            users = [self.user(role) for role in roles] or [""]
            found[name] = [sample(name, word, users[0])["id"] for word in words]
        found["tenants"].append(TENANT)
        found["parties"] += [*PARTIES.values(), f"{PREFIX}imported"]
        return found

    def tidy(self) -> Row | None:
        """Delete what was written, the youngest first, and say whether it is gone; ``None``: nothing was."""
        if not self.written:
            return None
        return Check("all that was written is deleted", "DELETE", self._tidy).row()

    def _tidy(self) -> str:
        left: list[str] = []
        last: Exchange | None = None
        for name, id_, role in reversed(self.written):
            seen = self.server.ask("DELETE", f"/{name}/{id_}", role)
            if seen.status not in (204, 404):
                left.append(f"/{name}/{id_}")
                last = seen
        if left:
            raise FailedError(f"left behind: {', '.join(left)}", last)
        return f"{len(self.written)} records"


def filled(path: str) -> str:
    """A path of the document with ids that nothing stands under."""
    return path.replace("{id}", ABSENT).replace("{key}", ABSENT_KEY)
