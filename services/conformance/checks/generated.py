"""Requests that schemathesis makes up from the contract: all that is allowed is answered as declared, all that is
forbidden is refused as declared, and nothing makes the server fail."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from hypothesis import HealthCheck, Phase, assume, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    positive_data_acceptance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from services.conformance.ground import Ground, filled
from services.conformance.outcome import Check, FailedError, NotTriedError, UnreachableError
from services.conformance.samples import ABSENT, ABSENT_KEY, EARLY, LATE, agree, sample
from services.controlplane.guard import READING
from services.wire.registry import Role

WELL = "well-formed: answered as declared"
ILL = "malformed: refused as declared"
SEED: Final = 20261123
"""The same requests in every run of one version."""
LEFT_OUT: Final = frozenset({"/readyz", "/metrics", "/import"})
"""Looked at in another way, or told in no schema."""
POSTS: Final = frozenset({"/plans", "/orders", "/orders/{key}/approve", "/orders/{key}/cancel", "/orders/{key}/review"})
"""What is posted elsewhere stays, if it is let pass: none of it is made up."""
_CHECKS: Final = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    positive_data_acceptance,
)


def checks(ground: Ground) -> Iterator[Check]:
    for method, path in ground.operations():
        if path in LEFT_OUT or (method == "POST" and path not in POSTS):
            continue
        told, writes = f"{method} {path}", method not in READING
        if (method, path) != ("POST", "/orders"):  # a plan that holds would be carried out
            yield Check(WELL, told, lambda m=method, p=path: _Drive(ground, m, p).well(), writes=writes)  # type: ignore[misc]
        if _takes_input(ground, method, path):
            yield Check(ILL, told, lambda m=method, p=path: _Drive(ground, m, p).ill(), writes=writes)  # type: ignore[misc]


def _takes_input(ground: Ground, method: str, path: str) -> bool:
    """Whether anything but headers can be wrong: any text is a header."""
    operation = ground.schema[path][method]
    return bool(operation.query) or bool(operation.path_parameters) or bool(operation.body)


class _Drive:
    """Generated requests to one operation, until one is answered as it should not be."""

    def __init__(self, ground: Ground, method: str, path: str) -> None:
        self._ground = ground
        self._method = method
        self._path = path
        self._role: Role = ground.server.reader if method in READING else ground.writer(path)
        self._failed: FailedError | None = None
        self._silent: UnreachableError | None = None
        self._statuses: dict[int, int] = {}
        self._prepared()

    def _prepared(self) -> None:
        """Asks once for what is not there: whether the operation is offered at all. Raises ``NotOfferedError``."""
        if self._method == "PUT":
            self._ground.prepare()
        raw = None if self._method in READING else b"{}"
        seen = self._ground.server.ask(self._method, filled(self._path), self._role, raw=raw)
        # 404 of a record that is not there says nothing of the path; what the server declares and 405 do
        if "{" not in self._path or self._method == "PUT" or seen.status != 404:
            self._ground.there(self._method, self._path, seen)

    def well(self) -> str:
        fixed = {} if self._method in READING else self._fixed()
        self._drive(GenerationMode.POSITIVE, fixed)
        return self._told()

    def ill(self) -> str:
        # a write that is let pass must not reach a record that is there: a malformed id is nobody's
        self._drive(GenerationMode.NEGATIVE, self._fixed() if self._method == "PUT" else {})
        return self._told()

    def _fixed(self) -> dict[str, Any]:
        if self._method == "DELETE":
            return {"id": ABSENT}
        if "{key}" in self._path:
            return {"key": ABSENT_KEY}
        return {"id": self._own()} if "{id}" in self._path else {}

    def _own(self) -> str:
        name = self._path.split("/")[1]
        id_: str = sample(name, "generated", self._ground.user(self._role))["id"]
        self._ground.remember(name, id_, self._role)
        return id_

    def _told(self) -> str:
        if self._silent is not None:
            raise self._silent
        if self._failed is not None:
            raise self._failed
        if not self._statuses:
            raise NotTriedError("nothing could be made up")
        return ", ".join(f"{count} × {status}" for status, count in sorted(self._statuses.items()))

    def _drive(self, mode: GenerationMode, fixed: dict[str, Any]) -> None:
        strategy = self._ground.schema[self._path][self._method].as_strategy(
            generation_mode=mode, path_parameters=fixed or None
        )

        @seed(SEED)
        @settings(
            max_examples=self._ground.examples,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
            print_blob=False,
        )
        @given(case=strategy)
        def run(case: Case[Any]) -> None:
            assume(mode is GenerationMode.POSITIVE or _wrong(case))
            if self._failed is None and self._silent is None:
                self._one(case, positive=mode is GenerationMode.POSITIVE)

        try:
            run()
        except Unsatisfiable:
            return

    def _one(self, case: Case[Any], *, positive: bool) -> None:
        if positive and isinstance(case.body, dict) and self._method == "PUT":
            case.body = agree(case.body, self._path, self._own(), self._ground.user(self._role))
        if positive and {"since", "until"} <= case.query.keys():  # their order is told in no schema
            case.query |= {"since": EARLY, "until": LATE}
        try:
            response, seen = self._ground.server.drive(case, self._role)
        except FailedError as error:
            self._failed = error
            return
        except UnreachableError as error:
            self._silent = error
            return
        self._statuses[seen.status] = self._statuses.get(seen.status, 0) + 1
        try:
            case.validate_response(response, checks=list(_CHECKS))
        except FailureGroup as group:
            first = group.exceptions[0]
            told = " ".join(f"{first.title}: {first.message}".split())
            self._failed = FailedError(told[:300], seen)


def _wrong(case: Case[Any]) -> bool:
    """Whether path, query or body are wrong; headers alone are not, for the token is set over them."""
    components = case.meta.components if case.meta else {}
    return any(
        part.mode is GenerationMode.NEGATIVE
        for location, part in components.items()
        if location is not ParameterLocation.HEADER
    )
