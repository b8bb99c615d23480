"""The lines of an explanation."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from rich.cells import cell_len

from screens.dialogs.why_page import why_lines
from services.model import Evidence, Explanation, Status
from tests.support.fleet import AT, HOSTILE_NAMES

SOURCE = "rds DescribeDBInstances 111122223333 eu-central-1"
REQUEST = "7f0c0000-0000-4000-8000-0000000000e1"
EXPLAINED = Explanation(
    "acme-health",
    "recovery.orders-db",
    Status.BREACHED,
    "recovery",
    "RPO 9m12s, promised 5m",
    "dedicated: RPO at most 5m",
    (("recovery.rpo.dedicated", "PT5M"),),
    (Evidence(SOURCE, AT - timedelta(seconds=12), "latest restorable time 11:55:07Z", "seen", REQUEST),),
    ("12:04:19Z − 11:55:07Z = 9m12s", "9m12s > 5m → breached"),
    "a restore point newer than 11:59:19Z is seen",
)


def text(explained: Explanation, width: int = 75) -> list[str]:
    return [one.plain.rstrip() for one in why_lines(explained, AT, width)]


def test_the_answer_comes_before_the_evidence() -> None:
    """Status and reason, promise with the policy's values, the arithmetic, what would change it, what was seen."""
    assert text(EXPLAINED) == [
        "breached   RPO 9m12s, promised 5m",
        "",
        "Promise    recovery · dedicated: RPO at most 5m",
        "           policy recovery.rpo.dedicated = PT5M",
        "",
        "Reckoning  12:04:19Z − 11:55:07Z = 9m12s",
        "           9m12s > 5m → breached",
        "",
        "Changes if a restore point newer than 11:59:19Z is seen",
        "",
        "Seen       latest restorable time 11:55:07Z",
        f"           {SOURCE}",
        f"           12:04:19Z <1m ago · request {REQUEST}",
    ]


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        (Evidence("s", AT, None, "empty"), "Seen       answered: there is nothing"),
        (Evidence("s", AT, None, "seen"), "Seen       answered"),
        (Evidence("s", AT, None, "denied", error="AccessDenied"), "Seen       denied AccessDenied"),
        (Evidence("s", AT, "2 points", "stale", error="x"), "Seen       stale x  last seen: 2 points"),
        (Evidence("s", None, None, "waiting"), "Seen       waiting"),
    ],
)
def test_what_was_not_answered_is_never_nothing(evidence: Evidence, expected: str) -> None:
    """Nothing there, refused, last seen and never heard read differently."""
    lines = text(replace(EXPLAINED, evidence=(evidence,)))
    assert lines[-2].rstrip() == expected
    assert lines[-1].strip() == ("s · never heard" if evidence.observed_at is None else "s · 12:04:31Z <1m ago")


def test_the_status_stays_with_its_arrow() -> None:
    """A step that is too long for its line breaks before the arrow."""
    lines = text(replace(EXPLAINED, steps=("9m12s of what was promised to be at most 5m and was not kept → breached",)))
    assert "           → breached" in lines


def test_nothing_known_changes_it() -> None:
    """Where the services know of nothing, that is said."""
    assert "Changes if nothing known does" in text(replace(EXPLAINED, changes_if=None))


@pytest.mark.parametrize("name", HOSTILE_NAMES)
@pytest.mark.parametrize("width", [75, 105])
def test_whatever_it_holds_no_line_is_wider_than_it_may_be(name: str, width: int) -> None:
    """Texts from outside are wrapped and clean, and none is read as markup."""
    hostile = replace(
        EXPLAINED,
        reason=name,
        promise=name,
        steps=(name, f"{name} → breached"),
        changes_if=name,
        evidence=(Evidence(name, AT, name, "seen", name), Evidence(name, AT, None, "denied", error=name)),
    )
    lines = why_lines(hostile, AT, width)
    assert all(cell_len(one.plain) <= width for one in lines)
    assert not any(char in one.plain for one in lines for char in "\x1b\x07\x9b\u202e\n")


def test_a_long_status_word_is_not_cut() -> None:
    """It has a line of its own above the reason."""
    lines = text(replace(EXPLAINED, status=Status.NOT_APPLICABLE, reason="no live store is left"))
    assert lines[:2] == ["not-applicable", "           no live store is left"]


def test_a_step_that_only_repeats_a_long_reason_points_to_it() -> None:
    """What AWS answered at length is said once; a short one is repeated, which reads more easily."""
    refused = "orders-db could not be read: rds DescribeDBInstances of 111122223333 eu-central-1 denied: AccessDenied"
    for reason, step in ((refused, "what is said above → unknown"), ("refused", "refused → unknown")):
        lines = text(replace(EXPLAINED, status=Status.UNKNOWN, reason=reason, steps=(f"{reason} → unknown",)))
        assert f"Reckoning  {step}" in lines
