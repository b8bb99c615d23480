"""The one place that makes AWS clients: one per service, account and region, with the operator's credentials.

Every account is reached by assuming the role that the settings' template names. Without a template there is one
account, that of the base credentials; asking for another is refused, so that no answer is ever taken for that of
an account it does not come from.

boto3 is imported when the first client is made, not when this module is.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol, cast

from services.model import BASE, Credential, Identity, Prompts, Renewal

if TYPE_CHECKING:
    from boto3.session import Session as BotoSession
    from botocore.config import Config
    from botocore.credentials import RefreshableCredentials
    from botocore.session import Session as CoreSession
    from mypy_boto3_sts.client import STSClient

FALLBACK_REGION = "us-east-1"
"""Where the base credentials are asked about if neither settings, environment nor AWS profile name a region."""

ROLE_SESSION_S = 3600
"""AWS caps a chained role's session at an hour (IAM user guide, "Role chaining")."""

SILENT_ATTEMPTS = 2
"""After so many attempts one that timed out is not repeated: it has cost the operator the time-out each time."""

FAILURE_HOLDS_S = 2.0
"""For so long a failed AssumeRole is not tried again: calls that waited for it share its failure."""


class Paginator(Protocol):
    def paginate(self, **parameters: object) -> Any: ...  # botocore's PageIterator, untyped


class Client(Protocol):
    """What the collectors use of a boto3 client."""

    def get_paginator(self, operation_name: str) -> Paginator: ...


class Clients(Protocol):
    """What hands out clients: ``AwsSession``, or a test's own."""

    def client(self, service: str, account: str, region: str) -> Client: ...


class WrongAccountError(Exception):
    """The credentials are not of the account that was asked for, and no role leads there."""


@dataclass(frozen=True, slots=True)
class AwsSettings:
    """How AWS is reached. Holds no secret: credentials come from where boto3 finds them."""

    profile: str | None = None
    """The AWS profile; ``None``: boto3's usual order."""
    endpoint_url: str | None = None
    """``None``: ``AWS_ENDPOINT_URL``, else AWS itself."""
    role_arn: str | None = None
    """The template ``arn:aws:iam::{account}:role/…``; ``None``: the base credentials and their account alone."""
    external_id: str | None = field(default=None, repr=False)
    session_name: str = "tenure"
    """Names the assumed session in CloudTrail."""
    home_region: str | None = None
    """The region whose STS is asked; its regional endpoint, whose sessions are valid in opt-in regions too."""
    connect_timeout_s: float = 3.0
    read_timeout_s: float = 5.0
    max_attempts: int = 3
    """The first included; ``standard`` retry mode. Of those that time out there are two at most."""
    max_concurrency: int = 32
    """Calls under way at once, over all accounts and regions."""
    clock_offset: timedelta = timedelta()
    """How far the reader's clock runs ahead of the real one, which AWS and its credentials keep to."""

    def __post_init__(self) -> None:
        if self.role_arn is not None and "{account}" not in self.role_arn:
            raise ValueError("aws.role_arn is a template: it needs {account} in the place of the account's id")


