"""Every error is a problem detail that tells a person what to do, and nobody what is inside."""

from __future__ import annotations

import json
import logging
import socket
import sqlite3
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from fastapi import FastAPI

from services.controlplane.app import create_app
from services.controlplane.openapi import BODY_LIMIT
from tests.support.api import AT, TOKENS, bearer, serve_app
from tests.support.sandbox import wait_for

OPERATOR = bearer("operator")


def check_problem(answer: httpx.Response, status: int) -> None:
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert (body["type"], body["status"]) == ("about:blank", status)
    assert body["title"]
    assert body["detail"]
    assert answer.content.isascii()


@pytest.mark.parametrize(
    "path", ["/nowhere", "/tenants/", "/tenants/a/b", "/tenants/a%2Fb", "//tenants", "/docs", "/redoc"]
)
def test_an_unknown_path_is_a_problem(unchanged: httpx.Client, path: str) -> None:
    """404 in the same form as every other error; no page of the framework shows."""
    check_problem(unchanged.get(path, headers=OPERATOR), 404)


@pytest.mark.parametrize(
    ("path", "allowed"),
    [("/tenants", "GET"), ("/tenants/acme", "DELETE, GET, PUT"), ("/whoami", "GET"), ("/healthz", "GET")],
)
def test_a_method_that_a_path_does_not_know_names_those_it_does(
    unchanged: httpx.Client, path: str, allowed: str
) -> None:
    """405 with all of them in `Allow`."""
    answer = unchanged.post(path, headers=OPERATOR)
    check_problem(answer, 405)
    assert answer.headers["allow"] == allowed


def test_an_absent_record_is_a_problem(unchanged: httpx.Client) -> None:
    """404 that names the record."""
    answer = unchanged.get("/tenants/nobody", headers=OPERATOR)
    check_problem(answer, 404)
    assert answer.json()["detail"] == "there is no tenant nobody"


@pytest.mark.parametrize("id_", ["%00", "%0a", "a%20b", "%C3%A9", "x" * 65, "%ED%A0%80", "%FF"])
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_an_id_that_can_be_none_is_malformed(unchanged: httpx.Client, method: str, id_: str) -> None:
    """422 that says where, whatever bytes the path holds."""
    answer = unchanged.request(method, f"/tenants/{id_}", headers=OPERATOR)
    check_problem(answer, 422)
    assert {error["where"] for error in answer.json()["errors"]} == {"path.id"}


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"id": NaN}', b"[" * 60_000, b"{" * 999_999]
)
def test_a_body_that_is_no_record_is_a_problem(unchanged: httpx.Client, body: bytes) -> None:
    """422, however deep or broken it is."""
    headers = OPERATOR | {"Content-Type": "application/json"}
    check_problem(unchanged.put("/tenants/acme", content=body, headers=headers), 422)


def test_a_body_beyond_the_limit_is_refused(unchanged: httpx.Client) -> None:
    """413, whether its length was announced or it just goes on."""
    headers = OPERATOR | {"Content-Type": "application/json"}
    long = b" " * (BODY_LIMIT + 1)
    check_problem(unchanged.put("/tenants/acme", content=long, headers=headers), 413)
    check_problem(unchanged.put("/tenants/acme", content=iter([long]), headers=headers), 413)


@pytest.mark.parametrize("media", ["", "text/plain", "application/xml", "application/jsonp"])
def test_another_media_type_is_refused(unchanged: httpx.Client, media: str) -> None:
    """415 rather than a guess."""
    answer = unchanged.put("/tenants/acme", content=b"{}", headers=OPERATOR | {"Content-Type": media})
    check_problem(answer, 415)


