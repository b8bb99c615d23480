from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from services.aws.collect.base import Place
from services.aws.collect.instances import INSTANCES
from services.aws.errors import LONGEST
from services.aws.facts import DatabaseInstance
from services.aws.fanout import fan_out, observe
from services.aws.session import AwsSession
from services.model import Observation, Outcome
from tests.services.aws.rds_server import NAMESPACE, RdsServer, Reply, Script, error, instance, instances, ok
from tests.services.aws.sts_replies import assumed

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HERE = Place("111122223333", "eu-central-1")
ROLE = "arn:aws:iam::{account}:role/tenure-read"
Start = Callable[[Script], RdsServer]
Make = Callable[..., AwsSession]


def ask(server: RdsServer, make: Make, **settings: object) -> Observation[tuple[DatabaseInstance, ...]]:
    session = make(server.url, role_arn=ROLE, **settings)
    return observe(INSTANCES.call(session, HERE), now=lambda: NOW, cancel=threading.Event())


def answering(reply: Reply) -> Script:
    return lambda action, asked, region: assumed() if action == "AssumeRole" else reply


FAULTS = [
    pytest.param(error("AccessDenied", "not authorized", 403), Outcome.DENIED, "AccessDenied", id="denied"),
    pytest.param(error("UnauthorizedOperation", "no", 403), Outcome.DENIED, "Unauthorized", id="unauthorized"),
    pytest.param(error("ExpiredToken", "expired", 403), Outcome.DENIED, "ExpiredToken", id="expired"),
    pytest.param(error("InvalidClientTokenId", "invalid", 403), Outcome.DENIED, "InvalidClient", id="invalid-token"),
    pytest.param(error("SomethingNew", "no", 403), Outcome.DENIED, "SomethingNew", id="forbidden"),
    pytest.param(error("Throttling", "Rate exceeded"), Outcome.THROTTLED, "Rate exceeded", id="throttled"),
    pytest.param(error("SlowYouDown", "slow", 429), Outcome.THROTTLED, "SlowYouDown", id="too-many"),
    pytest.param(error("InternalFailure", "oops", 500), Outcome.FAILED, "InternalFailure", id="internal"),
    pytest.param(Reply("<html>bad gateway</html>", 502), Outcome.FAILED, "502", id="gateway"),
    pytest.param(Reply("not xml at all <<<"), Outcome.FAILED, "ResponseParserError", id="garbage"),
    pytest.param(Reply("<html><body>Log in</body></html>"), Outcome.FAILED, "Error", id="captive-portal"),
    pytest.param(Reply(""), Outcome.FAILED, "", id="empty-body"),
    pytest.param(ok("DescribeDBInstances", ""), Outcome.FAILED, "no DBInstances", id="no-list"),
]


@pytest.mark.parametrize(("reply", "outcome", "words"), FAULTS)
def test_a_fault_is_its_outcome_and_never_an_absence(
    reply: Reply, outcome: Outcome, words: str, rds: Start, session_for: Make
) -> None:
    """Each way not to answer is told by outcome and words, and brings no value."""
    seen = ask(rds(answering(reply)), session_for)
    assert (seen.outcome, seen.value) == (outcome, None)
    assert words in (seen.error or "")
    assert seen.error
    assert seen.latency_ms is not None


def test_an_empty_list_is_an_answer(rds: Start, session_for: Make) -> None:
    """No databases, said by RDS, is not the same as RDS saying nothing."""
    seen = ask(rds(answering(instances())), session_for)
    assert (seen.outcome, seen.value) == (Outcome.EMPTY, ())
    assert seen.request_id == "req-1"


def test_all_pages_are_read(rds: Start, session_for: Make) -> None:
    """The list is that of all pages, in their order."""

    def script(action: str, asked: dict[str, str], region: str) -> Reply:
        if action == "AssumeRole":
            return assumed()
        return instances("c") if asked.get("Marker") == "2" else instances("a", "b", marker="2")

    seen = ask(rds(script), session_for)
    assert [it.identifier for it in seen.value or ()] == ["a", "b", "c"]


def test_a_page_that_fails_fails_the_list(rds: Start, session_for: Make) -> None:
    """A part of a list is no answer."""

    def script(action: str, asked: dict[str, str], region: str) -> Reply:
        if action == "AssumeRole":
            return assumed()
        return error("AccessDenied", "no", 403) if "Marker" in asked else instances("a", "b", marker="2")

    seen = ask(rds(script), session_for)
    assert (seen.outcome, seen.value) == (Outcome.DENIED, None)


def test_pages_that_never_end_fail(rds: Start, session_for: Make) -> None:
    """A marker that leads back to itself is found out."""
    seen = ask(rds(answering(instances("a", marker="same"))), session_for)
    assert (seen.outcome, seen.value) == (Outcome.FAILED, None)


