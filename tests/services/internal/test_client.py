"""The client against the reference server, over HTTP."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from services.internal.answer import COLLECTIONS, RegistryAnswer
from services.internal.client import InternalApi
from services.model import Outcome
from services.wire.registry import Role, WhoAmI
from tests.support.api import AT, Registry, serve_api, token
from tests.support.registry import busy_registry, party, small_registry, subscription, tenant


def client(address: str, role: Role = "viewer") -> InternalApi:
    return InternalApi(address, token(role), now=lambda: AT, default_zone="Europe/Rome")


def recording(seen: list[str]) -> Callable[[ASGIApp], ASGIApp]:
    """Keeps every request's path and query."""

    def around(app: ASGIApp) -> ASGIApp:
        async def asgi(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "http":
                seen.append(f"{scope['path']}?{scope['query_string'].decode()}")
            await app(scope, receive, send)

        return asgi

    return around


def test_the_whole_registry_comes_over(tmp_path: Path) -> None:
    """What was loaded into the server is what the client tells, with an observation for each collection."""
    with serve_api(tmp_path, busy_registry()) as address, client(address) as api:
        answer = api.registry(threading.Event())
    assert [one.id for one in answer.tenants] == ["acme", "fabrikam"]
    assert answer.tenants[1].service_provider == "Telco"
    assert answer.bad == ()
    assert {seen.source.name for seen in answer.observations} == {f"internal:GET /{name}" for name in COLLECTIONS}
    for seen in answer.observations:
        assert (seen.outcome, seen.at, seen.retries, seen.error) == (Outcome.SEEN, AT, 0, None)
        assert seen.request_id
        assert seen.latency_ms is not None
    values = {seen.source.operation: seen.value for seen in answer.observations}
    assert values["GET /parties"] == ("lumen", "nordcom", "northwind", "telco")


def test_an_empty_registry_is_empty_and_not_failed(tmp_path: Path) -> None:
    """Nothing is an answer."""
    with serve_api(tmp_path) as address, client(address) as api:
        answer = api.registry(threading.Event())
    assert {seen.outcome for seen in answer.observations} == {Outcome.EMPTY}
    assert {seen.value for seen in answer.observations} == {()}
    assert (answer.tenants, answer.answered("tenants")) == ((), True)


def test_pages_are_followed(tmp_path: Path) -> None:
    """A collection longer than a page comes whole, in as many requests as it has pages."""
    requests: list[str] = []
    ids = [f"t{number:04}" for number in range(2345)]
    registry = Registry(
        parties=[party("northwind")],
        tenants=[tenant(id_) for id_ in ids],
        subscriptions=[subscription(f"s-{id_}", id_, date(2027, 1, 1)) for id_ in ids],
    )
    with serve_api(tmp_path, registry, around=recording(requests)) as address, client(address) as api:
        answer = api.registry(threading.Event())
    assert [one.id for one in answer.tenants] == ids
    assert {one.ended_on for one in answer.tenants} == {date(2027, 1, 1)}
    assert sum(request.startswith("/tenants?limit=1000") for request in requests) == 3


def test_partial_answers_are_published_in_the_caller_s_thread(tmp_path: Path) -> None:
    """Each holds what is known so far and never less than the one before; the whole is returned."""
    told: list[RegistryAnswer] = []
    threads: set[threading.Thread] = set()

    def publish(answer: RegistryAnswer) -> None:
        told.append(answer)
        threads.add(threading.current_thread())

    with serve_api(tmp_path, small_registry()) as address, client(address) as api:
        whole = api.registry(threading.Event(), publish)
    assert threads <= {threading.current_thread()}
    assert all(len(answer.observations) < len(COLLECTIONS) for answer in told)
    counts = [len(answer.observations) for answer in told]
    assert counts == sorted(counts)
    assert len(whole.observations) == len(COLLECTIONS)


@pytest.mark.parametrize("role", ["viewer", "operator", "approver", "worker"])
def test_whoami_tells_the_bearer(tmp_path: Path, role: Role) -> None:
    """User and role of the token, for the header."""
    with serve_api(tmp_path) as address, client(address, role) as api:
        seen = api.whoami()
    assert (seen.outcome, seen.value) == (Outcome.SEEN, WhoAmI(user=f"{role}@example.org", role=role))


def test_health_tells_the_server_s_now(tmp_path: Path) -> None:
    """For the skew between the clocks."""
    with serve_api(tmp_path) as address, client(address) as api:
        seen = api.health()
    assert seen.value is not None
    assert (seen.outcome, seen.value.now) == (Outcome.SEEN, AT)


def test_an_unknown_token_is_denied(tmp_path: Path) -> None:
    """Denied everywhere, in the server's words, and nothing is taken for an absence."""
    with (
        serve_api(tmp_path, small_registry(), tokens={}) as address,
        InternalApi(address, "nobody", now=lambda: AT, default_zone="UTC") as api,
    ):
        who = api.whoami()
        answer = api.registry(threading.Event())
    assert (who.outcome, who.value) == (Outcome.DENIED, None)
    assert who.error == "answered 401 Unauthorized: the token is not known here"
    assert {seen.outcome for seen in answer.observations} == {Outcome.DENIED}
    assert not any(answer.answered(name) for name in COLLECTIONS)
    assert answer.doubt("anybody") == "the subscriptions could not be read"


def test_the_server_s_log_can_be_found_by_request_id(tmp_path: Path) -> None:
    """The id that the client sends is the one that the server keeps and the observation tells."""
    sent: list[str] = []

    def around(app: ASGIApp) -> ASGIApp:
        async def asgi(scope: Scope, receive: Receive, send: Send) -> None:
            sent.extend(value.decode() for name, value in scope.get("headers", ()) if name == b"x-request-id")
            await app(scope, receive, send)

        return asgi

    with serve_api(tmp_path, around=around) as address, client(address) as api:
        seen = api.whoami()
    assert sent == [seen.request_id]


def test_an_api_may_live_under_a_path(tmp_path: Path) -> None:
    """An adapter behind a gateway is reached under its prefix, with or without a slash at the end."""

    def around(app: ASGIApp) -> ASGIApp:
        async def asgi(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "http":
                assert scope["path"].startswith("/gateway/v1/")
                scope["path"] = scope["path"].removeprefix("/gateway/v1")
            await app(scope, receive, send)

        return asgi

    with serve_api(tmp_path, around=around) as address:
        for end in ("", "/"):
            with client(f"{address}/gateway/v1{end}") as api:
                assert api.whoami().outcome is Outcome.SEEN


def test_no_proxy_is_asked_for_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy in the environment does not stand between the console and a server on loopback."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    with serve_api(tmp_path) as address, client(address) as api:
        assert api.health().outcome is Outcome.SEEN


@pytest.mark.parametrize(
    "address",
    [
        "",
        "127.0.0.1:8080",
        "ftp://host",
        "http://",
        "https://user:pw@host",
        "http://host?x=1",
        "http://host/#x",
        "http://\x00",
    ],
)
def test_an_address_that_is_none_is_refused_at_once(address: str) -> None:
    """Before anything is asked."""
    with pytest.raises(ValueError, match="address of the internal API"):
        InternalApi(address, "token", now=lambda: AT, default_zone="UTC")


@pytest.mark.parametrize("word", ["", "a b", "a\nb", "a\r\nX: y", "tökén", "\x00"])
def test_a_token_that_no_header_can_carry_is_refused(word: str) -> None:
    """And is not repeated in the refusal."""
    with pytest.raises(ValueError, match="token of the internal API") as refused:
        InternalApi("http://127.0.0.1", word, now=lambda: AT, default_zone="UTC")
    assert not word or word not in str(refused.value)
