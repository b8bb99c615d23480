"""Who records: ``tenure serve`` and ``tenure worker`` where they have a role to ask with, unless told otherwise."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen

import pytest
from sqlalchemy import func, select

from console.serving import EXTERNAL_ID_VARIABLE, ROLE_VARIABLE, hands_of
from services.controlplane.sample_tables import leases, samples
from services.controlplane.store import Database
from services.sandbox.api import REGISTRY
from services.sandbox.options import WORKER_ROLE_ARN
from tests.support.cli import command, environment, tenure
from tests.support.sandbox import RunningSandbox, running_sandbox, wait_for

ROLE = "arn:aws:iam::{account}:role/worker"


@pytest.mark.parametrize(
    ("role", "record", "records"),
    [
        (None, None, False),
        (ROLE, None, True),
        (ROLE, False, False),
        (None, True, True),
    ],
)
def test_it_is_recorded_where_a_role_is_named_unless_told(
    monkeypatch: pytest.MonkeyPatch, role: str | None, record: bool | None, records: bool
) -> None:
    """Without a role AWS may be out of reach; whoever insists is taken at their word."""
    for name in (ROLE_VARIABLE, EXTERNAL_ID_VARIABLE):
        monkeypatch.delenv(name, raising=False)
    assert hands_of("one", role, record=record).record is records
    if role is not None:
        monkeypatch.setenv(ROLE_VARIABLE, role)
        assert hands_of("one", None, record=record).record is records


def test_a_server_without_a_worker_has_nobody_who_could_record(tmp_path: Path) -> None:
    """It says so, and does not start."""
    ended = tenure("serve", "--no-worker", "--record", "--database", str(tmp_path / "r.db"), home=tmp_path)
    assert ended.returncode == 2
    assert "--record" in ended.stderr
    assert not (tmp_path / "r.db").exists()


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RunningSandbox, Path]]:
    """A sandbox that does not record, and its database."""
    state = tmp_path_factory.mktemp("recording")
    with running_sandbox("--tenants", "36", "--state", str(state)) as running:
        yield running, state / REGISTRY


@pytest.mark.processes
@pytest.mark.xdist_group("recording")
def test_a_worker_of_its_own_records_and_leaves_the_lease_when_it_is_ended(
    fleet: tuple[RunningSandbox, Path], tmp_path: Path
) -> None:
    """Beside the server, on its database; asked to end it ends well, and another could record at once."""
    sandbox, path = fleet
    words = command("worker", "--database", str(path), "--name", "beside", "--worker-role", WORKER_ROLE_ARN)
    env = environment(tmp_path, sandbox.environment)
    with closing(Database(f"sqlite:///{path}")) as database:

        def count(what: object) -> int:
            with database.read() as connection:
                return connection.execute(select(func.count()).select_from(what)).scalar_one()  # type: ignore[arg-type]

        with Popen(words, env=env, stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE, text=True) as worker:
            try:
                assert wait_for(lambda: count(samples) > 0, 60)
                assert count(leases) == 1
            finally:
                worker.send_signal(signal.SIGTERM)
            _, said = worker.communicate(timeout=30)
        assert worker.returncode == 0, said
        assert "worker beside takes orders and records" in said
        assert count(leases) == 0
