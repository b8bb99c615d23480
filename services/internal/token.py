"""The token of the internal API: fixed, kept in a file that is read anew when the server refuses it, or printed by a
command that is run anew then."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from pydantic import SecretStr

from services.model import INTERNAL, Credential, Renewal
from services.now import Now
from services.wire.registry import WhoAmI

Fetch: TypeAlias = Callable[[], str]
"""Gets the token; may block, raises ``TokenError``, and is called by threads that read."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A token in a file: somebody has to put a new one there, which is then found without a new start."""

    value: str = field(repr=False)
    again: Fetch


Token: TypeAlias = str | Fetch | Kept
"""The token itself, what fetches it, or one that is kept where it can be found again."""

AHEAD: Final = timedelta(minutes=1)
"""So long before its end a token that a command prints is fetched anew."""
FETCH_HOLDS_S: Final = 10.0
"""For so long all who were refused, or wait for a token, share what a fetch has brought."""
KEPT_HOLDS_S: Final = 1.0
"""The same where it costs nothing to look again."""


class TokenError(Exception):
    """Why there is no token. Says nothing of what was printed."""


@dataclass(frozen=True, slots=True)
class _Fetched:
    value: SecretStr | None
    at: float
    problem: str | None = None


class Bearer:
    """The token in use, and what is known of it. Safe to use from any thread."""

    def __init__(self, token: Token, now: Now) -> None:
        """``now`` is the reader's clock. Raises ``ValueError`` for a token that no header can carry."""
        self._now = now
        self._lock = threading.Lock()
        self._fetch: Fetch | None = (
            None if isinstance(token, str) else token.again if isinstance(token, Kept) else token
        )
        self._renewal = Renewal.SHELL if isinstance(token, str | Kept) else Renewal.ITSELF
        self._fetched: _Fetched | None = None
        self._known: set[str] = set()
        """All that were in use: none of them may show."""
        self._who: WhoAmI | None = None
        self._refused: str | None = None
        self._again_at: float | None = None
        """When it was last fetched because of a refusal."""
        if isinstance(token, str | Kept):
            self._keep(checked(token if isinstance(token, str) else token.value))

    def __repr__(self) -> str:
        return "Bearer()"

    def value(self) -> str:
        """The token, fetched by the first who asks, and anew before it ends. Raises ``TokenError``."""
        fetched = self._fetched
        if fetched is None or self._wanting(fetched):
            with self._lock:
                fetched = self._fetched
                if fetched is None or (self._wanting(fetched) and not _fresh(fetched)):
                    fetched = self._run()
        if fetched.value is None:
            raise TokenError(fetched.problem)
        return fetched.value.get_secret_value()

    def _wanting(self, fetched: _Fetched) -> bool:
        ends = self._ends()
        soon = ends is not None and self._now() >= ends - AHEAD
        return fetched.value is None or (soon and self._fetch is not None)

    def _ends(self) -> datetime | None:
        return self._who.expires_at if self._who else None

    def another(self, refused: str) -> str | None:
        """A token other than the one that was refused, where one can be fetched; ``None``: there is no other."""
        if self._fetch is None:
            return None
        with self._lock:
            fetched = self._fetched
            present = fetched.value.get_secret_value() if fetched and fetched.value else refused
            holds = KEPT_HOLDS_S if self._renewal is Renewal.SHELL else FETCH_HOLDS_S
            tried = self._again_at is not None and time.monotonic() - self._again_at < holds
            if present == refused and not tried:
                fetched = self._run()
                self._again_at = time.monotonic()
        if fetched is None or fetched.value is None or fetched.value.get_secret_value() == refused:
            return None
        return fetched.value.get_secret_value()

    def accepted(self) -> None:
        """The server took it."""
        self._refused = None

    def refused(self, why: str) -> None:
        """The server refuses it, and there is no other."""
        self._refused = why

    def introduced(self, who: WhoAmI) -> None:
        """The server has said whose it is, and until when."""
        self._who = who

    def hide(self, text: str) -> str:
        """``text`` without any token that it repeats."""
        for token in tuple(self._known):
            text = text.replace(token, "(token)")
        return text

    def credential(self) -> Credential:
        """What is known of the token. Asks nobody."""
        who, fetched, ends = self._who, self._fetched, self._ends()
        if ends is not None and self._renewal is Renewal.ITSELF and ends <= self._now():
            ends = None  # nobody has asked since: the next who does fetches another
        return Credential(
            name=INTERNAL,
            who=who.user if who else None,
            expires_at=ends,
            renewal=self._renewal,
            ended=self._refused is not None,
            error=self._refused or (fetched.problem if fetched else None),
        )

    def _run(self) -> _Fetched:
        """Fetches; under the lock."""
        try:
            value = checked(self._fetch() if self._fetch is not None else "")
        except (TokenError, ValueError) as error:
            before = self._fetched.value if self._fetched else None
            self._fetched = _Fetched(before, time.monotonic(), str(error))
            return self._fetched
        return self._keep(value)

    def _keep(self, value: str) -> _Fetched:
        self._known.add(value)
        before = self._fetched.value if self._fetched else None
        if self._who is not None and before is not None and before.get_secret_value() != value:
            self._who = self._who.model_copy(update={"expires_at": None})  # that was the other's
        self._fetched = _Fetched(SecretStr(value), time.monotonic())
        return self._fetched


def _fresh(fetched: _Fetched) -> bool:
    return time.monotonic() - fetched.at < FETCH_HOLDS_S


def checked(token: str) -> str:
    """The token. Raises ``ValueError`` for one that no header can carry."""
    if not token.isascii() or not token.isprintable() or not token or " " in token:
        raise ValueError("the token of the internal API is empty or holds what no header can carry")
    return token
