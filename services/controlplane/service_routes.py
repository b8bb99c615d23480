"""The endpoints that tell of the service itself: who asks, whether it lives, whether it is ready, its figures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Literal

from fastapi import FastAPI, Request
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import Response

from services.controlplane.chore_book import read_chores
from services.controlplane.counted import Counted, told
from services.controlplane.openapi import problems
from services.controlplane.problems import encode, problem
from services.controlplane.schema import REVISION, revision_of
from services.controlplane.store import Database
from services.now import Now
from services.wire.registry import ChoreHealth, Health, ProblemPart, Readiness, WhoAmI

METRICS: Final = "text/plain; version=0.0.4; charset=utf-8"


class ServiceEndpoints:
    """What is asked of the service and not of what it keeps."""

    def __init__(self, app: FastAPI, database: Database, now: Now, counted: Counted) -> None:
        self._state = app.state
        self._database = database
        self._now = now
        self._counted = counted

    def whoami(self, request: Request) -> Response:
        """The bearer of the token."""
        who: WhoAmI = request.state.who
        return Response(encode(who.model_dump(mode="json")), media_type="application/json")

    def healthz(self) -> Response:
        """Whether server and database answer, and what the server takes for now. Needs no token."""
        with self._database.read() as connection:
            connection.execute(select(1))
        health = Health(status="ok", now=self._now())
        return Response(encode(health.model_dump(mode="json")), media_type="application/json")

    def readyz(self) -> Response:
        """Whether requests and orders can be sent here: the database answers and is this version's, and the worker of
        this process, where it has one, takes orders. Tells also how it stands with what the servers do by themselves,
        which keeps nobody from sending requests. Needs no token."""
        missing = [*self._database_faults()]
        alive = self._state.worker_alive
        if alive is not None and not alive():
            missing.append(ProblemPart(where="worker", what="it does not take orders, or not yet"))
        if missing:
            return problem(503, "the server is not ready", parts=missing, headers={"Retry-After": "1"})
        with self._database.read() as connection:
            chores = {it.name: ChoreHealth(done_at=it.done_at, failed=it.failed) for it in read_chores(connection)}
        worker: Literal["alive", "elsewhere"] = "elsewhere" if alive is None else "alive"
        ready = Readiness(status="ready", revision=REVISION, worker=worker, chores=chores)
        return Response(encode(ready.model_dump(mode="json")), media_type="application/json")

    def metrics(self) -> Response:
        """The server's figures for Prometheus: requests and how long they took, orders by state, the audit position."""
        figures = told(self._counted, self._database, self._state.worker_alive)
        return Response(figures, headers={"Content-Type": METRICS})

    def _database_faults(self) -> list[ProblemPart]:
        try:
            with self._database.read() as connection:
                standing = revision_of(connection)
        except SQLAlchemyError:
            return [ProblemPart(where="database", what="it does not answer")]
        if standing == REVISION:
            return []
        return [ProblemPart(where="migrations", what=f"the database is at {standing}, this server at {REVISION}")]


def add_service_routes(app: FastAPI, database: Database, now: Now, counted: Counted) -> None:
    """Add these routes to ``app``, whose ``state.worker_alive`` tells of its worker."""
    endpoints = ServiceEndpoints(app, database, now, counted)
    without_token: dict[str, Any] = {"security": []}
    app.get("/whoami", response_model=WhoAmI, responses=problems(401), operation_id="whoami", tags=["service"])(
        endpoints.whoami
    )
    open_to_all: tuple[tuple[str, type[BaseModel], Callable[[], Response]], ...] = (
        ("healthz", Health, endpoints.healthz),
        ("readyz", Readiness, endpoints.readyz),
    )
    for name, model, endpoint in open_to_all:
        app.get(
            f"/{name}",
            response_model=model,
            responses=problems(),
            operation_id=name,
            tags=["service"],
            openapi_extra=without_token,
        )(endpoint)
    figures = problems(401)
    figures[200] = {"content": {"text/plain": {"schema": {"type": "string"}}}}
    app.get("/metrics", response_class=Response, responses=figures, operation_id="metrics", tags=["service"])(
        endpoints.metrics
    )
