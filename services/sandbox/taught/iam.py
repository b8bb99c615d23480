"""IAM: the operator as a user whose policies count, and what moto's own enforcement needs to be right about our calls.

``POST /moto-api/reset-auth`` with ``0`` turns the enforcement on, ``inf`` off; the sandbox starts with it off. Then
moto itself verifies each signature, finds the policies of the user or of the assumed role, and looks for the operation
among their actions, for what was taught as for what it knew.

Taught here: the sessions that our AssumeRole gives out; the action's name where it is not that of signing name and
operation (Service Authorization Reference); the signature of a GET; two settings of buckets that moto takes for
``s3:ListBucket``; the refusal in the service's own protocol; and trust policies, with the external id, of roles in
other accounts, which moto knows in the caller's account only. Enforced by nobody: conditions of other policies,
boundaries, service control policies, and resources narrower than ``*`` beyond those of S3 and STS.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from botocore.awsrequest import AWSRequest
from moto import settings
from moto.core.authorization import ActionAuthenticatorMixin
from moto.iam import access_control
from moto.iam.exceptions import NotFoundException
from moto.iam.models import AccessKey, iam_backends
from moto.s3 import responses as s3
from moto.sts.models import sts_backends
from werkzeug.exceptions import HTTPException

from services.sandbox import aws_errors

PARTITION = "aws"
PREFIXES = {"tagging": "tag"}
"""How IAM names a service that signs under another name."""
BUCKET_ACTIONS = {
    "replication": "GetReplicationConfiguration",
    "object-lock": "GetBucketObjectLockConfiguration",
}


@dataclass(frozen=True, slots=True)
class Session:
    """A role's session, with the attributes that moto looks at."""

    access_key_id: str
    secret_access_key: str
    session_token: str
    role_arn: str
    session_name: str


class _DeniedError(HTTPException):
    def __init__(self, status: int, body: bytes) -> None:
        super().__init__(body.decode())
        self.code = status


class _Request(access_control.IAMRequest):
    """A request to any service but S3."""

    def __init__(self, **request: Any) -> None:
        super().__init__(**request)
        self._operation = self._action.partition(":")[2]
        self._action = f"{PREFIXES.get(self._service, self._service)}:{self._operation}"

    def _create_aws_request(self) -> AWSRequest:
        """moto takes the query of a GET for its body, too."""
        request = super()._create_aws_request()
        if self._method == "GET":
            request.data = b""
        return request

    def _raise_access_denied(self) -> None:
        service = aws_errors.SIGNED_AS.get(self._service, self._service)
        call = aws_errors.Call(service, self._region, self._operation, aws_errors.preferred(service))
        status, _, body = aws_errors.error(aws_errors.DENIED, call)
        raise _DeniedError(status, body)


def teach(account: str, user: str, key: str, secret: str) -> None:
    """Change moto's IAM in this process: ``user`` of ``account`` exists and has this access key."""
    setattr(access_control, "IAMRequest", _Request)  # noqa: B010 - a name of moto's
    s3.ACTION_MAP["BUCKET"]["GET"].update(BUCKET_ACTIONS)
    made = iam_backends[account][PARTITION].create_user(region_name="us-east-1", user_name=user)
    make: Any = AccessKey  # abstract to a type checker, which moto itself does not mind
    own = make(user, "AKIA", account)
    own.access_key_id, own.secret_access_key = key, secret
    made.access_keys.append(own)


def register(account: str, session: Session) -> None:
    """Lets moto know a session of a role in ``account``."""
    known: list[Any] = sts_backends[account][PARTITION].assumed_roles
    known.append(session)


def enforced() -> bool:
    """Whether moto enforces policies now."""
    return bool(ActionAuthenticatorMixin.request_count >= settings.INITIAL_NO_AUTH_ACTION_COUNT)


def trusts(account: str, role_arn: str, caller: str, external_id: str | None) -> bool:
    """Whether the trust policy of a role in ``account`` lets ``caller`` assume it, by moto's reading of policies."""
    try:
        role = iam_backends[account][PARTITION].get_role_by_arn(role_arn)
    except NotFoundException:
        return False
    given = {"sts:ExternalId": external_id or ""}  # a key that is not there at all moto takes for a match
    trust = access_control.IAMPolicy(role.assume_role_policy_document)
    found = trust.is_action_permitted("sts:AssumeRole", role_arn, caller, given)
    return bool(found == access_control.PermissionResult.PERMITTED)
