"""Exit codes of processes that several threads wait for."""

from __future__ import annotations

import multiprocessing
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.born import exit_code, start

CODES = range(1, 41)


def life(code: int) -> int | None:
    process = multiprocessing.get_context("forkserver").Process(target=sys.exit, args=(code,))
    start(process)
    return exit_code(process, 30)


@pytest.mark.processes
@pytest.mark.unmeasured
def test_each_thread_is_told_how_its_own_child_ended() -> None:
    """Eight threads start forty children, and none takes another's code away."""
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(life, CODES)) == list(CODES)
