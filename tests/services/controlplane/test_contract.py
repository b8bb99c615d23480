"""The server against its own OpenAPI document, operation by operation, with generated requests."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias, cast

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, assume, given, seed, settings
from schemathesis import Case, GenerationMode
from schemathesis.config import (
    ChecksConfig,
    PositiveDataAcceptanceConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
)
from schemathesis.core.parameters import ParameterLocation
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import positive_data_acceptance

from services.controlplane.app import create_app
from services.controlplane.collection import COLLECTIONS
from services.model import acknowledgement_id
from services.wire.imports import state_digest
from services.wire.orders import Asked
from services.wire.registry import Role
from tests.support.api import AT, TOKENS, bearer
from tests.support.registry import busy_registry

OPERATIONS = (
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/metrics"),
    ("GET", "/whoami"),
    ("GET", "/audit"),
    ("GET", "/audit/head"),
    ("POST", "/audit"),
    ("POST", "/anchors"),
    ("POST", "/import"),
    ("POST", "/plans"),
    ("GET", "/orders"),
    ("POST", "/orders"),
    ("GET", "/orders/{key}"),
    ("POST", "/orders/{key}/approve"),
    ("POST", "/orders/{key}/cancel"),
    ("POST", "/orders/{key}/review"),
    ("GET", "/samples"),
    ("GET", "/samples/history"),
    *(
        (method, path)
        for name in (collection.name for collection in COLLECTIONS)
        for method, path in (
            ("GET", f"/{name}"),
            ("GET", f"/{name}/{{id}}"),
            ("PUT", f"/{name}/{{id}}"),
            ("DELETE", f"/{name}/{{id}}"),
        )
    ),
)
LATER = frozenset(
    {collection.name for collection in COLLECTIONS[4:]} | {"audit", "anchors", "import", "plans", "orders"}
)
"""Served by the code that the first four collections drive: fewer examples, and of what differs alone."""
WORKER_S = frozenset({"exports", "slots", "holds", "cases", "recovery-tests", "audit"})
WITH_INPUT = tuple(
    (method, path)
    for method, path in OPERATIONS
    if path not in ("/healthz", "/readyz", "/metrics", "/whoami", "/audit/head", "/anchors")
    and (path.split("/")[1] not in LATER or method in ("PUT", "POST") or path == "/audit")
)
GUARDED = tuple(
    one for one in OPERATIONS if one[1] not in ("/healthz", "/readyz") and (one in WITH_INPUT or "{id}" not in one[1])
)
SEED = 20261123
pytestmark = pytest.mark.unmeasured  # generated examples, driven from within
EARLY, LATE = "2026-11-24T21:00:00Z", "2026-11-24T23:00:00Z"

AnyCase: TypeAlias = "Case[Any]"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    url = f"sqlite:///{tmp_path_factory.mktemp('contract') / 'registry.db'}"
    busy_registry().load(url)
    app = create_app(url, now=lambda: AT, tokens=TOKENS)
    yield app
    app.state.database.close()


@pytest.fixture(scope="module")
def schema(app: FastAPI) -> BaseSchema:
    # a well-formed request may still find nothing, be in conflict, or state a condition that does not hold
    accepted = PositiveDataAcceptanceConfig(expected_statuses=["2xx", "304", "404", "409", "412"])
    checks = ChecksConfig(positive_data_acceptance=accepted)
    config = SchemathesisConfig(projects=ProjectsConfig(default=ProjectConfig(checks=checks)))
    return schemathesis.openapi.from_asgi("/openapi.json", app, config=config)


def satisfiable(case: AnyCase) -> None:
    """Make a well-formed body agree with what JSON Schema cannot say: its path, the registry, the calendar."""
    body: Any = case.body
    if not isinstance(body, dict):
        return
    if case.path in ("/plans", "/orders"):
        order_satisfiable(case, body)
        return
    if case.path.startswith("/orders/"):
        return
    if "digest" in body:  # an import of one record, compared with nothing
        for name in ("tenants", "subscriptions", "stores"):
            body.pop(name, None)
        body["parties"] = [{"id": "fresh", "kind": "customer", "name": "Fresh"}]
        body["digest"] = state_digest([("parties", "fresh", None)])
        return
    body["id"] = (case.path_parameters or {}).get("id", body["id"])
    for member, there in (("customer", "northwind"), ("reseller", "nordcom"), ("service_provider", "telco")):
        if body.get(member) is not None:
            body[member] = there
    if body.get("sp_end_customers"):
        body["sp_end_customers"] = ["lumen"]
    if body.get("zone") is not None:
        body["zone"] = "Asia/Dubai"
    if body.get("ended_on") is not None and body["ended_on"] < body["started_on"]:
        body["ended_on"] = body["started_on"]
    if "tenant" in body:
        body["tenant"] = "acme"
    operation_satisfiable(case, body)


def order_satisfiable(case: AnyCase, body: dict[str, Any]) -> None:
    """The same for orders: an action that there is, and a plan that the server itself has made."""
    asked: dict[str, Any] = {"key": secrets.token_hex(16), "action": "hold-place", "tenants": ["acme"]}
    asked["fields"] = {"basis": "litigation", "owner": "Legal", "reason": "a claim"}
    if "action" in body:
        body |= asked
        return
    body.pop("break_glass_until", None)
    app = cast(FastAPI, case.operation.schema.app)
    body["plan"] = app.state.ordering.plan(Asked.model_validate(asked)).model_dump(mode="json")


def operation_satisfiable(case: AnyCase, body: dict[str, Any]) -> None:
    """The same for what happens with tenants: times have an order, ids and names follow from others."""
    if "local_start" in body:  # a slot's times have an order, its local time is a day of the calendar
        body |= {"starts_at": EARLY, "ends_at": LATE, "local_start": "2026-11-24T22:00:00", "tenant": "acme"}
    if "requester" in body:
        body |= {"requested_at": EARLY, "available_at": EARLY, "delivered_at": LATE}
    if "succeeded" in body or ("store" in body and "started_at" in body):
        body |= {"started_at": EARLY, "ended_at": LATE}
    if "figure" in body:
        tenant = body.setdefault("tenant", None)
        body |= {"id": acknowledgement_id(tenant, body["figure"]), "by": "operator@example.org"}
        body |= {"at": EARLY, "until": LATE}
        case.path_parameters["id"] = body["id"]


def writer(path: str) -> Role:
    """Who may do everything under that path."""
    return "worker" if path.split("/")[1] in WORKER_S else "approver" if path.startswith("/orders/") else "operator"


def few(path: str, examples: int) -> int:
    """How many examples: fewer of the later collections, which are served by the code that the first four drive."""
    return max(examples // 3, 3) if path.split("/")[1] in LATER else examples


def malformed_beyond_headers(case: AnyCase) -> bool:
    """Whether path, query or body are wrong: any text is a header, and the token is set over what was generated."""
    components = case.meta.components if case.meta else {}
    return any(
        part.mode is GenerationMode.NEGATIVE
        for location, part in components.items()
        if location is not ParameterLocation.HEADER
    )


def drive(
    schema: BaseSchema,
    method: str,
    path: str,
    check: Callable[[AnyCase], None],
    *,
    mode: GenerationMode = GenerationMode.POSITIVE,
    examples: int,
) -> None:
    @seed(SEED)
    @settings(
        max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck), print_blob=False
    )
    @given(case=schema[path][method].as_strategy(generation_mode=mode))
    def run(case: AnyCase) -> None:
        check(case)

    run()


def test_the_document_declares_exactly_these_operations(schema: BaseSchema) -> None:
    """No endpoint goes undeclared, and none is declared that the tests below do not drive."""
    declared = {(method.upper(), path) for path in schema for method in schema[path]}
    assert declared == set(OPERATIONS)


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_an_operator_s_well_formed_requests_are_answered_as_declared(
    schema: BaseSchema, method: str, path: str
) -> None:
    """Whatever the schema allows is accepted, and answered with a declared status, type, header and shape."""
    statuses = set()

    def check(case: AnyCase) -> None:
        if {"since", "until"} <= case.query.keys():
            case.query |= {"since": EARLY, "until": LATE}
        satisfiable(case)
        statuses.add(case.call_and_validate(headers=bearer(writer(path))).status_code)

    drive(schema, method, path, check, examples=few(path, 10))
    if method == "PUT" or "{" not in path:
        # a server with no place for anchors says so: tests/services/controlplane/test_anchoring.py has one
        assert statuses & ({409} if path == "/anchors" else {200, 201}), (
            "nothing was ever accepted, so nothing was shown"
        )


@pytest.mark.parametrize(("method", "path"), WITH_INPUT)
def test_an_operator_s_malformed_requests_are_refused_as_declared(schema: BaseSchema, method: str, path: str) -> None:
    """Whatever the schema forbids is refused with a declared problem, never accepted, never a server error."""
    statuses = set()

    def check(case: AnyCase) -> None:
        assume(malformed_beyond_headers(case))
        statuses.add(case.call_and_validate(headers=bearer(writer(path))).status_code)

    drive(schema, method, path, check, mode=GenerationMode.NEGATIVE, examples=few(path, 10))
    assert 422 in statuses, "nothing was ever refused, so nothing was shown"


@pytest.mark.parametrize(("method", "path"), GUARDED)
def test_without_a_token_every_request_is_refused_alike(schema: BaseSchema, method: str, path: str) -> None:
    """However good the rest of a request is: no token, 401, and how to come back with one."""

    def check(case: AnyCase) -> None:
        case.headers.pop("Authorization", None)
        response = case.call()
        assert response.status_code == 401
        assert response.headers["www-authenticate"] == ['Bearer realm="tenure"']
        case.validate_response(response, excluded_checks=[positive_data_acceptance])

    drive(schema, method, path, check, examples=few(path, 5))
