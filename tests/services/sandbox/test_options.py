"""The command line of the sandbox."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import pytest

from services.sandbox.fault_spec import Fault, FaultError, Kind, parse_fault
from services.sandbox.options import STORY_TENANTS, parse_instant, parse_options


def test_reads_what_was_asked_for() -> None:
    """Every option arrives as its own type, and none is made up."""
    options = parse_options(
        ["--tenants=70", "--seed", "5", "--at", "2026-11-22T04:00:00+01:00", "--port", "4000", "--fault", "down:s3"]
    )
    assert (options.tenants, options.seed, options.port) == (70, 5, 4000)
    assert options.at == datetime(2026, 11, 22, 3, tzinfo=UTC)
    assert options.faults == (Fault(Kind.DOWN, "s3"),)
    assert options.parent == os.getppid()
    assert parse_options([]).tenants is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--tenants", str(STORY_TENANTS - 1)], f"the stories alone take {STORY_TENANTS} tenants"),
        (["--tenants", "many"], "'many' is not a whole number"),
        (["--tenants", "100001"], "more than 100000"),
        (["--seed", "-1"], "-1 is not between"),
        (["--at", "yesterday"], "not an instant"),
        (["--at", "2026-11-22T03:00:00"], "has no offset"),
        (["--port", "65535"], "65535 is not between"),
        (["--fault", "flood:rds"], "character 1: 'flood' is no fault"),
        (["--what"], "unrecognized arguments"),
    ],
)
def test_refuses_with_the_reason(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What cannot be read ends with exit code 2, the reason on stderr and nothing on stdout."""
    with pytest.raises(SystemExit) as ended:
        parse_options(arguments)
    output = capsys.readouterr()
    assert ended.value.code == 2
    assert said in output.err
    assert output.out == ""


@pytest.mark.parametrize("spec", ["down", "throttle:rds", "denied:sts:eu-central-1", "slow:s3@0.25", "api-short@0.5"])
def test_fault_survives_being_written(spec: str) -> None:
    """A fault written out is the specification it was read from."""
    assert str(parse_fault(spec)) == spec


@pytest.mark.parametrize(
    ("spec", "character", "what"),
    [
        ("", 1, "no fault"),
        ("throttle:nosuch", 10, "knows no service 'nosuch'"),
        ("throttle:", 10, "knows no service"),
        ("throttle:../rds", 10, "knows no service"),
        ("throttle:rds:mars", 14, "'mars' is no region"),
        ("throttle:rds:eu-west-2:x", 24, "nothing follows the region"),
        ("throttle:rds@0", 14, "no probability"),
        ("throttle:rds@nan", 14, "no probability"),
        ("throttle@", 10, "no probability"),
        ("api-down:rds", 10, "takes no service"),
    ],
)
def test_fault_points_at_the_mistake(spec: str, character: int, what: str) -> None:
    """A specification that cannot be read says what is wrong with it and at which character."""
    with pytest.raises(FaultError, match=f"character {character}: .*{what}"):
        parse_fault(spec)


def test_a_day_is_its_first_moment() -> None:
    """A day alone stands for its first moment in UTC."""
    assert parse_instant("2026-11-22") == datetime(2026, 11, 22, tzinfo=UTC)
