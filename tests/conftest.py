"""What every test stands on."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Callable

import pytest
from hypothesis import is_hypothesis_test, settings

from tests.support import idle
from tests.support.postgres import postgres

# One sandbox for all tests of a worker: a session's fixture is one only where it is known from one place.
from tests.support.sandbox import _breakable, faulty, make_sandbox, sandbox

__all__ = ["_breakable", "faulty", "make_sandbox", "postgres", "sandbox"]

# The same examples at every run and on every machine; a test that needs more says so itself.
settings.register_profile("suite", max_examples=50, derandomize=True, deadline=None)
settings.load_profile("suite")

idle.install()


def pytest_configure(config: pytest.Config) -> None:
    """Let a test say that it is not measured."""
    config.addinivalue_line("markers", "unmeasured: run without the coverage tracer, see tests/conftest.py")
    config.addinivalue_line("markers", "processes: waits for processes of its own, and so is begun before the others")


@pytest.hookimpl(tryfirst=True)  # xdist reads the groups in the same hook
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that share a sandbox run in one worker, so that one is started and not one a worker."""
    for item in items:
        for shared in {"faulty", "sandbox"} & {*getattr(item, "fixturenames", ())}:
            item.add_marker(pytest.mark.xdist_group(shared))
        if unmeasured(item):
            item.runtest = untraced(item.runtest)  # type: ignore[method-assign]  # see there
    items.sort(key=lambda item: not long(item))


def pytest_collection_finish() -> None:
    """Let the collector of garbage pass by what was collected and imported, which stays to the end."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def long(item: pytest.Item) -> bool:
    """Whether a test is begun before the others, which then fill the time that it waits and leave none at the end."""
    return (
        item.get_closest_marker("xdist_group") is not None
        or item.get_closest_marker("processes") is not None
        or item.path.parent.name == "journeys"
    )


def unmeasured(item: pytest.Item) -> bool:
    """Whether a test runs without the coverage tracer, which makes it 2 to 4 times slower.

    A line counts as covered when an example that somebody wrote reaches it: generated ones are not measured, nor those
    that go through all there are (``unmeasured``). A picture shows what a line looks like, and a journey drives a
    process of its own, which nobody measures.
    """
    return (
        item.get_closest_marker("unmeasured") is not None
        or is_hypothesis_test(getattr(item, "obj", None))
        or "snap_compare" in getattr(item, "fixturenames", ())
        or item.path.parent.name == "journeys"
    )


def untraced(run: Callable[[], None]) -> Callable[[], None]:
    """``run`` without the tracer of this thread, and of those that it starts.

    pytest-cov's ``no_cover`` leaves a tracer on in a worker of xdist, and a hook that yields does not help: Python 3.11
    keeps to the slow way of a traced frame in all that its caller calls.
    """

    def runtest() -> None:
        here, of_threads = sys.gettrace(), threading.gettrace()
        sys.settrace(None)
        threading.settrace(None)
        try:
            run()
        finally:
            sys.settrace(here)
            threading.settrace(of_threads)

    return runtest
