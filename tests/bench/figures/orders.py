"""Fifty operators at once, each with eight orders one after the other, every one for a tenant of its own, on `tenure
serve` with its worker, on SQLite and on PostgreSQL. The time of an order is that from the first plan to the last order
done, by their number, beside a workflow of one empty step in DBOS alone, as many at once as the worker carries out, on
a new database of the same kind. An order is two requests, two plans and three durable steps, each with its entry in
the audit chain: on SQLite, where the disk takes most of a step's time, five times the one step are aimed at; on
PostgreSQL, where an empty step costs 5 ms, it is the processor's time that counts, for which twenty are allowed. Of
planning and handing over it is the 99th percentile, beside that of as many `GET /healthz` by the same fifty clients,
who wait in line there as well: ten times the bare request for a plan, and twenty for handing over, which makes the
plan anew, writes, and waits for the turn of all that writes, the worker's steps included."""

from __future__ import annotations

import re
import secrets
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import httpx

from services.controlplane.store import Database
from services.controlplane.tokens import add_token
from services.wire.registry import WhoAmI
from tests.bench.measured import Measured
from tests.support import postgres
from tests.support.pty import ROOT
from tests.support.registry import small_registry, tenant

OPERATORS, EACH = 50, 8
ORDERS = OPERATORS * EACH
DEADLINE_S = 120.0


def measure() -> Iterator[Measured]:
    """Of each database: how long an order takes, and the 99th percentiles of planning and handing over."""
    with tempfile.TemporaryDirectory(prefix="orders-") as folder:
        yield from _on("SQLite", f"sqlite:///{folder}/registry.db", f"sqlite:///{folder}/empty.db", 5)
    with postgres.running() as server:
        yield from _on("PostgreSQL", _with_driver(server.empty()), _with_driver(server.empty()), 20)


def _on(name: str, url: str, other: str, steps: float) -> Iterator[Measured]:
    with serving(url) as (address, token):
        bare = floor(address)
        planned, handed, passed = place(address, token)
    each, empty = passed / ORDERS, empty_workflow(other)
    throughput = f"an order of {OPERATORS} operators, {name} ({1 / each:.0f} a second)"
    yield Measured(throughput, each, "s", steps, empty, "empty DBOS workflow")
    for what, taken, limit in (("planning", planned, 10), ("handing over", handed, 20)):
        yield Measured(f"{what}, 99th percentile, {name}", p99(taken), "s", limit, p99(bare), "GET /healthz")


def _with_driver(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


@contextmanager
def serving(url: str) -> Iterator[tuple[str, str]]:
    """The command on a database with so many tenants; its address, and an operator's token."""
    few = small_registry()
    replace(few, tenants=(*few.tenants, *(tenant(f"tenant-{number}") for number in range(ORDERS)))).load(url)
    database = Database(url)
    token = add_token(database, WhoAmI(user="operator@example.org", role="operator"))
    database.close()
    argv = [sys.executable, "-c", "from console.main import main; main()", "serve", "--database", url, "--port", "0"]
    with subprocess.Popen(argv, stderr=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            if process.stderr is None:
                raise AssertionError("the server has no log")
            address = next(found[1] for line in process.stderr if (found := re.search(r"on (http://[0-9.:]+)", line)))
            threading.Thread(target=process.stderr.read, daemon=True).start()  # or it would wait for a reader
            yield address, token
        finally:
            process.terminate()


def together(address: str, headers: dict[str, str], work: Callable[[httpx.Client, int], None]) -> None:
    """Fifty clients, all connected before any begins."""
    begin = threading.Barrier(OPERATORS)
    wrong: list[BaseException] = []

    def run(number: int) -> None:
        try:
            with httpx.Client(base_url=address, trust_env=False, timeout=DEADLINE_S, headers=headers) as client:
                client.get("/healthz").raise_for_status()
                begin.wait(DEADLINE_S)
                work(client, number)
        except BaseException as error:  # noqa: BLE001 - raised below, where somebody sees it
            wrong.append(error)
            begin.abort()

    threads = [threading.Thread(target=run, args=(number,), daemon=True) for number in range(OPERATORS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(DEADLINE_S)
    if wrong:
        raise wrong[0]


def floor(address: str) -> list[float]:
    """Seconds of as many of the least requests that there are, which read the database as well."""
    taken: list[float] = []

    def ask(client: httpx.Client, _: int) -> None:
        for _turn in range(EACH):
            begun = time.perf_counter()
            client.get("/healthz").raise_for_status()
            taken.append(time.perf_counter() - begun)

    together(address, {}, ask)
    return taken


def place(address: str, token: str) -> tuple[list[float], list[float], float]:
    """Seconds of each plan, of each handing over, and of everything until the last order is done."""
    planned: list[float] = []
    handed: list[float] = []
    headers = {"Authorization": f"Bearer {token}"}
    starts: list[float] = []

    def order(client: httpx.Client, number: int) -> None:
        starts.append(time.perf_counter())
        for turn in range(EACH):
            fields = {"basis": "litigation", "owner": "Legal", "reason": "a claim"}
            asked = {"key": secrets.token_hex(16), "action": "hold-place", "fields": fields}
            asked["tenants"] = [f"tenant-{number * EACH + turn}"]
            begun = time.perf_counter()
            plan = client.post("/plans", json=asked).raise_for_status().json()
            between = time.perf_counter()
            kept = client.post("/orders", json={"plan": plan}).raise_for_status()
            handed.append(time.perf_counter() - between)
            planned.append(between - begun)
            if kept.status_code != 201:
                raise AssertionError(kept.text)

    together(address, headers, order)
    with httpx.Client(base_url=address, trust_env=False, timeout=DEADLINE_S, headers=headers) as client:
        deadline = time.monotonic() + DEADLINE_S
        while client.get("/orders", params={"open": "true", "limit": 1}).json()["total"]:
            if time.monotonic() > deadline:
                raise TimeoutError("orders are open still")
            threading.Event().wait(0.05)
        passed = time.perf_counter() - min(starts)
        holds = client.get("/holds", params={"limit": 1}).json()["total"]
    if holds != ORDERS:
        raise AssertionError(f"{holds} holds, {ORDERS} orders")
    return planned, handed, passed


def empty_workflow(url: str) -> float:
    """Seconds of one of as many workflows with one empty step, in a process of their own."""
    argv = [sys.executable, "-m", "tests.bench.programs.empty_workflows", url, str(ORDERS)]
    done = subprocess.run(argv, stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT, timeout=DEADLINE_S)
    return float(done.stdout) / ORDERS


def p99(taken: list[float]) -> float:
    return statistics.quantiles(taken, n=100)[98]
