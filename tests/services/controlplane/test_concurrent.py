"""Many writers at once, on SQLite and on PostgreSQL: no change is lost, and the log has no gap."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import httpx
import pytest

from services.controlplane.audit import write_entry
from services.controlplane.chaining import read_head
from services.controlplane.store import Database
from services.wire.chain import verify
from services.wire.imports import state_digest
from services.wire.operations import AuditHead, AuditRecord
from tests.support.api import AT, bearer
from tests.support.registry import entry, party

OPERATOR, WORKER = bearer("operator"), bearer("worker")
WRITERS = 50
EACH = 1
"""Changes a writer."""


def all_at_once(call: Callable[[int], None]) -> None:
    """``call`` with 0 to 49 in as many threads, which begin together; raises what one of them raised."""
    begin = threading.Barrier(WRITERS)
    failed: list[BaseException] = []

    def run(number: int) -> None:
        try:
            begin.wait(30)
            call(number)
        except BaseException as error:  # noqa: BLE001 - raised by the test's own thread
            failed.append(error)

    threads = [threading.Thread(target=run, args=(number,), daemon=True) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not any(thread.is_alive() for thread in threads)
    for error in failed:
        raise error


def patient(send: Callable[[], httpx.Response]) -> httpx.Response:
    """The answer, asked for again while the database is too busy: as the client does."""
    for _ in range(50):
        answer = send()
        if answer.status_code != 503:
            return answer
    raise TimeoutError("the database is too busy")


def whole_log(http: httpx.Client) -> list[AuditRecord]:
    entries: list[AuditRecord] = []
    cursor: dict[str, str] = {}
    while True:
        page = http.get("/audit", params={"limit": "1000", **cursor}, headers=OPERATOR).json()
        entries += [AuditRecord.model_validate(item) for item in page["items"]]
        if page["next"] is None:
            return entries
        cursor = {"cursor": page["next"]}


def test_no_change_is_lost_and_no_entry_of_the_log(address: str) -> None:
    """Fifty operators count one record up, each onto what it has read: every one of them counts, and is noted once."""

    def count_up(number: int) -> None:
        with httpx.Client(base_url=address, headers=OPERATOR, trust_env=False, timeout=60) as http:
            done = 0
            while done < EACH:
                seen = http.get("/parties/northwind")
                body = seen.json()
                count = int(body["name"].rpartition(" ")[2]) if " " in body["name"] else 0
                condition = {"If-Match": seen.headers["etag"]}
                body["name"] = f"Northwind {count + 1}"
                answer = patient(partial(http.put, "/parties/northwind", json=body, headers=condition))
                assert answer.status_code in (200, 412)
                done += answer.status_code == 200

    all_at_once(count_up)
    with httpx.Client(base_url=address, headers=OPERATOR, trust_env=False) as http:
        assert http.get("/parties/northwind").json()["name"] == f"Northwind {WRITERS * EACH}"
        entries = whole_log(http)
        head = AuditHead.model_validate(http.get("/audit/head").json())
    assert Counter(it.action for it in entries) == {"party replace": WRITERS * EACH}
    assert head.position == WRITERS * EACH
    assert verify(entries, head) == []


def test_writers_of_different_records_do_not_tear_the_chain(address: str) -> None:
    """Fifty at once create, replace and delete a record of their own each, and the worker adds to the log meanwhile."""

    def write(number: int) -> None:
        path, body = f"/parties/p{number}", {"id": f"p{number}", "kind": "customer", "name": "One"}
        with httpx.Client(base_url=address, headers=OPERATOR, trust_env=False, timeout=60) as http:
            assert patient(lambda: http.put(path, json=body)).status_code == 201
            assert patient(lambda: http.put(path, json=body | {"name": "Two"})).status_code == 200
            noted = entry(f"noted-{number}", AT - timedelta(days=number)).model_dump(mode="json")
            assert patient(lambda: http.post("/audit", json=noted, headers=WORKER)).status_code in (200, 201)
            assert patient(lambda: http.delete(path)).status_code == 204

    all_at_once(write)
    with httpx.Client(base_url=address, headers=OPERATOR, trust_env=False) as http:
        entries = whole_log(http)
        head = AuditHead.model_validate(http.get("/audit/head").json())
    assert Counter(it.action for it in entries) == {
        "party create": WRITERS,
        "party replace": WRITERS,
        "party delete": WRITERS,
        "disable": WRITERS,
    }
    assert head.position == 4 * WRITERS
    assert verify(entries, head) == []


def test_of_imports_onto_the_same_one_is_kept(address: str) -> None:
    """Fifty at once create the same party, each compared with nothing: one is written and noted, the others are told
    that what they compared with is over."""
    body = {
        "parties": [party("contoso").model_dump(mode="json")],
        "digest": state_digest([("parties", "contoso", None)]),
    }
    statuses: list[int] = []

    def bring(_: int) -> None:
        with httpx.Client(base_url=address, headers=OPERATOR, trust_env=False, timeout=60) as http:
            statuses.append(patient(partial(http.post, "/import", json=body)).status_code)

    all_at_once(bring)
    assert Counter(statuses) == {200: 1, 412: WRITERS - 1}
    with httpx.Client(base_url=address, headers=OPERATOR, trust_env=False) as http:
        assert [it.action for it in whole_log(http)] == ["registry import"]


@pytest.mark.parametrize("ending", ["kept", "undone"])
def test_a_transaction_that_is_undone_leaves_no_gap(url: str, ending: str) -> None:
    """Of fifty writers every second one fails after it has added to the log: others take those places."""
    database = Database(url)

    def write(number: int) -> None:
        with database.write() as connection:
            write_entry(connection, at=AT, who=f"writer {number}", role="operator", action="try", outcome="done")
            if ending == "undone" and number % 2:
                raise LookupError(number)

    def undone(number: int) -> None:
        try:
            write(number)
        except LookupError:
            assert number % 2

    try:
        all_at_once(undone)
        with database.read() as connection:
            head = read_head(connection)
    finally:
        database.close()
    assert head.position == (WRITERS if ending == "kept" else WRITERS // 2)
