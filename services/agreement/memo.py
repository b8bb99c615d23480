"""Remembering what follows from a policy: by the policy's identity, since its value is too much to hash each time."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Concatenate, ParamSpec, TypeVar, cast

from services.agreement.policy import Policy

P = ParamSpec("P")
T = TypeVar("T")

POLICIES = 8
"""So many policies are remembered, and kept alive, at once; beyond that all are forgotten."""

_caches: list[Callable[[], None]] = []


def forget() -> None:
    """Forget everything that is remembered of policies; it is reckoned again when somebody asks."""
    for clear in _caches:
        clear()


def forgotten_with(clear: Callable[[], None]) -> None:
    """Have ``forget`` call ``clear`` too."""
    _caches.append(clear)


def per_policy(
    size: int,
) -> Callable[[Callable[Concatenate[Policy, P], T]], Callable[Concatenate[Policy, P], T]]:
    """Remember up to ``size`` results of a pure function for each policy. The other arguments are hashable."""

    def decorate(function: Callable[Concatenate[Policy, P], T]) -> Callable[Concatenate[Policy, P], T]:
        known: dict[int, tuple[Policy, Callable[P, T]]] = {}
        forgotten_with(known.clear)

        def remembered(policy: Policy, /, *args: P.args, **kwargs: P.kwargs) -> T:
            found = known.get(id(policy))  # alive in ``known``, so that nothing else can bear its id
            if found is None:
                if len(known) >= POLICIES:
                    known.clear()
                kept: Callable[P, T] = cast(Callable[P, T], lru_cache(maxsize=size)(partial(function, policy)))
                found = known[id(policy)] = (policy, kept)
            return found[1](*args, **kwargs)

        return remembered

    return decorate
