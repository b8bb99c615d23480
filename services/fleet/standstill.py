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
        source = observation.source
        if observation.outcome is not Outcome.DENIED or not self._ledger.has_answered(source):
            return False
        if source.service == _API:
            return self._has_ended(INTERNAL)
        if self._has_ended(BASE):
            return True
        if (observation.error or "").startswith(EXPIRED):
            self._doubtful.append(observation)
            return True
        return False

    def holds_all(self, observations: Sequence[Observation[Any]]) -> bool:
        """Whether there is nothing else in an answer of several parts."""
        return bool(observations) and all(self.holds(it) for it in observations)

    def doubtful(self) -> list[Observation[Any]]:
        """Those held back that were about something else, as it turned out; each is told once.

        Where the role of an account alone has ended its sources are asked again for some seconds: it renews itself, or
        cannot because the operator's own credentials have ended as well, which nobody knew before.
        """
        found, self._doubtful = self._doubtful, []
        if self._has_ended(BASE):
            return []
        return [it for it in found if not (self._has_ended(it.source.account) and self._ledger.spare(it))]

    def _has_ended(self, name: str | None) -> bool:
        return any(it.name == name and it.ended for it in self._credentials())
