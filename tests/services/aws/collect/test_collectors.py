"""What each collector of one list reads, and that AWS has what it asks for."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.session import Session

from services.aws.collect.base import Listing, UnreadableError
from tests.services.aws.collect import records_backup, records_rds
from tests.services.aws.collect.records_rds import HERE

ALL: list[Listing[Any]] = [*records_rds.RDS, *records_backup.BACKUP]
FULL = records_rds.FULL | records_backup.FULL
WANTED = records_rds.WANTED | records_backup.WANTED
NEEDED = records_rds.NEEDED | records_backup.NEEDED

OPTIONAL = (
    "created_at",
    "latest_restorable_time",
    "original_created_at",
    "earliest_at",
    "latest_at",
    "zone",
    "completed_at",
    "last_run_at",
    "last_backup_at",
    "next_at",
    "message",
)
"""Members of facts that are ``None`` where AWS says nothing."""


@pytest.mark.parametrize("collector", ALL, ids=lambda it: it.operation)
def test_every_member_is_read(collector: Listing[Any]) -> None:
    """Into the noun's members, with instants in UTC."""
    assert collector.read(FULL[collector.operation], HERE) == WANTED[collector.operation]


@pytest.mark.parametrize("collector", ALL, ids=lambda it: it.operation)
def test_members_that_aws_leaves_out_are_absent(collector: Listing[Any]) -> None:
    """A record with what identifies it alone is read; nothing is invented but the words ``unknown`` and zero."""
    record = {key: value for key, value in FULL[collector.operation].items() if key in NEEDED[collector.operation]}
    found = collector.read(record, HERE)
    needed = {"created_at"} if "CreationDate" in record else set()
    for name in {*OPTIONAL} - needed:
        assert getattr(found, name, None) is None
    assert getattr(found, "tags", ()) == ()
    assert getattr(found, "backup_retention_days", 0) == 0


@pytest.mark.parametrize("collector", ALL, ids=lambda it: it.operation)
def test_a_record_without_what_identifies_it_is_an_error(collector: Listing[Any]) -> None:
    """Each of the needed members is named in it."""
    for member in NEEDED[collector.operation]:
        record = {key: value for key, value in FULL[collector.operation].items() if key != member}
        with pytest.raises(UnreadableError, match=member):
            collector.read(record, HERE)


@pytest.mark.parametrize("collector", ALL, ids=lambda it: it.operation)
def test_the_collector_asks_what_aws_has(collector: Listing[Any]) -> None:
    """Operation, list, parameters, and every member that is read exist in AWS's own model of the service."""
    model = Session().get_service_model(collector.service)
    operation = model.operation_model(collector.operation)
    assert operation.output_shape is not None
    shape: Any = operation.output_shape.members[collector.listed_in]
    assert set(FULL[collector.operation]) <= set(shape.member.members)
    parameters = set(operation.input_shape.members) if operation.input_shape else set()
    assert set(collector.parameters) <= parameters
    paginators = Session().get_paginator_model(collector.service)
    assert collector.listed_in in str(paginators.get_paginator(collector.operation)["result_key"])
