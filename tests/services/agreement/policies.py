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
    preparation: Period
    assistance: Mapping[str, Period]
    horizons: Mapping[str, timedelta]
    at_risk: Mapping[str, timedelta | None]
    rpo: Mapping[str, timedelta]
    max_age: Mapping[str, timedelta]
    at_risk_ratio: Mapping[str, float]
    tolerance: timedelta
    rto: Mapping[str, timedelta]
    test_max_age: timedelta
    failover_max: timedelta
    excusing: str | None
    """A basis on which a hold excuses; ``None``: there is none."""


DEFAULT = Expected(
    policy=parse_policy(default_policy_text()),
    grace=Period(days=30),
    retention=Period(months=3),
    outer=Period(days=180),
    window=Period(days=30),
    conduct=Period(elapsed=timedelta(hours=24)),
    allowance=timedelta(hours=24),
    preparation=Period(days=10),
    assistance={"data_subject_request": Period(days=10), "breach_notice": Period(elapsed=timedelta(hours=24))},
    horizons={
        "grace": timedelta(days=7),
        "hosted_data": timedelta(days=30),
        "export_preparation": timedelta(days=5),
        "export_window": timedelta(days=7),
        "return_or_delete": timedelta(days=30),
        "conduct": timedelta(hours=24),
        "data_subject_request": timedelta(days=5),
        "breach_notice": timedelta(hours=24),
        "hold": timedelta(days=30),
        "slot": timedelta(hours=24),
        "pending_maintenance": timedelta(days=14),
        "restore_test": timedelta(days=14),
    },
    at_risk={
        "grace": None,
        "hosted_data": None,
        "export_preparation": timedelta(days=2),
        "export_window": None,
        "return_or_delete": timedelta(days=7),
        "conduct": timedelta(hours=1),
        "data_subject_request": timedelta(days=2),
        "breach_notice": timedelta(hours=6),
        "pending_maintenance": timedelta(days=3),
    },
    rpo={"public": timedelta(hours=24), "dedicated": timedelta(minutes=5)},
    max_age={"public": timedelta(minutes=15), "dedicated": timedelta(minutes=2)},
    at_risk_ratio={"public": 0.8, "dedicated": 1.0},
    tolerance=timedelta(minutes=1),
    rto={"public": timedelta(hours=4), "dedicated": timedelta()},
    test_max_age=timedelta(days=90),
    failover_max=timedelta(seconds=120),
    excusing="member-state-law",
)

OTHER = Expected(
    policy=parse_policy(OTHER_TEXT),
    grace=Period(days=14),
    retention=Period(days=45),
    outer=Period(months=4),
    window=Period(days=10),
    conduct=Period(days=2),
    allowance=timedelta(days=3),
    preparation=Period(elapsed=timedelta(hours=72)),
    assistance={"data_subject_request": Period(months=1), "breach_notice": Period(elapsed=timedelta(hours=12))},
    horizons={
        "grace": timedelta(days=3),
        "hosted_data": timedelta(days=14),
        "export_preparation": timedelta(hours=48),
        "export_window": timedelta(days=2),
        "return_or_delete": timedelta(days=21),
        "conduct": timedelta(hours=6),
        "data_subject_request": timedelta(days=7),
        "breach_notice": timedelta(hours=4),
        "hold": timedelta(days=10),
        "slot": timedelta(days=3),
        "pending_maintenance": timedelta(days=30),
        "restore_test": timedelta(days=5),
    },
    at_risk={
        "grace": timedelta(days=1),
        "hosted_data": timedelta(days=2),
        "export_preparation": None,
        "export_window": timedelta(hours=12),
        "return_or_delete": None,
        "conduct": None,
        "data_subject_request": timedelta(hours=36),
        "breach_notice": timedelta(hours=1),
        "pending_maintenance": None,
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
    rto={"bronze": timedelta(hours=8), "silver": timedelta(hours=8), "gold": timedelta()},
    test_max_age=timedelta(days=30),
    failover_max=timedelta(seconds=30),
    excusing=None,
)

BOTH = (DEFAULT, OTHER)
NAMES = ("default", "other")
