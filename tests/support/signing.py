"""Credentials that have ended, and readers with which one signs in: by a device code, by the code of an MFA device."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

from services.fleet.asked import EVERYTHING, Asked
from services.fleet.snapshot import FleetSnapshot
from services.model import BASE, INTERNAL, Credential, DeviceCode, MfaDevice, Prompts, Renewal
from tests.support.console import Answers, Publish
from tests.support.fleet import ACCOUNTS, AT
from tests.support.operations import busy_fleet

WHO = f"arn:aws:sts::{ACCOUNTS[0]}:assumed-role/ops-read/olga"
DEVICE = DeviceCode(
    "HJKL-QRST",
    "https://device.sso.eu-central-1.amazonaws.com/",
    "https://device.sso.eu-central-1.amazonaws.com/?user_code=HJKL-QRST",
    AT + timedelta(minutes=9, seconds=45),
)
MFA = MfaDevice(f"arn:aws:iam::{ACCOUNTS[0]}:mfa/olga", "eu-prod")
RIGHT = "314159"
"""The code that the MFA device shows."""


def credentials(renewal: Renewal = Renewal.SSO, *, ended: bool = False) -> tuple[Credential, ...]:
    """The operator's own, which end in 43 minutes or ended a minute ago, the roles of two accounts, and the token."""
    own = AT - timedelta(minutes=1) if ended else AT + timedelta(minutes=43)
    role = "arn:aws:iam::{}:role/tenure-read"
    denied = "AccessDenied: not authorized to perform: sts:AssumeRole on \x1b[2Jthis role"
    return (
        Credential(BASE, WHO, own, renewal, ended=ended),
        Credential(ACCOUNTS[0], role.format(ACCOUNTS[0]), AT + timedelta(minutes=31)),
        Credential(ACCOUNTS[1], role.format(ACCOUNTS[1]), error=denied),
        Credential(INTERNAL, "olga", AT + timedelta(days=12), Renewal.SHELL),
    )


def fresh(renewal: Renewal = Renewal.SSO) -> FleetSnapshot:
    """The busy fleet as an operator sees it, with good credentials."""
    fleet = busy_fleet()
    identity = replace(fleet.identity, role="operator")
    return replace(fleet, identity=identity, credentials=credentials(renewal))


def ended(renewal: Renewal = Renewal.SSO) -> FleetSnapshot:
    """The same when the operator's own credentials have ended."""
    return replace(fresh(renewal), credentials=credentials(renewal, ended=True))


def token_ended(renewal: Renewal = Renewal.SHELL) -> FleetSnapshot:
    """The same when the internal API's token has."""
    good = credentials()
    token = replace(good[-1], expires_at=AT - timedelta(minutes=1), renewal=renewal, ended=True)
    return replace(fresh(), credentials=(*good[:-1], token))


class Signs(Answers):
    """A reader whose picture is frozen, from the second refresh on or from the first, until somebody has signed in."""

    def __init__(self, renewal: Renewal = Renewal.SSO, *, at_first: bool = True) -> None:
        super().__init__(ended(renewal) if at_first else fresh(renewal))
        self._renewal = renewal
        self.approved = threading.Event()
        """A test sets it: the device code was approved, or will not be where ``refusal`` is set."""
        self.let_go = threading.Event()
        """Set when a sign-in has ended because nobody waits for it any more."""
        self.codes: list[str | None] = []

    def end(self) -> None:
        """From now on the credentials have ended."""
        self.latest = ended(self._renewal)

    def refresh(self, publish: Publish, cancel: threading.Event, asked: Asked = EVERYTHING) -> FleetSnapshot:
        self.asked += 1
        return self.latest

    def sign_in(self, prompts: Prompts, cancel: threading.Event) -> str | None:
        why = (self._by_mfa if self._renewal is Renewal.MFA else self._by_device)(prompts, cancel)
        if why is None:
            self.signed_in += 1
            self.latest = replace(fresh(self._renewal), generation=self.signed_in + 1)
        return why

    def _by_device(self, prompts: Prompts, cancel: threading.Event) -> str | None:
        prompts.device_code(DEVICE)
        while not self.approved.wait(0.01):
            if cancel.is_set():
                self.let_go.set()
                return "nobody waits for it any more"
        return self.refusal

    def _by_mfa(self, prompts: Prompts, cancel: threading.Event) -> str | None:
        code = prompts.mfa_code(MFA)
        self.codes.append(code)
        if code is None:
            self.let_go.set()
            return "no code was given"
        return None if code == RIGHT else "AccessDenied: MultiFactorAuthentication failed with invalid MFA code"


class AsksAgain(Signs):
    """One that asks for the next code itself, without ending first."""

    def _by_mfa(self, prompts: Prompts, cancel: threading.Event) -> str | None:
        while (code := prompts.mfa_code(MFA)) != RIGHT:
            if code is None:
                return "no code was given"
        return None