class AwsSession:
    """Clients, made once and kept. Safe to use from any thread."""

    def __init__(self, settings: AwsSettings) -> None:
        self.settings = settings
        self._lock = threading.Lock()
        self._own_lock = threading.Lock()
        self._base_session: BotoSession | None = None
        self._accounts: dict[str, BotoSession] = {}
        self._clients: dict[tuple[str, str | None, str], object] = {}
        self._own_account: str | None = None
        self._who: str | None = None

    def __repr__(self) -> str:
        return f"AwsSession({self.settings!r})"

    def client(self, service: str, account: str, region: str) -> Client:
        """The client of a service in an account and region.

        Raises botocore's errors where there are no credentials or no such profile, and ``WrongAccountError``.
        Credentials are fetched by the first call that uses them, not here.
        """
        if self.settings.role_arn is None:
            own = self._base_account()
            if own != account:
                raise WrongAccountError(
                    f"no role leads to account {account}: aws.role_arn is not set, and the credentials are of {own}"
                )
            return cast(Client, self._client(service, None, region))
        return cast(Client, self._client(service, account, region))

    def identity(self) -> Identity:
        """Who the base credentials are (``sts:GetCallerIdentity``) and when they end, on the reader's clock.

        Raises botocore's errors.
        """
        answer = self._sts().get_caller_identity()
        self._own_account, self._who = answer["Account"], answer["Arn"]
        return Identity(aws_arn=answer["Arn"], expires_at=self._expiry())

    def credentials(self) -> tuple[Credential, ...]:
        """What opens AWS, as far as is known: the base credentials, then those of each account that was asked for.

        Asks nobody; from any thread.
        """
        base = Credential(BASE, self._who, self._known_expiry(), Renewal.SHELL)
        return (base, *(Credential(account, self._role(account)) for account in tuple(self._accounts)))

    def sign_in(self, prompts: Prompts, cancel: threading.Event) -> str | None:  # noqa: ARG002
        """Makes the base credentials good again, asking the operator; ``None`` where done, else why not. Blocks."""
        return "these credentials are renewed in a shell: sign in there, then press r"

    def prepare(self, services: Iterable[str]) -> None:
        """Imports boto3 and reads AWS's descriptions of services, so that the first calls need not. Asks nobody.

        Raises ``ProfileNotFound``, as every call will.
        """
        loader = _core_of(self._base()).get_component("data_loader")
        for service in services:
            for part in ("service-2", "endpoint-rule-set-1", "paginators-1"):
                loader.load_service_model(service, part)

    def close(self) -> None:
        """Closes the connections of all clients; calls under way end as failed."""
        with self._lock:
            for client in self._clients.values():
                cast(Any, client).close()
            self._clients.clear()

    def _base_account(self) -> str:
        with self._own_lock:
            if self._own_account is None:
                self._own_account = self._sts().get_caller_identity()["Account"]
            return self._own_account

    def _role(self, account: str) -> str:
        return (self.settings.role_arn or "").replace("{account}", account)

    def _known_expiry(self) -> datetime | None:
        return self._expiry() if self._who is not None else None

    def _expiry(self) -> datetime | None:
        credentials = self._base().get_credentials()
        # botocore publishes no expiry; static credentials have none, refreshable ones keep it here
        expiry = getattr(credentials, "_expiry_time", None)
        return expiry.astimezone(UTC) + self.settings.clock_offset if isinstance(expiry, datetime) else None

    def _sts(self) -> STSClient:
        return cast("STSClient", self._client("sts", None, self._home_region()))

    def _home_region(self) -> str:
        return self.settings.home_region or self._base().region_name or FALLBACK_REGION

    def _client(self, service: str, account: str | None, region: str) -> object:
        key = (service, account, region)
        found = self._clients.get(key)
        if found is not None:
            return found
        session = self._base() if account is None else self._session_of(account)
        with self._lock:
            found = self._clients.get(key)
            if found is None:
                make = cast(Callable[..., object], session.client)  # the stubs know literal service names only
                found = make(
                    service, region_name=region, endpoint_url=self.settings.endpoint_url, config=self._config()
                )
                self._clients[key] = found
            return found

    def _config(self) -> Config:
        from botocore.config import Config

        return Config(
            connect_timeout=self.settings.connect_timeout_s,
            read_timeout=self.settings.read_timeout_s,
            retries={"mode": "standard", "total_max_attempts": self.settings.max_attempts},
            max_pool_connections=min(self.settings.max_concurrency, 10),
            user_agent_extra="tenure",
        )

    def _base(self) -> BotoSession:
        if self._base_session is not None:
            return self._base_session
        with self._lock:
            if self._base_session is None:
                from boto3.session import Session

                session = Session(profile_name=self.settings.profile)
                _settle(_core_of(session))
                self._base_session = session
            return self._base_session

    def _session_of(self, account: str) -> BotoSession:
        """The account's own session: its credentials, and the base session's loader, so that each of AWS's service
        descriptions is read once (a client then takes 4 ms, not 190)."""
        if account in self._accounts:
            return self._accounts[account]
        base, sts = self._base(), self._sts()
        with self._lock:
            found = self._accounts.get(account)
            if found is None:
                from boto3.session import Session
                from botocore.session import Session as CoreSession

                core = CoreSession(profile=self.settings.profile)
                core.register_component("data_loader", _core_of(base).get_component("data_loader"))
                core.register_component("credential_provider", _resolver(_Assume(sts, account, self.settings)))
                _settle(core)
                found = self._accounts[account] = Session(botocore_session=core)
            return found


def _core_of(session: BotoSession) -> CoreSession:
    return cast("CoreSession", cast(Any, session)._session)  # noqa: SLF001 # boto3 hides the core that it wraps


def _settle(core: CoreSession) -> None:
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


class _Assume:
    """Fetches an account's credentials; called by botocore under its own lock, whenever they are about to end."""

    def __init__(self, sts: STSClient, account: str, settings: AwsSettings) -> None:
        self._sts = sts
        self._role = (settings.role_arn or "").replace("{account}", account)
        self._settings = settings
        self._failure: tuple[float, Exception] | None = None

    def __call__(self) -> dict[str, str]:
        if self._failure and time.monotonic() - self._failure[0] < FAILURE_HOLDS_S:
            raise self._failure[1].with_traceback(None)
        more = {"ExternalId": self._settings.external_id} if self._settings.external_id else {}
        try:
            answer = cast(Any, self._sts).assume_role(
                RoleArn=self._role,
                RoleSessionName=self._settings.session_name,
                DurationSeconds=ROLE_SESSION_S,
                **more,
            )
        except Exception as error:
            self._failure = (time.monotonic(), error)
            raise
        self._failure = None
        credentials = answer["Credentials"]
        return {
            "access_key": credentials["AccessKeyId"],
            "secret_key": credentials["SecretAccessKey"],
            "token": credentials["SessionToken"],
            "expiry_time": credentials["Expiration"].isoformat(),
        }


def _resolver(assume: _Assume) -> object:
    """botocore's chain of credential providers, reduced to the one that assumes the account's role."""
    from botocore.credentials import CredentialProvider, CredentialResolver, DeferredRefreshableCredentials

    class AssumedRole(CredentialProvider):
        METHOD = "tenure-assume-role"
        CANONICAL_NAME = "tenure-assume-role"

        def load(self) -> RefreshableCredentials:
            return DeferredRefreshableCredentials(refresh_using=assume, method=self.METHOD)

    return CredentialResolver([AssumedRole()])
