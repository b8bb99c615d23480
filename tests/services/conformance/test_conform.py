"""The conformance run: our own server passes it, a planted defect fails in its own row, and nothing is left behind."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.datastructures import MutableHeaders
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.conformance.checks import generated, guarding, opened, ordering, pages, records
from services.conformance.ground import Ground
from services.conformance.outcome import Row, State, UnreachableError
from services.conformance.running import checks, conform, stand
from services.conformance.samples import PREFIX
from services.conformance.server import Server
from tests.support.api import TOKENS, bearer, serve_api
from tests.support.registry import busy_registry

pytestmark = pytest.mark.unmeasured  # generated examples
LISTS = ("/parties", "/tenants", "/subscriptions", "/stores", "/exports", "/slots", "/holds", "/cases")
Around = Callable[[ASGIApp], ASGIApp]


def asked(app: ASGIApp, change: Callable[[Scope, MutableHeaders], ASGIApp | None]) -> ASGIApp:
    """``app`` behind something that changes requests, or answers them itself."""

    async def changed(scope: Scope, receive: Receive, send: Send) -> None:
        answer = None if scope["type"] != "http" else change(scope, MutableHeaders(scope=scope))
        await (answer or app)(scope, receive, send)

    return changed


def answered(app: ASGIApp, change: Callable[[Scope, int, MutableHeaders, bytes], tuple[int, bytes]]) -> ASGIApp:
    """``app`` behind something that changes answers: status and body, and headers in place."""

    async def changed(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        start: Message = {}
        body = b""

        async def keep(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                start = message
            else:
                body += message.get("body", b"")

        await app(scope, receive, keep)
        headers = MutableHeaders(scope=start)
        start["status"], body = change(scope, start["status"], headers, body)
        if start["status"] not in (204, 304):
            headers["content-length"] = str(len(body))
        await send(start)
        await send({"type": "http.response.body", "body": body})

    return changed


def no_tags(app: ASGIApp) -> ASGIApp:
    def drop(_: Scope, status: int, headers: MutableHeaders, body: bytes) -> tuple[int, bytes]:
        del headers["etag"]
        return status, body

    return answered(app, drop)


def everybody_reads(app: ASGIApp) -> ASGIApp:
    def let(scope: Scope, headers: MutableHeaders) -> None:
        if "authorization" not in headers and scope["method"] == "GET":
            headers["authorization"] = bearer("viewer")["Authorization"]

    return asked(app, let)


def first_page_alone(app: ASGIApp) -> ASGIApp:
    def end(scope: Scope, status: int, _: MutableHeaders, body: bytes) -> tuple[int, bytes]:
        if scope["path"] == "/tenants" and status == 200:
            body = json.dumps(json.loads(body) | {"next": None}).encode()
        return status, body

    return answered(app, end)


def first_page_without_total(app: ASGIApp) -> ASGIApp:
    def end(scope: Scope, status: int, _: MutableHeaders, body: bytes) -> tuple[int, bytes]:
        if scope["path"] == "/tenants" and status == 200:
            body = json.dumps(json.loads(body) | {"next": None, "total": None}).encode()
        return status, body

    return answered(app, end)


def falls_over(app: ASGIApp) -> ASGIApp:
    def fail(_: Scope, status: int, __: MutableHeaders, body: bytes) -> tuple[int, bytes]:
        if status == 422:
            return 500, json.dumps(json.loads(body) | {"status": 500}).encode()
        return status, body

    return answered(app, fail)


def blind_to_conditions(app: ASGIApp) -> ASGIApp:
    def strip(_: Scope, headers: MutableHeaders) -> None:
        del headers["if-match"]

    return asked(app, strip)


def plain_problems(app: ASGIApp) -> ASGIApp:
    def retype(_: Scope, status: int, headers: MutableHeaders, body: bytes) -> tuple[int, bytes]:
        if status >= 400:
            headers["content-type"] = "application/json"
        return status, body

    return answered(app, retype)


def body_before_role(app: ASGIApp) -> ASGIApp:
    def judge(scope: Scope, headers: MutableHeaders) -> ASGIApp | None:
        if scope["method"] == "PUT" and headers.get("if-match") == '"conformance"' and "authorization" in headers:
            problem = {"title": "Malformed", "status": 422}
            return JSONResponse(problem, 422, media_type="application/problem+json")
        return None

    return asked(app, judge)


def lenient(app: ASGIApp) -> ASGIApp:
    """Drops a member that it does not know."""

    async def changed(scope: Scope, receive: Receive, send: Send) -> None:
        async def without() -> Message:
            message = await receive()
            if b"conformance_unknown" in message.get("body", b""):
                kept = {key: it for key, it in json.loads(message["body"]).items() if key != "conformance_unknown"}
                message["body"] = json.dumps(kept).encode()
            return message

        await app(scope, without, send)

    return changed


def keeps_any_plan(app: ASGIApp) -> ASGIApp:
    def keep(scope: Scope, headers: MutableHeaders) -> ASGIApp | None:
        if scope["method"] == "POST" and scope["path"] == "/orders" and "authorization" in headers:
            return JSONResponse({"id": "c1" * 16}, 201)
        return None

    return asked(app, keep)


def same_request_id(app: ASGIApp) -> ASGIApp:
    def one(_: Scope, status: int, headers: MutableHeaders, body: bytes) -> tuple[int, bytes]:
        headers["x-request-id"] = "0"
        return status, body

    return answered(app, one)


def reading_alone(app: ASGIApp) -> ASGIApp:
    """An adapter with what the console needs and nothing else."""
    tokens = {f"Bearer {token}" for token in TOKENS}
    offered = {"healthz", "whoami", "audit", *(path[1:] for path in LISTS), "recovery-tests", "acknowledgements"}

    def refuse(scope: Scope, headers: MutableHeaders) -> ASGIApp | None:
        known = scope["path"].strip("/") in offered
        if (scope["method"] == "GET" and known) or headers.get("authorization") not in tokens:
            return None
        status = 405 if known else 404
        return JSONResponse({"title": "no", "status": status}, status, media_type="application/problem+json")

    def hide(scope: Scope, status: int, _: MutableHeaders, body: bytes) -> tuple[int, bytes]:
        if status != 200 or scope["path"] not in ("/openapi.json", "/readyz"):
            return status, body
        return 401, b'{"title":"no","status":401}'

    return answered(asked(app, refuse), hide)


@contextmanager
def served(folder: Path, around: Around = lambda app: app) -> Iterator[Server]:
    with serve_api(folder, busy_registry(), around=around) as address:
        server = Server(address)
        try:
            yield server
        finally:
            server.close()


def tell(rows: list[Row]) -> str:
    return "\n".join(f"{it.check} | {it.operation} | {it.told} | {it.request} | {it.answer}" for it in rows)


def everything(address: str) -> Mapping[str, Any]:
    with httpx.Client(base_url=address, trust_env=False, headers=bearer("viewer")) as client:
        return {path: client.get(path).json() for path in (*LISTS, "/recovery-tests", "/acknowledgements", "/orders")}


def test_our_own_server_keeps_to_the_contract(tmp_path: Path) -> None:
    """With a token of each role nothing fails and nothing goes untried, and every record is as before."""
    with served(tmp_path) as server:
        before = everything(server.address)
        rows = list(conform(server, list(TOKENS), read_only=False, examples=2))
        assert everything(server.address) == before
    assert [row for row in rows if row.state is not State.OK] == []
    operations = {row.operation for row in rows}
    assert {"PUT /tenants/{id}", "POST /plans", "POST /orders", "POST /import", "GET /audit"} <= operations
    assert rows[-1].told.endswith(" records")


def test_with_one_token_the_rest_is_said_to_be_untried(tmp_path: Path) -> None:
    """An operator's token alone fails nothing: what another role would have to write is named, never passed over."""
    with served(tmp_path) as server:
        rows = list(conform(server, ["operator-token"], read_only=False, examples=1))
    assert {row.state for row in rows} == {State.OK, State.NOT_TRIED}
    untried = {row.operation: row.told for row in rows if row.check == records.LIFE and row.state is State.NOT_TRIED}
    assert untried["PUT /holds/{id}"] == "takes a token of the role worker"


