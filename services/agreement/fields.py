"""The kinds of values that a policy file holds, each with the words that tell a person how to write it.

Every scalar of the file arrives as text, whatever YAML would make of it, so ``NO`` stays a word and ``1:30`` is
no number; the types here read it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Literal, TypeAlias, TypeVar

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Discriminator,
    Field,
    PlainSerializer,
    PlainValidator,
    Tag,
    ValidationInfo,
)

from services.agreement.periods import Period, PeriodError, parse_length, write_length, zone

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Hint:
    """What to write in this place, as it follows the word "write"."""

    text: str


@dataclass(frozen=True, slots=True)
class Tiers:
    """Marks a place whose keys (or whose items) are names of tiers."""

    every: bool
    """Whether each declared tier must be there."""


def _period(value: object) -> Period:
    if isinstance(value, Period):
        return value
    if isinstance(value, str):
        return Period.parse(value)
    raise PeriodError("this is no period")


def _length(value: object) -> timedelta:
    if isinstance(value, timedelta):
        return value
    if isinstance(value, str):
        return parse_length(value)
    raise PeriodError("this is no length")


def _spread(value: object, info: ValidationInfo) -> object:
    """A value given once stands for every tier."""
    tiers = info.context or ()
    return value if isinstance(value, dict) else dict.fromkeys(tiers, value)


def _known_zone(name: str) -> str:
    zone(name)
    return name


def or_none(value: object) -> object:
    return None if value in ("none", "null", "~", "") else value


OR_NONE = BeforeValidator(or_none)
"""For a place that may be left empty: ``none``, as people write it, and ``null``, as JSON does."""


def _any_or_list(value: object) -> str:
    return "any" if isinstance(value, str) else "list"


Text = Annotated[str, Field(min_length=1, max_length=500), Hint("a text")]
Name = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$"), Hint("a name of letters, digits, dots, dashes and underscores")
]
Day = Annotated[date, Hint("a day such as 2026-12-24")]
Flag = Annotated[bool, Hint("true or false")]
Number = Annotated[int, Hint("a whole number")]
Share = Annotated[float, Field(gt=0, le=1, allow_inf_nan=False), Hint("a number above 0 and up to 1, such as 0.8")]
ZoneName = Annotated[str, AfterValidator(_known_zone), Hint("an IANA time zone such as Europe/Rome")]

Length = Annotated[
    timedelta,
    PlainValidator(_length),
    PlainSerializer(write_length, return_type=str),
    Hint("a length such as PT24H or P90D"),
]
"""Measured, not counted: a target, an age, an allowance. A day is 24 hours."""

LengthOrNone = Annotated[Length | None, OR_NONE, Hint("a length such as PT24H, or none")]

CountedPeriod = Annotated[
    Period,
    PlainValidator(_period),
    PlainSerializer(str, return_type=str),
    Hint("a period such as P30D, P3M or PT24H"),
]
"""Counted on a calendar by ``services.agreement.periods.count``, or elapsed time."""

ByTier = Annotated[Mapping[str, T], BeforeValidator(_spread), Tiers(every=True)]
"""A value for each tier. In the file it may be given once for all; here every declared tier is a key."""

TierNames = Annotated[tuple[Name, ...], Tiers(every=False), Hint("a list of tiers")]

Region = Annotated[str, Field(pattern=r"^[a-z]{2}(-[a-z]+)+-[0-9]$"), Hint("an AWS region such as eu-central-1")]
Regions = Annotated[
    Annotated[Literal["any"], Tag("any")] | Annotated[tuple[Region, ...], Field(min_length=1), Tag("list")],
    Discriminator(_any_or_list),
    Hint("any, or a list of AWS regions such as [eu-central-1]"),
]

StoreKind: TypeAlias = Literal["rds-instance", "rds-cluster", "s3-bucket"]
"""The kinds of store that can be judged."""

Evidence: TypeAlias = Literal[
    "latest-restorable-time", "automated-backup", "snapshot", "backup-recovery-point", "protected-versions"
]
"""The kinds of restore point that are collected."""