def test_a_failure_tells_a_request_id_and_no_internals(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """500 with nothing of the exception; the log has it under the same request id."""
    app = failing_app(tmp_path)
    with serve_app(app) as address:
        answer = httpx.get(f"{address}/broken", headers=OPERATOR | {"X-Request-Id": "req-7"}, trust_env=False)
    check_problem(answer, 500)
    assert b"secret" not in answer.content
    assert answer.headers["x-request-id"] == "req-7"
    assert "req-7" in caplog.text
    assert "secret of the inside" in caplog.text


def failing_app(folder: Path) -> FastAPI:
    app = create_app(f"sqlite:///{folder / 'registry.db'}", now=lambda: AT, tokens=TOKENS)

    @app.get("/broken")
    def broken() -> None:
        raise LookupError("the secret of the inside")

    return app


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_database_that_cannot_answer_is_unavailable(http: httpx.Client, tmp_path: Path) -> None:
    """503 and when to come back, for health too; nothing of SQL shows."""
    with sqlite3.connect(tmp_path / "registry.db") as plain:
        plain.execute("ALTER TABLE tenants RENAME TO gone")
    plain.close()
    answer = http.get("/tenants", headers=OPERATOR)
    check_problem(answer, 503)
    assert answer.headers["retry-after"] == "1"
    assert b"sql" not in answer.content.lower()


@pytest.mark.parametrize("given", ["req-1", "0a.B_c-9"])
def test_a_request_id_is_kept(unchanged: httpx.Client, given: str) -> None:
    """The caller's id comes back, so that both logs can be laid side by side."""
    assert unchanged.get("/healthz", headers={"X-Request-Id": given}).headers["x-request-id"] == given


@pytest.mark.parametrize("given", ["", "a b", "x" * 129, "é"])
def test_a_request_id_that_could_harm_a_log_is_replaced(unchanged: httpx.Client, given: str) -> None:
    """Only short plain ids are taken over."""
    headers = [(b"X-Request-Id", given.encode())]
    answer = unchanged.get("/healthz", headers=headers)
    assert len(answer.headers["x-request-id"]) == 32


def test_a_record_of_ten_thousand_wrong_references_is_refused_briefly(unchanged: httpx.Client) -> None:
    """The longest list that a record may hold is looked up whole; the answer names a hundred of them."""
    body = unchanged.get("/tenants/acme", headers=OPERATOR).json()
    body["sp_end_customers"] = [f"ghost-{number:05}" for number in range(10_000)]
    answer = unchanged.put("/tenants/acme", json=body, headers=OPERATOR)
    check_problem(answer, 409)
    assert len(answer.json()["errors"]) == 100
    body["sp_end_customers"].append("ghost")
    check_problem(unchanged.put("/tenants/acme", json=body, headers=OPERATOR), 422)


def half_a_record(address: str) -> socket.socket:
    """A connection on which a record was begun, and not ended."""
    where = urlsplit(address)
    connection = socket.create_connection((where.hostname or "", where.port or 0), timeout=20)
    head = ["PUT /parties/slow HTTP/1.1", "Host: x", f"Authorization: {OPERATOR['Authorization']}"]
    head += ["Content-Type: application/json", "Content-Length: 100", "", '{"id":']
    connection.sendall("\r\n".join(head).encode())
    return connection


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_body_that_does_not_come_is_not_waited_for(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """408, and the connection is closed: who sends a byte now and then holds nothing for good."""
    monkeypatch.setattr("services.controlplane.routes.BODY_S", 0.2)
    with half_a_record(address) as connection:
        answer = b""
        while chunk := connection.recv(4096):
            answer += chunk
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 408")
    assert json.loads(body)["detail"] == "the body did not come within 0.2 seconds"


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_client_that_goes_away_is_no_failure_of_the_server(address: str, caplog: pytest.LogCaptureFixture) -> None:
    """A line of the log, without a trace of the code; the next one is served."""
    caplog.set_level(logging.INFO, "tenure.controlplane")
    half_a_record(address).close()
    assert wait_for(lambda: "the client has gone" in caplog.text, 20)
    assert "Traceback" not in caplog.text
    figures = httpx.get(f"{address}/metrics", headers=OPERATOR, trust_env=False).text
    assert 'tenure_requests_total{method="PUT",route="/parties/{id}",status="400"} 1.0' in figures
    assert 'status="500"' not in figures