def test_read_only_sends_nothing_but_get(tmp_path: Path) -> None:
    """Not a single request that could write, not even one that would be refused."""
    methods: Counter[str] = Counter()

    def count(app: ASGIApp) -> ASGIApp:
        return asked(app, lambda scope, _: methods.update([scope["method"]]))

    with served(tmp_path, count) as server:
        rows = list(conform(server, ["viewer-token"], read_only=True, examples=2))
    assert set(methods) == {"GET"}
    assert {row.state for row in rows} == {State.OK}
    assert pages.PAGED in {row.check for row in rows}


def test_an_adapter_that_only_reads_passes_and_the_rest_is_not_offered(tmp_path: Path) -> None:
    """What the console needs is there: no plans, no orders, no writes and no document are no failure."""
    with served(tmp_path, reading_alone) as server:
        rows = list(conform(server, ["operator-token", "worker-token"], read_only=False, examples=1))
    assert tell([row for row in rows if row.state is State.FAILED]) == ""
    states = {(row.check, row.operation): row.state for row in rows}
    assert states[ordering.PLANNED, "POST /plans"] is State.NOT_OFFERED
    assert states[opened.OPEN, "GET /openapi.json"] is State.NOT_OFFERED
    assert states[records.LIFE, "PUT /tenants/{id}"] is State.NOT_OFFERED
    assert states[pages.PAGED, "GET /orders"] is State.NOT_OFFERED
    assert states[pages.PAGED, "GET /tenants"] is State.OK