@pytest.mark.parametrize("member", ["DBInstanceArn", "DBInstanceIdentifier", "DbiResourceId"])
def test_a_record_that_cannot_be_told_apart_fails_the_list_by_name(member: str, rds: Start, session_for: Make) -> None:
    """No record is skipped in silence: the error says which one lacks what."""
    body = f"<DBInstances>{instance('a')}{instance('b', without=member)}</DBInstances>"
    seen = ask(rds(answering(ok("DescribeDBInstances", body))), session_for)
    assert (seen.outcome, seen.value) == (Outcome.FAILED, None)
    assert "record 1" in (seen.error or "")
    assert member in (seen.error or "")


def test_a_long_error_is_cut(rds: Start, session_for: Make) -> None:
    """A service's message has a bounded length here."""
    seen = ask(rds(answering(error("AccessDenied", "x" * 9000, 403))), session_for)
    assert len(seen.error or "") == LONGEST


def test_retries_are_counted(rds: Start, session_for: Make) -> None:
    """The standard mode tries again, and the observation tells how often."""
    replies = iter([error("InternalFailure", "oops", 500), instances("a")])

    def script(action: str, asked: dict[str, str], region: str) -> Reply:
        return assumed() if action == "AssumeRole" else next(replies)

    seen = ask(rds(script), session_for, max_attempts=3)
    assert (seen.outcome, seen.retries) == (Outcome.SEEN, 1)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """botocore waits a random time before it tries again; here none."""
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0)


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize(
    ("replies", "asked", "words"),
    [
        ([Reply(hang=True)] * 3, 2, "ReadTimeoutError"),
        ([error("InternalFailure", "oops", 500), Reply(hang=True), instances("a")], 2, "ReadTimeoutError"),
        ([error("InternalFailure", "oops", 500)] * 3, 3, "InternalFailure"),
        ([error("Throttling", "Rate exceeded")] * 3, 3, "Rate exceeded"),
    ],
    ids=["silent", "then-silent", "failing", "throttled"],
)
def test_silence_is_tried_twice_and_an_error_thrice(
    replies: list[Reply], asked: int, words: str, rds: Start, session_for: Make
) -> None:
    """Each silent attempt costs the whole time-out, so the third is not made; an error that came back costs little."""
    left = iter(replies)

    def script(action: str, asked: dict[str, str], region: str) -> Reply:
        return assumed() if action == "AssumeRole" else next(left)

    server = rds(script)
    seen = ask(server, session_for, max_attempts=3, read_timeout_s=0.2)
    assert seen.outcome in {Outcome.FAILED, Outcome.THROTTLED}
    assert words in (seen.error or "")
    assert sum(action != "AssumeRole" for action, _ in server.requests) == asked


@pytest.mark.usefixtures("at_once")
def test_one_silent_attempt_is_made_good(rds: Start, session_for: Make) -> None:
    """The second attempt is answered, and the observation tells that there was a first."""
    replies = iter([Reply(hang=True), instances("a")])

    def script(action: str, asked: dict[str, str], region: str) -> Reply:
        return assumed() if action == "AssumeRole" else next(replies)

    seen = ask(rds(script), session_for, max_attempts=3, read_timeout_s=0.2)
    assert (seen.outcome, seen.retries) == (Outcome.SEEN, 1)


def test_nobody_listening_is_a_failure(session_for: Make, rds: Start) -> None:
    """A closed port is a failed call, told by its endpoint."""
    server = rds(answering(instances()))
    session = session_for(server.url, role_arn=ROLE)
    server.close()
    seen = observe(INSTANCES.call(session, HERE), now=lambda: NOW, cancel=threading.Event())
    assert (seen.outcome, seen.value) == (Outcome.FAILED, None)


def test_a_read_that_hangs_fails_by_its_timeout_and_holds_no_other(rds: Start, session_for: Make) -> None:
    """One region is silent: the other is answered first, and the silent one fails in its time."""

    def script(action: str, asked: dict[str, str], region: str) -> Reply:
        if action == "AssumeRole":
            return assumed()
        return Reply(hang=True) if region == "me-central-1" else instances("orders")

    session = session_for(rds(script).url, role_arn=ROLE, read_timeout_s=0.5)
    places = [Place("111122223333", region) for region in ("me-central-1", "eu-central-1")]
    calls: list[Any] = [INSTANCES.call(session, place) for place in places]
    seen = list(fan_out(calls, cancel=threading.Event(), limit=4, now=lambda: NOW))
    assert [(it.source.region, it.outcome) for it in seen] == [
        ("eu-central-1", Outcome.SEEN),
        ("me-central-1", Outcome.FAILED),
    ]
    assert "ReadTimeout" in (seen[1].error or "")


def test_the_namespace_of_the_script_is_that_of_botocore() -> None:
    """The scripted answers are parsed by AWS's own model, of the API version that boto3 speaks."""
    from botocore.session import Session

    assert Session().get_service_model("rds").api_version in NAMESPACE
