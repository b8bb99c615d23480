"""A served registry that the command line is pointed at."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.api import bearer, serve_api, token
from tests.support.registry import busy_registry


@pytest.fixture
def api(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[httpx.Client]:
    """The server behind the settings, asked by hand; the command bears an operator's token."""
    for name in [name for name in os.environ if name.startswith("TENURE_")]:
        monkeypatch.delenv(name)
    with (
        serve_api(tmp_path, busy_registry()) as address,
        httpx.Client(base_url=address, headers=bearer("operator"), trust_env=False) as client,
    ):
        monkeypatch.setenv("TENURE_CONFIG", os.devnull)
        monkeypatch.setenv("TENURE_API_URL", address)
        monkeypatch.setenv("TENURE_API_TOKEN", token("operator"))
        yield client
