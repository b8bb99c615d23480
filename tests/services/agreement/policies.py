"""The two agreements that every test of rules runs through: the shipped one, and one that shares nothing with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from services.agreement import Period, Policy, default_policy_text, parse_policy

OTHER_TEXT = (Path(__file__).parent / "other.yaml").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Expected:
    """What a test may know of an agreement: written here by hand, not read from the policy."""

    policy: Policy
    grace: Period
    retention: Period
    outer: Period
    window: Period
    conduct: Period
    allowance: timedelta
    horizons: Mapping[str, timedelta]
    rpo: Mapping[str, timedelta]
    max_age: Mapping[str, timedelta]
    at_risk_ratio: Mapping[str, float]
    tolerance: timedelta


DEFAULT = Expected(
    policy=parse_policy(default_policy_text()),
    grace=Period(days=30),
    retention=Period(months=3),
    outer=Period(days=180),
    window=Period(days=30),
    conduct=Period(elapsed=timedelta(hours=24)),
    allowance=timedelta(hours=24),
    horizons={
        "grace": timedelta(days=7),
        "hosted_data": timedelta(days=30),
        "export_window": timedelta(days=7),
        "return_or_delete": timedelta(days=30),
        "conduct": timedelta(hours=24),
    },
    rpo={"public": timedelta(hours=24), "dedicated": timedelta(minutes=5)},
    max_age={"public": timedelta(minutes=15), "dedicated": timedelta(minutes=2)},
    at_risk_ratio={"public": 0.8, "dedicated": 1.0},
    tolerance=timedelta(minutes=1),
)

OTHER = Expected(
    policy=parse_policy(OTHER_TEXT),
    grace=Period(days=14),
    retention=Period(days=45),
    outer=Period(months=4),
    window=Period(days=10),
    conduct=Period(days=2),
    allowance=timedelta(days=3),
    horizons={
        "grace": timedelta(days=3),
        "hosted_data": timedelta(days=14),
        "export_window": timedelta(days=2),
        "return_or_delete": timedelta(days=21),
        "conduct": timedelta(hours=6),
    },
    rpo={
        "bronze": timedelta(days=2),
        "silver": timedelta(hours=6),
        "gold": timedelta(minutes=1),
    },
    max_age={
        "bronze": timedelta(minutes=30),
        "silver": timedelta(minutes=30),
        "gold": timedelta(minutes=30),
    },
    at_risk_ratio={"bronze": 0.5, "silver": 0.75, "gold": 0.9},
    tolerance=timedelta(),
)

BOTH = (DEFAULT, OTHER)
NAMES = ("default", "other")