DEFECTS = (
    (no_tags, pages.SPARED, "GET /tenants", "no `ETag`"),
    (no_tags, records.CONDITIONS, "PUT /tenants/{id}", "no `ETag`"),
    (everybody_reads, guarding.WITHOUT, "GET /tenants", "says 401"),
    (first_page_alone, pages.PAGED, "GET /tenants", "`total` says 2"),
    (first_page_without_total, pages.PAGED, "GET /tenants", "other records"),
    (falls_over, records.STRICT, "PUT /tenants/{id}", "answered 500"),
    (falls_over, generated.ILL, "GET /tenants", "Server error"),
    (blind_to_conditions, records.CONDITIONS, "PUT /tenants/{id}", "says 412"),
    (plain_problems, guarding.UNKNOWN, "GET /tenants", "application/json"),
    (body_before_role, guarding.ROLE, "PUT /tenants/{id}", "says 403"),
    (lenient, records.STRICT, "PUT /tenants/{id}", "says 422"),
    (keeps_any_plan, ordering.STALE, "POST /orders", "says 412"),
    (same_request_id, opened.RETURNED, "GET /whoami", "`X-Request-Id` is '0'"),
)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """What a run on our own server stands on, for one check after the other as in a run."""
    with served(tmp_path_factory.mktemp("sound")) as server:
        ground = stood(server)
        yield ground
        ground.tidy()


def stood(server: Server) -> Ground:
    return stand(server, ["operator-token", "viewer-token"], read_only=False, examples=5)


def row_of(ground: Ground, check: str, operation: str) -> Row:
    (row,) = [one.row() for one in checks(ground) if (one.name, one.operation) == (check, operation)]
    return row


@pytest.mark.xdist_group("defects")  # they share the sound server
@pytest.mark.parametrize(
    ("around", "check", "operation", "told"), DEFECTS, ids=[f"{it[0].__name__}-{it[2]}" for it in DEFECTS]
)
def test_a_planted_defect_fails_in_its_row(
    tmp_path: Path, sound: Ground, around: Around, check: str, operation: str, told: str
) -> None:
    """The row says what is wrong, with the request and the answer; the same check of a sound server is ok."""
    with served(tmp_path, around) as server:
        ground = stood(server)
        row = row_of(ground, check, operation)
        ground.tidy()
    assert row.state is State.FAILED, row
    assert told in row.told
    assert row.request is not None
    assert row.request.startswith(operation.split(maxsplit=1)[0])
    assert row.answer
    assert row_of(sound, check, operation).state is State.OK


def test_a_report_holds_no_token_and_drives_no_terminal(tmp_path: Path) -> None:
    """A server that repeats the token and sends an escape sequence: neither comes through."""

    def echo(app: ASGIApp) -> ASGIApp:
        def repeat(scope: Scope, headers: MutableHeaders) -> ASGIApp | None:
            if scope["path"] != "/tenants" or "authorization" not in headers:
                return None
            return Response(f"\x1b[2J{headers['authorization']}", 500, media_type="text/\x1bplain")

        return asked(app, repeat)

    with served(tmp_path, echo) as server:
        rows = list(conform(server, ["viewer-token"], read_only=True, examples=1))
    (row,) = [row for row in rows if (row.check, row.operation) == (pages.PAGED, "GET /tenants")]
    assert row.state is State.FAILED
    shown = tell(rows)
    assert "viewer-token" not in shown
    assert "\x1b" not in shown
    assert "(token)" in str(row.answer)


def test_what_is_left_behind_is_told(tmp_path: Path) -> None:
    """A server that takes records and does not delete them: the last row names what stands there now."""

    def undeleted(app: ASGIApp) -> ASGIApp:
        def refuse(scope: Scope, _: MutableHeaders) -> ASGIApp | None:
            if scope["method"] != "DELETE":
                return None
            return JSONResponse({"title": "no", "status": 500}, 500, media_type="application/problem+json")

        return asked(app, refuse)

    with served(tmp_path, undeleted) as server:
        rows = list(conform(server, ["operator-token"], read_only=False, examples=1))
    assert rows[-1].state is State.FAILED
    assert f"/tenants/{PREFIX}tenant" in rows[-1].told


def test_a_run_that_is_left_early_tidies_up(tmp_path: Path) -> None:
    """An interrupt in the middle of the writes leaves nothing."""
    with served(tmp_path) as server:
        before = everything(server.address)
        run = conform(server, ["operator-token"], read_only=False, examples=1)
        assert any(row.check == records.LIFE and row.state is State.OK for row in run)
        run.close()  # type: ignore[attr-defined]
        assert everything(server.address) == before


def test_a_server_that_falls_silent_ends_the_run(tmp_path: Path) -> None:
    """It is asked no more after three silences in a row, and the run says so."""
    asked_in_vain: list[str] = []

    def cut(app: ASGIApp) -> ASGIApp:
        """From the first request for the log's head on, every connection is cut off within the answer."""

        async def changed(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http" or (scope["path"] != "/audit/head" and not asked_in_vain):
                await app(scope, receive, send)
                return
            asked_in_vain.append(scope["path"])
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"9")]})
            await send({"type": "http.response.body", "body": b""})

        return changed

    with served(tmp_path, cut) as server, pytest.raises(UnreachableError, match="3 times in a row"):
        list(conform(server, ["viewer-token"], read_only=True, examples=1))
    assert len(asked_in_vain) == 3
