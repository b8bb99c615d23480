"""Which IAM actions are missing where: asked by the collectors' own calls, a few records of each list and no more.

The action is named by what was called and declared, never by what AWS's refusal says.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from services.aws.collect.base import Place
from services.aws.errors import code_of, outcome_of
from services.aws.fanout import fan_out
from services.aws.session import Client, Clients, Paginator
from services.checks.base import Check, collectors_of
from services.checks.iam import action_of
from services.model import Outcome
from services.now import Now

FEW = 5
"""Records of a list that are looked at; what is asked further is asked about these."""
PAGE = 20
"""Records of a page: the fewest that every service accepts (RDS API reference, ``MaxRecords``)."""
DEADLINE = timedelta(seconds=15)
"""When a call that has not come back is given up."""

REFUSALS = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "AuthorizationError",
        "NotAuthorized",
        "UnauthorizedException",
        "UnauthorizedOperation",
    }
)
"""Codes that speak of permission. Others of ``denied`` speak of credentials, or of a region that is not enabled."""


@dataclass(frozen=True, slots=True)
class Permission:
    """Whether one action is permitted in one place."""

    place: Place
    action: str
    outcome: Outcome | None
    """``None``: it was not tried, since nothing there calls for it, or what leads to it was refused."""
    missing: bool = False
    """Whether it was refused for want of the permission."""
    error: str | None = None
    """Text from outside."""


def areas_of(action: str, checks: Iterable[Check]) -> tuple[str, ...]:
    """The areas that need an action, each once, in the order of the checks."""
    return tuple(dict.fromkeys(check.area for check in checks if action in check.actions))


def permissions(
    clients: Clients,
    places: Iterable[Place],
    checks: Iterable[Check],
    *,
    now: Now,
    limit: int,
    cancel: threading.Event | None = None,
    deadline: timedelta = DEADLINE,
) -> tuple[Permission, ...]:
    """Every action of ``checks`` in every one of ``places``, tried, at most ``limit`` calls at a time.

    Blocks; every error is an outcome. A refusal that is not the action's own (the role cannot be assumed) is told of
    each action that the call would have needed, as denied and not missing.
    """
    collectors = collectors_of(checks)
    places = tuple(places)
    noted: dict[Place, _Notes] = {place: _Notes() for place in places}
    calls: list[Any] = [
        collector.call(_Trying(clients, noted[place]), place) for place in places for collector in collectors
    ]
    declared = {(it.service, it.operation): it.actions for it in collectors}
    stop = cancel or threading.Event()
    for seen in fan_out(calls, cancel=stop, limit=limit, now=now, deadline=deadline):
        source = seen.source
        notes = noted[Place(source.account or "", source.region or "")]
        actions = declared[source.service, source.operation]
        if not seen.outcome.answered and not any(action in notes.found for action in actions):
            for action in actions:
                notes.found[action] = (seen.outcome, False, seen.error)
    return tuple(
        Permission(place, action, *noted[place].found.get(action, (None, False, None)))
        for place in places
        for action in sorted({action for it in collectors for action in it.actions})
    )


@dataclass(slots=True)
class _Notes:
    """What came of each action in one place; the first refusal or failure stands."""

    found: dict[str, tuple[Outcome, bool, str | None]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, action: str, error: Exception | None) -> None:
        outcome, said = (Outcome.SEEN, None) if error is None or _is_absence(error) else outcome_of(error)
        with self.lock:
            before = self.found.get(action)
            if before is None or before[0] is Outcome.SEEN:
                self.found[action] = (outcome, error is not None and _is_refusal(error), said)


def _is_absence(error: Exception) -> bool:
    """AWS looked, so it was permitted: what was asked about is not there."""
    answer = getattr(error, "response", None) or {}
    return bool(answer.get("ResponseMetadata", {}).get("HTTPStatusCode") == 404)


def _is_refusal(error: Exception) -> bool:
    return code_of(error) in REFUSALS and getattr(error, "operation_name", "") != "AssumeRole"


class _Trying:
    """Hands out clients that notes are taken of; ``Clients``."""

    def __init__(self, clients: Clients, notes: _Notes) -> None:
        self._clients = clients
        self._notes = notes

    def client(self, service: str, account: str, region: str) -> Client:
        return _TriedClient(service, self._clients.client(service, account, region), self._notes)


class _TriedClient:
    def __init__(self, service: str, client: Any, notes: _Notes) -> None:
        self._service = service
        self._client = client
        self._notes = notes

    def get_paginator(self, operation_name: str) -> Paginator:
        return _TriedPaginator(self._client.get_paginator(operation_name), self._noting(operation_name))

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method, note = getattr(self._client, name), self._noting(name)

        def ask(**parameters: object) -> Any:
            try:
                answer = method(**parameters)
            except Exception as error:
                note(error)
                raise
            note(None)
            return answer

        return ask

    def _noting(self, method: str) -> Callable[[Exception | None], None]:
        action = action_of(self._service, self._client.meta.method_to_api_mapping[method])
        return lambda error: self._notes.take(action, error)


class _TriedPaginator:
    def __init__(self, paginator: Paginator, note: Callable[[Exception | None], None]) -> None:
        self._paginator = paginator
        self._note = note

    def paginate(self, **parameters: object) -> Iterator[Mapping[str, Any]]:
        pages = {"MaxItems": FEW} if "TagsPerPage" in parameters else {"MaxItems": FEW, "PageSize": PAGE}
        try:
            for page in self._paginator.paginate(**{**parameters, "PaginationConfig": pages}):
                self._note(None)
                yield page
        except Exception as error:
            self._note(error)
            raise
