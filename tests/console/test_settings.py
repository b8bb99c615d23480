"""The settings: file, profile, environment, and what is said when they cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel, SecretStr

from console.errors import USAGE
from console.hints import EXAMPLES
from console.profile import NoSettingsError, SettingsError, all_profiles, config_path
from console.settings import Settings, load_settings

FILE = """\
agreement = "policy.yaml"

[api]
timeout_s = 7

[aws]
role_arn = "arn:aws:iam::{account}:role/ops-read"

[[aws.scope]]
account = "111122223333"
regions = ["eu-central-1", "eu-west-1"]

[profiles.eu-prod]
banner = "PROD"

[profiles.eu-prod.api]
url = "https://registry.example.net"
token = "s3cret-of-the-file"

[profiles.lab.api]
url = "http://127.0.0.1:8080"
token_command = ["printf", "%s", "tok"]

[profiles.lab.tags]
tenant = "tenure:tenant"
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


def write(home: Path, text: str) -> Path:
    """The profile file where it is looked for by default."""
    path = home / ".config" / "tenure" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return path


def load(home: Path, **env: str) -> Settings:
    return load_settings({"HOME": str(home), **env})


def test_without_profile_and_environment_it_says_how_to_make_one(home: Path) -> None:
    """The first start names the file to write, the variables to set, and the demo."""
    with pytest.raises(NoSettingsError) as caught:
        load(home)
    assert caught.value.code == USAGE
    for part in (str(config_path({"HOME": str(home)})), "TENURE_API_URL", "tenure demo", "[api]"):
        assert part in caught.value.message


def test_the_environment_alone_is_enough(home: Path) -> None:
    """Address, token and offset from the environment make a profile."""
    settings = load(home, TENURE_API_URL="http://127.0.0.1:1", TENURE_API_TOKEN="t", TENURE_CLOCK_OFFSET="-90.5")
    assert settings.api.url == "http://127.0.0.1:1"
    assert settings.api.token == SecretStr("t")
    assert settings.clock_offset.total_seconds() == -90.5
    assert settings.origins["clock_offset_s"] == "TENURE_CLOCK_OFFSET"


def test_a_profile_stands_on_what_holds_for_all(home: Path) -> None:
    """What stands outside the profiles holds for each, table by table."""
    path = write(home, FILE)
    settings = load(home, TENURE_PROFILE="eu-prod")
    assert (settings.profile, settings.banner) == ("eu-prod", "PROD")
    assert settings.agreement == path.parent / "policy.yaml"
    assert (settings.api.url, settings.api.timeout_s) == ("https://registry.example.net", 7)
    assert settings.aws.role_arn == "arn:aws:iam::{account}:role/ops-read"
    assert settings.aws.scope[0].regions == ("eu-central-1", "eu-west-1")
    assert load(home, TENURE_PROFILE="lab").tags.tenant == "tenure:tenant"


def test_a_file_without_profiles_is_one(home: Path) -> None:
    """Settings at the top of the file alone are the profile called default."""
    write(home, '[api]\nurl = "http://h"\n')
    assert load(home).profile == load(home, TENURE_PROFILE="default").profile == "default"


def test_the_only_profile_needs_no_name(home: Path) -> None:
    """One profile in the file is the one that is meant."""
    write(home, '[profiles.one.api]\nurl = "http://h"\n')
    assert load(home).profile == "one"


def test_default_profile_and_environment_choose(home: Path) -> None:
    """default_profile chooses, TENURE_PROFILE chooses against it."""
    write(home, 'default_profile = "lab"\n' + FILE)
    assert load(home).profile == "lab"
    assert load(home, TENURE_PROFILE="eu-prod").profile == "eu-prod"


def test_the_environment_stands_above_the_file(home: Path) -> None:
    """A variable wins over the file, and a token of the environment over the file's command."""
    write(home, FILE)
    settings = load(home, TENURE_PROFILE="lab", TENURE_API_URL="http://other", TENURE_API_TOKEN="mine")
    assert settings.api.url == "http://other"
    assert settings.api.token == SecretStr("mine")
    assert settings.api.token_command is None
    by_command = load(home, TENURE_PROFILE="eu-prod", TENURE_API_TOKEN_COMMAND="pass show 'a b'")
    assert by_command.api.token is None
    assert by_command.api.token_command == ("pass", "show", "a b")


def test_where_the_file_is_looked_for(home: Path) -> None:
    """TENURE_CONFIG, then XDG_CONFIG_HOME where it is absolute, then HOME."""
    env = {"HOME": str(home), "XDG_CONFIG_HOME": "/xdg", "TENURE_CONFIG": "/named.toml"}
    assert config_path(env) == Path("/named.toml")
    assert config_path({**env, "TENURE_CONFIG": ""}) == Path("/xdg/tenure/config.toml")
    assert config_path({"HOME": str(home), "XDG_CONFIG_HOME": "relative"}) == home / ".config/tenure/config.toml"


