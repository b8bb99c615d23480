"""Where the base credentials come from, by profiles, and that none of them owns the terminal."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from services.model import Renewal
from tests.services.aws.credentials.operator import Desk, Hurried, read

PRINTS = """
import json, os, sys
assert sys.stdin.read() == ""
assert os.getsid(0) == os.getpid()
print("look at me", file=sys.stderr)
print(json.dumps({"Version": 1, "AccessKeyId": %r, "SecretAccessKey": "x"}))
"""


def of_the_desk(desk: Desk, sections: str) -> None:
    common = f"region = us-east-1\nendpoint_url = {desk.running.aws_endpoint_url}\n"
    desk.configure(sections.replace("COMMON\n", common))


def test_a_chain_of_roles_from_kept_keys(desk: Desk) -> None:
    """Through ``source_profile``, and on to the account's role; all of it renews itself."""
    session = desk.session("public")
    assert read(session, "444455556666")["DBInstances"]
    assert "assumed-role/tenure-read" in (session.identity().aws_arn or "")
    base, account = session.credentials()
    assert (base.renewal, account.renewal, account.name) == (Renewal.ITSELF, Renewal.ITSELF, "444455556666")
    assert base.expires_at is not None


def test_a_role_from_keys_of_the_environment(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """``credential_source`` names one of botocore's own sources."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", desk.running.aws_access_key_id)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    role = "role_arn = arn:aws:iam::111122223333:role/tenure-read\ncredential_source = Environment\n"
    of_the_desk(desk, f"[profile p]\nCOMMON\n{role}")
    assert read(desk.session("p"))["DBInstances"]


@pytest.mark.processes
def test_a_credential_process_has_no_terminal(desk: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    """It runs in a session of its own with nothing to read, and what it says reaches nobody's screen."""
    program = desk.home / "keys.py"
    program.write_text(PRINTS % desk.running.aws_access_key_id)
    of_the_desk(desk, f"[profile p]\nCOMMON\ncredential_process = {sys.executable} -S {program}\n")
    session = desk.session("p")
    assert read(session)["DBInstances"]
    assert session.credentials()[0].renewal is Renewal.ITSELF
    assert capfd.readouterr() == ("", "")


@pytest.mark.processes
@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("sh -c 'echo s3cret; echo locked >&2; exit 4'", "sh ended with 4: locked"),
        ("sh -c 'echo s3cret'", "printed what is not the JSON of credentials"),
        ("/no/such/program", "No such file"),
    ],
)
def test_a_credential_process_that_fails_says_why(desk: Desk, command: str, said: str) -> None:
    """With the last line of its stderr, and never with what it printed."""
    of_the_desk(desk, f"[profile p]\nCOMMON\ncredential_process = {command}\n")
    session = desk.session("p")
    with pytest.raises(Exception, match=said) as failed:
        read(session)
    assert "s3cret" not in str(failed.value)
    base = session.credentials()[0]
    assert said in (base.error or "")
    assert base.ended is False  # it may print keys again at any time


def test_nobody_has_credentials(desk: Desk) -> None:
    """Denied with botocore's words, and not ended: a sign-in here could not help."""
    of_the_desk(desk, "[profile p]\nCOMMON\n")
    session = desk.session("p")
    with pytest.raises(Exception, match="Unable to locate credentials"):
        read(session)
    base = session.credentials()[0]
    assert (base.renewal, base.ended) == (Renewal.SHELL, False)
    assert "Unable to locate credentials" in (base.error or "")


def test_a_profile_that_is_not_there_is_told(desk: Desk) -> None:
    """By a call and by a sign-in alike."""
    session = desk.session("nobody")
    with pytest.raises(Exception, match="nobody"):
        read(session)
    assert "nobody" in (session.sign_in(desk.operator(), Hurried()) or "")
    assert [it.name for it in session.credentials()] == ["aws"]


def test_the_endpoint_of_the_settings_is_asked_for_everything(desk: Desk) -> None:
    """Roles and sign-ins too, where the AWS configuration names none."""
    text = Path(desk.config).read_text().replace(f"endpoint_url = {desk.running.aws_endpoint_url}\n", "")
    desk.configure(text)
    session = desk.session("mfa", endpoint_url=desk.running.aws_endpoint_url)
    assert session.sign_in(desk.operator(), Hurried()) is None
    assert read(session)["DBInstances"]
    session = desk.session("sso", endpoint_url=desk.running.aws_endpoint_url)
    assert session.sign_in(desk.operator(), Hurried()) is None
