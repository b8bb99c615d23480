from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.aws.credentials.operator import Desk, control, sit_down
from tests.support.sandbox import RunningSandbox


@pytest.fixture
def desk(faulty: RunningSandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A desk at the sandbox whose faults and sessions each test sets; sessions last as long as asked for at first."""
    yield from sit_down(faulty, tmp_path, monkeypatch)
    control(faulty, "/sandbox/sessions", seconds=None)
