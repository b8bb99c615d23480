"""Puts the services together from the settings. Heavy packages are imported here, when a command needs them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from console.errors import CommandError
from console.profile import SettingsError
from console.settings import Settings
from services.now import Now

if TYPE_CHECKING:
    from services.agreement import Policy
    from services.aws.session import AwsSession, AwsSettings
    from services.fleet.refresh import FleetReader
    from services.fleet.schedule import Tempo
    from services.internal.client import InternalApi
    from services.internal.token import Token
    from services.model import Scope

TOKEN_COMMAND_TIMEOUT_S = 60


def policy_text(settings: Settings) -> tuple[str, str]:
    """The text of the policy in force, and where it stands. Raises ``SettingsError``."""
    from services.agreement import default_policy_text

    if settings.agreement is None:
        return default_policy_text(), "the policy that comes with tenure"
    path = settings.agreement
    try:
        return path.read_text(encoding="utf-8"), str(path)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"agreement: {path} cannot be read: {error}") from error


def load_policy(settings: Settings) -> Policy:
    """The policy in force. Raises ``SettingsError`` with each mistake at its line."""
    from services.agreement import PolicyError, parse_policy

    text, where = policy_text(settings)
    try:
        return parse_policy(text)
    except PolicyError as error:
        lines = [
            f"{where}:{problem.line}:{problem.column}: {problem.path}: {problem.message}" for problem in error.problems
        ]
        raise SettingsError("\n".join(lines)) from error


def api_token(settings: Settings, again: Callable[[], Settings] | None = None) -> Token:
    """The token of the internal API, or what runs the command that prints it: that raises ``TokenError``, whose text
    holds nothing of what was printed. ``again`` reads the settings anew, for those who put another token there.

    Raises ``SettingsError`` where there is neither.
    """
    from services.commands import CommandFailedError, printed_by
    from services.internal.token import Kept, TokenError

    api = settings.api
    if api.token is not None:
        token = api.token.get_secret_value().strip()
        return token if again is None else Kept(token, partial(_token_in, again))
    if api.token_command is None:
        raise SettingsError("the internal API has no token: set TENURE_API_TOKEN, api.token or api.token_command")
    words = api.token_command

    def fetch() -> str:
        try:
            return printed_by(words, TOKEN_COMMAND_TIMEOUT_S)
        except CommandFailedError as error:
            raise TokenError(f"api.token_command: {error}") from None

    return fetch


def _token_in(again: Callable[[], Settings]) -> str:
    """The token that the settings hold by now. Raises ``TokenError``."""
    from services.internal.token import TokenError

    try:
        token = again().api.token
    except CommandError as error:
        raise TokenError(str(error)) from None
    if token is None:
        raise TokenError("the settings have no api.token any more")
    return token.get_secret_value().strip()


def make_api(
    settings: Settings, now: Now, default_zone: str, again: Callable[[], Settings] | None = None
) -> InternalApi:
    """The client of the internal API, with its token. Blocks while a command prints that. ``again``: see ``api_token``.

    Raises ``SettingsError`` where address or token are missing or cannot be used, and ``CommandError`` where the
    command fails.
    """
    if settings.api.url is None:
        raise SettingsError(
            "the internal API has no address: set TENURE_API_URL or api.url; or look around: tenure demo"
        )
    from services.internal.client import InternalApi
    from services.internal.token import TokenError

    token, wait = api_token(settings, again), settings.api.timeout_s
    try:
        api = InternalApi(settings.api.url, token, now=now, default_zone=default_zone, timeout=wait)
    except ValueError as error:
        raise SettingsError(f"api: {error}") from None
    try:
        api.fetch_token()
    except TokenError as error:
        api.close()
        raise CommandError(str(error)) from None
    return api


def aws_settings(settings: Settings) -> AwsSettings:
    """What the AWS session is told."""
    from services.aws.session import AwsSettings

    aws = settings.aws
    return AwsSettings(
        profile=aws.profile,
        endpoint_url=aws.endpoint_url,
        role_arn=aws.role_arn,
        external_id=aws.external_id.get_secret_value() if aws.external_id else None,
        home_region=aws.home_region,
        connect_timeout_s=aws.connect_timeout_s,
        read_timeout_s=aws.read_timeout_s,
        max_concurrency=aws.max_concurrency,
        clock_offset=settings.clock_offset,
    )


def make_session(settings: Settings) -> AwsSession:
    """The AWS session; asks nobody anything yet."""
    from services.aws.session import AwsSession

    return AwsSession(aws_settings(settings))


def scope_of(settings: Settings) -> Scope:
    """What is looked at at all."""
    from services.model import Scope

    return Scope(settings.aws.accounts or None, settings.aws.regions or None)


def extra_scope(settings: Settings) -> tuple[tuple[str, str], ...]:
    """(account, region) pairs to look at beside those of the registry's tenants."""
    return tuple((scope.account, region) for scope in settings.aws.scope for region in scope.regions)


def tempo_of(settings: Settings) -> Tempo:
    """How often sources are asked."""
    from services.fleet.schedule import Tempo

    asked = settings.refresh
    return Tempo(asked.pace, asked.focus, asked.jitter, timedelta(seconds=asked.backoff_max_s))


@contextmanager
def open_fleet(settings: Settings, now: Now, again: Callable[[], Settings] | None = None) -> Iterator[FleetReader]:
    """The fleet that the settings lead to, its connections closed at the end; asks nobody anything yet.

    ``again`` reads the settings anew: a token that somebody has put there meanwhile is used once the old one has ended.
    """
    from services.fleet.refresh import Fleet

    policy = load_policy(settings)
    with make_api(settings, now, policy.default_zone, again) as api, closing(make_session(settings)) as session:
        yield Fleet(
            registry=api,
            aws=session,
            policy=policy,
            now=now,
            scope=scope_of(settings),
            extra_scope=extra_scope(settings),
            tenant_tag=settings.tags.tenant,
            limit=settings.aws.max_concurrency,
            tempo=tempo_of(settings),
        )