@pytest.mark.parametrize(
    ("text", "line", "parts"),
    [
        ("[api]\nurl = \n", 2, ("line 2",)),
        ('[api]\nurl = "ftp://x"\n', 2, ("api.url", "form")),
        ('[api]\nurl = "http://x"\n\n[aws]\nrole_arn = "arn:fixed"\n', 5, ("aws.role_arn", "{account}")),
        ('[api]\nurl = "http://x"\ntimeuot_s = 3\n', 3, ("api.timeuot_s", "no such setting")),
        ('[profiles.a.api]\nurl = "http://x"\n[profiles.a.aws]\nread_timeout_s = "soon"\n', 4, ("aws.read_timeout_s",)),
        ('api.url = "http://x"\n[[aws.scope]]\naccount = "12"\nregions = []\n', 0, ("aws.scope.0.account",)),
    ],
)
def test_a_mistake_is_told_with_file_line_and_key(home: Path, text: str, line: int, parts: tuple[str, ...]) -> None:
    """What is wrong in the file is told where it stands."""
    path = write(home, text)
    with pytest.raises(SettingsError) as caught:
        load(home)
    assert str(path) in caught.value.message
    assert all(part in caught.value.message for part in parts), caught.value.message
    if line and "line" not in parts[0]:
        assert f"{path}:{line}: " in caught.value.message


def test_all_mistakes_are_told_at_once(home: Path) -> None:
    """Two mistakes, two lines."""
    write(home, '[api]\nurl = "ftp://x"\n[aws]\nread_timeout_s = 0\n')
    with pytest.raises(SettingsError) as caught:
        load(home)
    assert len(caught.value.message.splitlines()) == 2


@pytest.mark.parametrize(
    ("profile", "env", "read_only"),
    [
        ("eu-prod", {}, True),
        ("lab", {}, False),
        ("lab", {"TENURE_READ_ONLY": "true"}, True),
        ("eu-prod", {"TENURE_READ_ONLY": "false"}, False),
        ("eu-prod", {"TENURE_READ_ONLY": ""}, True),
    ],
)
def test_a_profile_can_be_read_only(home: Path, profile: str, env: dict[str, str], read_only: bool) -> None:
    """Each profile by itself, and the variable above them all; without a word anything may be written."""
    write(home, FILE.replace('banner = "PROD"', 'banner = "PROD"\nread_only = true'))
    settings = load(home, TENURE_PROFILE=profile, **env)
    assert settings.read_only is read_only


@pytest.mark.parametrize(
    ("env", "part"),
    [
        ({"TENURE_CLOCK_OFFSET": "soon"}, "TENURE_CLOCK_OFFSET: clock_offset_s"),
        ({"TENURE_CLOCK_OFFSET": "nan"}, "TENURE_CLOCK_OFFSET: clock_offset_s"),
        ({"TENURE_READ_ONLY": "perhaps"}, "TENURE_READ_ONLY: read_only"),
        ({"TENURE_AWS_ROLE_ARN": "arn"}, "TENURE_AWS_ROLE_ARN: aws.role_arn"),
        ({"TENURE_PROFILE": "other"}, "TENURE_PROFILE asks for the profile 'other'"),
    ],
)
def test_a_mistake_of_the_environment_names_the_variable(home: Path, env: dict[str, str], part: str) -> None:
    """What is wrong in the environment is told by the variable's name."""
    with pytest.raises(SettingsError, match="^" + part):
        load(home, TENURE_API_URL="http://x", **env)


def test_a_profile_that_is_not_there_is_told_with_those_that_are(home: Path) -> None:
    """A wrong or missing name is answered with the names there are."""
    write(home, FILE)
    with pytest.raises(SettingsError, match=r"no profile 'us-prod'.*eu-prod, lab"):
        load(home, TENURE_PROFILE="us-prod")
    with pytest.raises(SettingsError, match=r"several profiles \(eu-prod, lab\)"):
        load(home)


def test_a_file_that_was_named_must_be_there(home: Path) -> None:
    """TENURE_CONFIG that leads nowhere is a mistake, not a first start."""
    with pytest.raises(SettingsError, match="cannot be read"):
        load(home, TENURE_CONFIG=str(home / "nowhere.toml"))


def test_a_file_that_is_no_text_is_told(home: Path) -> None:
    """Bytes that are not UTF-8 are a mistake with its place, not a traceback."""
    path = write(home, "")
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="UTF-8"):
        load(home)


