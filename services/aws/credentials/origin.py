"""What the AWS configuration says of where credentials come from, and so of what renews them.

Source: "Configuration and credential file settings" of the AWS SDKs and Tools Reference Guide; the order is botocore's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from services.model import MfaDevice, Renewal

Section: TypeAlias = Mapping[str, Any]
DEFAULT_SCOPES = ("sso:account:access",)
"""What is asked for where an ``sso_session`` names none; without any there is no refresh token."""


@dataclass(frozen=True, slots=True)
class SsoSource:
    """An instance of IAM Identity Center, as a profile names it."""

    start_url: str
    region: str
    session: str | None
    """The name of the ``sso_session``; ``None``: the older form, which knows no refresh token."""
    scopes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What the cache knows it by."""
        return self.session or self.start_url


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the base credentials come from."""

    renewal: Renewal
    sso: SsoSource | None = None
    mfa: MfaDevice | None = None


def origin_of(config: Section, profile: str, environment: Mapping[str, str], *, by_name: bool) -> Origin:
    """Where credentials come from by a configuration (``full_config`` of botocore) and an environment.

    ``by_name`` tells that the profile was named outright: then keys of the environment do not come before it. A role
    is followed to the profile that it starts from; the first device on the way is the one that is asked for.
    """
    if not by_name and environment.get("AWS_ACCESS_KEY_ID"):
        return Origin(Renewal.SHELL)
    profiles: Section = config.get("profiles", {})
    root, mfa, assumed = _root(profiles, profile)
    sso = _sso(root, config.get("sso_sessions", {}))
    if not by_name and not assumed and environment.get("AWS_WEB_IDENTITY_TOKEN_FILE"):
        return Origin(Renewal.ITSELF)
    if mfa is not None:
        return Origin(Renewal.MFA, sso, mfa)
    if sso is not None:
        return Origin(Renewal.SSO, sso)
    return Origin(_renewal(root, environment, assumed=assumed))


def _root(profiles: Section, name: str) -> tuple[Section, MfaDevice | None, bool]:
    """The profile that a chain of roles starts from, the first device on the way, and whether there is any role."""
    mfa: MfaDevice | None = None
    assumed = False
    passed: set[str] = set()
    while True:
        section: Section = profiles.get(name, {})
        if not _has_role(section) or (assumed and _has_keys(section)):
            return section, mfa, assumed
        assumed = True
        passed.add(name)
        if mfa is None and section.get("mfa_serial"):
            mfa = MfaDevice(str(section["mfa_serial"]), name)
        source = section.get("source_profile")
        if source is None or source in passed:
            return section, mfa, assumed
        name = str(source)


def _has_role(section: Section) -> bool:
    return "role_arn" in section and "web_identity_token_file" not in section


def _has_keys(section: Section) -> bool:
    return "aws_access_key_id" in section


def _sso(section: Section, sessions: Section) -> SsoSource | None:
    if "sso_account_id" not in section and "sso_role_name" not in section:
        return None
    if "web_identity_token_file" in section:
        return None
    name = section.get("sso_session")
    merged = {**section, **(sessions.get(name, {}) if name else {})}
    if not merged.get("sso_start_url") or not merged.get("sso_region"):
        return None  # botocore tells what is missing
    asked = str(merged.get("sso_registration_scopes", ""))
    scopes = tuple(part.strip() for part in asked.split(",") if part.strip()) or DEFAULT_SCOPES
    return SsoSource(str(merged["sso_start_url"]), str(merged["sso_region"]), name, scopes if name else ())


def _renewal(root: Section, environment: Mapping[str, str], *, assumed: bool) -> Renewal:
    if _has_keys(root):
        lasting = assumed and "aws_session_token" not in root
        return Renewal.ITSELF if lasting else Renewal.SHELL
    if root.get("login_session"):
        return Renewal.SHELL
    of_environment = str(root.get("credential_source", "")).lower() == "environment"
    if assumed and of_environment and environment.get("AWS_SESSION_TOKEN"):
        return Renewal.SHELL
    return Renewal.ITSELF
