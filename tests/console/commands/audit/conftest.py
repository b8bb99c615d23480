"""A served registry with a log of some length, and its database, to be tampered with."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from tests.support.api import AT, Registry, bearer, serve_api, token
from tests.support.registry import entry

ENTRIES = 2500
"""More than two pages."""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "registry.db"


@pytest.fixture
def api(database: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[httpx.Client]:
    """The server behind the settings, asked by hand; the command bears a viewer's token."""
    for name in [name for name in os.environ if name.startswith("TENURE_")]:
        monkeypatch.delenv(name)
    entries = [entry(f"e{number}", AT + timedelta(seconds=number)) for number in range(1, ENTRIES + 1)]
    with (
        serve_api(database.parent, Registry(audit=entries)) as address,
        httpx.Client(base_url=address, headers=bearer("worker"), trust_env=False) as client,
    ):
        monkeypatch.setenv("TENURE_CONFIG", os.devnull)
        monkeypatch.setenv("TENURE_API_URL", address)
        monkeypatch.setenv("TENURE_API_TOKEN", token("viewer"))
        yield client
