"""Completes the OpenAPI document by what is said of each operation and each member."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from services.controlplane.collection import COLLECTIONS
from services.controlplane.guard import EVERYBODY, one_of, roles_of
from services.controlplane.openapi_docs import members_docs, plain
from services.controlplane.openapi_words import (
    ANSWERS,
    DESCRIPTIONS,
    EXAMPLES,
    HEADERS,
    PARAMETERS,
    ROLES,
    SUMMARIES,
    TAGS,
)

WITH_HEADERS: Final[Mapping[int, str]] = {401: "WWW-Authenticate", 403: "WWW-Authenticate", 503: "Retry-After"}
UNSAID: Final = "Successful Response"
"""FastAPI's own words."""
METHODS: Final = frozenset({"get", "put", "post", "delete"})
VERBS: Final = ("list", "get", "put", "delete")
ALIKE: Final = frozenset(f"{verb}_{it.name.replace('-', '_')}" for it in COLLECTIONS for verb in VERBS)
"""Operations of the collections, which are served alike."""


def complete(document: dict[str, Any]) -> None:
    """Adds it all, in place."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method in METHODS:
                _operation(method, path, operation)
    components = document["components"]
    components["headers"] = {name: dict(header) for name, header in HEADERS.items()}
    docs = members_docs()
    for name, schema in components["schemas"].items():
        _schema(schema, docs.get(name.partition("_")[0], {}))
    document["tags"] = [{"name": name, "description": text} for name, text in TAGS.items()]


def _operation(method: str, path: str, operation: dict[str, Any]) -> None:
    keys = list(_keys(operation["operationId"]))
    operation["summary"] = next((SUMMARIES[it] for it in keys if it in SUMMARIES), operation["summary"])
    described = next((DESCRIPTIONS[it] for it in keys if it in DESCRIPTIONS), operation.get("description"))
    roles = ROLES.get(operation["operationId"], roles_of(method.upper(), path))
    may = "Without a token." if roles is None else f"Roles: {'all' if roles == EVERYBODY else one_of(roles)}."
    operation["description"] = f"{plain(described)}\n\n{may}" if described else may
    for parameter in operation.get("parameters", ()):
        named = parameter["name"]
        said = PARAMETERS.get(f"{method} {named}", PARAMETERS.get(named))
        if said is not None:
            parameter.setdefault("description", said)
    paged = any(it["name"] == "cursor" for it in operation.get("parameters", ()))
    for status, answer in operation["responses"].items():
        said = next((ANSWERS[it][int(status)] for it in keys if int(status) in ANSWERS.get(it, {})), None)
        if said is not None:
            answer["description"] = said
        elif answer["description"] == UNSAID:
            answer["description"] = "what was asked for"
        _headers(int(status), answer, paged=paged)
    for content in operation.get("requestBody", {}).get("content", {}).values():
        example = EXAMPLES.get(content["schema"].get("$ref", "").rpartition("/")[2])
        if example is not None:
            content["example"] = dict(example)


def _keys(operation_id: str) -> Iterator[str]:
    """What an operation is told of by: its own words first, then those of all that is served alike."""
    yield operation_id
    if operation_id in ALIKE:
        yield operation_id.partition("_")[0]


def _headers(status: int, answer: dict[str, Any], *, paged: bool) -> None:
    headers = dict(answer.get("headers", {}))
    names = ["X-Request-Id", *([WITH_HEADERS[status]] if status in WITH_HEADERS else [])]
    if paged and status in (200, 304):
        names.append("Collection-Tag")
    headers |= {name: {"$ref": f"#/components/headers/{name}"} for name in names}
    answer["headers"] = headers


def _schema(schema: dict[str, Any], docs: Mapping[str, str]) -> None:
    if "description" in schema:
        schema["description"] = plain(schema["description"])
    for member, of_member in schema.get("properties", {}).items():
        if member in docs:
            of_member.setdefault("description", docs[member])
    values = [f"`{value}`: {docs[value]}" for value in schema.get("enum", ()) if value in docs]
    if values:
        schema["description"] = "\n".join([*([schema["description"]] if "description" in schema else []), *values])
