"""``--read-only`` of the console and of the demo: it reaches the settings, whatever profile is switched to."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from console.commands import console, demo
from console.main import run
from console.profiles import FileProfiles
from console.settings import load_settings

FILE = """\
[profiles.one.api]
url = "http://127.0.0.1:1"

[profiles.two.api]
url = "http://127.0.0.1:2"
"""


@pytest.mark.parametrize("arguments", [["--read-only"], []])
def test_the_console_is_read_only_in_every_profile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    """The option holds for the profile that it begins with and for those that are switched to; else all may write."""
    path = tmp_path / "config.toml"
    path.write_text(FILE, encoding="utf-8")
    monkeypatch.setenv("TENURE_CONFIG", str(path))
    monkeypatch.setenv("TENURE_PROFILE", "one")
    monkeypatch.setenv("TENURE_READ_ONLY", "")  # so that it is as it was, after the test
    found: list[bool] = []

    def opened(profile: Any, env: Mapping[str, str]) -> int:
        found.append(load_settings(env).read_only)
        found.append(FileProfiles(profile, env).settings("two").read_only)
        return 0

    monkeypatch.setattr(console, "open_console", opened)
    assert run(arguments) == 0
    assert found == [bool(arguments)] * 2


@pytest.mark.parametrize("arguments", [["--read-only"], []])
def test_the_demo_can_be_read_only(monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> None:
    """The operator's own variable is not the demo's; the option is."""
    monkeypatch.setattr(os, "environ", {**os.environ, "TENURE_READ_ONLY": "true"})
    ready = {
        **dict.fromkeys(("aws_endpoint_url", "api_url"), "http://127.0.0.1:1"),
        **dict.fromkeys(("aws_access_key_id", "aws_secret_access_key", "role_arn"), "{account}"),
        "regions": ["eu-central-1"],
        "tokens": {"operator": "sesame"},
        "clock_offset_s": 0,
    }

    class Child:
        def wait_ready(self) -> dict[str, Any]:
            return ready

    @contextmanager
    def sandbox(given: list[str], env: Mapping[str, str]) -> Iterator[Child]:
        yield Child()

    monkeypatch.setattr(demo, "sandbox", sandbox)
    monkeypatch.setattr(demo, "need_terminal", lambda: None)
    monkeypatch.setattr(demo, "preload", lambda: None)
    monkeypatch.setattr(demo, "open_console", lambda profile, env: int(load_settings(env).read_only))
    assert run(["demo", *arguments]) == int(bool(arguments))
