"""STS: who the operator is, that only the role that was set up can be assumed, and whose keys are whose.

A role's access key tells its account by itself, so that credentials which a client kept (the AWS CLI does, in a cache
under the name of the role) are those of the same account in the next sandbox too.
"""

from __future__ import annotations

import re
import secrets
import string
from collections.abc import Sequence
from datetime import timedelta

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.iam import models as iam
from moto.sts.exceptions import STSClientError
from moto.sts.responses import TokenResponse

from services.sandbox.taught.iam import Session, enforced, register, trusts

OPERATOR = "operator"
ROLE_KEY = "ASIASANDBOX"
SHORTEST_S, LONGEST_S, USUAL_S = 900, 43200, 3600
"""Of a session, as AWS has it."""


class Keys:
    """The access keys of the sandbox: the operator's own, and those of a role's sessions, by account."""

    def __init__(self, own: str, own_account: str, accounts: Sequence[str]) -> None:
        self.own = own
        self._own_account = own_account
        self._accounts = dict(zip(string.ascii_uppercase, accounts, strict=False))
        self._letters = {account: letter for letter, account in self._accounts.items()}

    def make(self, account: str) -> str:
        """A key of a new session in ``account``: 20 characters, as AWS's are."""
        tail = "".join(secrets.choice(string.ascii_uppercase + "234567") for _ in range(8))
        return f"{ROLE_KEY}{self._letters[account]}{tail}"

    def account(self, key: str) -> str | None:
        """Whose key it is; ``None`` for one that was never given out."""
        if key == self.own:
            return self._own_account
        found = re.fullmatch(rf"{ROLE_KEY}([A-Z])[A-Z2-7]{{8}}", key)
        return self._accounts.get(found[1]) if found else None

    def knows(self, key: str) -> bool:
        return self.account(key) is not None


def teach(keys: Keys, account: str, accounts: Sequence[str], role_name: str) -> None:
    """Change moto's STS in this process: the operator, a user of ``account``, may assume ``role_name`` in each of
    ``accounts``. Any other role is refused as AWS refuses it, whether it exists or not. While IAM is enforced, the role
    must exist and trust the operator.
    """
    user_arn = f"arn:aws:iam::{account}:user/{OPERATOR}"
    allowed = {f"arn:aws:iam::{each}:role/{role_name}": each for each in accounts}
    sessions: dict[str, str] = {}

    def assume_role(self: TokenResponse) -> ActionResult:
        role, session = self._get_param("RoleArn") or "", self._get_param("RoleSessionName") or ""
        seconds = self._get_int_param("DurationSeconds", USUAL_S)
        if not re.fullmatch(r"arn:aws:iam::[0-9]{12}:role/.+", role):
            raise STSClientError("ValidationError", f"{role} is invalid")
        if not re.fullmatch(r"[\w+=,.@-]{2,64}", session, re.ASCII):
            raise STSClientError("ValidationError", f"{session!r} at 'roleSessionName' is invalid")
        if not SHORTEST_S <= seconds <= LONGEST_S:
            raise STSClientError("ValidationError", f"{seconds} at 'durationSeconds' is invalid")
        external_id = self._get_param("ExternalId")
        if role not in allowed or (enforced() and not trusts(allowed[role], role, user_arn, external_id)):
            raise STSClientError(
                "AccessDenied", f"User: {user_arn} is not authorized to perform: sts:AssumeRole on resource: {role}"
            )
        key = keys.make(allowed[role])
        sessions[key] = session
        secret, token = secrets.token_urlsafe(30), secrets.token_urlsafe(60)
        register(allowed[role], Session(key, secret, token, role, session))
        return ActionResult(
            {
                "Credentials": {
                    "AccessKeyId": key,
                    "SecretAccessKey": secret,
                    "SessionToken": token,
                    # in real time: clients renew them by this machine's clock
                    "Expiration": utcnow().replace(microsecond=0) + timedelta(seconds=seconds),
                },
                "AssumedRoleUser": {
                    "AssumedRoleId": f"{_role_id(allowed[role])}:{session}",
                    "Arn": f"arn:aws:sts::{allowed[role]}:assumed-role/{role_name}/{session}",
                },
            }
        )

    def get_caller_identity(self: TokenResponse) -> ActionResult:
        key = self.get_access_key()
        its = keys.account(key) or account
        if key == keys.own or its == account:
            return ActionResult({"UserId": "AIDATENURESANDBOX0001", "Account": account, "Arn": user_arn})
        session = sessions.get(key, "kept")
        return ActionResult(
            {
                "UserId": f"{_role_id(its)}:{session}",
                "Account": its,
                "Arn": f"arn:aws:sts::{its}:assumed-role/{role_name}/{session}",
            }
        )

    for owner, name, value in (
        (TokenResponse, "assume_role", assume_role),
        (TokenResponse, "get_caller_identity", get_caller_identity),
        (iam, "get_account_id_from", lambda key: keys.account(key) or account),
    ):
        setattr(owner, name, value)


def _role_id(account: str) -> str:
    return f"AROASANDBOX{account[:10]}"
