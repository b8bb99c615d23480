"""Restore tests by order on a sandbox, and what the console says of the tenant before, meanwhile and after."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.words import say_instant
from tests.services.controlplane.test_carried_in_aws import Desk
from tests.services.sandbox.wire import WORKER, client
from tests.support.cli import tenure
from tests.support.sandbox import RunningSandbox, running_sandbox, wait_for

pytestmark = pytest.mark.xdist_group("restored-in-aws")

PUBLIC, FRANKFURT = "111122223333", "eu-central-1"
TENANT, DATABASE = "initrode-pbx", "initrode-pbx-db"
STORE = f"arn:aws:rds:{FRANKFURT}:{PUBLIC}:db:{DATABASE}"
LONG_S = 60
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def own() -> Iterator[RunningSandbox]:
    with running_sandbox("--tenants", "36") as sandbox:
        yield sandbox


@pytest.fixture
def http(own: RunningSandbox) -> Iterator[httpx.Client]:
    bearer = {"Authorization": f"Bearer {own.tokens['operator']}"}
    with httpx.Client(base_url=own.api_url, trust_env=False, timeout=30, headers=bearer) as client:
        yield client


@pytest.fixture
def desk(own: RunningSandbox, http: httpx.Client, tmp_path: Path) -> Desk:
    return Desk(own, http, tmp_path)


def rows(own: RunningSandbox, home: Path) -> dict[str, Mapping[str, Any]]:
    """The tenant's stores by name, as the console has them."""
    shown = tenure("list", "recovery", "-o", "json", home=home, env=own.environment)
    return {row["store_name"]: row for row in json.loads(shown.stdout) if row["tenant"] == TENANT}


def begun(http: httpx.Client, desk: Desk) -> tuple[str, str]:
    """Hands a restore test over while AWS's clock stands; the order's key and the copy's name, once it is there."""
    plan = desk.plan("restore-test", TENANT, store=STORE).json()
    assert http.post("/orders", json={"plan": plan}).status_code == 201
    key = plan["asked"]["key"]
    assert wait_for(lambda: http.get(f"/orders/{key}").json()["steps"][1]["state"] == "done", LONG_S)
    return key, f"tenure-test-{DATABASE}-{key[:12]}"


def ended(http: httpx.Client, key: str) -> dict[str, Any]:
    assert wait_for(lambda: http.get(f"/orders/{key}").json()["state"] in ("done", "undone", "half-done"), LONG_S)
    order: dict[str, Any] = http.get(f"/orders/{key}").json()
    return order


def test_the_copy_is_shown_as_one_and_the_verdict_moves(
    own: RunningSandbox, http: httpx.Client, desk: Desk, tmp_path: Path
) -> None:
    """Unproven before; while it is restored the copy stands beside the store, promised nothing, and the store is as it
    was; then the RTO is proven, by the seconds between the record's two instants, and the copy is gone."""
    before = rows(own, tmp_path)
    assert {name: (row["status"], row["rto_status"]) for name, row in before.items()} == {DATABASE: ("ok", "unproven")}
    own.stand(own.now())
    key, copy = begun(http, desk)
    meanwhile = rows(own, tmp_path)
    assert {name: row["status"] for name, row in meanwhile.items()} == {DATABASE: "ok", copy: "not-applicable"}
    assert meanwhile[copy]["rto_status"] == "not-applicable"
    assert f"a copy made by restore test test-{key[:12]}-1" in meanwhile[copy]["reason"]
    assert (meanwhile[copy]["account"], meanwhile[copy]["region"]) == (PUBLIC, FRANKFURT)
    own.stand(None)
    assert ended(http, key)["state"] == "done"
    test = http.get(f"/recovery-tests/test-{key[:12]}-1").json()
    assert (test["kind"], test["succeeded"]) == ("restore", True)
    after = rows(own, tmp_path)
    assert {name: (row["status"], row["rto_status"]) for name, row in after.items()} == {DATABASE: ("ok", "ok")}
    assert after[DATABASE]["rto_tested_at"][:19] == test["ended_at"][:19]


def test_a_restore_that_fails_puts_the_promise_at_risk(
    own: RunningSandbox, http: httpx.Client, desk: Desk, tmp_path: Path
) -> None:
    """Somebody deletes the copy before it could be used: undone, recorded as failed, and said of the store, which an
    earlier test had proven."""
    hours = {"started": say_instant(own.now() - 3 * HOUR), "ended": say_instant(own.now() - 2 * HOUR)}
    earlier = {"store": STORE, "kind": "restore", "succeeded": "yes", "reference": "protocol 1"} | hours
    assert desk.order("test-record", TENANT, **earlier)["state"] == "done"
    own.stand(own.now())
    key, copy = begun(http, desk)
    rds = client(own, "rds", FRANKFURT, PUBLIC, role=WORKER)
    rds.delete_db_instance(DBInstanceIdentifier=copy, SkipFinalSnapshot=True)
    own.stand(None)
    order = ended(http, key)
    assert order["state"] == "undone"
    assert f"{copy} is gone" in order["failure"]
    test = http.get(f"/recovery-tests/test-{key[:12]}-1").json()
    assert (test["succeeded"], test["started_at"] <= test["ended_at"]) == (False, True)
    after = rows(own, tmp_path)
    assert after.keys() == {DATABASE}
    assert after[DATABASE]["rto_status"] == "at-risk"
    assert "a later restore test failed" in after[DATABASE]["rto_reason"]


def test_a_store_without_a_restore_point_is_not_tested(desk: Desk) -> None:
    """Refused at the field, with the reason; a bucket too."""
    for tenant, store, why in (
        ("wonka-desk", f"arn:aws:rds:{FRANKFURT}:{PUBLIC}:db:wonka-desk-db", "its automated backups are off"),
        ("oscorp-fax", "arn:aws:s3:::oscorp-fax-media", "record its test with test-record"),
    ):
        refused = desk.plan("restore-test", tenant, store=store)
        assert refused.status_code == 409, refused.text
        assert why in refused.json()["detail"]
        assert [part["where"] for part in refused.json()["errors"]] == ["fields.store"]
