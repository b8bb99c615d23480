"""Ages and credentials in the header."""

from __future__ import annotations

from datetime import timedelta

import pytest

from screens.widgets.header import at_most, credentials
from services.model import Identity
from tests.support.fleet import AT


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "10s"), (1, "10s"), (10, "10s"), (11, "20s"), (120, "120s"), (121, "3m"), (7200, "120m"), (7201, "3h")],
)
def test_ages_are_rounded_up(seconds: int, shown: str) -> None:
    """What is shown is never younger than what is, and changes seldom."""
    assert at_most(timedelta(seconds=seconds)) == shown


@pytest.mark.parametrize(
    ("left", "shown"),
    [(None, "creds —"), (0, "CREDS EXPIRED"), (-5, "CREDS EXPIRED"), (59, "creds 0m"), (600, "creds 10m")],
)
def test_credentials(left: int | None, shown: str) -> None:
    """Minutes are cut, the end is said in words, and what has no known end has none."""
    ends = None if left is None else AT + timedelta(seconds=left)
    assert credentials(Identity("olga", "viewer", None, ends), AT).plain == shown
