"""Signing in at the sandbox: device codes, MFA, files that a shell renews; and living through the end."""

from __future__ import annotations

import hashlib
import json
import stat
import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.aws.credentials.ended import CredentialsEndedError
from services.aws.errors import outcome_of
from services.model import BASE, Outcome, Renewal
from services.now import make_now
from tests.services.aws.credentials.operator import Desk, control, read, sign_in


def refusal(session: Any) -> str:
    """What a call says that is denied."""
    try:
        read(session)
    except Exception as error:  # noqa: BLE001 - whatever it is, as a collector sees it
        outcome, text = outcome_of(error)
        assert outcome is Outcome.DENIED, text
        return text
    pytest.fail("it was answered")


@pytest.mark.parametrize("profile", ["sso", "sso-legacy"])
def test_sso_signs_in_with_a_device_code(desk: Desk, profile: str) -> None:
    """Before it the credentials have ended and say how; the code is shown; after it accounts are read."""
    session = desk.session(profile)
    assert "oken" in refusal(session)
    base = session.credentials()[0]
    assert (base.name, base.renewal, base.ended) == (BASE, Renewal.SSO, True)
    operator = desk.operator()
    assert sign_in(session, operator) is None
    (code,) = operator.codes
    assert code.user_code in (code.complete_uri or "")
    assert code.verification_uri.startswith(desk.running.aws_endpoint_url)
    assert read(session)["DBInstances"]
    who = session.identity().aws_arn or ""
    assert "AWSReservedSSO_tenure-operator" in who
    base, account = session.credentials()
    assert (base.who, base.ended, base.error) == (who, False, None)
    assert base.expires_at is not None
    left = base.expires_at - make_now()()
    assert timedelta(hours=7) < left < timedelta(hours=8, seconds=5)  # the token's, by which the keys are renewed
    assert (account.name, account.who) == ("111122223333", "arn:aws:iam::111122223333:role/tenure-read")
    assert account.renewal is Renewal.ITSELF
    assert account.expires_at is not None
    assert account.expires_at - make_now()() < timedelta(hours=1, seconds=5)


def test_sso_token_is_kept_as_the_cli_keeps_it(desk: Desk) -> None:
    """One file named by the session's SHA-1, for its owner alone, with what a refresh needs; and it is found again."""
    assert sign_in(desk.session("sso"), desk.operator()) is None
    directory = desk.home / ".aws" / "sso" / "cache"
    (path,) = directory.iterdir()
    assert path.name == hashlib.sha1(b"sandbox").hexdigest() + ".json"  # noqa: S324 - as the CLI names it
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    kept = json.loads(path.read_text())
    assert kept.keys() == {
        "startUrl", "region", "accessToken", "expiresAt", "clientId", "clientSecret", "registrationExpiresAt",
        "refreshToken",
    }  # fmt: skip
    for name in ("expiresAt", "registrationExpiresAt"):
        datetime.strptime(kept[name], "%Y-%m-%dT%H:%M:%SZ")  # noqa: DTZ007 - the form is what is looked at
    assert read(desk.session("sso"))["DBInstances"]


def test_sso_sign_in_elsewhere_is_noticed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token that another program put into the cache opens the accounts without a sign-in here."""
    monkeypatch.setattr("services.aws.credentials.keeper.FAILURE_HOLDS_S", 0.0)
    session = desk.session("sso")
    refusal(session)
    assert sign_in(desk.session("sso"), desk.operator()) is None  # as `aws sso login` in a shell would
    assert read(session)["DBInstances"]
    assert session.credentials()[0].ended is False


def test_sso_refreshes_by_itself(desk: Desk) -> None:
    """A token that is about to end is renewed with its refresh token, and the new one is kept."""
    control(desk.running, "/sandbox/sessions", seconds=60)
    session = desk.session("sso")
    operator = desk.operator()
    assert sign_in(session, operator) is None
    (path,) = (desk.home / ".aws" / "sso" / "cache").iterdir()
    before = json.loads(path.read_text())
    control(desk.running, "/sandbox/sessions", seconds=None)
    other = desk.session("sso")
    assert read(other)["DBInstances"]
    after = json.loads(path.read_text())
    assert after["accessToken"] != before["accessToken"]
    assert after["expiresAt"] > before["expiresAt"]
    assert len(operator.codes) == 1


def test_sso_declined_or_cancelled_says_so(desk: Desk) -> None:
    """Nothing is kept then, and the way to try again stays."""
    session = desk.session("sso")
    assert sign_in(session, desk.operator(approve=False)) == "the sign-in was declined in the browser"
    cancel = threading.Event()
    cancel.set()
    assert session.sign_in(desk.operator(), cancel) == "the sign-in was cancelled"
    assert not (desk.home / ".aws").exists()
    assert sign_in(session, desk.operator()) is None


def test_mfa_is_asked_of_the_operator_alone(desk: Desk) -> None:
    """Without a sign-in nobody is prompted and calls are denied; the code opens the role, and accounts through it."""
    session = desk.session("mfa")
    assert "MfaNeeded: the role wants a code of arn:aws:iam::123456789012:mfa/operator" in refusal(session)
    base = session.credentials()[0]
    assert (base.renewal, base.ended) == (Renewal.MFA, True)
    operator = desk.operator()
    assert sign_in(session, operator) is None
    (device,) = operator.devices
    assert (device.serial, device.profile) == ("arn:aws:iam::123456789012:mfa/operator", "mfa")
    assert read(session)["DBInstances"]
    assert "assumed-role/tenure-mfa" in (session.identity().aws_arn or "")
    base = session.credentials()[0]
    assert base.ended is False
    assert base.expires_at is not None


@pytest.mark.parametrize(
    ("code", "said"),
    [("654321", "MultiFactorAuthentication failed"), (None, "no code was given"), ("12", "six digits")],
)
def test_mfa_that_fails_says_why(desk: Desk, code: str | None, said: str) -> None:
    """A wrong code, none, and what is no code: the reason, and another try is possible."""
    session = desk.session("mfa")
    assert said in (sign_in(session, desk.operator(code=code)) or "")
    assert sign_in(session, desk.operator()) is None


def test_fixed_keys_are_renewed_in_a_shell(desk: Desk) -> None:
    """A sign-in reads the files anew: in vain while they are as they were, and with success once they were mended."""
    keys = "[sandbox]\naws_access_key_id = {}\naws_secret_access_key = x\n"
    path = desk.home / "credentials"
    desk.configure(f"[profile sandbox]\nregion = us-east-1\nendpoint_url = {desk.running.aws_endpoint_url}\n")
    path.write_text(keys.format("AKIAIOSFODNN7EXAMPLE"))
    session = desk.session("sandbox")
    problem = sign_in(session, desk.operator()) or ""
    assert "InvalidClientTokenId" in problem
    assert "renewed in a shell" in problem
    path.write_text(keys.format(desk.running.aws_access_key_id))
    assert sign_in(session, desk.operator()) is None
    assert read(session)["DBInstances"]
    assert session.credentials()[0].renewal is Renewal.SHELL


def test_revoked_sessions_freeze_and_a_sign_in_thaws(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ended by AWS's word though the time has not come: calls fail without a request until the operator is back."""
    session = desk.session("mfa")
    sign_in(session, desk.operator())
    assert read(session)["DBInstances"]
    control(desk.running, "/sandbox/sessions", end=True)
    assert "ExpiredToken" in refusal(session)  # of the account, whose keys are then made anew
    assert "ExpiredToken" in refusal(session)
    with pytest.raises((CredentialsEndedError, Exception), match="ExpiredToken"):
        session.identity()
    base = session.credentials()[0]
    assert base.ended
    assert base.expires_at is None
    monkeypatch.setattr("urllib3.connectionpool.HTTPConnectionPool.urlopen", _no_request)
    for region in ("us-east-1", "eu-central-1", "me-central-1"):
        with pytest.raises(CredentialsEndedError, match="ExpiredToken"):
            session.client("rds", "111122223333", region).describe_db_instances()  # type: ignore[attr-defined]
    monkeypatch.undo()


