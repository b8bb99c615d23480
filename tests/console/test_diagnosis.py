"""What the doctor finds, thing by thing."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from console.diagnosis import Health, examine_policy, examine_settings, examine_terminal, skew
from console.settings import load_settings
from tests.support.fleet import AT

UTF8 = {"TERM": "xterm-256color"}


def found(env: dict[str, str], *, size: tuple[int, int] = (80, 24), encoding: str = "utf-8") -> dict[str, Health]:
    """The terminal's findings by check."""
    findings = examine_terminal(env, tty=True, size=os.terminal_size(size), encoding=encoding)
    return {finding.check: finding.health for finding in findings}


def test_a_good_terminal_is_ok() -> None:
    """80×24, 256 colours, UTF-8: all ok."""
    assert set(found(UTF8).values()) == {Health.OK}


def test_what_a_terminal_lacks_is_found() -> None:
    """Too small and not UTF-8 are at risk; no TERM at all has failed; no terminal is unknown."""
    assert found(UTF8, size=(79, 24))["terminal size"] is Health.AT_RISK
    assert found(UTF8, encoding="latin-1")["encoding"] is Health.AT_RISK
    assert found({})["terminal"] is Health.FAILED
    (piped,) = examine_terminal(UTF8, tty=False, size=os.terminal_size((80, 24)), encoding="utf-8")
    assert piped.health is Health.UNKNOWN


@pytest.mark.parametrize(
    ("env", "told"),
    [
        ({"TERM": "xterm"}, "16"),
        ({"TERM": "screen-256color"}, "256"),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "true colour"),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, "none (NO_COLOR)"),
    ],
)
def test_colours_are_told(env: dict[str, str], told: str) -> None:
    """How many colours the console will use is what the environment promises."""
    findings = examine_terminal(env, tty=True, size=os.terminal_size((80, 24)), encoding="UTF-8")
    assert [finding.told for finding in findings if finding.check == "colours"] == [told]


@pytest.mark.parametrize(
    ("off", "health", "told"),
    [
        (timedelta(milliseconds=400), Health.OK, "in step"),
        (timedelta(seconds=-5), Health.OK, "5s behind"),
        (timedelta(seconds=31), Health.AT_RISK, "31s ahead"),
        (timedelta(minutes=-6), Health.FAILED, "6m behind"),
    ],
)
def test_clock_skew_is_told_with_its_direction(off: timedelta, health: Health, told: str) -> None:
    """Half a minute is at risk; five minutes, which AWS refuses, have failed."""
    finding = skew("clock", AT, AT + off)
    assert (finding.health, finding.told) == (health, told)
    assert (finding.advice is None) == (health is Health.OK)


def test_every_value_is_told_with_its_origin_and_no_secret(tmp_path: Path) -> None:
    """File with line, or variable; a token is asterisks; a file that others may read is at risk."""
    path = tmp_path / "config.toml"
    path.write_text('banner = "PROD"\n[api]\nurl = "http://h"\ntoken = "s3cret"\n')
    path.chmod(0o644)
    settings, findings = examine_settings({"TENURE_CONFIG": str(path), "TENURE_CLOCK_OFFSET": "3"})
    assert settings is not None
    told = {finding.check: finding.told for finding in findings}
    assert told["setting banner"] == f"PROD ({path}:1)"
    assert told["setting api.token"] == f"********** ({path}:4)"
    assert told["setting clock_offset_s"] == "3.0 (TENURE_CLOCK_OFFSET)"
    assert "s3cret" not in str(findings)
    assert findings[-1].health is Health.AT_RISK
    path.chmod(0o600)
    assert all(finding.health is Health.OK for finding in examine_settings({"TENURE_CONFIG": str(path)})[1])


def test_settings_that_cannot_be_used_have_failed(tmp_path: Path) -> None:
    """The doctor says what the settings' own error says, and goes on."""
    settings, findings = examine_settings({"HOME": str(tmp_path)})
    assert settings is None
    assert {finding.health for finding in findings} == {Health.FAILED}


def test_a_policy_that_is_wrong_has_failed_with_its_lines(tmp_path: Path) -> None:
    """Each mistake stands at its line; the policy that comes with tenure is ok."""
    policy = tmp_path / "policy.yaml"
    policy.write_text("tiers: 3\n")
    env = {"HOME": str(tmp_path), "TENURE_API_URL": "http://h"}
    _, findings = examine_policy(load_settings({**env, "TENURE_AGREEMENT": str(policy)}))
    assert {finding.health for finding in findings} == {Health.FAILED}
    assert findings[0].told.startswith(f"{policy}:1:")
    assert findings[-1].advice
    zone, ours = examine_policy(load_settings(env))
    assert (zone, [finding.health for finding in ours]) == ("Europe/Rome", [Health.OK])
