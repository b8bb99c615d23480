"""The policy in force and the clock, for commands that need no service and so no complete settings."""

from __future__ import annotations

from collections.abc import Mapping

from console.config_file import DEFAULT_NAME, Profile
from console.profile import NoSettingsError
from console.settings import Settings, load_settings, settings_of


def local_settings(env: Mapping[str, str]) -> Settings:
    """The settings as far as there are any: without a profile, what the environment says. Raises ``SettingsError``."""
    try:
        return load_settings(env)
    except NoSettingsError:
        return settings_of(Profile(DEFAULT_NAME, {}), env)
