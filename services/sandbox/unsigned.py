"""The calls that bear no signature: IAM Identity Center's two services, told by their paths."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from services.sandbox.taught import sso, sso_oidc


class Unsigned:
    """Answers what the two services are asked, and says which of them it is."""

    def __init__(self, oidc: sso_oidc.SsoOidc, portal: sso.Portal) -> None:
        self._oidc = oidc
        self._portal = portal

    def service(self, environ: Mapping[str, Any]) -> str | None:
        """The service, as boto3 names it; ``None`` for what is none of these calls."""
        asked = (environ.get("REQUEST_METHOD"), environ.get("PATH_INFO"))
        if asked == ("GET", sso.ROUTE):
            return sso.SERVICE
        return sso_oidc.SERVICE if asked[0] == "POST" and asked[1] in sso_oidc.ROUTES else None

    def answer(self, environ: Mapping[str, Any]) -> tuple[int, str, Mapping[str, Any]]:
        """Status, the error's name (empty where there is none) and the body."""
        try:
            if environ["PATH_INFO"] == sso.ROUTE:
                query = parse_qs(environ.get("QUERY_STRING", ""))
                account, role = (query.get(name, [""])[0] for name in ("account_id", "role_name"))
                return 200, "", self._portal.call(account, role, environ.get(sso.VARIABLE, ""))
            body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            return 200, "", self._oidc.call(environ["PATH_INFO"], body, f"http://{environ['HTTP_HOST']}")
        except (sso.PortalError, sso_oidc.OidcError) as error:
            return error.status, error.name, error.body
