"""The worker's rhythm: it looks for the next order when one has ended, and disturbs no request while it starts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from services.controlplane.carrying.worker import Worker
from tests.services.controlplane.carrying.hands import KEY, bench, renaming
from tests.support.cli import ROOT


@pytest.mark.parametrize("fails", [False, True])
def test_it_looks_again_when_an_order_has_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: bool) -> None:
    """Where as many orders are under way as may be, the next does not wait for the worker's own look."""
    one = bench(tmp_path, renaming(1, "New", before="Northwind"))
    worker = Worker(one.crew, one.url)

    def steps(_: Any, key: str) -> str:
        assert not worker._wake.is_set()
        if fails:
            raise ValueError(key)
        return "done"

    monkeypatch.setattr(worker, "_steps", steps)
    worker._running.add(KEY)
    if fails:
        with pytest.raises(ValueError, match=KEY):
            worker._carry_out(KEY)
    else:
        worker._carry_out(KEY)
    assert worker._wake.is_set()
    assert not worker._running


def test_what_queries_stand_on_is_whole_before_its_thread_starts() -> None:
    """SQLAlchemy's ORM, which DBOS loads, is asked about by every query as soon as it is loaded in part; loaded on the
    worker's thread, it failed the requests of the server's first second."""
    told = "import services.controlplane.carrying.worker, sys; print('sqlalchemy.orm.exc' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == "True\n"
