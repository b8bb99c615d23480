"""The client against servers that fail in every way: always an outcome, never an exception, never an absence."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from services.internal.answer import COLLECTIONS, RegistryAnswer
from services.internal.client import InternalApi
from services.internal.connection import ERROR_LENGTH
from services.internal.retry import Backoff
from services.model import Outcome
from tests.support.api import AT
from tests.support.faulty import Exchange, serve_faulty

TOKEN = "sesame-4711-secret"
QUICK = Backoff(first=0.01, longest=0.02)
EMPTY = b'{"items":[],"next":null}'
ACME = json.dumps({"id": "acme", "kind": "customer", "name": "Acme"})


def client(address: str, *, timeout: float = 5.0, patience: float = 10.0, backoff: Backoff = QUICK) -> InternalApi:
    return InternalApi(
        address, TOKEN, now=lambda: AT, default_zone="UTC", timeout=timeout, patience=patience, backoff=backoff
    )


def on_parties(fault: Callable[[Exchange], None]) -> Callable[[Exchange], None]:
    """``fault`` where parties are asked for; every other collection is empty."""
    return lambda exchange: fault(exchange) if exchange.path == "/parties" else exchange.answer(body=EMPTY)


def answering(status: int, body: bytes = b"", media: str = "application/json") -> Callable[[Exchange], None]:
    return lambda exchange: exchange.answer(status, body, {"Content-Type": media})


def drip(exchange: Exchange) -> None:
    """An answer that never ends and never stalls: a byte at a time."""
    exchange.connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    while not exchange.ending.wait(0.01):
        exchange.connection.sendall(b" ")


FAULTS: dict[str, tuple[Callable[[Exchange], None], Outcome, str]] = {
    "500": (answering(500, b"{}"), Outcome.FAILED, "answered 500"),
    "400": (answering(400), Outcome.FAILED, "answered 400"),
    "404": (answering(404), Outcome.FAILED, "answered 404"),
    "401": (answering(401), Outcome.DENIED, "answered 401"),
    "403": (answering(403, b'{"detail":"not yours"}'), Outcome.DENIED, "not yours"),
    "429": (answering(429), Outcome.THROTTLED, "answered 429"),
    "503": (answering(503), Outcome.FAILED, "answered 503"),
    "204": (answering(204), Outcome.FAILED, "answered 204"),
    "redirect": (
        lambda exchange: exchange.answer(302, b"", {"Location": "http://127.0.0.1:9/"}),
        Outcome.FAILED,
        "answered 302",
    ),
    "html": (answering(200, b"<html>Sign in</html>", "text/html"), Outcome.FAILED, "not JSON"),
    "garbage": (answering(200, bytes(range(256))), Outcome.FAILED, "not JSON"),
    "empty": (answering(200), Outcome.FAILED, "not JSON"),
    "wrong shape": (answering(200, b'["acme"]'), Outcome.FAILED, "no page"),
    "truncated json": (answering(200, b'{"items":[{"id":"ac'), Outcome.FAILED, "not JSON"),
    "truncated body": (
        lambda exchange: exchange.answer(200, EMPTY, length=len(EMPTY) + 10),
        Outcome.FAILED,
        "RemoteProtocolError",
    ),
    "bad gzip": (
        lambda exchange: exchange.answer(200, EMPTY, {"Content-Encoding": "gzip"}),
        Outcome.FAILED,
        "DecodingError",
    ),
    "reset": (lambda exchange: exchange.reset(), Outcome.FAILED, "ReadError"),
    "silent close": (lambda _: None, Outcome.FAILED, "RemoteProtocolError"),
    "no http": (lambda exchange: exchange.connection.sendall(b"SSH-2.0-x\r\n"), Outcome.FAILED, "RemoteProtocolError"),
    "cyclic cursor": (
        answering(200, f'{{"items":[{ACME}],"next":"a"}}'.encode()),
        Outcome.FAILED,
        "came back",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_of_one_collection_is_its_outcome_and_spares_the_others(name: str) -> None:
    """Refused, throttled or failed, with a reason, and nothing taken for an empty collection."""
    fault, outcome, words = FAULTS[name]
    with serve_faulty(on_parties(fault)) as server, client(server.address) as api:
        answer = api.registry(threading.Event())
    seen = {one.source.operation: one for one in answer.observations}
    parties = seen.pop("GET /parties")
    assert (parties.outcome, parties.value) == (outcome, None)
    assert words in (parties.error or "")
    assert not answer.answered("parties")
    assert {one.outcome for one in seen.values()} == {Outcome.EMPTY}


@pytest.mark.parametrize("name", [name for name in FAULTS if name != "cyclic cursor"])
def test_a_fault_of_a_single_answer_is_its_outcome(name: str) -> None:
    """Also for who the bearer is."""
    fault, outcome, _ = FAULTS[name]
    with serve_faulty(fault) as server, client(server.address) as api:
        seen = api.whoami()
    assert (seen.outcome, seen.value) == (outcome, None)
    assert seen.error


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_what_may_pass_is_tried_again(status: int) -> None:
    """Two failures and then an answer: seen, with the retries told, under one request id."""
    left = [status, status]

    def handler(exchange: Exchange) -> None:
        exchange.answer(left.pop() if left else 200, b'{"status":"ok","now":"2026-11-23T12:00:00Z"}')

    with serve_faulty(handler) as server, client(server.address) as api:
        seen = api.health()
    assert (seen.outcome, seen.retries, len(server.requests)) == (Outcome.SEEN, 2, 3)
    assert len({line for head in server.requests for line in head.split("\r\n") if "x-request-id" in line.lower()}) == 1


@pytest.mark.parametrize(("status", "tries"), [(500, 1), (401, 1), (404, 1), (200, 1), (429, 4), (503, 4)])
def test_the_tries_are_counted(status: int, tries: int) -> None:
    """What will not pass is asked once, what may pass four times."""
    with serve_faulty(answering(status)) as server, client(server.address) as api:
        seen = api.whoami()
    assert (len(server.requests), seen.retries) == (tries, tries - 1)


def test_a_connection_that_breaks_is_tried_again() -> None:
    """A reset at first, then an answer."""
    broken: list[bool] = []

    def handler(exchange: Exchange) -> None:
        if broken:
            exchange.answer(200, b'{"user":"olga","role":"viewer"}')
        else:
            broken.append(True)
            exchange.reset()

    with serve_faulty(handler) as server, client(server.address) as api:
        seen = api.whoami()
    assert (seen.outcome, seen.retries) == (Outcome.SEEN, 1)


def test_nobody_listening_is_a_failure() -> None:
    """Refused connections end in an outcome after the tries."""
    with serve_faulty(answering(200)) as server:
        address = server.address
    with client(address) as api:
        seen = api.whoami()
    assert (seen.outcome, seen.retries) == (Outcome.FAILED, 3)
    assert seen.error == f"no connection to {address.removeprefix('http://')}: Connection refused"


def test_a_wait_that_the_server_asks_for_is_honoured() -> None:
    """`Retry-After: 1` is waited for; the next try is answered."""
    times: list[float] = []

    def handler(exchange: Exchange) -> None:
        times.append(time.monotonic())
        status = 429 if len(times) == 1 else 200
        exchange.answer(status, b'{"user":"olga","role":"viewer"}', {"Retry-After": "1"})

    with serve_faulty(handler) as server, client(server.address) as api:
        assert api.whoami().outcome is Outcome.SEEN
    assert times[1] - times[0] >= 1.0


@pytest.mark.parametrize("wish", ["60", "3"])
def test_a_wait_beyond_cap_or_patience_is_told_instead(wish: str) -> None:
    """Throttled at once, for the operator to see, rather than a console that stands still."""
    handler: Callable[[Exchange], None] = lambda exchange: exchange.answer(429, b"", {"Retry-After": wish})  # noqa: E731
    with serve_faulty(handler) as server, client(server.address, patience=2) as api:
        seen = api.whoami()
    assert (seen.outcome, seen.retries, len(server.requests)) == (Outcome.THROTTLED, 0, 1)


@pytest.mark.parametrize("hang", [lambda exchange: exchange.ending.wait(20), drip])
def test_a_server_that_hangs_or_drips_is_given_up(hang: Callable[[Exchange], None]) -> None:
    """The time-out bounds a silent server, the patience one that never stops talking."""
    with serve_faulty(hang) as server, client(server.address, timeout=0.3, patience=0.6) as api:
        started = time.monotonic()
        seen = api.whoami()
        assert time.monotonic() - started < 5
    assert seen.outcome is Outcome.FAILED
    assert "timed out" in (seen.error or "") or "too slowly" in (seen.error or "")


@pytest.fixture
def hanging() -> Iterator[str]:
    """Tenants hang, everything else is empty."""

    def handler(exchange: Exchange) -> None:
        if exchange.path == "/tenants":
            exchange.ending.wait(20)
        else:
            exchange.answer(body=EMPTY)

    with serve_faulty(handler) as server:
        yield server.address


def test_cancelling_returns_while_a_read_hangs(hanging: str) -> None:
    """The reading ends at once; what had not ended is failed, what had been read stays read."""
    cancel = threading.Event()

    def publish(answer: RegistryAnswer) -> None:
        if len(answer.observations) == len(COLLECTIONS) - 1:
            cancel.set()

    with client(hanging, timeout=30, patience=30) as api:
        started = time.monotonic()
        answer = api.registry(cancel, publish)
        assert time.monotonic() - started < 10
    outcomes = {one.source.operation: (one.outcome, one.error) for one in answer.observations}
    assert outcomes.pop("GET /tenants") == (Outcome.FAILED, "cancelled")
    assert set(outcomes.values()) == {(Outcome.EMPTY, None)}


def test_cancelling_ends_a_wait_between_tries() -> None:
    """Nobody waits for a back-off that nobody wants."""
    cancel = threading.Event()

    def handler(exchange: Exchange) -> None:
        exchange.answer(503)
        cancel.set()

    slow = Backoff(first=20, longest=20)
    with serve_faulty(handler) as server, client(server.address, patience=60, backoff=slow) as api:
        started = time.monotonic()
        seen = api.whoami(cancel)
        assert time.monotonic() - started < 10
    assert (seen.outcome, seen.error) == (Outcome.FAILED, "cancelled")


def test_a_closed_client_fails_and_does_not_raise() -> None:
    """A reading that outlives its client ends as failed."""
    with serve_faulty(answering(200, EMPTY)) as server:
        api = client(server.address)
        api.close()
        seen = api.whoami()
    assert seen.outcome is Outcome.FAILED
    assert "closed" in (seen.error or "")


def test_bad_records_are_told_beside_the_good() -> None:
    """Over the wire as in the parser."""
    body = f'{{"items":[{{"id":"odd"}},{ACME},null],"next":null}}'.encode()
    with serve_faulty(on_parties(answering(200, body))) as server, client(server.address) as api:
        answer = api.registry(threading.Event())
    parties = next(one for one in answer.observations if one.source.operation == "GET /parties")
    assert (parties.outcome, parties.value) == (Outcome.SEEN, ("acme",))
    assert [(one.id, one.position) for one in answer.bad] == [("odd", 0), (None, 2)]


def test_the_token_is_nowhere_but_in_its_header(caplog: pytest.LogCaptureFixture) -> None:
    """Not in what is logged at the finest level, not in `repr`, not in an error, though the server repeats it."""
    caplog.set_level(logging.DEBUG)
    detail = f"who is Bearer {TOKEN}? " + "x" * 1000

    def handler(exchange: Exchange) -> None:
        body = json.dumps({"detail": detail}).encode()
        exchange.answer(403, body, {"Content-Type": "application/problem+json"})

    with serve_faulty(handler) as server, client(server.address) as api:
        seen = api.whoami()
        answer = api.registry(threading.Event())
        shown = [repr(api), str(api), repr(seen), repr(answer), caplog.text]
    assert all(f"authorization: bearer {TOKEN}" in head.lower() for head in server.requests)
    assert seen.error is not None
    assert "(token)" in seen.error
    assert len(seen.error) <= ERROR_LENGTH
    assert not [text for text in shown if TOKEN in text]


def test_a_token_repeated_as_a_request_id_is_not_kept() -> None:
    """Request ids are shown to operators and copied into tickets."""
    with (
        serve_faulty(lambda exchange: exchange.answer(200, EMPTY, {"X-Request-Id": TOKEN})) as server,
        client(server.address) as api,
    ):
        answer = api.registry(threading.Event())
    assert {seen.request_id for seen in answer.observations} == {"(token)"}
