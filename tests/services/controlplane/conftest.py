"""A served reference API with a small registry, and a plain HTTP client for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.api import serve_api
from tests.support.registry import small_registry


@pytest.fixture(scope="session")
def unchanged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """One server for all tests that change nothing; bears no token by itself."""
    with (
        serve_api(tmp_path_factory.mktemp("unchanged"), small_registry()) as address,
        httpx.Client(base_url=address, trust_env=False, timeout=10) as client,
    ):
        yield client


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    with serve_api(tmp_path, small_registry()) as address:
        yield address


@pytest.fixture
def http(address: str) -> Iterator[httpx.Client]:
    """Bears no token by itself."""
    with httpx.Client(base_url=address, trust_env=False, timeout=10) as client:
        yield client
