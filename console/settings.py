"""The settings: a profile of the file, and the environment above it. Frozen, and without a secret in any ``repr``."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator, model_validator

from console.config_file import DEFAULT_NAME, Key, Profile, Table
from console.hints import hint
from console.profile import READ_ONLY, Mistake, SettingsError, find_profile

ENVIRONMENT: Mapping[str, Key] = {
    "TENURE_API_URL": ("api", "url"),
    "TENURE_API_TOKEN": ("api", "token"),
    "TENURE_API_TOKEN_COMMAND": ("api", "token_command"),
    "TENURE_CLOCK_OFFSET": ("clock_offset_s",),
    "TENURE_AWS_ROLE_ARN": ("aws", "role_arn"),
    "TENURE_AWS_EXTERNAL_ID": ("aws", "external_id"),
    "TENURE_AGREEMENT": ("agreement",),
    "TENURE_TAGS_TENANT": ("tags", "tenant"),
    READ_ONLY: ("read_only",),
}
"""Variables that stand above the profile. AWS's own (``AWS_PROFILE``, ``AWS_ENDPOINT_URL`` …) are read by boto3."""


_TOKEN: tuple[Key, Key] = (("api", "token"), ("api", "token_command"))


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class ApiSettings(Frozen):
    """The internal API."""

    url: Annotated[str, Field(pattern=r"^https?://[^\s/]+")] | None = None
    token: SecretStr | None = None
    token_command: tuple[str, ...] | None = None
    """Prints the token; run without a shell when the token is needed, and only where ``token`` is not set."""
    timeout_s: Annotated[float, Field(gt=0, le=120)] = 5.0

    @field_validator("token_command", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(shlex.split(value)) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.token_command is not None and not self.token_command:
            raise ValueError("token_command is empty; write it as a list of words")
        return self


AccountId: TypeAlias = Annotated[str, Field(pattern=r"^[0-9]{12}$")]
Region: TypeAlias = Annotated[str, Field(pattern=r"^[a-z]{2}(-[a-z]+)+-[0-9]$")]


class Scope(Frozen):
    """An account to look at beside those of the registry's tenants, and the regions to look at in it."""

    account: AccountId
    regions: tuple[Region, ...]


class AwsSection(Frozen):
    """How AWS is reached. Credentials come from where boto3 finds them, never from here."""

    profile: str | None = None
    endpoint_url: Annotated[str, Field(pattern=r"^https?://[^\s/]+")] | None = None
    role_arn: str | None = None
    external_id: SecretStr | None = None
    home_region: Region | None = None
    accounts: frozenset[AccountId] = frozenset()
    """Those that are looked at at all; empty: all."""
    regions: frozenset[Region] = frozenset()
    """As ``accounts``."""
    scope: tuple[Scope, ...] = ()
    connect_timeout_s: Annotated[float, Field(gt=0, le=60)] = 3.0
    read_timeout_s: Annotated[float, Field(gt=0, le=120)] = 5.0
    max_concurrency: Annotated[int, Field(ge=1, le=64)] = 32

    @field_validator("role_arn")
    @classmethod
    def _template(cls, value: str | None) -> str | None:
        if value is not None and "{account}" not in value:
            raise ValueError("is a template: it needs {account} in the place of the account's id")
        return value

    @model_validator(mode="after")
    def _within(self) -> Self:
        for one in self.scope:
            if self.accounts and one.account not in self.accounts:
                raise ValueError(f"scope names account {one.account}, which accounts leaves out")
            if self.regions and (outside := set(one.regions) - self.regions):
                raise ValueError(f"scope names {', '.join(sorted(outside))}, which regions leaves out")
        return self


class TagSettings(Frozen):
    """The names of tags."""

    tenant: Annotated[str, Field(min_length=1, max_length=128)] = "tenant"
    """Attributes a resource to a tenant, by its id."""


class RefreshSettings(Frozen):
    """How often the console asks."""

    pace: Annotated[float, Field(ge=0.02, le=10)] = 1.0
    """Multiplies every interval; where the policy's ``max_age`` needs an answer earlier, it is asked earlier."""
    focus: Annotated[float, Field(ge=0.1, le=1)] = 0.5
    """The share of an interval after which what is on the screen is asked."""
    jitter: Annotated[float, Field(ge=0, le=0.5)] = 0.1
    """By what share of itself an interval is lengthened or shortened at most."""
    backoff_max_s: Annotated[float, Field(ge=5, le=600)] = 120.0
    """The longest wait, in seconds, after a source did not answer."""


class Settings(Frozen):
    """Everything a console is told. ``origins`` says of each value that was set where it comes from."""

    profile: str = DEFAULT_NAME
    banner: Annotated[str, Field(max_length=16)] | None = None
    colour: Literal["red", "yellow", "green", "cyan", "blue", "magenta"] | None = None
    """Of the banner; of the profile's name where there is none."""
    read_only: bool = False
    """Nothing is written, whatever the token may do."""
    agreement: Path | None = None
    """The policy file, in the profile file relative to it; ``None``: the policy that comes with Tenure."""
    clock_offset_s: float = 0.0
    api: ApiSettings = ApiSettings()
    aws: AwsSection = AwsSection()
    tags: TagSettings = TagSettings()
    refresh: RefreshSettings = RefreshSettings()
    origins: Mapping[str, str] = Field(default_factory=dict, repr=False)

    @field_validator("clock_offset_s")
    @classmethod
    def _bounded(cls, value: float) -> float:
        if not abs(value) <= timedelta(days=36525).total_seconds():
            raise ValueError("is a number of seconds, a century at most")
        return value

    @property
    def clock_offset(self) -> timedelta:
        return timedelta(seconds=self.clock_offset_s)


def load_settings(env: Mapping[str, str]) -> Settings:
    """The settings of the chosen profile with the environment above it.

    Raises:
        NoSettingsError: there is no file, and the environment names no internal API.
        SettingsError: the file, the profile or a value cannot be used.
    """
    return settings_of(find_profile(env), env)


def settings_of(profile: Profile, env: Mapping[str, str]) -> Settings:
    """A profile with the environment above it. Raises ``SettingsError``."""
    values: Table = {"profile": profile.name, **profile.values}
    origins = dict(profile.origins)
    given = {variable: env[variable] for variable in ENVIRONMENT if env.get(variable)}
    if any(ENVIRONMENT[variable] in _TOKEN for variable in given):  # the file's way to a token gives way as a whole
        _put(values, _TOKEN[0], None)
        _put(values, _TOKEN[1], None)
    for variable, value in given.items():
        _put(values, ENVIRONMENT[variable], value)
        origins[ENVIRONMENT[variable]] = variable
    named = {".".join(key): where for key, where in origins.items()}
    try:
        return Settings.model_validate({**values, "origins": named})
    except ValidationError as error:
        raise SettingsError(mistakes=[_mistake(one, origins) for one in _all(error)]) from None


def _all(error: ValidationError) -> list[Any]:
    return list(error.errors(include_url=False, include_input=False, include_context=False))


def _mistake(one: Mapping[str, Any], origins: Mapping[Key, str]) -> Mistake:
    """Where, which key, what is wrong, what to write. The value itself is not shown; it may be a secret."""
    key, kind = tuple(str(part) for part in one["loc"]), one["type"]
    where = next((origins[key[:end]] for end in range(len(key), 0, -1) if key[:end] in origins), None)
    if where is None:
        where = next((place for known, place in origins.items() if known[: len(key)] == key), "settings")
    said = {
        "extra_forbidden": "there is no such setting",
        "string_pattern_mismatch": "does not have the form that is needed",
    }.get(kind, one["msg"].removeprefix("Value error, "))
    return Mistake(f"{where}: {'.'.join(key)}: {said}", hint(key, unknown=kind == "extra_forbidden", model=Settings))


def _put(values: Table, key: Key, value: object) -> None:
    table = values
    for part in key[:-1]:
        below = table.get(part)
        table[part] = dict(below) if isinstance(below, dict) else {}
        table = table[part]
    table[key[-1]] = value
