"""The form of a check, and the IAM policy that follows from a set of them."""

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


def iam_policy(checks: Iterable[Check]) -> dict[str, Any]:
    """The IAM policy document of the role that the console assumes in each account: these checks' reads, no more.

    Most of these take no narrower resource than ``*`` (Service Authorization Reference); what takes one, buckets and
    vaults, is all to be seen. ``sts:GetCallerIdentity`` needs no permission.
    """
    return {
        "Version": "2012-10-17",
        "Statement": [{"Sid": "TenureRead", "Effect": "Allow", "Action": list(actions_of(checks)), "Resource": "*"}],
    }
