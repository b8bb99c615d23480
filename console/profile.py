"""Which profile is in force: found without judging its values, so that the console can open on its name at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from console.config_file import DEFAULT_NAME, ConfigError, Profile, read_profile, read_profiles
from console.errors import UsageError

READ_ONLY: Final = "TENURE_READ_ONLY"
"""The variable that ``--read-only`` sets, so that it holds in every profile that is switched to."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that is wrong in the settings."""

    told: str
    """File and line or variable, key, and what is wrong with it; never the value, which may be a secret."""
    advice: str | None = None
    """What to write instead."""

    def __str__(self) -> str:
        return f"{self.told}; {self.advice}" if self.advice else self.told


class SettingsError(UsageError):
    """The settings cannot be used; the message names file and line or variable, key, and what to do."""

    def __init__(self, message: str = "", mistakes: Sequence[Mistake] = ()) -> None:
        super().__init__(message or "\n".join(map(str, mistakes)))
        self.mistakes = tuple(mistakes) or tuple(Mistake(line) for line in message.splitlines() if line.strip())


class NoSettingsError(SettingsError):
    """There is neither a profile nor an environment to work with."""


def config_path(env: Mapping[str, str]) -> Path:
    """Where the profile file is looked for: ``TENURE_CONFIG``, else ``tenure/config.toml`` in the user's settings."""
    if named := env.get("TENURE_CONFIG"):
        return Path(named)
    base = env.get("XDG_CONFIG_HOME")
    home = Path(base) if base and Path(base).is_absolute() else Path(env.get("HOME") or Path.home()) / ".config"
    return home / "tenure" / "config.toml"


def find_profile(env: Mapping[str, str]) -> Profile:
    """The chosen profile as it stands in the file, its values not yet judged.

    Raises:
        NoSettingsError: there is no file, and the environment names no internal API.
        SettingsError: the file cannot be read, or has not that profile.
    """
    path = config_path(env)
    wanted = env.get("TENURE_PROFILE") or None
    if path.exists() or env.get("TENURE_CONFIG"):
        try:
            profile = read_profile(path, wanted)
        except ConfigError as error:
            raise SettingsError(str(error)) from error
        _settle(profile, path)
    elif wanted and wanted != DEFAULT_NAME:
        raise SettingsError(f"TENURE_PROFILE asks for the profile {wanted!r}, and there is no {path}")
    elif env.get("TENURE_API_URL"):
        return Profile(DEFAULT_NAME, {})
    else:
        raise NoSettingsError(
            f"there is no profile yet. Write {path}:\n\n"
            "    [api]\n"
            '    url = "https://registry.example.net"\n'
            '    token_command = ["pass", "show", "tenure"]\n\n'
            "    [aws]\n"
            '    role_arn = "arn:aws:iam::{account}:role/ops-read"\n\n'
            "or set TENURE_API_URL and TENURE_API_TOKEN. To look around without any of it: tenure demo"
        )
    return profile


def all_profiles(env: Mapping[str, str]) -> tuple[Profile, ...]:
    """Every profile that could be chosen, by name, its values not yet judged; none where there is no file.

    Raises ``SettingsError`` where the file cannot be read.
    """
    path = config_path(env)
    if not path.is_file():
        return ()
    try:
        profiles = read_profiles(path)
    except ConfigError as error:
        raise SettingsError(str(error)) from error
    for profile in profiles:
        _settle(profile, path)
    return profiles


def _settle(profile: Profile, path: Path) -> None:
    """A policy file is named relative to the file of the profile."""
    if isinstance(named := profile.values.get("agreement"), str):
        profile.values["agreement"] = str(path.parent / Path(named).expanduser())
