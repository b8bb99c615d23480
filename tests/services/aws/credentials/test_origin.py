"""What a configuration says of where credentials come from, and what renews them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from services.aws.credentials.origin import Origin, SsoSource, origin_of
from services.model import MfaDevice, Renewal

KEYS = {"aws_access_key_id": "AKIA", "aws_secret_access_key": "x"}
TEMPORARY = KEYS | {"aws_session_token": "t"}
SSO = {"sso_account_id": "1", "sso_role_name": "r"}
WHERE = {"sso_start_url": "https://x.invalid/start", "sso_region": "eu-central-1"}
LEGACY = SsoSource("https://x.invalid/start", "eu-central-1", None)
NAMED = SsoSource("https://x.invalid/start", "eu-central-1", "corp", ("sso:account:access",))
ENV_KEYS = {"AWS_ACCESS_KEY_ID": "AKIA"}


def role(**more: str) -> dict[str, str]:
    return {"role_arn": "arn:aws:iam::111122223333:role/x"} | more


@pytest.mark.parametrize(
    ("profiles", "environment", "by_name", "expected"),
    [
        ({}, {}, False, Origin(Renewal.ITSELF)),
        ({}, ENV_KEYS, False, Origin(Renewal.SHELL)),
        ({"p": SSO | WHERE}, ENV_KEYS, False, Origin(Renewal.SHELL)),
        ({"p": SSO | WHERE}, ENV_KEYS, True, Origin(Renewal.SSO, LEGACY)),
        ({"p": KEYS}, {}, True, Origin(Renewal.SHELL)),
        ({"p": {"credential_process": "x"}}, {}, True, Origin(Renewal.ITSELF)),
        ({"p": {"login_session": "x"}}, {}, True, Origin(Renewal.SHELL)),
        ({"p": SSO | {"sso_session": "corp"}}, {}, True, Origin(Renewal.SSO, NAMED)),
        ({"p": SSO | {"sso_session": "nobody's"}}, {}, True, Origin(Renewal.ITSELF)),
        ({"p": role(source_profile="q"), "q": KEYS}, {}, True, Origin(Renewal.ITSELF)),
        ({"p": role(source_profile="q"), "q": TEMPORARY}, {}, True, Origin(Renewal.SHELL)),
        ({"p": role(source_profile="p") | KEYS}, {}, True, Origin(Renewal.ITSELF)),
        ({"p": role(source_profile="q"), "q": SSO | WHERE}, {}, True, Origin(Renewal.SSO, LEGACY)),
        (
            {"p": role(source_profile="q", mfa_serial="arn:mfa"), "q": KEYS},
            {},
            True,
            Origin(Renewal.MFA, None, MfaDevice("arn:mfa", "p")),
        ),
        (
            {"p": role(source_profile="q"), "q": role(source_profile="r", mfa_serial="arn:mfa"), "r": SSO | WHERE},
            {},
            True,
            Origin(Renewal.MFA, LEGACY, MfaDevice("arn:mfa", "q")),
        ),
        ({"p": role(source_profile="q"), "q": role(mfa_serial="arn:mfa") | KEYS}, {}, True, Origin(Renewal.ITSELF)),
        ({"p": role(credential_source="Ec2InstanceMetadata")}, {}, True, Origin(Renewal.ITSELF)),
        (
            {"p": role(credential_source="Environment")},
            ENV_KEYS | {"AWS_SESSION_TOKEN": "t"},
            True,
            Origin(Renewal.SHELL),
        ),
        ({"p": role(web_identity_token_file="f", mfa_serial="arn:mfa")}, {}, True, Origin(Renewal.ITSELF)),
        ({"p": SSO | WHERE}, {"AWS_WEB_IDENTITY_TOKEN_FILE": "f"}, False, Origin(Renewal.ITSELF)),
        ({"p": role(source_profile="q"), "q": role(source_profile="p")}, {}, True, Origin(Renewal.ITSELF)),
    ],
)
def test_the_way_of_renewal_follows_from_the_chain(
    profiles: Mapping[str, Any], environment: Mapping[str, str], by_name: bool, expected: Origin
) -> None:
    """Roles are followed to where they start; the first device and the sign-in at the root count."""
    config = {"profiles": profiles, "sso_sessions": {"corp": WHERE}}
    assert origin_of(config, "p", environment, by_name=by_name) == expected


def test_scopes_are_those_of_the_session() -> None:
    """A list with commas, as the CLI reads it."""
    config = {
        "profiles": {"p": SSO | {"sso_session": "corp"}},
        "sso_sessions": {"corp": WHERE | {"sso_registration_scopes": "sso:account:access, other:scope"}},
    }
    found = origin_of(config, "p", {}, by_name=True).sso
    assert found is not None
    assert found.scopes == ("sso:account:access", "other:scope")
    assert found.name == "corp"
