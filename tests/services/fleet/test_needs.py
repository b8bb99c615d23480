"""What each area rests on."""

from __future__ import annotations

import pytest

from services.areas import AREAS
from services.checks import CHECKS, Check
from services.fleet.needs import INTERNAL, NEEDS, rests_on
from services.fleet.registry import SOURCES
from tests.support.conditions import every_source

OF_CHECKS = {"recovery": "recovery", "maintenance": "maintenance", "holds": "retention", "links": "links"}
"""The first word of a check's name → the area that shows what it judges."""


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_what_a_check_collects_its_area_rests_on(check: Check) -> None:
    """So do the list of tenants, where its verdict gives a tenant its status, and what is due."""
    area = OF_CHECKS[check.name.partition(".")[0]]
    for collector in check.collectors:
        operation = collector.operation
        assert operation in NEEDS[area][1], (area, operation)
        assert operation in NEEDS["due"][1]
        assert area == "maintenance" or operation in NEEDS["tenants"][1]


def test_every_source_but_who_is_looking_and_what_was_done_is_a_concern_of_due() -> None:
    """It is the list over all areas; the log and the two calls that tell who looks judge nothing, and neither do names
    of parties."""
    strangers = {it.operation for it in every_source() if not rests_on("due", it)}
    assert strangers == {"GET /audit", "GET /whoami", "GetCallerIdentity", "GET /parties"}


def test_only_names_that_there_are_stand_in_the_table() -> None:
    """Every area, every list and every call of it is asked for somewhere."""
    assert {*NEEDS, "sources"} == set(AREAS)
    asked = {it.operation.removeprefix("GET /") for it in every_source()}
    for lists, calls in NEEDS.values():
        assert lists | calls <= asked
    assert all(rests_on("sources", it) for it in every_source())
    assert all(it.service == INTERNAL for it in SOURCES.values())
