"""The endpoint that keeps where the audit log ends, where who keeps the log cannot write."""

from __future__ import annotations

from typing import Final

from anyio import CapacityLimiter, to_thread
from fastapi import FastAPI, Request
from starlette.responses import Response

from services.controlplane.anchoring import Anchoring, NotAnchoredError
from services.controlplane.openapi import problems
from services.controlplane.problems import encode, problem
from services.controlplane.routes import actor_of
from services.now import Now
from services.wire.anchor import AnchoredRecord

AT_ONCE: Final = 2
"""Anchors that wait for S3 at the same time."""


def add_anchor_route(app: FastAPI, anchoring: Anchoring | None, now: Now) -> None:
    """Add the route to ``app``; without ``anchoring`` it refuses and says why."""

    waiting = CapacityLimiter(AT_ONCE)

    async def add_anchor(request: Request) -> Response:
        if anchoring is None:
            return problem(409, "this server keeps no anchors: it was started without --anchor, or without a worker")
        try:
            kept = await to_thread.run_sync(anchoring.anchor, actor_of(request, now), limiter=waiting)
        except NotAnchoredError as error:
            return problem(502, f"the anchor was not kept: {error}")
        return Response(encode(kept.model_dump(mode="json")), status_code=201, media_type="application/json")

    answers = problems(401, 403, 409, 502)
    answers[201] = {"description": "kept"}
    app.post(
        "/anchors",
        response_model=AnchoredRecord,
        status_code=201,
        responses=answers,
        operation_id="add_anchor",
        summary="Keep where the audit log ends in an object of S3 that nobody overwrites",
        tags=["audit"],
    )(add_anchor)
