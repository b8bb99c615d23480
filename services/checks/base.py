"""The form of a check, and what a set of them asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from services.agreement import Policy
from services.aws.collect.base import Collector
from services.model import Store, Verdict


class Judge(Protocol):
    """A pure function from a store, with its observations, to a verdict."""

    def __call__(self, store: Store, tier: str | None, policy: Policy, now: datetime, *, figure: str) -> Verdict: ...


@dataclass(frozen=True, slots=True)
class Check:
    """What is asked of AWS, what is made of the answers, and which clause wants to know."""

    name: str
    clause: str
    title: str
    area: str
    """The area that shows what it finds; ``due`` and ``tenants`` show what all of them do."""
    collectors: tuple[Collector[Any], ...]
    judge: Callable[..., Verdict]
    """A pure function; of a store, a ``Judge``."""

    @property
    def actions(self) -> frozenset[str]:
        """The IAM actions that it needs."""
        return frozenset(action for collector in self.collectors for action in collector.actions)


def collectors_of(checks: Iterable[Check]) -> tuple[Collector[Any], ...]:
    """All collectors that these checks need, each once, in the order of first mention."""
    every = (collector for check in checks for collector in check.collectors)
    return tuple({(it.service, it.operation): it for it in every}.values())


def actions_of(checks: Iterable[Check]) -> tuple[str, ...]:
    """All actions that these checks need, sorted."""
    return tuple(sorted(frozenset[str]().union(*(check.actions for check in checks))))
