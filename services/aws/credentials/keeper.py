"""Holds credentials for botocore to sign with, renews them on the threads that read, and knows when they have ended."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeAlias

from botocore.credentials import Credentials, ReadOnlyCredentials

from services.aws.credentials.ended import CredentialsEndedError, ending
from services.model import Credential, Renewal
from services.now import Now

FAILURE_HOLDS_S = 2.0
"""For so long what failed is not tried again: calls that waited for it share its failure."""
AHEAD = timedelta(minutes=15)
"""So long before their end credentials are renewed, as botocore does; a short life is renewed in its last quarter."""
AHEAD_HOLDS_S = 30.0
"""How soon a renewal ahead of the end that failed is tried again."""


@dataclass(frozen=True, slots=True)
class Keys:
    """Credentials as they were got."""

    frozen: ReadOnlyCredentials = field(repr=False)
    until: datetime | None
    """Real time; ``None``: they do not end, or nobody tells."""


Fetch: TypeAlias = Callable[[], Keys]
"""Gets new credentials, or raises; may block. Never called by two threads at once."""
Verify: TypeAlias = Callable[[ReadOnlyCredentials], object]
"""Asks STS who they are; raises where it does not say."""


@dataclass(frozen=True, slots=True)
class Held:
    """What is known, at one moment."""

    keys: Keys | None = None
    renew_at: datetime | None = None
    """From when on newer ones are looked for; ``None``: never."""
    ended: str | None = None
    """Why the operator is needed: what somebody said who knows."""
    error: str | None = None
    """Why there are no newer ones."""


class Keeper(Credentials):
    """Signs as botocore's credentials do, from any thread.

    While they have ended every call fails at once, without a request. ``FAILURE_HOLDS_S`` after the last refusal
    somebody who calls looks once whether they are good again, and all others wait for that.
    """

    def __init__(
        self, method: str, fetch: Fetch, verify: Verify, now: Now, gate: Callable[[], object] | None = None
    ) -> None:
        """``now`` is real time; ``gate`` raises where those that these are made from have ended."""
        self.method = method
        self._fetch = fetch
        self._verify = verify
        self._now = now
        self._gate = gate
        self._lock = threading.Lock()
        self._held = Held()
        self._failure: tuple[float, Exception] | None = None
        self._suspected: float | None = None

    def __repr__(self) -> str:
        return f"Keeper({self.method!r})"

    @property
    def held(self) -> Held:
        """What is known now. Asks nobody."""
        return self._held

    def get_frozen_credentials(self) -> ReadOnlyCredentials:
        """Credentials that are good now. May block to renew them; raises what kept that from being done."""
        if self._gate is not None:
            self._gate()
        held = self._held
        left = self._left(held)
        if held.keys is not None and left is None:
            return held.keys.frozen
        if held.keys is not None and left is not None and left > timedelta():
            self._renew_ahead()
            held = self._held
            if held.keys is not None:
                return held.keys.frozen
        with self._lock:
            held = self._held
            if held.keys is not None and self._alive(held):
                return held.keys.frozen
            if self._failure is not None and time.monotonic() - self._failure[0] < FAILURE_HOLDS_S:
                raise self._failure[1].with_traceback(None)
            return self._renew().frozen

    def get_deferred_property(self, property_name: str) -> Callable[[], str | None]:
        """As botocore's; the account's id is all that is asked for."""

        def value() -> str | None:
            found: str | None = getattr(self.get_frozen_credentials(), property_name, None)
            return found

        return value

    def credential(
        self, name: str, who: str | None, renewal: Renewal, offset: timedelta, lasts: datetime | None = None
    ) -> Credential:
        """What is known, for whoever looks: instants ``offset`` ahead of real time. Asks nobody.

        ``lasts`` is until when newer ones come by themselves, where that is longer than the present ones.
        """
        held = self._held
        until = held.keys.until if held.keys is not None else None
        if until is not None and lasts is not None:
            until = max(until, lasts)
        over = until is not None and until <= self._now()
        if over and renewal is Renewal.ITSELF:  # nobody has called since: the next call renews them
            over, until = False, None
        return Credential(
            name=name,
            who=who,
            expires_at=until + offset if until is not None else None,
            renewal=renewal,
            ended=over or held.ended is not None,
            error=held.error,
        )

    def end(self, why: str) -> None:
        """Take it that they have ended: the other side said so."""
        with self._lock:
            self._end(CredentialsEndedError(why), why)

    def suspect(self, why: str) -> None:
        """A service says that they have ended: ask STS, since one that is wrong must not stop all others."""
        keys = self._held.keys
        if keys is None or not self._lock.acquire(blocking=False):
            return
        try:
            if self._held.keys is not keys or not self._may_suspect():
                return
            try:
                self._verify(keys.frozen)
            except Exception as error:  # noqa: BLE001 - whatever else went wrong proves nothing
                if ending(error) is not None:
                    self._end(CredentialsEndedError(why), why)
        finally:
            self._lock.release()

    def take(self, keys: Keys) -> None:
        """Use these from now on."""
        with self._lock:
            self._keep(keys)

    def forget(self) -> None:
        """Get new ones at the next call, whatever was known."""
        with self._lock:
            self._held, self._failure, self._suspected = Held(), None, None

    def _may_suspect(self) -> bool:
        if self._suspected is not None and time.monotonic() - self._suspected < FAILURE_HOLDS_S:
            return False
        self._suspected = time.monotonic()
        return True

    def _left(self, held: Held) -> timedelta | None:
        """How long those that are held are good; ``None``: until further notice."""
        if held.keys is None or held.renew_at is None or held.keys.until is None:
            return None
        now = self._now()
        return None if now < held.renew_at else held.keys.until - now

    def _alive(self, held: Held) -> bool:
        return held.keys is not None and (held.keys.until is None or held.keys.until > self._now())

    def _renew_ahead(self) -> None:
        """Renew while the present ones are good: one thread does so, and nobody waits or fails for it."""
        if not self._lock.acquire(blocking=False):
            return
        try:
            tried = self._failure
            if tried is not None and time.monotonic() - tried[0] < AHEAD_HOLDS_S:
                return
            if self._left(self._held) is None:
                return
            try:
                self._keep(self._good(self._fetch()))
            except Exception as error:  # noqa: BLE001 - told in ``error``, raised at the end if it comes to that
                self._failure = (time.monotonic(), error)
                held = self._held
                self._held = Held(held.keys, held.renew_at, held.ended, _words(error))
        finally:
            self._lock.release()

    def _renew(self) -> Keys:
        was_ended = self._held.ended
        try:
            keys = self._good(self._fetch())
            if was_ended is not None:
                self._verify(keys.frozen)
        except Exception as error:
            why = ending(error)
            if why is not None:
                self._end(error, why)
            elif was_ended is not None:
                self._end(CredentialsEndedError(was_ended), was_ended)
            else:
                self._failure = (time.monotonic(), error)
                self._held = Held(error=_words(error))
            raise
        self._keep(keys)
        return keys

    def _good(self, keys: Keys) -> Keys:
        if keys.until is not None and keys.until <= self._now():
            raise CredentialsEndedError(f"ExpiredToken: {self.method}: the newest that can be had have ended")
        return keys

    def _keep(self, keys: Keys) -> None:
        renew_at = None
        if keys.until is not None:
            life = keys.until - self._now()
            renew_at = keys.until - min(AHEAD, life / 4)
        self._held, self._failure, self._suspected = Held(keys, renew_at), None, None

    def _end(self, error: Exception, why: str) -> None:
        self._failure = (time.monotonic(), error)
        self._held = Held(ended=why, error=why)


def _words(error: Exception) -> str:
    from services.aws.errors import outcome_of

    return outcome_of(error)[1]
