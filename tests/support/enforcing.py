"""A sandbox whose IAM counts: moto's own enforcement turned on, with a role and an operator as an administrator would
make them."""

from __future__ import annotations

import contextlib
import http.client
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import urlsplit

from services.aws.session import AwsSession, AwsSettings
from services.checks.iam import operator_policy, trust_policy
from tests.support.sandbox import RunningSandbox

EXTERNAL_ID = "tenure-eu"
OPERATOR = "arn:aws:iam::123456789012:user/operator"
POLICY = "tenure"
ROLE = "tenure-read"
HOME = "us-east-1"


class Enforced:
    """A sandbox that enforces IAM, and the means to change what its role and its operator may."""

    def __init__(self, sandbox: RunningSandbox, role: str = ROLE) -> None:
        self.sandbox = sandbox
        self.role = role
        self._arn = sandbox.role_arn.replace(ROLE, role)
        self._admin = self.session()
        self.roles = [self._arn.replace("{account}", account) for account in sandbox.accounts]

    def session(self, external_id: str | None = EXTERNAL_ID) -> AwsSession:
        """As the operator, into each account."""
        return AwsSession(AwsSettings(role_arn=self._arn, external_id=external_id, max_attempts=1))

    def set_up(self) -> None:
        """The role in each account, which may do nothing yet, and the operator, who may assume it."""
        for account in self.sandbox.accounts:
            iam = self._iam(account)
            with contextlib.suppress(iam.exceptions.EntityAlreadyExistsException):
                iam.create_role(RoleName=self.role, AssumeRolePolicyDocument=json.dumps(trust()))
        self.let_operator(operator_policy(self.roles))

    def let_operator(self, policy: Mapping[str, Any]) -> None:
        """The operator may do what ``policy`` says. Enforcement is off meanwhile."""
        with self.off():
            own: Any = self._admin._client("iam", None, HOME)
            own.put_user_policy(UserName="operator", PolicyName=POLICY, PolicyDocument=json.dumps(policy))

    def let_role(self, policy: Mapping[str, Any], accounts: Iterable[str] = ()) -> None:
        """The role may do what ``policy`` says, in these accounts or all. Enforcement is off meanwhile."""
        with self.off():
            for account in accounts or self.sandbox.accounts:
                self._iam(account).put_role_policy(
                    RoleName=self.role, PolicyName=POLICY, PolicyDocument=json.dumps(policy)
                )

    @contextmanager
    def off(self) -> Iterator[None]:
        """Nothing is enforced for as long as the block lasts."""
        self._enforce("inf")
        try:
            yield
        finally:
            self._enforce("0")

    def close(self) -> None:
        """Nothing is enforced any more."""
        self._enforce("inf")
        self._admin.close()

    def _iam(self, account: str) -> Any:
        return self._admin.client("iam", account, HOME)

    def _enforce(self, after: str) -> None:
        """``after`` how many calls moto enforces policies: ``0``, or ``inf`` for never."""
        connection = http.client.HTTPConnection(urlsplit(self.sandbox.aws_endpoint_url).netloc, timeout=10)
        with closing(connection):
            connection.request("POST", "/moto-api/reset-auth", after)
            assert connection.getresponse().status == 200


def trust() -> dict[str, Any]:
    """Whom the role trusts."""
    return trust_policy(OPERATOR, EXTERNAL_ID)


@contextmanager
def enforced(sandbox: RunningSandbox, role: str = ROLE) -> Iterator[Enforced]:
    """``sandbox`` enforces IAM for as long as the block lasts, with a role of that name. Its AWS variables must be in
    the environment."""
    enforcing = Enforced(sandbox, role)
    try:
        enforcing.set_up()
        yield enforcing
    finally:
        enforcing.close()
