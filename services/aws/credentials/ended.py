"""What says that credentials have ended: AWS's codes, botocore's errors, and ours."""

from __future__ import annotations

ENDED_CODES = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"})
"""Of AWS's lists of common errors; a wrong clock is answered with some of them too, so one answer is not proof."""


class CredentialsEndedError(Exception):
    """The credentials open nothing any more, or not yet, and the operator is needed. Its text begins with a code."""


class MfaNeededError(CredentialsEndedError):
    """A profile's role wants the code of a device, and nobody was asked for it."""

    def __init__(self, serial: str) -> None:
        super().__init__(f"MfaNeeded: the role wants a code of {serial}; sign in")


def ending(error: BaseException) -> str | None:
    """Why an operator is needed, where an error says that the credentials have ended; ``None``: it says no such thing.

    The text begins with a code, as AWS's or botocore's own name for it.
    """
    from botocore import exceptions as boto

    if isinstance(error, CredentialsEndedError):
        return str(error)
    if isinstance(error, (boto.TokenRetrievalError, boto.SSOError, boto.LoginError)):
        return f"{type(error).__name__}: {error}"
    code, message = _said(error)
    return f"{code}: {message}" if code in ENDED_CODES else None


def _said(error: BaseException) -> tuple[str, str]:
    from botocore.exceptions import ClientError

    said = error.response.get("Error", {}) if isinstance(error, ClientError) else {}
    return str(said.get("Code", "")), str(said.get("Message", ""))
