"""What opens the doors, how long it does so, and what an operator is asked for when it ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

BASE = "aws"
"""The name of the operator's own AWS credentials, from which every account's are made."""
INTERNAL = "internal API"
"""The name of the internal API's token."""
SOON = timedelta(minutes=10)
"""Before an end, from when on it is at risk: what renews itself should have been renewed by then."""


class Renewal(StrEnum):
    """How credentials are made good again."""

    ITSELF = "itself"
    """Renewed without anybody: roles, instance roles, commands that print them."""
    SSO = "sso"
    """By signing in with a device code in a browser, which the console can begin."""
    MFA = "mfa"
    """With a code from a device, which the console can ask for."""
    SHELL = "shell"
    """Outside the console alone: fixed keys, a token in the settings."""


@dataclass(frozen=True, slots=True)
class Credential:
    """One credential in use. Holds no secret."""

    name: str
    """``BASE``, ``INTERNAL``, or the id of the account that it opens."""
    who: str | None = None
    """The ARN or the user; ``None`` until it was told."""
    expires_at: datetime | None = None
    """On the reader's clock; ``None`` where it does not end, or nobody tells."""
    renewal: Renewal = Renewal.ITSELF
    ended: bool = False
    """Whether it opens nothing any more, by its time or by what the other side says."""
    error: str | None = None
    """Why it cannot be had; text from outside."""


@dataclass(frozen=True, slots=True)
class DeviceCode:
    """What is typed where, on any device with a browser, to sign in (RFC 8628)."""

    user_code: str
    verification_uri: str
    complete_uri: str | None
    """The same address with the code in it."""
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class MfaDevice:
    """Whose code is asked for."""

    serial: str
    profile: str | None


class Prompts(Protocol):
    """Who asks the operator while a sign-in runs. Called from the thread that signs in."""

    def device_code(self, code: DeviceCode) -> None:
        """Show it, and come back; it is good until it expires or the sign-in ends."""

    def mfa_code(self, device: MfaDevice) -> str | None:
        """Ask for the code of the device, and wait; ``None``: the operator has given up."""
