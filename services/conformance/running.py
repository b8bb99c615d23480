"""A whole run: all checks one after the other, and at the end nothing left behind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from services.conformance.checks import generated, guarding, opened, ordering, pages, records
from services.conformance.contract import contract
from services.conformance.ground import Ground
from services.conformance.outcome import Check, FailedError, Row
from services.conformance.server import Server

EXAMPLES = 8


def conform(server: Server, tokens: Sequence[str], *, read_only: bool, examples: int = EXAMPLES) -> Iterator[Row]:
    """The rows of a run, as they come. At least one token; of several each is for the role whose it is.

    Where the run is left early, what it had written is deleted all the same. Raises ``FailedError`` where a token is
    refused, ``UnreachableError`` where the server does not answer.
    """
    ground = stand(server, tokens, read_only=read_only, examples=examples)
    try:
        for check in checks(ground):
            yield check.row()
    finally:
        last = ground.tidy()
    if last is not None:
        yield last


def stand(server: Server, tokens: Sequence[str], *, read_only: bool, examples: int = EXAMPLES) -> Ground:
    """What a run stands on: whose the tokens are, what the server declares; swept, unless nothing may be written."""
    for token in tokens:
        server.introduce(token)
    ground = Ground(server, contract(), examples, read_only, _declared(server))
    if not read_only:
        ground.sweep()
    return ground


def checks(ground: Ground) -> Iterator[Check]:
    """All of them; with ``read_only`` those that only read."""
    for kind in (opened, guarding, pages, records, ordering, generated):
        for check in kind.checks(ground):
            if not (ground.read_only and check.writes):
                yield check


def _declared(server: Server) -> frozenset[tuple[str, str]]:
    """What the server's own document says that it offers; nothing where it serves none."""
    seen = server.ask("GET", "/openapi.json", None)
    try:
        paths = seen.members().get("paths") if seen.status == 200 else None
    except FailedError:
        return frozenset()
    if not isinstance(paths, dict):
        return frozenset()
    return frozenset(
        (method.upper(), path) for path, found in paths.items() if isinstance(found, dict) for method in found
    )
