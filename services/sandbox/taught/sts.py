"""STS: who the operator is, and that only the role that was set up can be assumed."""

from __future__ import annotations

import re
from collections.abc import Collection

from moto.core.responses import ActionResult
from moto.sts.exceptions import STSClientError
from moto.sts.responses import TokenResponse

OPERATOR = "operator"


def teach(access_key_id: str, account: str, accounts: Collection[str], role_name: str) -> None:
    """Change moto's STS in this process: ``access_key_id`` is a user of ``account``, who may assume ``role_name`` in
    each of ``accounts``. Any other role is refused as AWS refuses it, whether it exists or not.
    """
    user_arn = f"arn:aws:iam::{account}:user/{OPERATOR}"
    allowed = {f"arn:aws:iam::{each}:role/{role_name}" for each in accounts}
    moto_assumes, moto_identifies = TokenResponse.assume_role, TokenResponse.get_caller_identity

    def assume_role(self: TokenResponse) -> ActionResult:
        role = self._get_param("RoleArn")
        if not re.fullmatch(r"arn:aws:iam::[0-9]{12}:role/.+", role or ""):
            raise STSClientError("ValidationError", f"{role} is invalid")
        if role not in allowed:
            raise STSClientError(
                "AccessDenied", f"User: {user_arn} is not authorized to perform: sts:AssumeRole on resource: {role}"
            )
        return moto_assumes(self)

    def get_caller_identity(self: TokenResponse) -> ActionResult:
        if self.get_access_key() != access_key_id:
            return moto_identifies(self)
        return ActionResult({"UserId": "AIDATENURESANDBOX0001", "Account": account, "Arn": user_arn})

    for name, method in {"assume_role": assume_role, "get_caller_identity": get_caller_identity}.items():
        setattr(TokenResponse, name, method)
