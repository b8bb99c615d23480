"""A configuration for the stock AWS CLI and SDKs: a profile for each account, and one for each way to sign in.

The names of services and roles of what signs in are the sandbox's own (``taught``); they are written out here, since
the supervisor reads nothing of moto.
"""

from __future__ import annotations

from pathlib import Path

from services.sandbox import options

FILE = "aws-config"
BASE_PROFILE = "sandbox"
PROFILES = {"public": options.PUBLIC_ACCOUNT, "dedicated": options.DEDICATED_ACCOUNT}
WRITING = "-worker"
"""Ends the name of the profile that may write in an account."""
SSO_PROFILE, SSO_LEGACY_PROFILE, MFA_PROFILE = "sso", "sso-legacy", "mfa"
SSO_SESSION = "sandbox"
SSO_ROLE = "tenure-operator"
START_URL = "https://sandbox.awsapps.invalid/start"
MFA_ROLE_ARN = f"arn:aws:iam::{options.BASE_ACCOUNT}:role/tenure-mfa"
MFA_SERIAL = f"arn:aws:iam::{options.BASE_ACCOUNT}:mfa/operator"


def write_aws_config(directory: Path, endpoint_url: str) -> Path:
    """Write the file, for its owner alone, and return its path. It leads nowhere but to ``endpoint_url``."""
    common = f"region = {options.REGIONS[0]}\nendpoint_url = {endpoint_url}\n"
    keys = f"aws_access_key_id = {options.ACCESS_KEY_ID}\naws_secret_access_key = {options.SECRET_ACCESS_KEY}\n"
    sections = [f"[profile {BASE_PROFILE}]\n{common}{keys}"]
    for name, account in PROFILES.items():
        for profile, role_arn in ((name, options.ROLE_ARN), (f"{name}{WRITING}", options.WORKER_ROLE_ARN)):
            role = role_arn.format(account=account)
            sections.append(f"[profile {profile}]\n{common}role_arn = {role}\nsource_profile = {BASE_PROFILE}\n")
    where = f"sso_start_url = {START_URL}\nsso_region = {options.REGIONS[0]}\n"
    who = f"sso_account_id = {options.BASE_ACCOUNT}\nsso_role_name = {SSO_ROLE}\n"
    by_code = f"role_arn = {MFA_ROLE_ARN}\nmfa_serial = {MFA_SERIAL}\n"
    sections += [
        f"[sso-session {SSO_SESSION}]\n{where}sso_registration_scopes = sso:account:access\n",
        f"[profile {SSO_PROFILE}]\n{common}sso_session = {SSO_SESSION}\n{who}",
        f"[profile {SSO_LEGACY_PROFILE}]\n{common}{where}{who}",
        f"[profile {MFA_PROFILE}]\n{common}source_profile = {BASE_PROFILE}\n{by_code}",
    ]
    path = directory / FILE
    path.touch(mode=0o600)
    path.write_text("\n".join(sections), encoding="utf-8")
    return path
