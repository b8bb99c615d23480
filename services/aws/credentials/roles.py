"""The credentials of an account: those of the role that the settings' template names there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC
from typing import Any

from botocore.credentials import ReadOnlyCredentials

from services.aws.credentials.keeper import Fetch, Keys

ROLE_SESSION_S = 3600
"""AWS caps a chained role's session at an hour (IAM user guide, "Role chaining")."""


def assume(sts: Callable[[], Any], role_arn: str, session_name: str, external_id: str | None) -> Fetch:
    """What assumes a role with the client of STS that ``sts`` gives. Raises botocore's errors."""
    more = {"ExternalId": external_id} if external_id else {}

    def fetch() -> Keys:
        answer = sts().assume_role(
            RoleArn=role_arn, RoleSessionName=session_name, DurationSeconds=ROLE_SESSION_S, **more
        )["Credentials"]
        frozen = ReadOnlyCredentials(answer["AccessKeyId"], answer["SecretAccessKey"], answer["SessionToken"])
        return Keys(frozen, answer["Expiration"].astimezone(UTC))

    return fetch
