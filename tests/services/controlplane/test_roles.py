"""Who may do what, and in which order a request is looked at."""

from __future__ import annotations

from typing import get_args

import httpx
import pytest

from services.wire.registry import Role
from tests.support.api import bearer
from tests.support.registry import acknowledgement

REGISTRY = ("parties", "tenants", "subscriptions", "stores")
OPERATIONS = ("exports", "slots", "holds", "cases", "recovery-tests")
COLLECTIONS = (*REGISTRY, *OPERATIONS, "acknowledgements")
READS = ("/whoami", "/audit", *(f"/{name}" for name in COLLECTIONS), "/tenants/acme", "/parties/lumen")
ROLES: tuple[Role, ...] = get_args(Role)


@pytest.mark.parametrize("role", ROLES)
def test_every_role_may_read(unchanged: httpx.Client, role: Role) -> None:
    """Each endpoint that only reads answers each role."""
    assert {path: unchanged.get(path, headers=bearer(role)).status_code for path in READS} == dict.fromkeys(READS, 200)


@pytest.mark.parametrize(
    ("role", "writes"),
    [
        ("viewer", ()),
        ("operator", (*REGISTRY, "acknowledgements")),
        ("approver", (*REGISTRY, "acknowledgements")),
        ("worker", (*OPERATIONS, "audit")),
    ],
)
def test_each_role_may_write_what_is_its(unchanged: httpx.Client, role: Role, writes: tuple[str, ...]) -> None:
    """A write is refused to other roles; for those who may, the request itself is judged.

    People keep the registry and give their word; the worker keeps the log and what happens with tenants.
    """
    headers = bearer(role)
    statuses = {name: unchanged.put(f"/{name}/nobody", headers=headers, json={}).status_code for name in COLLECTIONS}
    assert statuses == {name: 422 if name in writes else 403 for name in COLLECTIONS}
    statuses = {name: unchanged.delete(f"/{name}/nobody", headers=headers).status_code for name in COLLECTIONS}
    assert statuses == {name: 404 if name in writes else 403 for name in COLLECTIONS}
    added = unchanged.post("/audit", headers=headers, json={}).status_code
    assert added == (422 if "audit" in writes else 403)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_nobody_changes_the_log(unchanged: httpx.Client, method: str) -> None:
    """Not even the worker: the log can be read and added to."""
    answer = unchanged.request(method, "/audit", headers=bearer("worker"), json={})
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")


def test_only_the_bearer_s_own_word_is_taken(http: httpx.Client) -> None:
    """An acknowledgement in another's name is refused before anything else of it is judged."""
    body = acknowledgement("acme", "grace", by="olga@example.org").model_dump(mode="json")
    for change in ({}, {"id": "other"}, {"until": body["at"]}):
        answer = http.put(f"/acknowledgements/{body['id']}", json=body | change, headers=bearer("operator"))
        assert answer.status_code == 403
    body["by"] = "operator@example.org"
    assert http.put(f"/acknowledgements/{body['id']}", json=body, headers=bearer("operator")).status_code == 201


@pytest.mark.parametrize("path", ["/tenants/acme", "/tenants/%00", "/nowhere", "/healthz/", "/tenants/"])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "POST", "PATCH"])
def test_without_a_token_nothing_is_told(unchanged: httpx.Client, method: str, path: str) -> None:
    """The same 401 whatever the path, the method and the body: not even which paths exist."""
    answer = unchanged.request(method, path, content=b"\xff garbage", headers={"If-Match": '"no"'})
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, 'Bearer realm="tenure"')
    assert answer.json()["detail"] == "this takes a bearer token"


@pytest.mark.parametrize("path", ["/tenants/acme", "/tenants/%00", "/nowhere"])
def test_a_viewer_s_write_is_refused_before_it_is_read(unchanged: httpx.Client, path: str) -> None:
    """Garbage, an impossible precondition, an unknown path: to who may not write, all the same 403."""
    headers = bearer("viewer") | {"If-Match": '"no"', "Content-Type": "text/html"}
    answer = unchanged.put(path, content=b"\xff garbage", headers=headers)
    assert answer.status_code == 403
    assert "viewer" in answer.json()["detail"]


@pytest.mark.parametrize(
    "value",
    [
        "",
        "Bearer",
        "Basic dXNlcjpwYXNz",
        "operator-token",
        "Bearer operator-toke",
        "Bearer a b",
        "Bearer \xe9",
    ],
)
def test_what_is_no_known_bearer_token_is_refused(unchanged: httpx.Client, value: str) -> None:
    """Other schemes, empty tokens and parts of a token do not count."""
    answer = unchanged.get("/tenants", headers=[(b"Authorization", value.encode("latin-1"))])
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith('Bearer realm="tenure"')


def test_two_tokens_are_none(unchanged: httpx.Client) -> None:
    """A request with two Authorization headers is refused, not served as whichever comes first."""
    headers = [("Authorization", "Bearer operator-token"), ("Authorization", "Bearer viewer-token")]
    assert unchanged.get("/tenants", headers=headers).status_code == 401


def test_the_scheme_s_letters_may_be_small(unchanged: httpx.Client) -> None:
    """Authentication schemes are compared without regard to case."""
    assert unchanged.get("/whoami", headers={"Authorization": "bearer viewer-token"}).json()["role"] == "viewer"


def test_whoami_tells_the_bearer(unchanged: httpx.Client) -> None:
    """The user, the role and when the token ends."""
    seen = unchanged.get("/whoami", headers=bearer("approver")).json()
    assert seen == {"user": "approver@example.org", "role": "approver", "expires_at": None}


def test_health_and_document_are_open(unchanged: httpx.Client) -> None:
    """Both answer without a token; health tells the server's now and nothing else."""
    assert unchanged.get("/healthz").json() == {"status": "ok", "now": "2026-11-23T12:00:00Z"}
    assert unchanged.get("/openapi.json").json()["openapi"].startswith("3.1")
