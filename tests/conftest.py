"""What every test stands on."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

# Textual reads these when it is imported, so they are set before any test module is.
for name in [
    name
    for name in os.environ
    if (name.startswith("TEXTUAL_") and not name.startswith("TEXTUAL_SNAPSHOT_"))
    or name in {"NO_COLOR", "UNICODE_VERSION"}
]:
    del os.environ[name]
os.environ["TEXTUAL_ANIMATIONS"] = "none"

# The same examples at every run and on every machine; a test that needs more says so itself.
settings.register_profile("suite", max_examples=50, derandomize=True, deadline=None)
settings.load_profile("suite")

# One sandbox for all tests of a worker: a session's fixture is one only where it is known from one place.
from tests.support.sandbox import make_sandbox, sandbox  # noqa: E402

__all__ = ["make_sandbox", "sandbox"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that share the sandbox run in one worker, so that one is started and not one a worker."""
    for item in items:
        if "sandbox" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("sandbox"))
