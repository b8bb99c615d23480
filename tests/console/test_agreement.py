"""``tenure agreement show|check``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from console.main import run
from services.agreement import default_policy_text, parse_policy
from tests.services.agreement.policies import OTHER, OTHER_TEXT


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An empty HOME, an empty folder to stand in, and no setting of this machine."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    for name in ("XDG_CONFIG_HOME", "TENURE_CONFIG", "TENURE_PROFILE", "TENURE_API_URL", "TENURE_AGREEMENT"):
        monkeypatch.delenv(name, raising=False)


def test_show_prints_the_file_itself(capsys: pytest.CaptureFixture[str]) -> None:
    """Without settings it is the policy that comes with tenure, comments included, ready to be changed."""
    assert run(["agreement", "show"]) == 0
    assert capsys.readouterr().out == default_policy_text()


def test_show_prints_the_policy_of_the_settings(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """JSON spells every tier out, and is a policy file again."""
    (tmp_path / "other.yaml").write_text(OTHER_TEXT, encoding="utf-8")
    monkeypatch.setenv("TENURE_AGREEMENT", str(tmp_path / "other.yaml"))
    assert run(["agreement", "show", "-o", "json"]) == 0
    out = capsys.readouterr().out
    assert json.loads(out)["recovery"]["max_age"] == {"bronze": "PT30M", "silver": "PT30M", "gold": "PT30M"}
    assert parse_policy(out) == OTHER.policy


def test_check_accepts_a_policy(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A usable file exits 0 with nothing on stdout; a byte order mark and CRLF do no harm."""
    (tmp_path / "mine.yaml").write_bytes(b"\xef\xbb\xbf" + OTHER_TEXT.replace("\n", "\r\n").encode())
    assert run(["agreement", "check", "mine.yaml"]) == 0
    assert capsys.readouterr().out == ""


def test_check_tells_each_mistake_at_its_place(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Each mistake is one line on stderr: file, line, column, path, message; the exit code is 2."""
    text = default_policy_text().replace("    dedicated: PT5M", "    golden: PT5M").replace("grace: P30D", "grace: 30")
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    assert run(["agreement", "check", "mine.yaml"]) == 2
    out, err = capsys.readouterr()
    lines = text.splitlines()
    golden = lines.index("    golden: PT5M") + 1
    grace = next(number for number, line in enumerate(lines, 1) if line.startswith("  grace: 30"))
    rpo = lines.index("  rpo:                           # by tier") + 1
    undeclared = "the tier 'golden' is not declared: write public or dedicated, or add it under tiers"
    assert out == ""
    assert err.splitlines() == [
        f"mine.yaml:{rpo}:3: recovery.rpo.dedicated: missing: give every declared tier a value, or one value for all",
        f"mine.yaml:{golden}:5: recovery.rpo.golden: {undeclared}",
        f"mine.yaml:{grace}:10: right-to-be-forgotten.grace: '30' is no ISO 8601 duration: write it like P30D or PT24H",
    ]


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (None, "mine.yaml: cannot be read: No such file"),
        (b"title: caf\xe9\n", "mine.yaml:1:11: .: this is no UTF-8"),
        ("# ok\ntitle: é".encode() + b"\xff", "mine.yaml:2:9: .: this is no UTF-8"),
        (b"a: \x1b[2J", "mine.yaml:1:4: .: the character '\\x1b' has no place in YAML"),
    ],
)
def test_check_refuses_what_is_no_text(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, raw: bytes | None, told: str
) -> None:
    """A file that is missing, no UTF-8 or hostile exits 2, told at its place where it has one."""
    if raw is not None:
        (tmp_path / "mine.yaml").write_bytes(raw)
    assert run(["agreement", "check", "mine.yaml"]) == 2
    assert told in capsys.readouterr().err
