"""The operator's own credentials, from which every account's are made, and the sign-in that makes them good again."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.credentials import Credentials, ReadOnlyCredentials
from botocore.exceptions import NoCredentialsError, RefreshWithMFAUnsupportedError

from services.aws.credentials import device, tokens
from services.aws.credentials.chain import Prompter, Ways, make_chain, unsigned
from services.aws.credentials.ended import CredentialsEndedError, MfaNeededError
from services.aws.credentials.keeper import Keeper, Keys, Verify
from services.aws.credentials.origin import Origin, origin_of
from services.aws.errors import outcome_of
from services.model import BASE, Credential, MfaDevice, Prompts, Renewal
from services.now import Now

CANCELLED = "the sign-in was cancelled"
IN_A_SHELL = "these credentials are renewed in a shell: do so there, then sign in here again"
_CODE = re.compile(r"[0-9]{6}")


class _GivenUpError(Exception):
    """The operator gives no code; its text says why."""


class Base:
    """The base credentials of a session. Safe to use from any thread."""

    def __init__(self, make_ways: Callable[[Prompter], Ways], verify: Verify, now: Now) -> None:
        """``make_ways`` reads the AWS configuration anew; ``now`` is real time."""
        self.keeper = Keeper("the AWS credentials", self._fetch, verify, now)
        self._make_ways = make_ways
        self._verify = verify
        self._now = now
        self._signing_in = threading.Lock()
        self._found: Credentials | None = None
        self._origin = Origin(Renewal.ITSELF)
        self._token_ends: datetime | None = None

    def credential(self, who: str | None, offset: timedelta) -> Credential:
        """What is known of them, ``offset`` ahead of real time. Asks nobody."""
        return self.keeper.credential(BASE, who, self._origin.renewal, offset, self._token_ends)

    def sign_in(self, prompts: Prompts, cancel: threading.Event, now: Now) -> str | None:
        """Make them good again, asking the operator where needed; ``None`` where done, else why not.

        ``now`` is the reader's clock, for what is shown. Blocks; what is read meanwhile goes on as it was.
        """
        if not self._signing_in.acquire(blocking=False):
            return "another sign-in is under way"
        try:
            problem = self._sign_in(prompts, cancel, now)
        except _GivenUpError as given_up:
            problem = str(given_up)
        except Exception as error:  # noqa: BLE001 - botocore raises what it likes at garbage; all of it is told
            problem = outcome_of(error)[1]
            if self._origin.renewal is Renewal.SHELL:
                problem = f"{problem.rstrip('.')}; {IN_A_SHELL}"
        finally:
            self._signing_in.release()
        return CANCELLED if problem is not None and cancel.is_set() else problem

    def _sign_in(self, prompts: Prompts, cancel: threading.Event, now: Now) -> str | None:
        ways = self._make_ways(lambda prompt: self._ask_code(prompts, prompt))
        origin = self._origin = self._read_origin(ways)
        sso = origin.sso
        if sso is not None and (origin.mfa is None or not self._token_is_good(ways, origin)):
            signed = device.sign_in(unsigned(ways, "sso-oidc", sso.region), sso, prompts, cancel, now=now)
            if signed.problem is not None:
                return signed.problem
            tokens.keep(ways.tokens, sso, signed.registration, signed.answer, self._now)
        found = _load(ways)
        keys = _keys(found)
        self._verify(keys.frozen)
        if cancel.is_set():
            return CANCELLED
        self._found, self._token_ends = found, self._token_end(ways, origin)
        self.keeper.take(keys)
        return None

    def _ask_code(self, prompts: Prompts, prompt: str) -> str:
        serial = _serial(prompt)
        known = self._origin.mfa
        profile = known.profile if known is not None and known.serial == serial else None
        code = prompts.mfa_code(MfaDevice(serial, profile))
        if code is None:
            raise _GivenUpError("no code was given")
        code = code.strip()
        if not _CODE.fullmatch(code):
            raise _GivenUpError("the code of a device has six digits")
        return code

    def _fetch(self) -> Keys:
        """Called by the keeper, one thread at a time. What failed is looked for anew, in the files too."""
        found, self._found = self._found, None
        if found is None:
            ways = self._make_ways(_refuse)
            origin = self._origin = self._read_origin(ways)
            try:
                found = _load(ways)
            except NoCredentialsError:
                self._origin = Origin(Renewal.SHELL)
                raise
            keys = _keys(found)
            self._token_ends = self._token_end(ways, origin)
        else:
            keys = _keys(found)
        self._found = found
        return keys

    def _read_origin(self, ways: Ways) -> Origin:
        return origin_of(ways.config(), ways.profile, os.environ, by_name=ways.by_name)

    def _token_end(self, ways: Ways, origin: Origin) -> datetime | None:
        return tokens.expiry(ways.tokens, origin.sso) if origin.sso is not None and origin.mfa is None else None

    def _token_is_good(self, ways: Ways, origin: Origin) -> bool:
        ends = tokens.expiry(ways.tokens, origin.sso) if origin.sso is not None else None
        return ends is not None and ends > self._now()


def _load(ways: Ways) -> Credentials:
    found = make_chain(ways).load_credentials()
    if found is None:
        raise NoCredentialsError
    return found


def _keys(found: Credentials) -> Keys:
    """The keys that botocore has, renewed by it where it does so. Raises what kept it from that."""
    try:
        frozen: ReadOnlyCredentials = found.get_frozen_credentials()
    except RefreshWithMFAUnsupportedError:
        raise CredentialsEndedError("MfaNeeded: the session that a code opened is over; sign in") from None
    except RuntimeError as error:  # what botocore raises where the newest credentials are over already
        raise CredentialsEndedError(f"ExpiredToken: {error}") from None
    # botocore publishes no expiry; those that have one keep it here
    until: Any = getattr(found, "_expiry_time", None)
    return Keys(frozen, until.astimezone(UTC) if isinstance(until, datetime) else None)


def _refuse(prompt: str) -> str:
    raise MfaNeededError(_serial(prompt))


def _serial(prompt: str) -> str:
    """The device that botocore's prompter is to ask for."""
    return prompt.strip().rstrip(":").rpartition(" ")[2]
