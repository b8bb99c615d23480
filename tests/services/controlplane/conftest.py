"""A served reference API with a small registry, and a plain HTTP client for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.api import serve_api
from tests.support.postgres import DATABASES, url_of
from tests.support.registry import small_registry


@pytest.fixture(scope="session", params=DATABASES)
def unchanged(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """One server a database for all tests that change nothing; bears no token by itself."""
    folder = tmp_path_factory.mktemp("unchanged")
    with (
        serve_api(folder, small_registry(), url=url_of(request, request.param, folder)) as address,
        httpx.Client(base_url=address, trust_env=False, timeout=10) as client,
    ):
        yield client


@pytest.fixture(params=DATABASES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of the test's own, on SQLite and on PostgreSQL."""
    return url_of(request, request.param, tmp_path)


@pytest.fixture
def address(url: str, tmp_path: Path) -> Iterator[str]:
    with serve_api(tmp_path, small_registry(), url=url) as address:
        yield address


@pytest.fixture
def http(address: str) -> Iterator[httpx.Client]:
    """Bears no token by itself."""
    with httpx.Client(base_url=address, trust_env=False, timeout=10) as client:
        yield client
