"""The profiles of the settings file, as the console switches between them."""

from __future__ import annotations

import errno
import os
from functools import partial
from pathlib import Path
from typing import get_args

import pytest
from rich.color import Color, ColorSystem

from console.config_file import Profile
from console.errors import CommandError
from console.profile import SettingsError, find_profile
from console.profiles import FileProfiles, _state_of
from console.settings import Settings
from console.wiring import api_token
from screens.theme import BANNERS
from services.internal.token import Kept, TokenError

FILE = """\
default_profile = "eu-prod"

[profiles.eu-prod]
banner = "PROD"
colour = "red"
api = { url = "https://registry.example.net", token = "t" }
aws = { profile = "ops" }

[profiles.eu-test]
clock_offset_s = 3600
api = { url = "http://127.0.0.1:9", token = "t" }
"""


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    path = tmp_path / "config.toml"
    path.write_text(FILE)
    return {"TENURE_CONFIG": str(path), "TENURE_PROFILE": "eu-prod"}


def profiles_of(env: dict[str, str]) -> FileProfiles:
    return FileProfiles(find_profile(env), env)


def test_all_profiles_are_shown_with_whom_they_ask(env: dict[str, str]) -> None:
    """Name, banner, colour, address, AWS profile, and which is in force; the environment's address holds for all."""
    prod, test = profiles_of(env).views("eu-test")
    assert (prod.name, prod.banner, prod.colour, prod.current) == ("eu-prod", "PROD", "red", False)
    assert (prod.api_url, prod.aws_profile) == ("https://registry.example.net", "ops")
    assert (test.name, test.banner, test.current, test.aws_profile) == ("eu-test", None, True, None)
    above = profiles_of({**env, "TENURE_API_URL": "http://other", "AWS_PROFILE": "mine"}).views("eu-prod")
    assert [(view.api_url, view.aws_profile) for view in above] == [("http://other", "ops"), ("http://other", "mine")]


def test_a_profile_is_opened_whatever_the_environment_chose_at_the_start(env: dict[str, str]) -> None:
    """With its own clock, and a reader that has asked nobody yet."""
    opened = profiles_of(env).open("eu-test")
    offset = opened.now() - profiles_of(env).open("eu-prod").now()
    opened.close()
    assert (opened.name, opened.banner, opened.colour) == ("eu-test", None, None)
    assert 3599 < offset.total_seconds() < 3601


def test_a_file_that_changes_is_read_again(env: dict[str, str]) -> None:
    """A profile that was added can be switched to; one that is wrong says at which line, one that is gone which there
    are."""
    profiles, path = profiles_of(env), Path(env["TENURE_CONFIG"])
    assert len(profiles.views("eu-prod")) == 2
    path.write_text(FILE + '\n[profiles.lab]\nbaner = "LAB"\n')
    os.utime(path, (1, 1))
    assert [view.name for view in profiles.views("eu-prod")] == ["eu-prod", "eu-test", "lab"]
    with pytest.raises(SettingsError, match=r"config.toml:14: baner: there is no such setting; did you mean banner\?"):
        profiles.open("lab")
    with pytest.raises(CommandError, match="no profile 'gone'; it has eu-prod, eu-test, lab"):
        profiles.open("gone")


def test_a_file_that_cannot_be_read_any_more_leaves_the_first_profile(env: dict[str, str]) -> None:
    """The page shows what is in force; opening says what is wrong with the file."""
    profiles = profiles_of(env)
    Path(env["TENURE_CONFIG"]).write_text("[profiles\n")
    assert [view.name for view in profiles.views("eu-prod")] == ["eu-prod"]
    with pytest.raises(SettingsError, match="line 1"):
        profiles.open("eu-test")


def test_without_a_file_there_is_the_first_profile_alone(tmp_path: Path) -> None:
    """That of a sandbox, or of the environment: it can be opened again."""
    env = {"HOME": str(tmp_path), "TENURE_API_URL": "http://127.0.0.1:9", "TENURE_API_TOKEN": "t"}
    profiles = FileProfiles(Profile("sandbox", {"banner": "SANDBOX"}), env)
    assert [(view.name, view.banner) for view in profiles.views("sandbox")] == [("sandbox", "SANDBOX")]
    opened = profiles.open("sandbox")
    opened.close()
    assert opened.banner == "SANDBOX"
    with pytest.raises(CommandError, match="it has none"):
        profiles.open("other")


def test_the_colours_of_profiles_are_told_apart_in_16_colours() -> None:
    """Each has a nearest of its own; and the settings take exactly these."""
    nearest = {Color.parse(color).downgrade(ColorSystem.STANDARD).number for color in BANNERS.values()}
    assert len(nearest) == len(BANNERS)
    (names, _) = get_args(Settings.model_fields["colour"].annotation)
    assert set(get_args(names)) == BANNERS.keys()


def test_a_token_that_was_put_into_the_file_is_found_again(env: dict[str, str]) -> None:
    """The running console reads it from the same profile; a file without it says so, and repeats no token."""
    profiles = profiles_of(env)
    kept = api_token(profiles.settings("eu-prod"), partial(profiles.settings, "eu-prod"))
    assert isinstance(kept, Kept)
    assert kept.value == "t"
    path = Path(env["TENURE_CONFIG"])
    path.write_text(FILE.replace('net", token = "t"', 'net", token = "new-one"'))
    assert kept.again() == "new-one"
    path.write_text(FILE.replace(', token = "t"', ""))
    with pytest.raises(TokenError, match=r"no api\.token any more"):
        kept.again()
    path.write_text("profiles = 1 # new-one")
    with pytest.raises(TokenError) as told:
        kept.again()
    assert "new-one" not in str(told.value)


def test_a_file_that_is_denied_is_not_taken_for_one_that_is_gone(
    env: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be looked at any more is read again, and says why; it does not pass for no change."""
    path = Path(env["TENURE_CONFIG"])
    gone, denied = FileNotFoundError(errno.ENOENT, "gone"), PermissionError(errno.EACCES, "denied")
    states = []
    for error in (gone, denied):

        def fail(_path: Path, error: OSError = error) -> None:
            raise error

        monkeypatch.setattr(Path, "stat", fail)
        states.append(_state_of(path))
    assert states == [errno.ENOENT, errno.EACCES]
