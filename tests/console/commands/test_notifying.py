"""``tenure serve --notify``: what ``tenure notify`` does, beside serving, once for all servers of a database."""

from __future__ import annotations

import json
import os
import signal
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from console.commands.serve.run import serve
from console.errors import UsageError
from console.notifying import Notifying
from services.controlplane.chores import ChoreFailedError, Turn
from tests.console.commands.test_notify import SECRET, due, environment, items, told
from tests.console.commands.test_serve import running
from tests.services.telling.things import receiving
from tests.support.api import AT
from tests.support.sandbox import RunningSandbox, wait_for


@pytest.fixture
def settings(sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """This process has the settings of a console of the sandbox, and the secret."""
    for name in os.environ.keys() & {"TENURE_NOTIFY_WEBHOOK", "TENURE_NOTIFY_TOPIC"}:
        monkeypatch.delenv(name)
    for name, value in environment(sandbox).items():
        monkeypatch.setenv(name, value)


@pytest.mark.processes
def test_of_two_servers_one_tells_each_item_once(sandbox: RunningSandbox, settings: None, tmp_path: Path) -> None:
    """All that is due, signed, once; both say when. Ended, both end well, and no log has address or secret."""
    with receiving() as receiver, ExitStack() as stack:
        words = ("--no-worker", "--notify", "--notify-webhook", receiver.url, "--notify-every", "1h")
        servers = [stack.enter_context(running(tmp_path / "registry.db", *words)) for _ in range(2)]

        def chores() -> list[dict[str, Any]]:
            return [httpx.get(f"{it}/readyz", trust_env=False).json()["chores"].get("notify", {}) for it, _ in servers]

        assert wait_for(lambda: all(it.get("done_at") for it in chores()), 60)
        assert [it["failed"] for it in chores()] == [False, False]
        logs = []
        for _, process in servers:
            process.send_signal(signal.SIGTERM)
            logs.append(process.communicate(timeout=20)[1])
            assert process.returncode in (0, -signal.SIGTERM, 128 + signal.SIGTERM)
        found = items(receiver)
        assert told(found) == due(sandbox, tmp_path) != set()
        assert len(found) == len(told(found))
    assert sum("messages delivered" in it for it in logs) == 1
    for log in logs:
        assert SECRET not in log
        assert "hush" not in log


def turn(kept: list[str], over: threading.Event | None = None) -> Turn:
    return Turn(lambda: AT, "one", kept[-1] if kept else None, kept.append, over or threading.Event())


def test_what_is_not_taken_is_a_failure_and_is_sent_again_under_the_same_id(settings: None) -> None:
    """Kept before it is sent; the next turn, of whichever server, delivers it, and has nothing new to tell."""
    kept: list[str] = []
    with receiving(401) as receiver:
        notifying = Notifying(wanted=True, webhook=receiver.url, topic=None, every="5m", filter="area=exports")
        with pytest.raises(ChoreFailedError, match="answered 401") as failed:
            notifying.tell(turn(kept))
        notifying.tell(turn(kept))
        notifying.tell(turn(kept))
    refused, taken = receiver.got
    assert (refused.headers["Tenure-Id"], refused.body) == (taken.headers["Tenure-Id"], taken.body)
    assert {it["area"] for it in json.loads(taken.body)["items"]} == {"exports"}
    assert json.loads(kept[-1])["outbox"] == []
    assert "hush" not in f"{failed.value}{notifying}{kept}"
    assert SECRET not in f"{failed.value}{notifying}{kept}"


def test_what_is_not_known_is_a_failure_and_no_news(faulty: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """While AWS is down; and a turn that is over tells nobody anything."""
    for name, value in environment(faulty).items():
        monkeypatch.setenv(name, value)
    kept: list[str] = []
    over = threading.Event()
    over.set()
    with receiving() as receiver:
        notifying = Notifying(wanted=True, webhook=receiver.url, topic=None, every="5m", filter="area=recovery")
        with pytest.raises(ChoreFailedError, match="the server ends"):
            notifying.tell(turn(kept, over))
        assert (kept, receiver.got) == ([], [])
        faulty.set_faults("down:rds")
        with pytest.raises(ChoreFailedError, match="not all sources answered"):
            notifying.tell(turn(kept))
        before = {it["figure"] for it in items(receiver)}
        faulty.set_faults()
        notifying.tell(turn(kept))
        assert {it["figure"] for it in items(receiver)} > before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"notify": True}, "--notify-webhook URL or --notify-topic"),
        ({"notify_topic": "arn:aws:sns:eu-central-1:111122223333:due"}, "go with --notify"),
        ({"notify": True, "notify_topic": "due"}, "the topic is an ARN"),
        ({"notify": True, "notify_webhook": "http://example.net/hush"}, "begins with https"),
        ({"notify": True, "notify_webhook": "https://example.net", "notify_every": "29s"}, "--notify-every"),
        ({"notify": True, "notify_webhook": "https://example.net", "notify_filter": "("}, "\\("),
    ],
)
def test_what_cannot_be_told_is_said_before_anything_is_served(
    settings: None, tmp_path: Path, words: dict[str, Any], said: str
) -> None:
    """Nobody to tell, half of it, what is no address, no interval or no filter; never the address itself."""
    with pytest.raises(UsageError, match=said) as refused:
        serve(database=str(tmp_path / "registry.db"), worker=False, **words)
    assert "hush" not in str(refused.value)
    assert not (tmp_path / "registry.db").exists()
