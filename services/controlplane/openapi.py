"""The OpenAPI 3.1 document: what each operation may answer, and the parts that FastAPI cannot know."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from services.controlplane.collection import Collection
from services.controlplane.openapi_complete import complete
from services.controlplane.problems import PROBLEM
from services.wire.imports import ImportRequest
from services.wire.orders import Asked, Decision, OrderRequest
from services.wire.registry import Problem

BODY_LIMIT: Final = 1024 * 1024
"""Bytes of a request's body."""

_WORDS: Final = {
    401: "no bearer token, or one that is unknown or has expired",
    403: "the bearer's role may not do this",
    404: "there is no such record",
    408: "the body did not come in time",
    409: "the registry would not hold together afterwards; `errors` says where",
    412: "the condition of `If-Match`, `If-None-Match` or `digest` does not hold",
    413: "the body is longer than it may be",
    415: "the body is not application/json",
    422: "the request is malformed; `errors` says where and what",
    502: "AWS did not take it",
    503: "the database did not answer",
}
_ETAG: Final = {"ETag": {"schema": {"type": "string"}, "description": "the tag of this representation"}}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The declared errors of an operation; 503 and 500 can happen to all, 408 to all that take a body."""
    schema = {"$ref": "#/components/schemas/Problem"}
    if 413 in statuses:
        statuses = (*statuses, 408)
    answers: dict[int | str, dict[str, Any]] = {
        status: {"description": _WORDS[status], "content": {PROBLEM: {"schema": schema}}} for status in (*statuses, 503)
    }
    answers[500] = {"description": "the server failed", "content": {PROBLEM: {"schema": schema}}}
    return answers


def read(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The declared answers of an operation that answers 304 to who has it already."""
    answers = problems(*statuses)
    answers[200] = {"headers": _ETAG}
    answers[304] = {"description": "the asker has it already", "headers": _ETAG}
    return answers


def written(answers: dict[int | str, dict[str, Any]], model: type[BaseModel], *, created: str, again: str) -> None:
    """Adds 201 and 200, with a record each."""
    for status, said in ((200, again), (201, created)):
        answers[status] = {"description": said, "content": _content(model)}


def body_of(model: type[BaseModel]) -> dict[str, Any]:
    """What declares the body of a request that is read past FastAPI."""
    return {"requestBody": {"required": True, "content": _content(model)}}


def _content(model: type[BaseModel]) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}}}


def described(operation: str, collection: Collection, *statuses: int) -> dict[str, Any]:
    """The arguments of a route that describe it: ``operation`` is ``list``, ``get``, ``put`` or ``delete``."""
    answers = problems(*statuses)
    extra: dict[str, Any] = {}
    one = collection.one
    if operation in ("list", "get"):
        answers = read(*statuses)
        summary = f"A page of {collection.name}, ordered by id" if operation == "list" else f"One {one}"
    elif operation == "put":
        written(answers, collection.record, created="created", again="replaced")
        for status in (200, 201):
            answers[status]["headers"] = _ETAG
        extra = body_of(collection.record)
        summary = f"Create or replace one {one}"
    else:
        summary = f"Delete one {one} that no other record names"
    return {
        "tags": [collection.name],
        "operation_id": f"{operation}_{collection.name.replace('-', '_')}",
        "summary": summary,
        "responses": answers,
        "openapi_extra": extra,
    }


def document(app: FastAPI) -> Callable[[], dict[str, Any]]:
    """What ``app.openapi`` shall be: FastAPI's document, completed once and kept."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            made = get_openapi(
                title=app.title,
                version=app.version,
                summary=app.summary,
                description=app.description,
                routes=app.routes,
                separate_input_output_schemas=False,
            )
            components = made["components"]
            schemas = components["schemas"]
            for name in ("HTTPValidationError", "ValidationError"):
                schemas.pop(name, None)
            problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas.update(problem.pop("$defs"))
            schemas["Problem"] = problem
            for model in (ImportRequest, Asked, OrderRequest, Decision):  # bodies that are read past FastAPI
                request = model.model_json_schema(ref_template="#/components/schemas/{model}")
                schemas.update(request.pop("$defs", {}))
                schemas[model.__name__] = request
            components["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
            made["security"] = [{"bearer": []}]
            complete(made)
            app.openapi_schema = made
        return app.openapi_schema

    return openapi
