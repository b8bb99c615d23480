"""Records and nouns: what is copied by its name is the same thing in both."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields
from typing import Any, get_type_hints

import pytest

from services.wire import nouns
from tests.support.registry import acknowledgement, case, entry, export, hold, recovery_test, slot

SAME = {"pydantic.types.AwareDatetime": "datetime.datetime", "pydantic.types.NaiveDatetime": "datetime.datetime"}
LITERAL = re.compile(r"typing\.Literal\[[^]]*\]")
OPTIONAL = re.compile(r"typing\.Optional\[(.*)\]")


def said(hint: object) -> str:
    """A type in words: an instant is a datetime, a choice of words a word."""
    text = str(hint)
    for word, plain in SAME.items():
        text = text.replace(word, plain)
    text = OPTIONAL.sub(r"\1 | None", LITERAL.sub("str", text))
    return text.removeprefix("<class '").removesuffix("'>")


@pytest.mark.parametrize(
    ("convert", "record", "given"),
    [
        (nouns.export, export("e", "acme", progress=0.5), {}),
        (nouns.slot, slot("s", "acme"), {}),
        (nouns.hold, hold("h", "acme"), {}),
        (nouns.case, case("c", "acme"), {}),
        (nouns.recovery_test, recovery_test("t", "acme", "orders"), {"seen_in": "internal GET /recovery-tests"}),
        (nouns.acknowledgement, acknowledgement("acme", "grace"), {}),
        (nouns.audit_entry, entry("a"), {}),
    ],
)
def test_a_noun_has_what_its_record_has_under_the_same_names(
    convert: Callable[[Any], Any], record: Any, given: dict[str, str]
) -> None:
    """Every member of the noun, of the same type, but for what is given beside."""
    made = convert(record)
    of_noun, of_record = get_type_hints(type(made)), get_type_hints(type(record))
    for field in fields(made):
        if field.name in given:
            assert getattr(made, field.name) == given[field.name]
            continue
        assert getattr(made, field.name) == getattr(record, field.name)
        assert said(of_noun[field.name]) == said(of_record[field.name]), field.name
