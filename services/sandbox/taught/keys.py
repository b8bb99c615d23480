"""The access keys of the sandbox: the operator's own, and those of sessions, which end.

A role's access key tells its account by itself, so that credentials which a client kept (the AWS CLI does, in a cache
under the name of the role) are those of the same account in the next sandbox too.

Sessions last as long as was asked for, or as ``/sandbox/sessions`` on the AWS port says: GET answers
``{"seconds": S, "sessions": N}``, POST takes ``{"seconds": S}`` for those to come (``null``: as asked for), and
``{"end": true}``, which ends all that were given out; what cannot be read is answered with 400 and changes nothing.
"""

from __future__ import annotations

import json
import re
import secrets
import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from services.now import Now

PATH = "/sandbox/sessions"
ROLE_KEY = "ASIASANDBOX"
OWN_LETTER = "Z"
"""Of sessions in the operator's own account."""
LONGEST_S = 43200


@dataclass(frozen=True, slots=True)
class Given:
    """A session that was given out."""

    key: str
    secret: str = field(repr=False)
    token: str = field(repr=False)
    ends: datetime
    account: str
    role: str
    """Its name, without the path."""
    session: str


class Keys:
    """Thread-safe. ``now`` is real time, as that of clients, who renew sessions by it."""

    def __init__(self, own: str, own_account: str, accounts: Sequence[str], now: Now, seconds: int | None) -> None:
        self.own = own
        self.now = now
        self.seconds = seconds
        """How long sessions last; ``None``: as long as was asked for."""
        self._own_account = own_account
        self._accounts = {
            **dict(zip(string.ascii_uppercase, accounts, strict=False)),
            OWN_LETTER: own_account,
        }
        self._letters = {account: letter for letter, account in self._accounts.items()}
        self._given: dict[str, Given] = {}
        self._on_end: list[Callable[[], None]] = []

    def give(self, account: str, role: str, session: str, seconds: int) -> Given:
        """A new session of a role in ``account``; its key has 20 characters, as AWS's have."""
        tail = "".join(secrets.choice(string.ascii_uppercase + "234567") for _ in range(8))
        key = f"{ROLE_KEY}{self._letters[account]}{tail}"
        ends = self.now().replace(microsecond=0) + timedelta(seconds=self.lasting(seconds))
        given = Given(key, secrets.token_urlsafe(30), secrets.token_urlsafe(60), ends, account, role, session)
        self._given[key] = given
        return given

    def lasting(self, seconds: int) -> int:
        """How many seconds what was asked for ``seconds`` lasts."""
        return seconds if self.seconds is None else self.seconds

    def given(self, key: str) -> Given | None:
        """The session of a key; ``None``: none of this sandbox's."""
        return self._given.get(key)

    def role(self, key: str) -> str | None:
        """The name of the role that a session of this sandbox is of; ``None`` for any other key."""
        given = self._given.get(key)
        return given.role if given is not None else None

    def account(self, key: str) -> str | None:
        """Whose key it is; ``None`` for one that was never given out."""
        if key == self.own:
            return self._own_account
        found = re.fullmatch(rf"{ROLE_KEY}([A-Z])[A-Z2-7]{{8}}", key)
        return self._accounts.get(found[1]) if found else None

    def knows(self, key: str) -> bool:
        return self.account(key) is not None

    def over(self, key: str) -> bool:
        """Whether it is of a session that has ended; those of an earlier sandbox go on."""
        given = self._given.get(key)
        return given is not None and given.ends <= self.now()

    def on_end(self, call: Callable[[], None]) -> None:
        """Have something called whenever all sessions are ended."""
        self._on_end.append(call)

    def handle(self, method: str, body: bytes) -> tuple[int, bytes]:
        """Status and JSON body of a call to the control endpoint."""
        if method == "POST":
            try:
                self._control(body)
            except ValueError as error:  # JSONDecodeError is one
                return 400, json.dumps({"error": str(error)}).encode()
        elif method != "GET":
            return 405, json.dumps({"error": "GET or POST"}).encode()
        running = sum(given.ends > self.now() for given in list(self._given.values()))
        return 200, json.dumps({"seconds": self.seconds, "sessions": running}).encode()

    def _control(self, body: bytes) -> None:
        value = json.loads(body)
        if not isinstance(value, dict) or not value or not value.keys() <= {"seconds", "end"}:
            raise ValueError('the body must be {"seconds": S}, {"seconds": null} or {"end": true}')
        if "seconds" in value:
            seconds = value["seconds"]
            whole = isinstance(seconds, int) and not isinstance(seconds, bool) and 1 <= seconds <= LONGEST_S
            if seconds is not None and not whole:
                raise ValueError(f"seconds is a whole number from 1 to {LONGEST_S}, or null")
            self.seconds = seconds
        if value.get("end") is True:
            self._end()

    def _end(self) -> None:
        now = self.now()
        for key, given in list(self._given.items()):
            if given.ends > now:
                self._given[key] = replace(given, ends=now)
        for call in self._on_end:
            call()
