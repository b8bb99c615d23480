"""The OpenAPI document as whoever has to implement it reads it: nothing is left to be guessed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from pydantic import BaseModel, TypeAdapter

from services.conformance.contract import document
from services.controlplane.openapi_docs import MODULES, plain
from services.controlplane.openapi_words import ANSWERS, DESCRIPTIONS, EXAMPLES, PARAMETERS, ROLES, SUMMARIES, TAGS
from services.wire.registry import Role
from tests.support.api import bearer

DOCUMENT = document()
EVERY: tuple[Role, ...] = ("viewer", "operator", "approver", "worker")


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in DOCUMENT["paths"].items():
        for method, operation in item.items():
            yield method, path, operation


def roles(operation: dict[str, Any]) -> set[str]:
    """Those that the description names."""
    (said,) = [it for it in operation["description"].split("\n\n") if it.startswith("Roles: ")]
    return {it for it in EVERY if it in said or said == "Roles: all."}


def test_each_operation_says_what_it_does_who_may_and_what_each_answer_means() -> None:
    """In words of its own, not of the framework."""
    for method, path, operation in operations():
        assert operation["summary"][0].isupper(), path
        assert operation["summary"].lower() != operation["operationId"], path
        assert "Roles: " in operation["description"] or operation["security"] == [], path
        assert {"500", "503"} <= operation["responses"].keys(), path
        for status, answer in operation["responses"].items():
            assert answer["description"] not in ("", "Successful Response"), (method, path, status)
            assert "X-Request-Id" in answer["headers"]
        for parameter in operation.get("parameters", ()):
            assert parameter.get("description"), (method, path, parameter["name"])


def test_headers_are_declared_where_they_are_sent(http: httpx.Client) -> None:
    """Tags on records and pages, how to come back on 401, the tag of the whole list on its pages."""
    for _, path, operation in operations():
        answers = operation["responses"]
        if operation.get("security") != []:
            assert "WWW-Authenticate" in answers["401"]["headers"], path
        paged = any(it["name"] == "cursor" for it in operation.get("parameters", ()))
        if "304" in answers:
            assert "ETag" in answers["200"]["headers"].keys() & answers["304"]["headers"].keys(), path
        if paged:
            sent = http.get(path, headers=bearer("viewer"))
            declared = {it.lower() for it in answers["200"]["headers"]}
            assert declared == {"etag", "collection-tag", "x-request-id"} & sent.headers.keys()
    for name, header in DOCUMENT["components"]["headers"].items():
        assert header["description"], name


@pytest.mark.parametrize("role", EVERY)
def test_the_roles_that_are_named_are_those_that_may(unchanged: httpx.Client, role: Role) -> None:
    """Asked without anything else that would be right: 403 for all others, and for them never."""
    for method, path, operation in operations():
        if operation.get("security") == []:
            continue
        asked = path.replace("{id}", "nobody").replace("{key}", "f" * 32)
        status = unchanged.request(method, asked, headers=bearer(role), json=None).status_code
        if operation["operationId"] in ROLES:  # narrower than the path: the server looks for the order first
            assert status == (415 if role in ("operator", "approver") else 403)
        else:
            assert (status == 403) == (role not in roles(operation)), (method, path)


def test_every_word_belongs_to_something_that_is_served() -> None:
    """What is said of an operation, an answer or a parameter that there is not would mislead."""
    ids = {operation["operationId"]: operation for _, _, operation in operations()}
    alike = {"list", "get", "put", "delete"}
    assert {*DESCRIPTIONS, *ANSWERS, *SUMMARIES, *ROLES} - alike <= ids.keys()
    for name in ANSWERS.keys() - alike:
        assert {str(it) for it in ANSWERS[name]} <= ids[name]["responses"].keys(), name
    named = {it["name"] for operation in ids.values() for it in operation.get("parameters", ())}
    assert {it.split()[-1] for it in PARAMETERS} <= named
    assert TAGS.keys() == {tag for operation in ids.values() for tag in operation["tags"]}


def test_members_bear_what_the_code_says_of_them() -> None:
    """In Markdown, and of an enumeration's values as well; no word of how the code is made."""
    schemas = DOCUMENT["components"]["schemas"]
    assert schemas["Page_TenantRecord_"]["properties"]["next"]["description"].startswith("The cursor of the page")
    assert schemas["TenantRecord"]["properties"]["zone"]["description"].startswith("IANA zone")
    assert "`stuck`: Done, and it could not be undone" in schemas["StepState"]["description"]
    text = str(DOCUMENT)
    assert "``" not in text
    assert "services." not in text
    assert plain("one\n  two ``x``\n\nthree") == "one two `x`\n\nthree"


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_an_example_is_one(name: str) -> None:
    """It stands at a body, and is of its schema."""
    (model,) = {vars(module)[name] for module in MODULES if name in vars(module)}
    assert issubclass(model, BaseModel)
    TypeAdapter(model).validate_json(TypeAdapter(Any).dump_json(EXAMPLES[name]), strict=True)
    bodies = [operation.get("requestBody", {}).get("content", {}) for _, _, operation in operations()]
    assert EXAMPLES[name] in [
        content["example"] for body in bodies for content in body.values() if "example" in content
    ]
