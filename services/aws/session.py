"""The one place that makes AWS clients: one per service, account and region, with the operator's credentials.

Every account is reached by assuming the role that the settings' template names. Without a template there is one
account, that of the base credentials; asking for another is refused, so that no answer is ever taken for that of
an account it does not come from.

boto3 is imported when the first client is made, not when this module is.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

from services.aws.core import core_of, settle, sign_with
from services.model import BASE, Credential, Identity, Prompts, Renewal
from services.now import make_now

if TYPE_CHECKING:
    from boto3.session import Session as BotoSession
    from botocore.config import Config
    from botocore.credentials import ReadOnlyCredentials
    from botocore.session import Session as CoreSession
    from mypy_boto3_sts.client import STSClient

    from services.aws.credentials.base import Base
    from services.aws.credentials.chain import Prompter, Ways
    from services.aws.credentials.keeper import Keeper

FALLBACK_REGION = "us-east-1"
"""Where the base credentials are asked about if neither settings, environment nor AWS profile name a region."""


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
        self._real = make_now()
        self._lock = threading.Lock()
        self._own_lock = threading.Lock()
        self._base_session: BotoSession | None = None
        self._base: Base | None = None
        self._accounts: dict[str, tuple[BotoSession, Keeper]] = {}
        self._strangers: dict[str, str] = {}
        """Accounts that were asked for and that no role leads to, each with the reason."""
        self._clients: dict[tuple[str, str | None, str], object] = {}
        self._own: Identity = Identity()
        self._own_account: str | None = None

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
                why = f"no role leads to account {account}: aws.role_arn is not set, and the credentials are of {own}"
                self._strangers[account] = why
                raise WrongAccountError(why)
            return cast(Client, self._client(service, None, region))
        return cast(Client, self._client(service, account, region))

    def identity(self) -> Identity:
        """Who the base credentials are (``sts:GetCallerIdentity``) and when they end, on the reader's clock.

        Raises botocore's errors, and ``CredentialsEndedError``.
        """
        answer = self._sts().get_caller_identity()
        self._own_account = answer["Account"]
        self._own = Identity(aws_arn=answer["Arn"])
        return Identity(aws_arn=answer["Arn"], expires_at=self.credentials()[0].expires_at)

    def credentials(self) -> tuple[Credential, ...]:
        """What opens AWS, as far as is known: the base credentials, then those of each account that was asked for.

        Asks nobody; cheap; from any thread.
        """
        offset = self.settings.clock_offset
        base = self._base
        own = base.credential(self._own.aws_arn, offset) if base else Credential(BASE)
        accounts = dict(self._accounts)
        return (
            own,
            *(
                accounts[account][1].credential(account, self._role(account), Renewal.ITSELF, offset)
                for account in sorted(accounts)
            ),
            *(Credential(account, error=why) for account, why in sorted(dict(self._strangers).items())),
        )

    def sign_in(self, prompts: Prompts, cancel: threading.Event) -> str | None:
        """Makes the base credentials good again, by what they need: a device code of IAM Identity Center, the code of
        an MFA device, or files that were renewed in a shell and are read anew. Blocks until that is done.

        ``None`` where it is: the accounts' credentials are then made anew. Otherwise why not.
        """
        try:
            self._base_of()
        except Exception as error:  # noqa: BLE001 - a configuration that cannot be read, told as it is
            from services.aws.errors import outcome_of

            return outcome_of(error)[1]
        problem = cast("Base", self._base).sign_in(prompts, cancel, make_now(self.settings.clock_offset))
        if problem is None:
            self._own_account = None
            self._strangers.clear()
            for _, keeper in list(self._accounts.values()):
                keeper.forget()
        return problem

    def prepare(self, services: Iterable[str]) -> None:
        """Imports boto3 and reads AWS's descriptions of services, so that the first calls need not. Asks nobody.

        Raises ``ProfileNotFound``, as every call will.
        """
        loader = core_of(self._base_of()).get_component("data_loader")
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

    def _sts(self) -> STSClient:
        return cast("STSClient", self._client("sts", None, self._home_region()))

    def _home_region(self) -> str:
        return self.settings.home_region or self._base_of().region_name or FALLBACK_REGION

    def _client(self, service: str, account: str | None, region: str) -> object:
        key = (service, account, region)
        found = self._clients.get(key)
        if found is not None:
            return found
        session = self._base_of() if account is None else self._session_of(account)
        with self._lock:
            found = self._clients.get(key)
            if found is None:
                make = cast(Callable[..., object], session.client)  # the stubs know literal service names only
                found = make(
                    service, region_name=region, endpoint_url=self.settings.endpoint_url, config=self._config()
                )
                # a paginator keeps nothing of a call, and botocore makes a class for each
                cast(Any, found).get_paginator = cache(cast(Client, found).get_paginator)
                self._clients[key] = found
            return found

    def _config(self) -> Config:
        from botocore.config import Config

        return Config(
            connect_timeout=self.settings.connect_timeout_s,
            read_timeout=self.settings.read_timeout_s,
            retries={"mode": "standard", "total_max_attempts": self.settings.max_attempts},
            max_pool_connections=min(self.settings.max_concurrency, 10),
            user_agent=_user_agent(),
        )

    def _base_of(self) -> BotoSession:
        if self._base_session is not None:
            return self._base_session
        with self._lock:
            if self._base_session is None:
                from boto3.session import Session

                from services.aws.credentials.base import Base

                session = Session(profile_name=self.settings.profile)
                core = core_of(session)
                self._base = Base(lambda prompter: self._ways(core, prompter), self._verify, self._real)
                sign_with(core, self._base.keeper)
                self._base_session = session
            return self._base_session

    def _ways(self, base: CoreSession, prompter: Prompter) -> Ways:
        """The AWS configuration read anew, for the chain that finds the base credentials."""
        from services.aws.credentials.chain import Ways
        from services.aws.credentials.tokens import make_cache

        core = self._unwatched(base)
        region: str | None = self.settings.home_region or core.get_config_variable("region")
        return Ways(
            core, region or FALLBACK_REGION, self.settings.endpoint_url, prompter, make_cache(Path("~").expanduser())
        )

    def _unwatched(self, base: CoreSession) -> CoreSession:
        """A session whose answers end nobody's credentials, since it signs with others than those that are kept."""
        from botocore.session import Session as CoreSession

        core = CoreSession(profile=self.settings.profile)
        core.register_component("data_loader", base.get_component("data_loader"))
        core.set_default_client_config(self._config())
        settle(core)
        return core

    def _verify(self, keys: ReadOnlyCredentials) -> object:
        """Asks STS who these keys are; raises botocore's errors."""
        make = cast(Callable[..., Any], self._unwatched(core_of(self._base_of())).create_client)
        client = make(
            "sts",
            region_name=self._home_region(),
            endpoint_url=self.settings.endpoint_url,
            aws_access_key_id=keys.access_key,
            aws_secret_access_key=keys.secret_key,
            aws_session_token=keys.token,
        )
        try:
            return client.get_caller_identity()
        finally:
            client.close()

    def _session_of(self, account: str) -> BotoSession:
        """The account's own session: its credentials, and the base session's loader, so that each of AWS's service
        descriptions is read once (a client then takes 4 ms, not 190)."""
        if account in self._accounts:
            return self._accounts[account][0]
        base = self._base_of()
        with self._lock:
            found = self._accounts.get(account)
            if found is None:
                from boto3.session import Session
                from botocore.session import Session as CoreSession

                from services.aws.credentials.keeper import Keeper
                from services.aws.credentials.roles import assume

                settings, role = self.settings, self._role(account)
                keeper = Keeper(
                    role,
                    assume(self._sts, role, settings.session_name, settings.external_id),
                    self._verify,
                    self._real,
                    gate=cast("Base", self._base).keeper.get_frozen_credentials,
                )
                core = CoreSession(profile=settings.profile)
                core.register_component("data_loader", core_of(base).get_component("data_loader"))
                sign_with(core, keeper)
                found = self._accounts[account] = (Session(botocore_session=core), keeper)
            return found[0]


@cache
def _user_agent() -> str:
    """What the calls say of who asks. Made once: botocore makes its own anew at each call, a tenth of its time."""
    import platform

    from boto3 import __version__ as boto3
    from botocore import __version__ as botocore

    return f"tenure Boto3/{boto3} Botocore/{botocore} Python/{platform.python_version()}"
