"""The audit log: newest first, added to by the worker and by the server itself, never changed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from services.wire.chain import BEGINNING, verify
from services.wire.operations import AuditHead, AuditRecord
from tests.support.api import AT, Registry, bearer, serve_api
from tests.support.registry import entry, hold, store

OPERATOR, WORKER = bearer("operator"), bearer("worker")

GIVEN = ("position", "previous", "hash")


def body_of(item: dict[str, object]) -> dict[str, object]:
    """What was sent of an entry."""
    return {key: value for key, value in item.items() if key not in GIVEN}


def log(http: httpx.Client, **query: str | int) -> list[dict[str, object]]:
    items: list[dict[str, object]] = http.get("/audit", params=query, headers=OPERATOR).json()["items"]
    return items


def test_the_log_is_paged_newest_first(tmp_path: Path, url: str) -> None:
    """Every entry once, also those of one instant, and one tenant's alone where that is asked for."""
    entries = [
        entry(f"e{number}", AT - timedelta(minutes=number // 4), tenant="acme" if number % 3 else None)
        for number in range(40)
    ]
    expected = [one.id for one in sorted(entries, key=lambda one: (one.at, one.id), reverse=True)]
    with (
        serve_api(tmp_path, Registry(audit=entries), url=url) as address,
        httpx.Client(base_url=address, headers=OPERATOR, trust_env=False) as http,
    ):
        for tenant, ids in (
            (None, expected),
            ("acme", [id_ for id_ in expected if int(id_[1:]) % 3]),
            ("nobody", []),
        ):
            seen: list[str] = []
            query = {"limit": "7"} | ({"tenant": tenant} if tenant else {})
            while True:
                page = http.get("/audit", params=query).json()
                seen += [item["id"] for item in page["items"]]
                assert page["total"] == len(ids)
                if page["next"] is None:
                    break
                query["cursor"] = page["next"]
            assert seen == ids


def test_entries_that_come_while_one_pages_move_nothing(http: httpx.Client) -> None:
    """Going on from a page brings what is older, whatever was added meanwhile."""
    for number in range(4):
        body = entry(f"e{number}", AT - timedelta(minutes=number)).model_dump(mode="json")
        assert http.post("/audit", json=body, headers=WORKER).status_code == 201
    first = http.get("/audit", params={"limit": 2}, headers=OPERATOR).json()
    http.post("/audit", json=entry("news", AT + timedelta(minutes=1)).model_dump(mode="json"), headers=WORKER)
    assert [item["id"] for item in log(http, limit=2, cursor=first["next"])] == ["e2", "e3"]
    assert log(http)[0]["id"] == "news"


@pytest.mark.parametrize(
    "query",
    [{"cursor": "f" * 15}, {"cursor": "zz"}, {"cursor": "6f"}, {"tenant": "a b"}, {"tenant": ""}, {"limit": "0"}],
)
def test_a_malformed_request_for_the_log_is_refused(unchanged: httpx.Client, query: dict[str, str]) -> None:
    """Made-up cursors, ids that can be none and limits out of range."""
    answer = unchanged.get("/audit", params=query, headers=OPERATOR)
    assert answer.status_code == 422
    assert [error["where"] for error in answer.json()["errors"]] == [f"query.{next(iter(query))}"]


def test_a_cursor_beyond_all_time_begins_at_the_beginning(http: httpx.Client) -> None:
    """Whatever has a cursor's shape is one."""
    http.post("/audit", json=entry("one").model_dump(mode="json"), headers=WORKER)
    assert [item["id"] for item in log(http, cursor="f" * 15 + "61")] == ["one"]
    assert log(http, cursor="0" * 15 + "61") == []


def test_an_entry_is_added_once(http: httpx.Client) -> None:
    """A worker that repeats itself after a crash adds nothing; another entry under the same id is a conflict."""
    body = entry("one", note="first").model_dump(mode="json")
    added = http.post("/audit", json=body, headers=WORKER)
    assert (added.status_code, body_of(added.json())) == (201, body_of(body))
    again = http.post("/audit", json=body, headers=WORKER)
    assert (again.status_code, again.json()) == (200, added.json())
    assert http.post("/audit", json=body | {"note": "second"}, headers=WORKER).status_code == 409
    assert log(http) == [added.json()]


def test_its_place_in_the_chain_is_the_server_s_to_give(http: httpx.Client) -> None:
    """An entry that brings its own position or hashes is refused; each gets the next place, after the one before it."""
    body = entry("one").model_dump(mode="json")
    for member, value in (("position", 7), ("previous", "0" * 64), ("hash", "0" * 64)):
        refused = http.post("/audit", json=body | {member: value}, headers=WORKER)
        assert (refused.status_code, refused.json()["errors"][0]["where"]) == (422, f"body.{member}")
    assert http.get("/audit/head", headers=OPERATOR).json() == {"position": 0, "hash": BEGINNING}
    http.post("/audit", json=body, headers=WORKER)
    http.put("/parties/nordcom", json={"id": "nordcom", "kind": "reseller", "name": "New"}, headers=OPERATOR)
    entries = [AuditRecord.model_validate(one) for one in log(http)]
    head = AuditHead.model_validate(http.get("/audit/head", headers=OPERATOR).json())
    assert {one.position for one in entries} == {1, 2}
    assert head.position == 2
    assert verify(entries, head) == []


def test_entries_of_one_instant_are_told_in_the_order_in_which_they_were_written(http: httpx.Client) -> None:
    """The clock of the test stands still; the newest comes first all the same."""
    for number in range(12):
        body = {"id": "nordcom", "kind": "reseller", "name": f"Name {number}"}
        http.put("/parties/nordcom", json=body, headers=OPERATOR)
    assert [one["position"] for one in log(http)] == list(range(12, 0, -1))


def test_what_people_change_is_noted_by_the_server(http: httpx.Client) -> None:
    """Who, what, of which tenant and from where, in the transaction that changes it; what changes nothing is not."""
    body = store("s", "acme", "orders").model_dump(mode="json")
    http.put("/stores/s", json=body, headers=OPERATOR)
    http.put("/stores/s", json=body, headers=bearer("approver"))
    http.put("/stores/s", json=body | {"part": "acme"}, headers=bearer("approver"))
    http.put("/stores/s", json=body | {"tenant": "ghost"}, headers=OPERATOR)
    http.delete("/stores/s", headers=OPERATOR | {"If-Match": '"other"'})
    http.delete("/stores/s", headers=OPERATOR)
    http.put("/parties/nordcom", json={"id": "nordcom", "kind": "reseller", "name": "New"}, headers=OPERATOR)
    entries = log(http)
    assert {(one["who"], one["role"], one["action"], one["tenant"], one["note"]) for one in entries} == {
        ("operator@example.org", "operator", "store mapping create", "acme", "s"),
        ("approver@example.org", "approver", "store mapping replace", "acme", "s"),
        ("operator@example.org", "operator", "store mapping delete", "acme", "s"),
        ("operator@example.org", "operator", "party replace", None, "nordcom"),
    }
    assert len(entries) == 4
    assert {(one["at"], one["outcome"], one["origin"]) for one in entries} == {
        ("2026-11-23T12:00:00Z", "done", "127.0.0.1")
    }


def test_the_worker_s_changes_are_its_own_to_note(http: httpx.Client) -> None:
    """It knows the plan behind them; an export's progress does not fill the log."""
    body = hold("h", "acme").model_dump(mode="json")
    assert http.put("/holds/h", json=body, headers=WORKER).status_code == 201
    assert log(http) == []
