"""The picture stands still while credentials have ended: a refusal that says only that takes away no earlier answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from services.fleet.ledger import Ledger
from services.fleet.snapshot import EXPIRED
from services.model import BASE, INTERNAL, Credential, Observation, Outcome

_API = "internal"


class Standstill:
    """Tells which refusals of a round are of that kind. Not safe for threads: its owner holds a lock.

    A source that never answered has nothing to lose: its refusal is an answer like any other.
    """

    def __init__(self, credentials: Callable[[], Iterable[Credential]], ledger: Ledger) -> None:
        """``credentials``: what is known of them now; asks nobody."""
        self._credentials = credentials
        self._ledger = ledger
        self._doubtful: list[Observation[Any]] = []

    def holds(self, observation: Observation[Any]) -> bool:
        """Whether what was seen before stays in the place of this.

        A service that calls the credentials expired, which it may do wrongly, is taken at its word at the end of the
        round at the latest, when it is known whether they have: see ``doubtful``.
        """
        if observation.outcome is not Outcome.DENIED or not self._ledger.has_answered(observation.source):
            return False
        api = observation.source.service == _API
        if self._has_ended(INTERNAL if api else BASE):
            return True
        if not api and (observation.error or "").startswith(EXPIRED):
            self._doubtful.append(observation)
            return True
        return False

    def holds_all(self, observations: Sequence[Observation[Any]]) -> bool:
        """Whether there is nothing else in an answer of several parts."""
        return bool(observations) and all(self.holds(it) for it in observations)

    def doubtful(self) -> list[Observation[Any]]:
        """Those held back that were about something else, as it turned out; each is told once."""
        found, self._doubtful = self._doubtful, []
        return [] if self._has_ended(BASE) else found

    def _has_ended(self, name: str) -> bool:
        return any(it.name == name and it.ended for it in self._credentials())
