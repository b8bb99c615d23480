"""The reference internal API as an ASGI application."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match

from services.agreement import Policy, default_policy_text, parse_policy
from services.controlplane.anchor_routes import add_anchor_route
from services.controlplane.audit_routes import add_audit_routes
from services.controlplane.chores import Doing
from services.controlplane.collection import COLLECTIONS
from services.controlplane.counted import Counted
from services.controlplane.embedding import Hands, make_anchoring, make_asker, make_chores, make_recorder, make_worker
from services.controlplane.guard import Guard
from services.controlplane.import_routes import add_import_route
from services.controlplane.openapi import document
from services.controlplane.openapi_words import DESCRIPTION
from services.controlplane.order_routes import add_order_routes
from services.controlplane.ordering import Ordering
from services.controlplane.problems import encode, problem, validation_parts
from services.controlplane.routes import add_collection_routes
from services.controlplane.sample_routes import add_sample_routes
from services.controlplane.service_routes import add_service_routes
from services.controlplane.store import Database
from services.controlplane.tokens import Tokens
from services.controlplane.watching import Watch
from services.now import Now
from services.orders.world import TENANT_TAG
from services.wire.registry import WhoAmI


def create_app(
    database_url: str,
    *,
    now: Now,
    tokens: Mapping[str, WhoAmI] | None = None,
    policy: Policy | None = None,
    hands: Hands | None = None,
    tenant_tag: str = TENANT_TAG,
    doings: Sequence[Doing] = (),
) -> FastAPI:
    """The application on the database at ``database_url``, whose tables are created where missing.

    Orders are planned by ``policy``, by the one that comes with Tenure where there is none. With ``hands`` a worker
    runs in this process while the application does; without, one of another process takes the orders. Where they say
    so a recorder runs beside it. ``tenant_tag`` is the tag that attributes a resource of AWS to a tenant.
    ``doings`` are done beside, again and again.

    ``tokens`` (token → bearer) are accepted beside those in the database, and kept as digests. ``now`` tells when a
    token has expired, and is what ``/healthz`` answers. The database is closed when the server's lifespan ends, or
    by ``app.state.database.close()``. Raises as ``Database`` does.
    """
    database = Database(database_url)
    policy = policy or parse_policy(default_policy_text())
    ordering = Ordering(database, policy, now, tenant_tag=tenant_tag)
    worker = None if hands is None else make_worker(database, now, hands)
    recorder = make_recorder(database, now, policy, hands, tenant_tag)
    chores = make_chores(database, now, hands, doings)
    ending = threading.Event()
    ordering.ask_aws = make_asker(hands, ending)
    if worker is not None:
        ordering.taken = worker.wake

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        if worker is not None:
            worker.start()
        if recorder is not None:
            recorder.start()
        for chore in chores:
            chore.start()
        try:
            yield
        finally:
            ending.set()
            for chore in chores:
                await run_in_threadpool(chore.stop)
            if recorder is not None:
                await run_in_threadpool(recorder.stop)
            if worker is not None:
                await run_in_threadpool(worker.stop)
            database.close()

    app = FastAPI(
        title="Tenure internal API",
        version="1",
        description=DESCRIPTION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    app.state.database = database
    app.state.ordering = ordering
    app.state.worker_alive = None if worker is None else lambda: worker.alive
    app.openapi = document(app)  # type: ignore[method-assign] # FastAPI's own way to complete the document
    counted = Counted()
    app.add_middleware(Guard, tokens=Tokens(database, tokens or {}), now=now)
    app.add_middleware(Watch, counted=counted)  # the last one added is the outermost
    app.add_exception_handler(HTTPException, _http_problem)
    app.add_exception_handler(RequestValidationError, _validation_problem)
    add_collection_routes(app, database, COLLECTIONS, now)
    add_audit_routes(app, database)
    add_anchor_route(app, make_anchoring(database, hands), now)
    add_import_route(app, database, now)
    add_order_routes(app, database, ordering, now)
    add_sample_routes(app, database)
    add_service_routes(app, database, now, counted)

    @app.get("/openapi.json", include_in_schema=False)
    def openapi_json() -> Response:
        return Response(encode(app.openapi()), media_type="application/json")

    return app


def _http_problem(request: Request, error: Exception) -> Response:
    """Errors of the router (404, 405) and those raised by endpoints."""
    if not isinstance(error, HTTPException):
        raise TypeError(type(error).__name__)
    headers = dict(error.headers or {})
    detail = str(error.detail)
    if error.status_code == 404:
        detail = "there is nothing under this path"
    if error.status_code == 405:
        allowed = _allowed(request)
        headers["Allow"] = ", ".join(allowed)
        detail = f"this path answers to {headers['Allow']} only"
    return problem(error.status_code, detail, headers=headers)


def _validation_problem(_: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise TypeError(type(error).__name__)
    return problem(422, "the request is malformed", parts=validation_parts(error.errors()))


def _allowed(request: Request) -> list[str]:
    """Every method of the path, not only those of the first route that matches."""
    methods: set[str] = set()
    for route in request.app.routes:
        match, _ = route.matches(request.scope)
        if match is not Match.NONE:
            methods |= getattr(route, "methods", None) or set()
    return sorted(methods)
