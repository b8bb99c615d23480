"""Entity tags: asking only for news, and changing only what one has seen."""

from __future__ import annotations

import threading

import httpx
import pytest

from services.controlplane.preconditions import entity_tag, may_write, unchanged
from tests.support.api import bearer

OPERATOR = bearer("operator")


@pytest.mark.parametrize("path", ["/tenants", "/tenants?limit=1", "/tenants/acme"])
def test_an_unchanged_answer_is_not_sent_again(http: httpx.Client, path: str) -> None:
    """With its tag the answer is 304 and empty, until something in it changes."""
    tag = http.get(path, headers=OPERATOR).headers["etag"]
    again = http.get(path, headers=OPERATOR | {"If-None-Match": f'"other", W/{tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    body = http.get("/tenants/acme", headers=OPERATOR).json() | {"name": "Acme & Sons"}
    assert http.put("/tenants/acme", json=body, headers=OPERATOR).status_code == 200
    news = http.get(path, headers=OPERATOR | {"If-None-Match": tag})
    assert news.status_code == 200
    assert news.headers["etag"] != tag


def test_a_change_of_what_was_not_seen_is_refused(http: httpx.Client) -> None:
    """With the tag of an older state, PUT and DELETE are 412 and change nothing; with the present one they go on."""
    first = http.get("/stores/store-1", headers=OPERATOR)
    old = first.headers["etag"]
    changed = http.put("/stores/store-1", json=first.json() | {"part": "a"}, headers=OPERATOR | {"If-Match": old})
    assert changed.status_code == 200
    for method in ("PUT", "DELETE"):
        refused = http.request(method, "/stores/store-1", json=first.json(), headers=OPERATOR | {"If-Match": old})
        assert refused.status_code == 412
    assert http.get("/stores/store-1", headers=OPERATOR).json()["part"] == "a"
    present = changed.headers["etag"]
    assert http.delete("/stores/store-1", headers=OPERATOR | {"If-Match": present}).status_code == 204


def test_creating_and_replacing_can_be_asked_for_alone(http: httpx.Client) -> None:
    """`If-None-Match: *` creates only, `If-Match: *` replaces only."""
    body = {"id": "fresh", "kind": "customer", "name": "Fresh"}
    only_replace, only_create = OPERATOR | {"If-Match": "*"}, OPERATOR | {"If-None-Match": "*"}
    assert http.put("/parties/fresh", json=body, headers=only_replace).status_code == 412
    assert http.put("/parties/fresh", json=body, headers=only_create).status_code == 201
    assert http.put("/parties/fresh", json=body, headers=only_create).status_code == 412
    assert http.put("/parties/fresh", json=body, headers=only_replace).status_code == 200


def test_of_writers_with_one_tag_one_wins(http: httpx.Client) -> None:
    """Ten writers at the same time, all having seen the same state: one changes it, nine are refused."""
    first = http.get("/parties/lumen", headers=OPERATOR)
    headers = OPERATOR | {"If-Match": first.headers["etag"]}
    statuses: list[int] = []
    together = threading.Barrier(10)

    def write(number: int) -> None:
        together.wait(10)
        body = first.json() | {"name": f"Lumen {number}"}
        statuses.append(http.put("/parties/lumen", json=body, headers=headers).status_code)

    writers = [threading.Thread(target=write, args=(number,)) for number in range(10)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(20)
    assert sorted(statuses) == [200] + [412] * 9


@pytest.mark.parametrize(
    ("if_match", "if_none_match", "tag", "allowed"),
    [
        (None, None, None, True),
        (None, None, '"a"', True),
        ('"a"', None, '"a"', True),
        ('"b", "a"', None, '"a"', True),
        ('W/"a"', None, '"a"', False),
        ('"a"', None, None, False),
        ("*", None, None, False),
        ("*", None, '"a"', True),
        ("a", None, '"a"', False),
        ("", None, '"a"', False),
        (None, "*", None, True),
        (None, "*", '"a"', False),
        (None, '"a"', '"a"', False),
        (None, '"b"', '"a"', True),
        ('"a"', "*", '"a"', True),
    ],
)
def test_preconditions_of_writes(
    if_match: str | None, if_none_match: str | None, tag: str | None, allowed: bool
) -> None:
    """RFC 9110, section 13: strong comparison for If-Match, which is looked at before If-None-Match."""
    assert may_write(if_match, if_none_match, tag) is allowed


def test_malformed_conditions_never_match() -> None:
    """A condition that is no list of tags matches nothing when reading."""
    tag = entity_tag(b"body")
    assert unchanged(tag, tag)
    assert not unchanged(tag.strip('"'), tag)
    assert not unchanged("", tag)
    assert not unchanged(None, tag)