def _no_request(*_: object, **__: object) -> None:
    pytest.fail("a request was sent")


def test_one_refused_service_does_not_end_the_credentials(desk: Desk) -> None:
    """Where RDS alone says that they have expired, STS is asked, and what STS says counts."""
    session = desk.session("sandbox")
    assert read(session)["DBInstances"]
    desk.running.set_faults("expired:rds:us-east-1")
    assert "ExpiredToken" in refusal(session)
    assert [it.ended for it in session.credentials()] == [False, False]
    assert read(session, region="eu-central-1")["DBInstances"]


def test_a_later_success_takes_the_mark_away(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys that AWS refused for a while are good again when it says so: the next call asks STS once, and goes on."""
    monkeypatch.setattr("services.aws.credentials.keeper.FAILURE_HOLDS_S", 0.0)
    session = desk.session("sandbox")
    session.identity()
    desk.running.set_faults("expired")
    with pytest.raises(Exception, match="ExpiredToken"):
        session.identity()
    assert session.credentials()[0].ended
    assert "ExpiredToken" in refusal(session)
    desk.running.set_faults()
    assert read(session)["DBInstances"]
    assert session.credentials()[0].ended is False


def test_accounts_are_renewed_ahead_of_the_end(desk: Desk) -> None:
    """A session that ends within fifteen minutes is made anew by the next call, and one that ends later is kept."""
    session = desk.session("sandbox")
    ahead = timedelta()
    real = make_now()
    session._real = lambda: real() + ahead
    assert read(session)["DBInstances"]
    first, keeper = session.credentials()[1].expires_at, session._accounts["111122223333"][1]
    before = keeper.get_frozen_credentials()
    ahead = timedelta(minutes=44)
    assert keeper.get_frozen_credentials() is before
    ahead = timedelta(minutes=46)
    desk.running.set_faults("down:sts")
    assert read(session)["DBInstances"]  # with the old ones, which are good for some minutes
    account = session.credentials()[1]
    assert (account.expires_at, account.ended) == (first, False)
    assert "AssumeRole: ServiceUnavailable" in (account.error or "")
    desk.running.set_faults()
    ahead = timedelta(minutes=59)
    keeper._failure = None  # half a minute later
    assert keeper.get_frozen_credentials().access_key != before.access_key
    assert session.credentials()[1].error is None


def test_credentials_are_told_without_asking_anybody(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """From before the first call on: no request, no file, no error."""
    session = desk.session("sso")
    monkeypatch.setattr(Path, "open", _no_request)
    monkeypatch.setattr("urllib3.connectionpool.HTTPConnectionPool.urlopen", _no_request)
    assert [it.name for it in session.credentials()] == [BASE]


def test_no_secret_shows(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """Neither in what is told of credentials, nor in a repr, nor in our log."""
    caplog.set_level("INFO")
    session = desk.session("sso")
    operator = desk.operator()
    sign_in(session, operator)
    read(session)
    (path,) = (desk.home / ".aws" / "sso" / "cache").iterdir()
    kept = json.loads(path.read_text())
    base: Any = session._base
    shown = " ".join(map(repr, [session, session.credentials(), base.keeper, base.keeper.held, operator])) + caplog.text
    frozen = base.keeper.get_frozen_credentials()
    for secret in (kept["accessToken"], kept["refreshToken"], kept["clientSecret"], frozen.secret_key, frozen.token):
        assert secret not in shown
