"""Orders that write to AWS, in the sandbox, under its faults: carried out once in the end, or undone as a whole."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import httpx
import pytest

from services.aws.session import AwsSession, AwsSettings
from services.sandbox.options import PUBLIC_ACCOUNT, WORKER_ROLE_ARN
from tests.support.sandbox import RunningSandbox, running_sandbox

pytestmark = [pytest.mark.xdist_group("order-faults"), pytest.mark.processes]
PATIENCE_S = 90.0
REGION = "eu-central-1"


@pytest.fixture(scope="module")
def own() -> Iterator[RunningSandbox]:
    """A sandbox that these tests may change; each takes a slot of its own."""
    with running_sandbox("--tenants", "36") as running:
        yield running


@pytest.fixture
def api(own: RunningSandbox) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {own.tokens['operator']}"}
    with httpx.Client(base_url=own.api_url, trust_env=False, timeout=60, headers=headers) as client:
        yield client


@pytest.fixture
def windows(own: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], list[str]]]:
    """The windows in AWS that name a slot, looked up past the worker."""
    for name, value in own.aws_environment.items():
        monkeypatch.setenv(name, value)
    with closing(AwsSession(AwsSettings(role_arn=WORKER_ROLE_ARN))) as session:

        def of(slot: str) -> list[str]:
            ssm: Any = session.client("ssm", PUBLIC_ACCOUNT, REGION)
            found = ssm.get_paginator("describe_maintenance_windows").paginate()
            return [it["WindowId"] for page in found for it in page["WindowIdentities"] if slot in it["Name"]]

        yield of


def scheduled(api: httpx.Client, day: int) -> tuple[str, str]:
    """Hands over a slot of a day; the order's key and the slot's id."""
    fields = {"start": f"2027-03-{day:02} 22:00", "zone": "Europe/Rome", "length": "90m", "reason": "minor upgrade"}
    key = secrets.token_hex(16)
    asked = {"key": key, "action": "slot-schedule", "tenants": ["soylent-help"], "fields": fields}
    plan = api.post("/plans", json=asked)
    assert plan.status_code == 200, plan.text
    answer = api.post("/orders", json={"plan": plan.json()})
    assert answer.status_code == 201, answer.text
    return key, plan.json()["steps"][0]["call"]["path"].rpartition("/")[2]


def awaited(api: httpx.Client, key: str, until: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        order: dict[str, Any] = api.get(f"/orders/{key}").json()
        if until(order):
            return order
        threading.Event().wait(0.05)
    raise TimeoutError(key)


def ended(order: dict[str, Any]) -> bool:
    return order["state"] in ("done", "undone", "half-done")


def tried(order: dict[str, Any]) -> bool:
    """Whether a call to AWS has come back without an answer."""
    return any(step["error"] for step in order["steps"])


@pytest.mark.parametrize(("fault", "day"), [("throttle:ssm", 1), ("down:ssm", 2), ("hang:ssm", 3)])
def test_what_passes_by_is_waited_for_and_the_order_is_done_once(
    own: RunningSandbox,
    api: httpx.Client,
    windows: Callable[[str], list[str]],
    fault: str,
    day: int,
) -> None:
    """Throttled, broken or silent at first, well then: one slot, one window, and it is said that it took more tries."""
    own.set_faults(fault)
    try:
        key, slot = scheduled(api, day)
        waiting = awaited(api, key, tried)
        assert waiting["state"] == "running"
    finally:
        own.set_faults()
    order = awaited(api, key, ended)
    assert (order["state"], order["steps"][1]["attempts"] > 1) == ("done", True)
    assert len(windows(slot)) == 1
    assert api.get(f"/slots/{slot}").json()["state"] == "scheduled"


def test_a_refusal_leaves_neither_the_slot_nor_a_window(
    own: RunningSandbox, api: httpx.Client, windows: Callable[[str], list[str]]
) -> None:
    """Both or neither: AWS refuses the window, so the slot is taken back, and the order says why."""
    own.set_faults("denied:ssm")
    try:
        key, slot = scheduled(api, 4)
        order = awaited(api, key, ended)
    finally:
        own.set_faults()
    assert order["state"] == "undone"
    assert "AccessDenied" in order["failure"]
    assert api.get(f"/slots/{slot}").status_code == 404
    assert windows(slot) == []
    said = [
        entry["outcome"] for entry in api.get("/audit", params={"limit": 200}).json()["items"] if entry["order"] == key
    ]
    assert said == ["undone", "undone", "failed", "begun", "done", "begun", "accepted"]


def test_another_order_goes_on_while_one_waits_for_aws(own: RunningSandbox, api: httpx.Client) -> None:
    """A region that hangs holds up its own order alone."""
    own.set_faults("hang:ssm")
    try:
        slow, _ = scheduled(api, 5)
        awaited(api, slow, lambda order: order["state"] == "running")
        fields = {"basis": "litigation", "owner": "Legal", "reason": "a claim"}
        key = secrets.token_hex(16)
        asked = {"key": key, "action": "hold-place", "tenants": ["initech-desk"], "fields": fields}
        plan = api.post("/plans", json=asked).json()
        assert api.post("/orders", json={"plan": plan}).status_code == 201
        assert awaited(api, key, ended)["state"] == "done"
        assert api.get(f"/orders/{slow}").json()["state"] == "running"
    finally:
        own.set_faults()
    assert awaited(api, slow, ended)["state"] == "done"
