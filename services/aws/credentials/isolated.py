"""``credential_process`` away from the terminal: what botocore starts it with."""

from __future__ import annotations

import json
from collections.abc import Sequence

from botocore.exceptions import CredentialRetrievalError

from services.commands import CommandFailedError, run

METHOD = "custom-process"
TIMEOUT_S = 60.0


class IsolatedProcess:
    """What botocore's ``ProcessProvider`` uses of a ``Popen``: the words to start, its output, and how it ended."""

    def __init__(self, words: Sequence[str], **_: object) -> None:
        self._words = words
        self.returncode: int | None = None

    def communicate(self) -> tuple[bytes, bytes]:
        """Run it. What it printed, where it is an object in JSON, and nothing else of it.

        Raises ``CredentialRetrievalError`` with the reason otherwise.
        """
        try:
            ran = run(self._words, TIMEOUT_S)
        except CommandFailedError as error:
            raise _failed(str(error)) from None
        if ran.code:
            said = f": {ran.complaint}" if ran.complaint else ""
            raise _failed(f"{self._words[0]} ended with {ran.code}{said}")
        try:
            is_object = isinstance(json.loads(ran.printed), dict)
        except ValueError:
            is_object = False
        if not is_object:
            raise _failed(f"{self._words[0]} printed what is not the JSON of credentials") from None
        self.returncode = ran.code
        return ran.printed, b""


def _failed(why: str) -> CredentialRetrievalError:
    return CredentialRetrievalError(provider=METHOD, error_msg=why)
