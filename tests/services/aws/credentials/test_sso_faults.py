"""Signing in while IAM Identity Center is broken, in every way that the sandbox knows."""

from __future__ import annotations

import pytest

from services.aws.errors import outcome_of
from services.model import Outcome
from tests.services.aws.credentials.operator import Desk, read, sign_in

KINDS = ("down", "throttle", "denied", "expired", "hang")
QUICK_S = 0.4
"""How long a call is waited for; what hangs is given up then."""


@pytest.mark.parametrize("kind", KINDS)
def test_a_sign_in_that_nobody_answers_says_why_and_keeps_nothing(desk: Desk, kind: str) -> None:
    """OIDC refused, throttled, down or hanging: a reason in words, no code, no token kept; then it works again."""
    session = desk.session("sso", read_timeout_s=QUICK_S)
    operator = desk.operator()
    desk.running.set_faults(f"{kind}:sso-oidc")
    problem = sign_in(session, operator)
    assert problem
    assert "Traceback" not in problem
    assert operator.codes == []
    assert not (desk.home / ".aws").exists()
    desk.running.set_faults()
    assert sign_in(session, operator) is None
    assert read(session)["DBInstances"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_portal_that_gives_no_keys_is_no_absence(desk: Desk, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token, and no role's keys for it: what is read then was not answered, with the reason; afterwards it is."""
    monkeypatch.setattr("services.aws.credentials.keeper.FAILURE_HOLDS_S", 0.0)
    assert sign_in(desk.session("sso"), desk.operator()) is None
    session = desk.session("sso", read_timeout_s=QUICK_S)
    desk.running.set_faults(f"{kind}:sso")
    with pytest.raises(Exception) as raised:  # noqa: PT011 - whatever it is, as a collector sees it
        read(session)
    outcome, text = outcome_of(raised.value)
    assert outcome in {Outcome.DENIED, Outcome.THROTTLED, Outcome.FAILED}
    assert text
    desk.running.set_faults()
    if kind in ("denied", "expired"):
        sign_in(session, desk.operator())
    assert read(session)["DBInstances"]
