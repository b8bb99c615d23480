"""Exports, slots, holds, cases, recovery tests and acknowledgements: as put, and what cannot stand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from pydantic import BaseModel

from tests.support.api import AT, bearer, serve_api
from tests.support.postgres import DATABASES, url_of
from tests.support.registry import (
    acknowledgement,
    busy_registry,
    case,
    export,
    hold,
    recovery_test,
    slot,
    small_registry,
)

OPERATOR = bearer("operator")


def writer(collection: str) -> dict[str, str]:
    """Who writes it: acknowledgements are people's own word, all else is the worker's."""
    return bearer("operator" if collection == "acknowledgements" else "worker")


FULL: tuple[tuple[str, BaseModel], ...] = (
    (
        "exports",
        export(
            "e",
            "acme",
            state="closed",
            reference="mail of 3 November",
            progress=1.0,
            available_at=AT,
            complete=True,
            delivered_at=AT,
            destroyed_at=AT,
            failure="none",
        ),
    ),
    ("exports", export("e", "acme")),
    ("slots", slot("s", "acme", choice="later", announced_at=AT)),
    ("slots", slot("s")),
    ("holds", hold("h", "acme", expires_at=AT, lifted_at=AT)),
    ("holds", hold("h", "acme")),
    ("cases", case("c", "acme", delivered_at=AT, ended_at=AT, disabled_at=AT, reference="T-1", summary="spam")),
    ("cases", case("c", "acme")),
    ("recovery-tests", recovery_test("t", "acme", "orders", reference="runbook 4", succeeded=False)),
    ("recovery-tests", recovery_test("t", "acme", "orders", ended_at=None, succeeded=None)),
    ("acknowledgements", acknowledgement("acme", "grace", assignee="olga", note="seen")),
    ("acknowledgements", acknowledgement(None, "recovery.nobody-s")),
)


@pytest.fixture(scope="module", params=DATABASES)
def http(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """One server for all tests that leave it as they found it."""
    folder = tmp_path_factory.mktemp("operations")
    with (
        serve_api(folder, small_registry(), url=url_of(request, request.param, folder)) as address,
        httpx.Client(base_url=address, trust_env=False) as client,
    ):
        yield client


@pytest.mark.parametrize(("collection", "record"), FULL)
def test_a_record_comes_back_as_it_was_put(http: httpx.Client, collection: str, record: BaseModel) -> None:
    """With every member, and with as few as it may have."""
    body = record.model_dump(mode="json")
    path = f"/{collection}/{body['id']}"
    assert http.put(path, json=body, headers=writer(collection)).status_code == 201
    assert type(record).model_validate_json(http.get(path, headers=OPERATOR).content) == record
    assert http.get(path, headers=OPERATOR).json() == body
    assert body in http.get(f"/{collection}", headers=OPERATOR).json()["items"]
    assert http.delete(path, headers=writer(collection)).status_code == 204
    assert http.get(path, headers=OPERATOR).status_code == 404


WRONG: tuple[tuple[str, BaseModel, dict[str, object], str], ...] = (
    ("slots", slot("s"), {"zone": "Mars/Base"}, "body.zone"),
    ("slots", slot("s"), {"region": None}, "body"),
    ("slots", slot("s"), {"tenant": "acme"}, "body"),
    ("slots", slot("s"), {"ends_at": "2026-11-24T21:00:00Z"}, "body"),
    ("slots", slot("s"), {"local_start": "2026-11-24T22:00:00Z"}, "body.local_start"),
    ("slots", slot("s"), {"starts_at": "0001-01-01T00:00:00+23:00"}, "body.starts_at"),
    ("exports", export("e", "acme"), {"progress": 1.1}, "body.progress"),
    ("exports", export("e", "acme"), {"state": "available"}, "body"),
    ("exports", export("e", "acme"), {"available_at": "2020-01-01T00:00:00Z"}, "body"),
    ("exports", export("e", "acme"), {"delivered_at": "2026-12-01T00:00:00Z"}, "body"),
    ("exports", export("e", "acme"), {"requested_at": "2026-11-01"}, "body.requested_at"),
    ("recovery-tests", recovery_test("t", "acme", "orders"), {"ended_at": "2020-01-01T00:00:00Z"}, "body"),
    ("recovery-tests", recovery_test("t", "acme", "orders"), {"ended_at": None}, "body"),
    ("recovery-tests", recovery_test("t", "acme", "orders"), {"store": "orders"}, "body.store"),
    ("cases", case("c", "acme"), {"kind": "quarrel"}, "body.kind"),
    ("acknowledgements", acknowledgement("acme", "grace"), {"figure": "other"}, "body.id"),
    ("acknowledgements", acknowledgement("acme", "grace"), {"until": "2020-01-01T00:00:00Z"}, "body.until"),
)


@pytest.mark.parametrize(("collection", "record", "change", "where"), WRONG)
def test_what_cannot_be_is_refused(
    unchanged: httpx.Client, collection: str, record: BaseModel, change: dict[str, object], where: str
) -> None:
    """A time before its beginning, a scope that is none, a share beyond the whole: 422 that says where."""
    body = record.model_dump(mode="json") | change
    answer = unchanged.put(f"/{collection}/{body['id']}", json=body, headers=writer(collection))
    assert answer.status_code == 422
    assert [error["where"] for error in answer.json()["errors"]] == [where]


@pytest.mark.parametrize(("collection", "record"), [one for one in FULL if getattr(one[1], "tenant", None)])
def test_what_concerns_no_tenant_there_is_is_a_conflict(
    unchanged: httpx.Client, collection: str, record: BaseModel
) -> None:
    """No record hangs in the air."""
    body = record.model_dump(mode="json") | {"tenant": "ghost"}
    if collection == "acknowledgements":
        body |= acknowledgement("ghost", body["figure"]).model_dump(mode="json")
    answer = unchanged.put(f"/{collection}/{body['id']}", json=body, headers=writer(collection))
    assert answer.status_code == 409
    assert answer.json()["errors"] == [{"where": "body.tenant", "what": "there is no tenant ghost"}]


@contextmanager
def serving(folder: Path, url: str) -> Iterator[httpx.Client]:
    with (
        serve_api(folder, busy_registry(), url=url) as address,
        httpx.Client(base_url=address, headers=OPERATOR, trust_env=False) as http,
    ):
        yield http


def test_what_happens_with_a_tenant_keeps_it(tmp_path: Path, url: str) -> None:
    """Exports, slots, holds, cases and tests are named in the refusal; an acknowledgement goes with its tenant."""
    with serving(tmp_path, url) as http:
        refused = http.delete("/tenants/acme")
        assert {error["where"] for error in refused.json()["errors"]} == {
            "subscriptions",
            "stores",
            "slots",
            "cases",
            "recovery-tests",
        }
        for path in ("slots/slot-2", "cases/case-1", "recovery-tests/test-1"):
            assert http.delete(f"/{path}", headers=bearer("worker")).status_code == 204
        for path in ("subscriptions/sub-1", "stores/store-1"):
            assert http.delete(f"/{path}").status_code == 204
        assert http.get("/acknowledgements").json()["total"] == 1
        assert http.delete("/tenants/acme").status_code == 204
        assert http.get("/acknowledgements").json()["total"] == 0
