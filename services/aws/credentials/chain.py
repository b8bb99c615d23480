"""botocore's chain of credentials, with what would own the terminal taken out of it.

The order and the providers are botocore's own. Those that ask, start a process or call AWS are made with our prompter,
our way to start processes, our endpoint and time-outs, and the token cache of this run's home directory.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from botocore import credentials as boto
from botocore.config import Config
from botocore.tokens import SSOTokenProvider
from botocore.utils import create_nested_client

from services.aws.credentials.isolated import IsolatedProcess

if TYPE_CHECKING:
    from botocore.session import Session

Prompter = Callable[[str], str]
"""Gives the code of a device, or raises."""


@dataclass(frozen=True, slots=True)
class Ways:
    """How the chain reaches what it needs."""

    core: Session
    """botocore's session of the profile."""
    region: str
    """Whose STS assumes the roles."""
    endpoint_url: str | None
    prompter: Prompter
    tokens: Any
    """The cache of tokens: ``tokens.make_cache``; the stubs know of no cache but a dictionary."""

    @property
    def profile(self) -> str:
        name: str | None = self.core.get_config_variable("profile")
        return name or "default"

    @property
    def by_name(self) -> bool:
        """Whether the profile was named outright, which takes keys of the environment out of the chain."""
        return self.core.instance_variables().get("profile") is not None

    def config(self) -> Any:
        """The configuration of the files, whole."""
        return self.core.full_config

    def client(self, service: str, **more: Any) -> Any:
        """A client as botocore's providers ask for one."""
        given: dict[str, Any] = {"region_name": self.region, "endpoint_url": self.endpoint_url, **more}
        config = given.get("config")
        if config is not None and config.region_name:
            given["region_name"] = config.region_name
        return create_nested_client(self.core, service, **given)


def make_chain(ways: Ways) -> boto.CredentialResolver:
    """The resolver of a session's base credentials. Asks nobody; ``load_credentials`` may block."""
    cache: dict[str, Any] = {}
    resolver = boto.create_credential_resolver(ways.core, cache=cache, region_name=ways.region)
    builder = _Profiles(ways, cache)
    own: dict[Any, Any] = {provider.METHOD: provider for provider in resolver.providers}
    sources = [
        own.get("env") or boto.EnvProvider(),
        own["container-role"],
        own["iam-role"],
    ]
    assume = boto.AssumeRoleProvider(
        load_config=ways.config,
        client_creator=ways.client,
        cache=cache,
        profile_name=ways.profile,
        prompter=ways.prompter,
        credential_sourcer=boto.CanonicalNameCredentialSourcer(sources),
        profile_provider_builder=builder,
    )
    replaced: dict[Any, Any] = {provider.METHOD: provider for provider in builder.providers(ways.profile, ways.by_name)}
    replaced[assume.METHOD] = assume
    return boto.CredentialResolver([replaced.get(each.METHOD, each) for each in resolver.providers])


class _Profiles(boto.ProfileProviderBuilder):
    """Makes the providers of a profile, also of the source of a role."""

    def __init__(self, ways: Ways, cache: dict[str, Any]) -> None:
        super().__init__(ways.core, cache=cache, region_name=ways.region, sso_token_cache=ways.tokens)
        self._ways = ways
        self._kept = cache

    def providers(self, profile_name: str, disable_env_vars: bool = False) -> list[Any]:
        """As botocore's, in its order."""
        ours: dict[Any, Any] = {
            each.METHOD: each
            for each in (
                boto.ProcessProvider(profile_name, self._ways.config, popen=IsolatedProcess),
                boto.AssumeRoleWithWebIdentityProvider(
                    load_config=self._ways.config,
                    client_creator=self._ways.client,
                    cache=self._kept,
                    profile_name=profile_name,
                    disable_env_vars=disable_env_vars,
                ),
                boto.SSOProvider(
                    load_config=self._ways.config,
                    client_creator=self._ways.client,
                    profile_name=profile_name,
                    cache=self._kept,
                    token_cache=self._ways.tokens,
                    token_provider=_Tokens(self._ways, profile_name),
                ),
            )
        }
        found = super().providers(profile_name, disable_env_vars)
        return [ours.get(each.METHOD, each) for each in found]


class _Tokens(SSOTokenProvider):
    """botocore's, with our way to the service that refreshes a token."""

    def __init__(self, ways: Ways, profile: str) -> None:
        super().__init__(ways.core, cache=ways.tokens, profile_name=profile)
        self._ways = ways

    @functools.cached_property
    def _client(self) -> Any:
        settings = cast(Any, self)._sso_config  # noqa: SLF001 # its own, which the stubs do not know
        return unsigned(self._ways, "sso-oidc", settings["sso_region"])


def unsigned(ways: Ways, service: str, region: str) -> Any:
    """A client of a service that takes no credentials."""
    from botocore import UNSIGNED

    return ways.client(service, config=Config(region_name=region, signature_version=UNSIGNED))