def test_secrets_never_show(home: Path) -> None:
    """No token is part of a repr, a dump, or an error about another value."""
    write(home, FILE)
    settings = load(home, TENURE_PROFILE="eu-prod", TENURE_AWS_EXTERNAL_ID="ext-s3cret")
    assert settings.aws.external_id == SecretStr("ext-s3cret")
    for text in (repr(settings), str(settings), settings.model_dump_json()):
        assert "s3cret" not in text
    with pytest.raises(SettingsError) as caught:
        load(home, TENURE_PROFILE="eu-prod", TENURE_API_TOKEN="s3cret", TENURE_CLOCK_OFFSET="s3cret")
    assert "s3cret" not in caught.value.message
    assert "s3cret" not in repr(caught.value.__cause__)


def test_settings_are_frozen(home: Path) -> None:
    """Nobody changes settings after they were read."""
    settings = load(home, TENURE_API_URL="http://x")
    with pytest.raises(ValueError, match="frozen"):
        settings.banner = "X"  # type: ignore[misc]  # this is what must not go


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ('[api]\nurl = "http://x"\ntimeuot_s = 3\n', "did you mean timeout_s?"),
        ('[api]\nurl = "ftp://x"\n', 'write url = "https://registry.example.net"'),
        ('colour = "pink"\n', 'write colour = "red"'),
        ('[aws]\naccounts = ["12"]\n', 'write accounts = ["111122223333"]'),
        ('[[aws.scope]]\nacount = "1"\nregions = []\n', "did you mean account?"),
        ("[tags]\nzzz = 1\n", "there are tenant"),
    ],
)
def test_a_mistake_is_told_with_what_to_write(home: Path, text: str, advice: str) -> None:
    """The key that was perhaps meant, or an example of its value."""
    write(home, text)
    with pytest.raises(SettingsError) as caught:
        load(home)
    assert advice in [mistake.advice for mistake in caught.value.mistakes]
    assert advice in caught.value.message


def test_every_example_of_a_setting_is_right() -> None:
    """Each names a key that there is."""
    for name in EXAMPLES:
        model: type[BaseModel] = Settings
        for part in name.split("."):
            assert part in model.model_fields
            annotation = model.model_fields[part].annotation
            parts = (annotation, *getattr(annotation, "__args__", ()))
            model = next((it for it in parts if isinstance(it, type) and issubclass(it, BaseModel)), BaseModel)


def test_extra_places_must_be_within_what_is_looked_at(home: Path) -> None:
    """A place of the scope in an account or region that is left out is a mistake, not a place that is silently not
    asked."""
    scope = '[[aws.scope]]\naccount = "111122223333"\nregions = ["eu-west-1"]\n'
    path = write(home, f'[aws]\nregions = ["eu-central-1"]\n{scope}')
    with pytest.raises(SettingsError, match="eu-west-1, which regions leaves out"):
        load(home)
    path.write_text(f'[aws]\naccounts = ["444455556666"]\n{scope}')
    with pytest.raises(SettingsError, match="account 111122223333, which accounts leaves out"):
        load(home)


def test_all_profiles_of_a_file(home: Path) -> None:
    """By name, each over what holds for all; none without a file."""
    assert all_profiles({"HOME": str(home)}) == ()
    path = write(home, FILE)
    profiles = {profile.name: profile for profile in all_profiles({"HOME": str(home)})}
    assert list(profiles) == ["eu-prod", "lab"]
    assert profiles["lab"].values["api"]["timeout_s"] == 7
    assert profiles["lab"].values["agreement"] == str(path.parent / "policy.yaml")
    path.write_text("[api\n")
    with pytest.raises(SettingsError, match=str(path)):
        all_profiles({"HOME": str(home)})


def test_how_often_is_asked_has_sane_bounds(home: Path) -> None:
    """What stands in the file is taken; what would hammer AWS, or leave the console blind for hours, is refused by
    name."""
    write(home, "[refresh]\npace = 2\nfocus = 0.25\nbackoff_max_s = 300\n[api]\nurl = 'https://x'\n")
    assert load(home).refresh.model_dump() == {"pace": 2.0, "focus": 0.25, "jitter": 0.1, "backoff_max_s": 300.0}
    other = home / "other"
    write(other, "[refresh]\npace = 0\nfocus = 2\njitter = 1\nbackoff_max_s = 36000\n[api]\nurl = 'https://x'\n")
    with pytest.raises(SettingsError) as problem:
        load(other)
    for key in ("pace", "focus", "jitter", "backoff_max_s"):
        assert f"refresh.{key}: " in str(problem.value)
