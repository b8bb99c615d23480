"""``tenure notify`` as cron runs it: a real process on the sandbox, a real receiver, and SNS as moto has it."""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.services.telling.things import Receiver, receiving
from tests.support import cli
from tests.support.cli import tenure
from tests.support.sandbox import RunningSandbox

SECRET = "correct horse battery"


def environment(sandbox: RunningSandbox, **more: str) -> dict[str, str]:
    return {**sandbox.environment, "TENURE_NOTIFY_SECRET": SECRET, **more}


def items(receiver: Receiver) -> list[dict[str, Any]]:
    return [item for request in receiver.got for item in json.loads(request.body)["items"]]


def due(sandbox: RunningSandbox, home: Path) -> set[tuple[str | None, str, str]]:
    """What ``tenure due`` has of the statuses that are told."""
    rows = json.loads(tenure("due", "-o", "json", home=home, env=sandbox.environment).stdout)
    return {
        (row["tenant"], row["figure"], row["status"]) for row in rows if row["status"] in ("due", "at-risk", "breached")
    }


def told(found: list[dict[str, Any]]) -> set[tuple[str | None, str, str]]:
    return {(item["tenant"], item["figure"], item["status"]) for item in found}


def test_cron_tells_each_item_once(sandbox: RunningSandbox, tmp_path: Path) -> None:
    """All that is due at first, signed; nothing at the next run; the state is where XDG has it, for its owner alone."""
    with receiving() as receiver:
        env = environment(sandbox, TENURE_NOTIFY_WEBHOOK=receiver.url)
        first = tenure("notify", "--once", home=tmp_path, env=env)
        count = len(receiver.got)
        again = tenure("notify", "--once", home=tmp_path, env=env)
    assert (first.returncode, first.stdout) == (0, ""), first.stderr
    assert told(items(receiver)) == due(sandbox, tmp_path)
    assert count == len(receiver.got) > 1
    assert "0 new, 0 messages delivered" in again.stderr
    for request in receiver.got:
        parts = dict(part.split("=", 1) for part in request.headers["Tenure-Signature"].split(","))
        signed = parts["t"].encode() + b"." + request.body
        assert parts["v1"] == hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    state = tmp_path / ".local" / "state" / "tenure" / "notify-default.json"
    assert state.stat().st_mode & 0o777 == 0o600
    assert "hush" not in state.read_text() + first.stderr + again.stderr
    assert SECRET not in state.read_text() + first.stderr


def test_what_is_not_taken_is_sent_again_the_next_time_under_the_same_id(
    sandbox: RunningSandbox, tmp_path: Path
) -> None:
    """The run says so and exits 4; nothing is told twice under two ids."""
    words = ("notify", "--once", "area=exports", "--state", str(tmp_path / "state.json"))
    with receiving(401) as receiver:
        env = environment(sandbox)
        first = tenure(*words, "--webhook", receiver.url, home=tmp_path, env=env)
        second = tenure(*words, "--webhook", receiver.url, home=tmp_path, env=env)
    assert first.returncode == 4
    assert "answered 401" in first.stderr
    assert "hush" not in first.stderr
    assert second.returncode == 0, second.stderr
    refused, taken = receiver.got
    assert (refused.headers["Tenure-Id"], refused.body) == (taken.headers["Tenure-Id"], taken.body)
    assert {item["area"] for item in json.loads(taken.body)["items"]} == {"exports"}


def test_a_topic_gets_it_into_a_queue(make_sandbox: Callable[..., RunningSandbox], tmp_path: Path) -> None:
    """SNS hands the message to SQS with its id and its worst status, and a subject that people read."""
    import boto3

    sandbox = make_sandbox("--tenants", "36")
    session = boto3.Session(sandbox.aws_access_key_id, sandbox.aws_secret_access_key, region_name=sandbox.regions[0])
    sns: Any = session.client("sns", endpoint_url=sandbox.aws_endpoint_url)
    sqs: Any = session.client("sqs", endpoint_url=sandbox.aws_endpoint_url)
    topic = sns.create_topic(Name="tenure-due")["TopicArn"]
    queue = sqs.create_queue(QueueName="pager")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    done = tenure("notify", "--once", "area=retention", "--topic", topic, home=tmp_path, env=environment(sandbox))
    assert done.returncode == 0, done.stderr
    envelopes = []
    while found := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
        envelopes += [json.loads(it["Body"]) for it in found]
        for it in found:
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=it["ReceiptHandle"])
    assert envelopes
    for envelope in envelopes:
        body = json.loads(envelope["Message"])
        assert envelope["MessageAttributes"]["id"]["Value"] == body["id"]
        assert envelope["MessageAttributes"]["status"]["Value"] in {item["status"] for item in body["items"]}
        assert envelope["Subject"] == body["text"].splitlines()[0]
    sent = [item for envelope in envelopes for item in json.loads(envelope["Message"])["items"]]
    assert {item["area"] for item in sent} == {"retention"}
    gone = topic.replace("tenure-due", "nobody")
    words = ("notify", "--once", "area=retention", "--topic", gone, "--state", str(tmp_path / "other.json"))
    refused = tenure(*words, home=tmp_path, env=environment(sandbox))
    assert refused.returncode == 4
    assert "NotFound" in refused.stderr


