"""IAM Identity Center's portal: the credentials of the one role that the operator has there.

moto has nothing of it. Read from the API reference of 2019-06-10 (GetRoleCredentials).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from services.sandbox.taught.keys import Keys

SERVICE = "sso"
ROUTE = "/federation/credentials"
HEADER, VARIABLE = "x-amz-sso_bearer_token", "HTTP_X_AMZ_SSO_BEARER_TOKEN"
ROLE = "tenure-operator"
USER = "operator@sandbox"
ROLE_S = 3600


class PortalError(Exception):
    """An error of the service."""

    def __init__(self, name: str, message: str, status: int) -> None:
        super().__init__(message)
        self.name = name
        self.status = status
        self.body = {"message": message}


class Portal:
    """``is_good`` tells whether an access token opens anything."""

    def __init__(self, keys: Keys, account: str, is_good: Callable[[str], bool]) -> None:
        self._keys = keys
        self._account = account
        self._is_good = is_good

    def call(self, account: str, role: str, token: str) -> Mapping[str, Any]:
        """The answer to GetRoleCredentials. Raises ``PortalError``."""
        if not self._is_good(token):
            raise PortalError("UnauthorizedException", "Session token not found or invalid", 401)
        if (account, role) != (self._account, ROLE):
            raise PortalError("ForbiddenException", "No access", 403)
        given = self._keys.give(account, f"AWSReservedSSO_{ROLE}_0123456789abcdef", USER, ROLE_S)
        return {
            "roleCredentials": {
                "accessKeyId": given.key,
                "secretAccessKey": given.secret,
                "sessionToken": given.token,
                "expiration": round(given.ends.timestamp() * 1000),
            }
        }
