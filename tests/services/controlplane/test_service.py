"""What the service tells of itself: readiness, figures, its log."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import insert, text

from services.controlplane.app import create_app
from services.controlplane.counted import BOUNDS_S, Counted
from services.controlplane.logs import FIELDS, JsonLines
from services.controlplane.order_tables import orders
from services.controlplane.schema import REVISION
from services.controlplane.store import Database
from tests.support.api import AT, TOKENS, bearer, serve_app, token
from tests.support.registry import small_registry

OPERATOR, VIEWER = bearer("operator"), bearer("viewer")
Figures = dict[tuple[str, ...], float]


@pytest.fixture
def app(url: str) -> Any:
    small_registry().load(url)
    return create_app(url, now=lambda: AT, tokens=TOKENS)


@pytest.fixture
def http(app: Any) -> Iterator[httpx.Client]:
    """Of the application whose state the test may set."""
    with serve_app(app) as address, httpx.Client(base_url=address, trust_env=False) as client:
        yield client


def figures(http: httpx.Client, name: str) -> Figures:
    """The figures of that name, by the values of their labels in the order of the labels' names."""
    answer = http.get("/metrics", headers=VIEWER)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    return {
        tuple(value for _, value in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
        if sample.name == name
    }


def test_who_is_ready_says_what_it_stands_on(http: httpx.Client, app: Any) -> None:
    """Without a token; with a worker of its own only while that takes orders."""
    assert (http.get("/readyz").status_code, http.get("/readyz").json()) == (
        200,
        {"status": "ready", "revision": REVISION, "worker": "elsewhere", "chores": {}},
    )
    app.state.worker_alive = lambda: True
    assert http.get("/readyz").json()["worker"] == "alive"
    app.state.worker_alive = lambda: False
    refused = http.get("/readyz")
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
    assert [part["where"] for part in refused.json()["errors"]] == ["worker"]
    assert http.get("/healthz").status_code == 200


def test_a_database_of_another_revision_is_not_served_as_ready(http: httpx.Client, app: Any) -> None:
    """A newer server has upgraded it under this one, which should be replaced."""
    with app.state.database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    refused = http.get("/readyz")
    assert refused.status_code == 503
    assert refused.json()["errors"] == [
        {"where": "migrations", "what": f"the database is at 9999, this server at {REVISION}"}
    ]


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_database_that_does_not_answer_is_told(http: httpx.Client, tmp_path: Path) -> None:
    """The file is no database any more: not ready, and no failure without a reason."""
    with sqlite3.connect(tmp_path / "registry.db") as plain:
        plain.execute("DROP TABLE alembic_version")
    plain.close()
    refused = http.get("/readyz")
    assert (refused.status_code, refused.json()["errors"][0]["where"]) == (503, "database")


def test_requests_are_counted_by_route_and_status(http: httpx.Client) -> None:
    """A record's own path is no label, nor one that somebody made up; each is in the histogram once."""
    for id_ in ("acme", "fabrikam", "nobody"):
        http.get(f"/tenants/{id_}", headers=OPERATOR)
    http.get("/tenants", headers=VIEWER)
    for made_up in range(5):
        http.get(f"/made-up-{made_up}", headers=VIEWER)
    http.put("/tenants/acme", headers=VIEWER, json={})
    http.get("/tenants")
    http.request("BREW", "/tenants", headers=OPERATOR)
    counted = figures(http, "tenure_requests_total")
    assert counted == {
        ("GET", "/tenants/{id}", "200"): 2,
        ("GET", "/tenants/{id}", "404"): 1,
        ("GET", "/tenants", "200"): 1,
        ("GET", "none", "404"): 5,
        ("PUT", "none", "403"): 1,
        ("GET", "none", "401"): 1,
        ("other", "/tenants", "405"): 1,
    }
    lengths = figures(http, "tenure_request_seconds_count")
    assert lengths["GET", "/tenants/{id}"] == 3
    assert lengths["GET", "none"] == 6
    assert figures(http, "tenure_request_seconds_bucket")["+Inf", "GET", "/tenants/{id}"] == 3


def test_a_length_falls_into_its_buckets() -> None:
    """Each bucket holds what took as long as its bound or less; the sum and the count are of all."""
    counted = Counted()
    for seconds in (0.001, 0.005, 0.0051, 3.0, 99.0):
        counted.add("GET", "/tenants", 200, seconds)
    _, lengths = counted.families()
    buckets = {one.labels["le"]: one.value for one in lengths.samples if one.name.endswith("_bucket")}
    assert (buckets["0.005"], buckets["0.01"], buckets["2.5"], buckets["5.0"], buckets["+Inf"]) == (2, 3, 3, 4, 5)
    assert len(buckets) == len(BOUNDS_S) + 1
    assert {one.name: one.value for one in lengths.samples if not one.labels.get("le")} == {
        "tenure_request_seconds_count": 5,
        "tenure_request_seconds_sum": pytest.approx(102.0111),
    }


def test_orders_the_log_and_the_worker_have_figures(http: httpx.Client, app: Any) -> None:
    """Every state of an order has one, also that of none; the log's last position; whether the worker is alive."""
    database: Database = app.state.database
    given = {"plan": "{}", "author": "olga", "role": "operator", "created_at": AT}
    with database.write() as connection:
        for number, state in enumerate(("waiting", "half-done", "half-done")):
            connection.execute(insert(orders).values(id=f"{number:032x}", state=state, **given))
    http.put("/parties/nordcom", json={"id": "nordcom", "kind": "reseller", "name": "New"}, headers=OPERATOR)
    states = figures(http, "tenure_orders")
    assert (states["waiting",], states["half-done",], states["running",], states["done",]) == (1, 2, 0, 0)
    assert figures(http, "tenure_audit_position") == {(): 1}
    assert figures(http, "tenure_worker_alive") == {}
    app.state.worker_alive = lambda: True
    assert figures(http, "tenure_worker_alive") == {(): 1}


def test_figures_take_a_token(http: httpx.Client) -> None:
    """They tell of customers' business: how much of it there is."""
    assert http.get("/metrics").status_code == 401


def test_a_request_is_one_line_of_json_without_a_secret(
    http: httpx.Client, app: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """Who, what and how it ended; neither token nor query nor body; a path from outside cannot break the line."""
    caplog.set_level(logging.INFO, "tenure")
    http.put(
        "/parties/nordcom",
        json={"id": "nordcom", "kind": "reseller", "name": "Confidential"},
        headers=OPERATOR | {"X-Request-Id": "r-1"},
    )
    http.get("/tenants/%0a%1b[31m?cursor=61", headers=VIEWER)
    http.get("/tenants", headers={"Authorization": "Bearer secret-of-nobody"})
    http.get("/healthz")
    records = [it for it in caplog.records if it.name == "tenure.requests"]
    lines = [JsonLines().format(it) for it in records]
    assert all(line.isascii() and line.isprintable() for line in lines)
    first, second, third = [json.loads(line) for line in lines]
    assert {name: first[name] for name in FIELDS if name != "ms"} == {
        "request_id": "r-1",
        "method": "PUT",
        "path": "/parties/nordcom",
        "route": "/parties/{id}",
        "status": 200,
        "user": "operator@example.org",
        "role": "operator",
        "origin": "127.0.0.1",
    }
    assert first["level"] == "info"
    assert first["at"].endswith("Z")
    assert (second["path"], second["status"]) == ("/tenants/%0A%1B%5B31m", 422)
    assert (third["status"], "user" in third) == (401, False)
    whole = "".join([*lines, *(it.getMessage() for it in records)])
    for secret in (token("operator"), token("viewer"), "secret-of-nobody", "Confidential", "cursor"):
        assert secret not in whole


def raise_lookup() -> None:
    raise LookupError("gone\nastray")


def test_a_failure_s_reason_is_in_its_line() -> None:
    """With its traceback, in the one line."""
    with pytest.raises(LookupError) as error:
        raise_lookup()
    reason = (error.type, error.value, error.tb)
    record = logging.LogRecord("tenure", logging.ERROR, __file__, 1, "request %s failed", ("r",), reason)
    line = JsonLines().format(record)
    told = json.loads(line)
    assert "\n" not in line
    assert told["message"] == "request r failed"
    assert "LookupError: gone" in told["error"]
