"""``tenure clocks``: the agreement's clocks from the command line, no service needed."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from console.main import run
from tests.services.agreement.policies import OTHER_TEXT
from tests.support.cli import environment, tenure

ENDED = ("clocks", "--ended", "2026-02-28")


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An empty HOME and no setting of this machine."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_CONFIG_HOME", "TENURE_CONFIG", "TENURE_PROFILE", "TENURE_API_URL", "TENURE_AGREEMENT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("TENURE_CLOCK_OFFSET", raising=False)


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, str]]:
    """The JSON list of ``tenure clocks --ended 2026-02-28`` with these arguments."""
    assert run([*ENDED, *arguments, "-o", "json"]) == 0
    answer: list[dict[str, str]] = json.loads(capsys.readouterr().out)
    return answer


def test_the_machine_format_is_the_documented_one(capsys: pytest.CaptureFixture[str]) -> None:
    """Every clock with the documented members first, instants in RFC 3339 with Z."""
    found = printed(
        capsys,
        *("--export-available", "2026-03-10T10:00:00+01:00"),
        *("--conduct-requested", "2026-03-01T12:00:00Z"),
        *("--at", "2026-03-05T00:00:00Z"),
    )
    forgotten, start = "right-to-be-forgotten", "2026-02-28T23:00:00Z"
    keys = ("clock", "starts_at", "ends_at", "state", "clause", "cut_by", "note")
    assert [tuple(row) for row in found] == [keys] * 5
    assert [tuple(row.values())[:5] for row in found] == [
        ("grace", start, "2026-03-30T22:00:00Z", "running", forgotten),
        ("hosted_data", start, "2026-04-09T22:00:00Z", "running", forgotten),
        ("export_window", "2026-03-10T09:00:00Z", "2026-04-09T22:00:00Z", "not-started", forgotten),
        ("return_or_delete", start, "2026-08-27T22:00:00Z", "running", "return-or-delete"),
        ("conduct", "2026-03-01T12:00:00Z", "2026-03-02T12:00:00Z", "over", "acceptable-use"),
    ]


@pytest.mark.parametrize(
    ("available", "cut_by", "note"),
    [
        ("2026-07-28T09:00:00Z", None, None),
        ("2026-08-20T09:00:00Z", "return_or_delete", "closes early; return_or_delete cuts it"),
        (
            "2026-08-27T22:00:00Z",
            "return_or_delete",
            "never open: it is over when the package becomes available; return_or_delete cuts it",
        ),
        (
            "2026-09-20T09:00:00Z",
            "return_or_delete",
            "never open: it is over when the package becomes available; return_or_delete cuts it",
        ),
    ],
)
def test_a_window_that_is_cut_says_so(
    capsys: pytest.CaptureFixture[str], available: str, cut_by: str | None, note: str | None
) -> None:
    """In the row and on stderr; it ends with the outer clock and starts no sooner than the package is there."""
    assert run([*ENDED, "--export-available", available, "-o", "json"]) == 0
    out, err = capsys.readouterr()
    rows = {row.pop("clock"): row for row in json.loads(out)}
    window = rows.pop("export_window")
    assert (window["starts_at"], window["ends_at"]) == (available, "2026-08-27T22:00:00Z")
    assert (window["cut_by"], window["note"]) == (cut_by, note)
    assert {(row["cut_by"], row["note"]) for row in rows.values()} == {(None, None)}
    assert err == (f"tenure: export_window {note}\n" if note else "")


@pytest.mark.parametrize(
    ("at", "state"),
    [
        ("2026-02-28T22:59:59.999999Z", "not-started"),
        ("2026-02-28T23:00:00Z", "running"),
        ("2026-03-30T21:59:59Z", "running"),
        ("2026-03-30T22:00:00Z", "over"),
    ],
)
def test_the_state_is_that_of_the_instant_asked_for(capsys: pytest.CaptureFixture[str], at: str, state: str) -> None:
    """A clock runs from its first instant to the last one before its end."""
    assert printed(capsys, "--at", at)[0]["state"] == state


def test_confirmed_and_zone(capsys: pytest.CaptureFixture[str]) -> None:
    """A confirmed termination ends the grace; the zone moves every boundary."""
    grace = printed(capsys, "--zone", "Asia/Dubai", "--termination-confirmed", "2026-03-02T08:00:00Z")[0]
    assert (grace["starts_at"], grace["ends_at"]) == ("2026-02-28T20:00:00Z", "2026-03-02T08:00:00Z")


def test_the_present_is_that_of_the_clock_offset(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without ``--at`` the clock of this process counts, which the setting moves by years."""
    monkeypatch.setenv("TENURE_CLOCK_OFFSET", str(-20 * 366 * 86400))
    assert {row["state"] for row in printed(capsys)} == {"not-started"}
    monkeypatch.setenv("TENURE_CLOCK_OFFSET", str(20 * 366 * 86400))
    assert {row["state"] for row in printed(capsys)} == {"over"}


