"""What every test stands on."""

from __future__ import annotations

import pytest
from hypothesis import is_hypothesis_test, settings

from tests.support import idle

# One sandbox for all tests of a worker: a session's fixture is one only where it is known from one place.
from tests.support.sandbox import make_sandbox, sandbox

__all__ = ["make_sandbox", "sandbox"]

# The same examples at every run and on every machine; a test that needs more says so itself.
settings.register_profile("suite", max_examples=50, derandomize=True, deadline=None)
settings.load_profile("suite")

idle.install()


def unmeasured(item: pytest.Item) -> bool:
    """Whether a test runs without the coverage tracer, which makes it 2 to 4 times slower.

    A line counts as covered when an example that somebody wrote reaches it: generated ones are not measured, nor those
    that go through all there are (``no_cover``). A picture shows what a line looks like, and a journey drives a process
    of its own, which nobody measures.
    """
    return (
        item.get_closest_marker("no_cover") is not None
        or is_hypothesis_test(getattr(item, "obj", None))
        or "snap_compare" in getattr(item, "fixturenames", ())
        or item.path.parent.name == "journeys"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that share the sandbox run in one worker, so that one is started and not one a worker.

    The unmeasured ones come last: where the tracer has paused, threads that already run are measured no more.
    """
    for item in items:
        if "sandbox" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("sandbox"))
        if unmeasured(item):
            item.add_marker("no_cover")
    items.sort(key=lambda item: item.get_closest_marker("no_cover") is not None)
