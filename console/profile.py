"""Which profile is in force: found without judging its values, so that the console can open on its name at once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from console.config_file import DEFAULT_NAME, ConfigError, Profile, read_profile
from console.errors import UsageError


class SettingsError(UsageError):
    """The settings cannot be used; the message names file and line or variable, key, and what to do."""


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
        if isinstance(named := profile.values.get("agreement"), str):
            profile.values["agreement"] = str(path.parent / Path(named).expanduser())
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