def test_another_agreement_is_another_file(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The policy that the settings name gives the periods, the tiers and the zone."""
    policy = tmp_path / "other.yaml"
    policy.write_text(OTHER_TEXT, encoding="utf-8")
    monkeypatch.setenv("TENURE_AGREEMENT", str(policy))
    found = printed(capsys, "--tier", "gold")
    assert [(row["clock"], row["ends_at"]) for row in found] == [
        ("grace", "2026-03-15T03:00:00Z"),
        ("hosted_data", "2026-04-15T04:00:00Z"),
        ("return_or_delete", "2026-06-29T04:00:00Z"),
    ]
    requested = ("--export-requested", "2026-03-02T00:00:00Z", "--export-available", "2026-03-04T00:00:00Z")
    assert printed(capsys, *requested)[2]["ends_at"] == "2026-03-12T03:00:00Z"


def test_the_other_formats_say_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    """CSV and NDJSON hold the rows of the JSON; the table shows them to people."""
    rows = printed(capsys)
    run([*ENDED, "-o", "ndjson"])
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == rows
    run([*ENDED, "-o", "csv"])
    as_csv = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert [{name: None if cell == "null" else cell for name, cell in row.items()} for row in as_csv] == rows
    run([*ENDED])
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["CLOCK", "grace", "hosted_data", "return_or_delete"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("clocks",), "--ended"),
        (("clocks", "--ended", "2026-02-30"), "write YYYY-MM-DD"),
        (("clocks", "--ended", "20260228"), "write YYYY-MM-DD"),
        (("clocks", "--ended", "9999-12-31"), "beyond the calendar"),
        ((*ENDED, "--zone", "Europe/Roma"), "such as Europe/Rome"),
        ((*ENDED, "--zone", ""), "unknown time zone ''"),
        ((*ENDED, "--zone", "localtime"), "unknown time zone"),
        ((*ENDED, "--tier", "gold"), "there are public, dedicated"),
        ((*ENDED, "--at", "2026-03-05"), "write it with Z or an offset"),
        ((*ENDED, "--at", "2026-03-05T00:00:00"), "write it with Z or an offset"),
        ((*ENDED, "--at", "2026-03-05T25:00:00Z"), "write it with Z or an offset"),
        ((*ENDED, "--at", "0001-01-01T00:00:00+14:00"), "write it with Z or an offset"),
        ((*ENDED, "--conduct-requested", "9999-12-31T20:00:00Z"), "beyond the calendar"),
        ((*ENDED, "--export-available", "2026-02-20T00:00:00Z"), "an export requested after the end"),
        ((*ENDED, "--export-requested", "2026-03-20T00:00:00Z"), "says nothing without --export-available"),
        (
            (*ENDED, "--export-requested", "2026-03-20T00:00:00Z", "--export-available", "2026-03-19T00:00:00Z"),
            "before it was requested",
        ),
        ((*ENDED, "-o", "yaml"), "json"),
        ((*ENDED, "--nonsense"), "nonsense"),
    ],
)
def test_usage_errors_exit_2(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], told: str) -> None:
    """What cannot be read is said on stderr with what to write, exits 2 and leaves stdout empty."""
    assert run(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert told in err


def test_a_broken_policy_is_told_at_its_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A policy that the settings name and that cannot be used ends the command with its mistakes."""
    policy = tmp_path / "broken.yaml"
    policy.write_text(OTHER_TEXT.replace("P14D", "two weeks"), encoding="utf-8")
    monkeypatch.setenv("TENURE_AGREEMENT", str(policy))
    assert run(ENDED) == 2
    assert "right-to-be-forgotten.grace: 'two weeks' is no ISO 8601 duration" in capsys.readouterr().err


def test_it_starts_without_heavy_packages(tmp_path: Path) -> None:
    """In a process of its own the command loads neither AWS nor HTTP nor the screens."""
    done = tenure(*ENDED, "-o", "json", home=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert [row["clock"] for row in json.loads(done.stdout)] == ["grace", "hosted_data", "return_or_delete"]
    code = "import sys; from console.main import run; run(sys.argv[1:]); print(*sorted(sys.modules), file=sys.stderr)"
    loaded = subprocess.run(
        [sys.executable, "-c", code, *ENDED],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stderr.split()
    assert "services.agreement" in loaded
    assert not {"boto3", "botocore", "httpx", "textual", "rich", "sqlalchemy", "fastapi"} & set(loaded)
