"""What an error of botocore means for whoever asked: refused, throttled, or no answer."""

from __future__ import annotations

from typing import Any

from services.aws.credentials.ended import CredentialsEndedError
from services.aws.session import WrongAccountError
from services.model import Outcome

LONGEST = 500
"""Characters of an error's text that are kept."""

DENIED_CODES = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "AuthFailure",
        "AuthorizationError",
        "ExpiredToken",
        "ExpiredTokenException",
        "Forbidden",
        "IncompleteSignature",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "InvalidToken",
        "MissingAuthenticationToken",
        "MissingAuthenticationTokenException",
        "NotAuthorized",
        "OptInRequired",
        "RequestExpired",
        "SignatureDoesNotMatch",
        "TokenRefreshRequired",
        "UnauthorizedException",
        "UnauthorizedOperation",
        "UnrecognizedClientException",
    }
)

THROTTLED_CODES = frozenset(
    {
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "PriorRequestNotComplete",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)


def outcome_of(error: Exception) -> tuple[Outcome, str]:
    """The outcome and the words for it: code, message and, where another was asked for, the operation that failed.

    Takes any exception, since botocore's parser raises what Python happens to raise on an answer that is not AWS's.
    """
    from botocore import exceptions as boto

    if isinstance(error, boto.ClientError):
        return _refusal(error.response, error.operation_name)
    if isinstance(error, CredentialsEndedError):
        return Outcome.DENIED, str(error)[:LONGEST]
    text = f"{type(error).__name__}: {error}"[:LONGEST]
    without_credentials = (
        boto.NoCredentialsError,
        boto.PartialCredentialsError,
        boto.CredentialRetrievalError,
        boto.TokenRetrievalError,
        boto.SSOError,
        WrongAccountError,
    )
    return (Outcome.DENIED if isinstance(error, without_credentials) else Outcome.FAILED), text


def code_of(error: Exception) -> str | None:
    """The code with which a service refused; ``None`` for what is no answer of a service."""
    from botocore.exceptions import ClientError

    return str(error.response.get("Error", {}).get("Code", "")) if isinstance(error, ClientError) else None


def _refusal(response: Any, operation: str) -> tuple[Outcome, str]:  # botocore's parsed answer
    problem = response.get("Error", {})
    code, message = str(problem.get("Code", "")), str(problem.get("Message", ""))
    status = response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    text = f"{code or status}: {message}"
    if operation == "AssumeRole":
        text = f"AssumeRole: {text}"
    if code in THROTTLED_CODES or status == 429:
        outcome = Outcome.THROTTLED
    elif code in DENIED_CODES or status in (401, 403):
        outcome = Outcome.DENIED
    else:
        outcome = Outcome.FAILED
    return outcome, text[:LONGEST]


def metadata_of(error: Exception) -> tuple[int, str | None]:
    """Retries and request id, where the error bears an answer of the service."""
    metadata = getattr(error, "response", None) or {}
    metadata = metadata.get("ResponseMetadata", {}) if isinstance(metadata, dict) else {}
    return int(metadata.get("RetryAttempts", 0)), metadata.get("RequestId")
