from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.aws.collect.base import Place
from services.aws.collect.instances import INSTANCES
from services.aws.core import read_time
from services.aws.fanout import observe
from services.aws.session import AwsSession, AwsSettings, WrongAccountError
from services.model import Outcome
from tests.services.aws.rds_server import RdsServer, Reply, Script, error, instances
from tests.services.aws.sts_replies import assumed, caller

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HERE = Place("111122223333", "eu-central-1")
ROLE = "arn:aws:iam::{account}:role/tenure-read"
Start = Callable[[Script], RdsServer]
Make = Callable[..., AwsSession]


def test_importing_the_session_does_not_import_boto3() -> None:
    """The console's start pays nothing for AWS until the first call."""
    code = (
        "import sys, services.aws.session, services.aws.fanout, services.aws.collect.instances; "
        "sys.exit('boto3' in sys.modules or 'botocore' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_role_template_without_a_place_for_the_account_is_refused() -> None:
    """One role for all accounts would read one account under many names."""
    with pytest.raises(ValueError, match=r"\{account\}"):
        AwsSettings(role_arn="arn:aws:iam::111122223333:role/x")


def test_each_account_is_reached_by_its_own_role_once(rds: Start, session_for: Make) -> None:
    """AssumeRole is asked once an account, with the role, the external id and an hour, and its key signs the calls."""

    def script(action: str, asked: dict[str, str], region: str) -> Reply:
        return assumed() if action == "AssumeRole" else instances("orders")

    server = rds(script)
    session = session_for(server.url, role_arn=ROLE, external_id="tenure-17")
    places = [HERE, Place("111122223333", "me-central-1"), Place("444455556666", "eu-central-1")]
    for place in places:
        assert (
            observe(INSTANCES.call(session, place), now=lambda: NOW, cancel=threading.Event()).outcome is Outcome.SEEN
        )
    asked = [parameters for action, parameters in server.requests if action == "AssumeRole"]
    assert [it["RoleArn"] for it in asked] == [
        "arn:aws:iam::111122223333:role/tenure-read",
        "arn:aws:iam::444455556666:role/tenure-read",
    ]
    assert {(it["ExternalId"], it["DurationSeconds"]) for it in asked} == {("tenure-17", "3600")}


def test_a_client_is_made_once_though_many_threads_ask(rds: Start, session_for: Make) -> None:
    """Clients are kept per service, account and region."""
    session = session_for(rds(lambda *_: assumed()).url, role_arn=ROLE)
    found: list[object] = []
    threads = [
        threading.Thread(target=lambda: found.append(session.client("rds", HERE.account, HERE.region)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(map(id, found))) == 1
    assert session.client("rds", HERE.account, "us-east-1") is not found[0]


def test_without_a_role_only_the_credentials_own_account_is_read(rds: Start, session_for: Make) -> None:
    """No answer is taken for that of an account which it does not come from."""

    def script(action: str, asked: dict[str, str], region: str) -> Reply:
        return caller() if action == "GetCallerIdentity" else instances("orders")

    session = session_for(rds(script).url)
    assert observe(INSTANCES.call(session, HERE), now=lambda: NOW, cancel=threading.Event()).outcome is Outcome.SEEN
    other = Place("444455556666", "eu-central-1")
    seen = observe(INSTANCES.call(session, other), now=lambda: NOW, cancel=threading.Event())
    assert seen.outcome is Outcome.DENIED
    assert "444455556666" in (seen.error or "")
    with pytest.raises(WrongAccountError):
        session.client("rds", other.account, other.region)


def test_identity_names_the_principal(rds: Start, session_for: Make) -> None:
    """Who is looking is what STS says; static credentials have no end."""
    identity = session_for(rds(lambda *_: caller()).url).identity()
    assert identity.aws_arn == "arn:aws:sts::111122223333:assumed-role/ops/olga"
    assert identity.expires_at is None


def test_identity_tells_when_the_credentials_end(
    rds: Start, session_for: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exported credentials that bear their expiry show it, in UTC and on the reader's own clock."""
    monkeypatch.setenv("AWS_SESSION_TOKEN", "t")
    monkeypatch.setenv("AWS_CREDENTIAL_EXPIRATION", "2099-01-01T02:00:00+01:00")
    session = session_for(rds(lambda *_: caller()).url)
    assert session.identity().expires_at == datetime(2099, 1, 1, 1, tzinfo=UTC)
    session.settings = replace(session.settings, clock_offset=timedelta(days=1))
    assert session.identity().expires_at == datetime(2099, 1, 2, 1, tzinfo=UTC)


def test_a_refused_role_is_denied_and_asked_once_by_all_who_wait(rds: Start, session_for: Make) -> None:
    """Calls that waited for the same role share its refusal, and say which call it was."""

    def script(action: str, asked: dict[str, str], region: str) -> Reply:
        return error("AccessDenied", "not authorized to perform: sts:AssumeRole", 403)

    server = rds(script)
    session = session_for(server.url, role_arn=ROLE)
    for region in ("eu-central-1", "us-east-1", "eu-west-1"):
        call = INSTANCES.call(session, Place("111122223333", region))
        seen = observe(call, now=lambda: NOW, cancel=threading.Event())
        assert seen.outcome is Outcome.DENIED
        assert (seen.error or "").startswith("AssumeRole: AccessDenied")
    assert [action for action, _ in server.requests] == ["AssumeRole"]


def test_no_secret_shows(rds: Start, session_for: Make, caplog: pytest.LogCaptureFixture) -> None:
    """Neither repr, nor errors, nor our log bear a key, a token or the external id."""

    def script(action: str, asked: dict[str, str], region: str) -> Reply:
        return assumed() if action == "AssumeRole" else error("ExpiredToken", "The security token is expired", 403)

    caplog.set_level(logging.INFO)
    session = session_for(rds(script).url, role_arn=ROLE, external_id="tenure-17")
    seen = observe(INSTANCES.call(session, HERE), now=lambda: NOW, cancel=threading.Event())
    assert seen.outcome is Outcome.DENIED
    shown = " ".join([repr(session), repr(session.settings), repr(seen), caplog.text])
    for secret in ("a-very-secret-key", "assumed-secret", "assumed-token", "tenure-17"):
        assert secret not in shown


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-23T12:00:00Z",
        "2026-11-23T12:00:00.000Z",
        "2026-11-23T13:00:00+01:00",
        "Mon, 23 Nov 2026 12:00:00 GMT",
        "1795435200",
        1795435200,
        1795435200.0,
        "20261123T120000Z",
        "2026-11-23T12:00:00",
    ],
)
def test_instants_are_read_in_every_form_that_services_use(written: object) -> None:
    """With a zone, always; the same instant."""
    assert read_time(written) == NOW


def test_what_is_no_instant_is_an_error() -> None:
    """As botocore has it: the answer then fails."""
    with pytest.raises(ValueError, match="yesterday"):
        read_time("yesterday")
