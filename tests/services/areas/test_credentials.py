"""The credentials as rows: whose, in which role, how long, and in what state."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.areas import AREAS
from services.areas.machine import to_dict
from services.model import BASE, INTERNAL, Credential, Renewal
from tests.support.fleet import ACCOUNTS, AT
from tests.support.signing import WHO, ended, fresh

AREA = AREAS["credentials"]


def told(*given: Credential) -> list[dict[str, Any]]:
    fleet = replace(fresh(), credentials=given)
    return [to_dict(AREA, row) for row in AREA.rows(fleet)]


def test_each_credential_is_a_row_the_worst_first() -> None:
    """What has ended or cannot be had opens nothing and is unknown; machines read seconds, the identity whole."""
    rows = [to_dict(AREA, row) for row in AREA.rows(ended())]
    assert [(row["credential"], row["status"]) for row in rows] == [
        (BASE, "unknown"),
        (ACCOUNTS[1], "unknown"),
        (ACCOUNTS[0], "ok"),
        (INTERNAL, "ok"),
    ]
    assert rows[0] == {
        "expires_at": "2026-11-23T12:03:31Z",
        "status": "unknown",
        "credential": BASE,
        "role": "ops-read",
        "who": "olga",
        "renewal": "sso",
        "identity": WHO,
        "seconds_left": -60,
        "error": None,
    }
    assert (rows[3]["who"], rows[3]["role"], rows[3]["renewal"]) == ("olga", "operator", "shell")


@pytest.mark.parametrize(
    ("identity", "role", "who"),
    [
        ("arn:aws:sts::111122223333:assumed-role/ops-read/olga", "ops-read", "olga"),
        ("arn:aws:iam::111122223333:role/tenure/tenure-read", "tenure-read", None),
        ("arn:aws:iam::111122223333:user/ops/olga", None, "olga"),
        ("arn:aws:iam::111122223333:root", None, "root"),
        ("arn:aws:iam", None, "arn:aws:iam"),
        ("olga", None, "olga"),
        (None, None, None),
    ],
)
def test_role_and_user_of_an_identity(identity: str | None, role: str | None, who: str | None) -> None:
    """Of every form of ARN that STS gives for a caller (``GetCallerIdentity``); other text is shown as it is."""
    (row,) = told(Credential(BASE, identity))
    assert (row["role"], row["who"], row["identity"]) == (role, who, identity)


@pytest.mark.parametrize(
    ("seconds", "status"), [(None, "ok"), (600, "ok"), (599, "at-risk"), (1, "at-risk"), (0, "unknown")]
)
def test_ten_minutes_before_the_end_it_is_at_risk(seconds: int | None, status: str) -> None:
    """What has no known end is ok; at its end nothing is known any more of what lies behind."""
    ends = None if seconds is None else AT + timedelta(seconds=seconds)
    assert told(Credential(BASE, WHO, ends, Renewal.SSO))[0]["status"] == status
