"""What is settled on each of botocore's sessions: who signs, how time is read, when silence is given up.

botocore is imported when a session is settled, not when this module is.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from botocore.session import Session as CoreSession

    from services.aws.credentials.keeper import Keeper

SILENT_ATTEMPTS = 2
"""After so many attempts one that timed out is not repeated: it has cost the operator the time-out each time."""


def sign_with(core: CoreSession, keeper: Keeper) -> None:
    """Has a session sign with what is kept there, and its answers looked at for the end of that."""
    from botocore.credentials import CredentialProvider, CredentialResolver

    from services.aws.credentials.watch import watch

    class Kept(CredentialProvider):
        METHOD = "tenure"
        CANONICAL_NAME = "custom-tenure"

        def load(self) -> Any:
            return keeper

    core.register_component("credential_provider", CredentialResolver([Kept()]))
    settle(core)
    watch(core, keeper)


def core_of(session: Any) -> CoreSession:
    """botocore's session within one of boto3."""
    return cast("CoreSession", session._session)  # noqa: SLF001 # boto3 hides the core that it wraps


def settle(core: CoreSession) -> None:
    """Lets a session read RFC 3339 with the standard library, as dateutil takes a sixth of the time of a call, and
    give a silent endpoint up sooner than one that answers with an error."""
    core.get_component("response_parser_factory").set_parser_defaults(timestamp_parser=read_time)
    core.get_component("event_emitter").register_first("needs-retry", _give_up_silence)


def _give_up_silence(attempts: int, caught_exception: Exception | None, **_: object) -> None:
    """Ends a call whose second attempt timed out; asked by botocore before its own retry handlers.

    Raising what was caught is how botocore's own handlers end retries: ``None`` leaves the word to the next handler.
    """
    from botocore.exceptions import ConnectTimeoutError, ReadTimeoutError

    if attempts >= SILENT_ATTEMPTS and isinstance(caught_exception, (ConnectTimeoutError, ReadTimeoutError)):
        raise caught_exception


def read_time(value: Any) -> datetime:
    """An instant as a service wrote it, in whatever form botocore reads; without a zone it is UTC.

    Raises ``ValueError`` for none.
    """
    from botocore.utils import parse_timestamp

    try:
        read = datetime.fromisoformat(value)
    except (TypeError, ValueError):  # another of the forms that services use: RFC 822, seconds since 1970
        read = parse_timestamp(value)
    return read if read.tzinfo is not None else read.replace(tzinfo=UTC)
