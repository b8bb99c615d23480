"""STS: who the operator is, which roles can be assumed, and with which code of an MFA device.

The device is the operator's; its code never changes: ``MFA_CODE``. Read from the API reference of 2011-06-15
(AssumeRole, GetCallerIdentity) and the IAM user guide, "Configuring MFA-protected API access".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from moto.core.responses import ActionResult
from moto.iam import models as iam
from moto.sts.exceptions import STSClientError
from moto.sts.responses import TokenResponse

from services.sandbox.taught.iam import Session, enforced, register, trusts
from services.sandbox.taught.keys import Keys

OPERATOR = "operator"
MFA_ROLE = "tenure-mfa"
"""In the operator's own account: assumed with a code alone."""
MFA_CODE = "123456"
SHORTEST_S, LONGEST_S, USUAL_S = 900, 43200, 3600
"""Of a session, as AWS has it."""


def teach(keys: Keys, account: str, accounts: Sequence[str], role_name: str, *more: str) -> None:
    """Change moto's STS in this process: the operator, a user of ``account``, may assume ``role_name`` and the roles
    ``more`` in each of ``accounts``, and with a code ``MFA_ROLE`` in ``account``. Any other role is refused as AWS
    refuses it, whether it exists or not. While IAM is enforced, the role must exist and trust the operator.
    """
    user_arn = f"arn:aws:iam::{account}:user/{OPERATOR}"
    allowed = {f"arn:aws:iam::{each}:role/{role}": each for each in accounts for role in (role_name, *more)}
    by_code = f"arn:aws:iam::{account}:role/{MFA_ROLE}"
    device = f"arn:aws:iam::{account}:mfa/{OPERATOR}"

    def assume_role(self: TokenResponse) -> ActionResult:
        role, session = self._get_param("RoleArn") or "", self._get_param("RoleSessionName") or ""
        seconds = self._get_int_param("DurationSeconds", USUAL_S)
        _check(role, session, seconds)
        coded = _check_code(self._get_param("SerialNumber"), self._get_param("TokenCode"), device)
        its = allowed.get(role) or (account if coded and role == by_code else None)
        if its is None or (enforced() and not trusts(its, role, user_arn, self._get_param("ExternalId"))):
            raise STSClientError(
                "AccessDenied", f"User: {user_arn} is not authorized to perform: sts:AssumeRole on resource: {role}"
            )
        given = keys.give(its, role.rpartition("/")[2], session, seconds)
        register(its, Session(given.key, given.secret, given.token, role, session))
        return ActionResult(
            {
                "Credentials": {
                    "AccessKeyId": given.key,
                    "SecretAccessKey": given.secret,
                    "SessionToken": given.token,
                    "Expiration": given.ends,
                },
                "AssumedRoleUser": {
                    "AssumedRoleId": f"{_role_id(its)}:{session}",
                    "Arn": f"arn:aws:sts::{its}:assumed-role/{given.role}/{session}",
                },
            }
        )

    def get_caller_identity(self: TokenResponse) -> ActionResult:
        key = self.get_access_key()
        its, given = keys.account(key) or account, keys.given(key)
        if given is None and its == account:
            return ActionResult({"UserId": "AIDATENURESANDBOX0001", "Account": account, "Arn": user_arn})
        role, session = (given.role, given.session) if given else (role_name, "kept")
        return ActionResult(
            {
                "UserId": f"{_role_id(its)}:{session}",
                "Account": its,
                "Arn": f"arn:aws:sts::{its}:assumed-role/{role}/{session}",
            }
        )

    for owner, name, value in (
        (TokenResponse, "assume_role", assume_role),
        (TokenResponse, "get_caller_identity", get_caller_identity),
        (iam, "get_account_id_from", lambda key: keys.account(key) or account),
    ):
        setattr(owner, name, value)


def _check(role: str, session: str, seconds: int) -> None:
    if not re.fullmatch(r"arn:aws:iam::[0-9]{12}:role/.+", role):
        raise STSClientError("ValidationError", f"{role} is invalid")
    if not re.fullmatch(r"[\w+=,.@-]{2,64}", session, re.ASCII):
        raise STSClientError("ValidationError", f"{session!r} at 'roleSessionName' is invalid")
    if not SHORTEST_S <= seconds <= LONGEST_S:
        raise STSClientError("ValidationError", f"{seconds} at 'durationSeconds' is invalid")


def _check_code(serial: str | None, code: str | None, device: str) -> bool:
    """Whether a code was given, which then is the right one."""
    if serial is None and code is None:
        return False
    if serial is None or code is None or not re.fullmatch(r"[0-9]{6}", code):
        raise STSClientError("ValidationError", "tokenCode and serialNumber go together; a code has six digits")
    if serial != device or code != MFA_CODE:
        raise STSClientError("AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code.")
    return True


def _role_id(account: str) -> str:
    return f"AROASANDBOX{account[:10]}"