def test_a_source_that_fails_makes_no_news_and_an_exit_code(faulty: RunningSandbox, tmp_path: Path) -> None:
    """What was told is not told again when it is back."""
    with receiving() as receiver:
        env = environment(faulty, TENURE_NOTIFY_WEBHOOK=receiver.url)
        assert tenure("notify", "--once", home=tmp_path, env=env).returncode == 0
        before = len(receiver.got)
        faulty.set_faults("down:rds")
        during = tenure("notify", "--once", home=tmp_path, env=env)
        faulty.set_faults()
        after = tenure("notify", "--once", home=tmp_path, env=env)
    assert during.returncode == 3
    assert after.returncode == 0
    assert "0 new" in after.stderr
    assert len(receiver.got) == before


def test_without_once_it_stays_until_it_is_interrupted(sandbox: RunningSandbox, tmp_path: Path) -> None:
    """It tells what is due, waits for the next look, and ends as an interrupted program does."""
    with receiving() as receiver:
        env = cli.environment(tmp_path, environment(sandbox, TENURE_NOTIFY_WEBHOOK=receiver.url))
        process = subprocess.Popen(
            cli.command("notify", "area=retention", "--every", "1h"), env=env, stderr=subprocess.PIPE, text=True
        )
        assert process.stderr is not None
        line = process.stderr.readline()
        assert process.poll() is None
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130
        process.stderr.close()
    assert line.endswith("messages delivered\n")
    assert receiver.got


@pytest.mark.parametrize(
    ("words", "env", "said"),
    [
        ([], {}, "whom to tell?"),
        (["--webhook", "https://example.org/hush-hush"], {"TENURE_NOTIFY_SECRET": ""}, "set TENURE_NOTIFY_SECRET"),
        (["--webhook", "https://example.org/hush-hush"], {"TENURE_NOTIFY_SECRET": "short"}, "too short"),
        (["--webhook", "http://example.org/hush-hush"], {}, "begins with https://"),
        (["--topic", "tenure-due"], {}, "arn:aws:sns"),
        (["--topic", "arn:aws:sns:eu-central-1:111122223333:t", "--every", "1s"], {}, "--every"),
        (["teir=public", "--topic", "arn:aws:sns:eu-central-1:111122223333:t"], {}, "teir"),
    ],
)
def test_what_cannot_be_told_is_said_before_anybody_is_asked(
    words: list[str], env: dict[str, str], said: str, tmp_path: Path
) -> None:
    """Exit code 2, and neither address nor secret in it."""
    given = {"TENURE_API_URL": "http://127.0.0.1:1", "TENURE_API_TOKEN": "t", "TENURE_NOTIFY_SECRET": SECRET, **env}
    done = tenure("notify", "--once", *words, home=tmp_path, env=given)
    assert done.returncode == 2
    assert said in done.stderr
    assert "hush" not in done.stderr
    assert not (tmp_path / ".local").exists()


def test_two_at_a_time_do_not_tell_the_same(tmp_path: Path) -> None:
    """Cron's next run before this one has ended: it says so and ends."""
    state = tmp_path / "state.json"
    lock = os.open(tmp_path / ".state.json.lock", os.O_RDWR | os.O_CREAT)
    fcntl.flock(lock, fcntl.LOCK_EX)
    given = {"TENURE_API_URL": "http://127.0.0.1:1", "TENURE_API_TOKEN": "t", "TENURE_NOTIFY_SECRET": SECRET}
    words = ("notify", "--once", "--webhook", "http://localhost:1/", "--state", str(state))
    done = tenure(*words, home=tmp_path, env=given)
    os.close(lock)
    assert done.returncode == 4
    assert "another tenure notify is at work" in done.stderr
