"""Why a plan or an order is not made, as HTTP tells it: a status, a reason, and the parts that say where and what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from services.orders.base import RefusedError
from services.wire.orders import Plan, differences_seen
from services.wire.registry import ProblemPart

CHANGED: Final = "what the plan rests on has changed"
NO_LONGER: Final = "it can no longer be done: look again"
TOLD_LENGTH: Final = 1000
"""Characters that are kept of why an order is void."""


class NotDoneError(Exception):
    """Refused; with the HTTP status that says how, and the parts that say where and what."""

    def __init__(self, status: int, reason: str, parts: Sequence[ProblemPart] = ()) -> None:
        super().__init__(reason)
        self.status = status
        self.parts = tuple(parts)


class VoidError(NotDoneError):
    """A plan that is not, or no longer, the one that would be made now."""

    def told(self) -> str:
        """The reason with its parts, for a record of it."""
        return f"{self}: {'; '.join(part.what for part in self.parts)}"[:TOLD_LENGTH]


@contextmanager
def made_anew(given: Plan) -> Iterator[None]:
    """A refusal from within is one of a plan that could be made before: told with what has changed since, where that
    can be told. Raises ``VoidError``."""
    try:
        yield
    except RefusedError as refused:
        lines = differences_seen(given, refused.seen)
        if not lines:  # by its time alone
            raise VoidError(409, NO_LONGER, [part(refused.where or "plan", str(refused))]) from None
        parts = [part("plan", each) for each in (*lines, f"now refused: {refused}")]
        raise VoidError(412, CHANGED, parts) from None


def refusal(refused: RefusedError) -> NotDoneError:
    """Of what cannot be planned, at the field or the tenant that it is about."""
    parts = [] if refused.where is None else [part(refused.where, str(refused))]
    return NotDoneError(409, str(refused), parts)


def part(where: str, what: str) -> ProblemPart:
    return ProblemPart(where=where, what=what)
