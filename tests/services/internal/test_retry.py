"""When to try again, and how long to wait."""

from __future__ import annotations

import pytest

from services.internal.retry import Backoff, outcome_of, retry_after_seconds
from services.model import Outcome


def test_waits_double_up_to_the_longest_and_the_tries_end() -> None:
    """Each wait lies between half and the whole of its step; after the last try there is none."""
    backoff = Backoff(first=1, longest=3, attempts=4)
    assert [backoff.wait(attempt, None, 1.0) for attempt in (1, 2, 3, 4)] == [1, 2, 3, None]
    assert [backoff.wait(attempt, None, 0.0) for attempt in (1, 2, 3)] == [0.5, 1, 1.5]


def test_the_server_s_wish_is_honoured_up_to_the_cap() -> None:
    """A longer wait than its own where the server asks for it; beyond the cap it is not waited for."""
    backoff = Backoff(first=1, retry_after_cap=10)
    assert backoff.wait(1, 7.0, 1.0) == 7
    assert backoff.wait(1, 0.0, 1.0) == 1
    assert backoff.wait(1, 10.0, 1.0) == 10
    assert backoff.wait(1, 10.1, 1.0) is None


@pytest.mark.parametrize(
    ("header", "date", "seconds"),
    [
        (None, None, None),
        ("3", None, 3.0),
        (" 3 ", None, 3.0),
        ("0", None, 0.0),
        ("-1", None, None),
        ("٣", None, None),
        ("9" * 4000, None, None),
        ("soon", "Mon, 23 Nov 2026 12:00:00 GMT", None),
        ("Mon, 23 Nov 2026 12:00:05 GMT", "Mon, 23 Nov 2026 12:00:00 GMT", 5.0),
        ("Mon, 23 Nov 2026 11:00:00 GMT", "Mon, 23 Nov 2026 12:00:00 GMT", 0.0),
        ("Mon, 23 Nov 2026 12:00:05 GMT", None, None),
        ("Mon, 23 Nov 2026 12:00:05 GMT", "yesterday", None),
        ("Mon, 23 Nov 2026 12:00:05 GMT", "Mon, 23 Nov 2026 12:00:00 -0000", None),
    ],
)
def test_retry_after_in_both_forms(header: str | None, date: str | None, seconds: float | None) -> None:
    """Seconds, or a date that is held against the answer's own; anything else says nothing."""
    assert retry_after_seconds(header, date) == seconds


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Outcome.SEEN),
        (401, Outcome.DENIED),
        (403, Outcome.DENIED),
        (429, Outcome.THROTTLED),
        *((status, Outcome.FAILED) for status in (0, 201, 204, 206, 302, 304, 400, 404, 422, 500, 503)),
    ],
)
def test_only_200_is_an_answer(status: int, outcome: Outcome) -> None:
    """A redirect, an absence or an error of the API is never an empty collection."""
    assert outcome_of(status) is outcome
