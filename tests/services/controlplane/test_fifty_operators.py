"""Fifty operators at once, on both databases, with the worker in a process of its own: nothing lost, nothing twice."""

from __future__ import annotations

import secrets
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.controlplane.app import create_app
from services.now import make_now
from services.wire.chain import verify
from services.wire.operations import AuditHead, AuditRecord
from tests.support.api import TOKENS, bearer, serve_app
from tests.support.postgres import DATABASES, Postgres
from tests.support.registry import small_registry, tenant

OPERATORS, EACH, PATIENCE_S = 50, 2, 60.0
BEAT_S = 0.5
"""Whoever was refused asks again at the next beat, with everybody else: all at once, and not always."""
TENANTS = tuple(f"tenant-{number}" for number in range(10))
pytestmark = [pytest.mark.unmeasured, pytest.mark.processes]


@pytest.fixture(params=DATABASES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'registry.db'}"
    postgres: Postgres = request.getfixturevalue("postgres")
    return postgres.made().replace("postgresql://", "postgresql+psycopg://", 1)


@pytest.fixture
def address(url: str) -> Iterator[str]:
    few = small_registry()
    replace(few, tenants=(*few.tenants, *(tenant(id_) for id_ in TENANTS))).load(url)
    command = [str(Path(sys.executable).with_name("tenure")), "worker", "--database", url, "--name", "w-1"]
    with serve_app(create_app(url, now=make_now(), tokens=TOKENS)) as served:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        try:
            yield served
            assert process.poll() is None, process.stdout.read() if process.stdout else ""
        finally:
            process.terminate()
            process.wait(20)
            if process.stdout:
                process.stdout.close()


class Operator:
    """Places holds one after the other; whoever is in the way is waited for, and the plan made anew."""

    def __init__(self, address: str, number: int) -> None:
        self._client = httpx.Client(base_url=address, trust_env=False, timeout=30, headers=bearer("operator"))
        self._number = number
        self.kept: list[str] = []
        self.answers: Counter[int] = Counter()

    def work(self) -> None:
        with self._client:
            for turn in range(EACH):
                self._place(TENANTS[(self._number + turn) % len(TENANTS)])

    def _place(self, tenant: str) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            key = secrets.token_hex(16)
            fields = {"basis": "litigation", "owner": f"operator {self._number}", "reason": "a claim"}
            asked = {"key": key, "action": "hold-place", "tenants": [tenant], "fields": fields}
            planned = self._client.post("/plans", json=asked)
            assert planned.status_code == 200, planned.text
            answer = self._client.post("/orders", json={"plan": planned.json()})
            self.answers[answer.status_code] += 1
            if answer.status_code == 201:
                self.kept.append(key)
                return
            assert answer.status_code in (409, 412), answer.text
            threading.Event().wait(BEAT_S - time.monotonic() % BEAT_S)
        raise TimeoutError(tenant)


def everything(client: httpx.Client, path: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        page = client.get(path, params={"limit": 200, **({"cursor": cursor} if cursor else {})}).json()
        items += page["items"]
        cursor = page["next"]
        if cursor is None:
            return items


def test_fifty_operators_lose_nothing_and_do_nothing_twice(address: str) -> None:
    """Every order that was kept is done once, each hold is one order's, and the audit chain has no gap."""
    operators = [Operator(address, number) for number in range(OPERATORS)]
    threads = [threading.Thread(target=operator.work, daemon=True) for operator in operators]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S * EACH)
    kept = [key for operator in operators for key in operator.kept]
    assert len(set(kept)) == OPERATORS * EACH
    with httpx.Client(base_url=address, trust_env=False, timeout=30, headers=bearer("viewer")) as client:
        deadline = time.monotonic() + PATIENCE_S
        while client.get("/orders", params={"open": "true"}).json()["total"] and time.monotonic() < deadline:
            threading.Event().wait(0.05)
        orders = everything(client, "/orders")
        holds = everything(client, "/holds")
        entries = [AuditRecord.model_validate(item) for item in everything(client, "/audit")]
        head = AuditHead.model_validate(client.get("/audit/head").json())
    assert Counter(order["state"] for order in orders) == {"done": OPERATORS * EACH}
    assert {order["id"] for order in orders} == set(kept)
    assert {f"hold-{key[:12]}-1" for key in kept} == {hold["id"] for hold in holds}
    done = Counter(entry.order for entry in entries if entry.outcome == "done" and "PUT" in (entry.note or ""))
    assert set(done.values()) == {1}
    assert verify(entries, head) == []
    refused = sum((operator.answers for operator in operators), Counter[int]())
    assert refused[409] + refused[412] > 0, "nobody was ever in anybody's way, so nothing was shown"
