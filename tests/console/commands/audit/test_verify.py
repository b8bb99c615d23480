"""``tenure audit verify`` and ``anchor`` on a server whose database somebody has changed by hand."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import httpx
import pytest

from console.errors import FAILED, OK, UNANSWERED, USAGE
from console.main import run
from services.wire.anchor import Anchor
from tests.console.commands.audit.conftest import ENTRIES
from tests.support.api import token
from tests.support.registry import entry

Captured = pytest.CaptureFixture[str]

SWAP = """
UPDATE audit SET position = CASE position WHEN 5 THEN -6 WHEN 6 THEN -5 END WHERE position IN (5, 6);
UPDATE audit SET position = -position WHERE position < 0
"""
SET_BACK = """
DELETE FROM audit WHERE position > 2495;
UPDATE audit_head SET position = 2495, hash = (SELECT hash FROM audit WHERE position = 2495)
"""
EMPTIED = """
DELETE FROM audit;
UPDATE audit_head SET position = 0, hash = '0000000000000000000000000000000000000000000000000000000000000000'
"""


def tamper(database: Path, statements: str) -> None:
    with sqlite3.connect(database) as connection:
        connection.executescript(statements)
    connection.close()


def test_an_untouched_log_is_whole(api: httpx.Client, capsys: Captured) -> None:
    """Over several pages, with what was added since, read with a viewer's token; that an anchor is needed is said."""
    assert api.post("/audit", json=entry("more").model_dump(mode="json")).status_code == 201
    assert run(["audit", "verify"]) == OK
    assert f"the audit log is whole, 1 to {ENTRIES + 1}" in (said := capsys.readouterr().err)
    assert "without an anchor" in said


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE audit SET who = 'nobody' WHERE position = 1200", "position 1200: the entry e1200 is not what"),
        ("DELETE FROM audit WHERE position = 700", "position 700: entry 700 is missing"),
        ("DELETE FROM audit WHERE position > 2498", "position 2499: the end is cut"),
        ("DELETE FROM audit WHERE position <= 10", "position 1: entries 1 to 10 are missing"),
        (
            SWAP,
            "position 5: the entry e6 does not follow",
        ),
    ],
)
def test_what_was_done_to_the_table_is_found(
    api: httpx.Client, database: Path, capsys: Captured, statement: str, said: str
) -> None:
    """An edit, a gap, a cut end, a cut beginning, two entries that changed places: exit 4, the first position named."""
    tamper(database, statement)
    assert run(["audit", "verify"]) == FAILED
    first = capsys.readouterr().err.splitlines()[1]
    assert first.startswith(said)


def test_an_end_that_was_cut_with_its_head_is_found_by_an_anchor(
    api: httpx.Client, database: Path, tmp_path: Path, capsys: Captured
) -> None:
    """The log looks whole by itself; the anchor tells where it ended, and is never overwritten."""
    kept = tmp_path / "anchor.json"
    assert run(["audit", "anchor", str(kept)]) == OK
    assert run(["audit", "verify", "--anchor", str(kept)]) == OK
    assert f"it holds what {kept} knows: position {ENTRIES}" in capsys.readouterr().err
    assert run(["audit", "anchor", str(kept)]) == USAGE
    assert Anchor.model_validate_json(kept.read_bytes()).position == ENTRIES
    tamper(database, SET_BACK)
    assert run(["audit", "verify"]) == OK
    assert run(["audit", "verify", "--anchor", str(kept)]) == FAILED
    assert "position 2496: the end is cut: the log ended at 2500 once" in capsys.readouterr().err


def test_a_file_that_is_no_anchor_is_told(api: httpx.Client, tmp_path: Path, capsys: Captured) -> None:
    """Absent, garbage, and one with a hash that is none: exit 2, before anything is asked."""
    broken = tmp_path / "broken.json"
    assert run(["audit", "verify", "--anchor", str(broken)]) == USAGE
    for text in ("", "{}", json.dumps({"position": 1, "hash": "short", "at": "2026-11-23T12:00:00Z"})):
        broken.write_text(text, encoding="utf-8")
        assert run(["audit", "verify", "--anchor", str(broken)]) == USAGE
        assert "this is no anchor" in capsys.readouterr().err


def test_a_server_that_does_not_answer_proves_nothing(
    api: httpx.Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    """Exit 3, and no anchor is made of an answer that did not come."""
    monkeypatch.setenv("TENURE_API_TOKEN", "somebody-else")
    assert run(["audit", "verify"]) == UNANSWERED
    assert run(["audit", "anchor", str(tmp_path / "anchor.json")]) == UNANSWERED
    assert not (tmp_path / "anchor.json").exists()
    assert "whole" not in capsys.readouterr().err


def test_without_a_file_the_server_is_asked_to_keep_it(
    api: httpx.Client, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    """One that was given no place for it, and one that lets a viewer keep nothing: exit 4 with the server's words."""
    assert run(["audit", "anchor"]) == FAILED
    assert "viewer may not" in capsys.readouterr().err
    monkeypatch.setenv("TENURE_API_TOKEN", token("operator"))
    assert run(["audit", "anchor"]) == FAILED
    said = capsys.readouterr()
    assert "started without --anchor" in said.err
    assert said.out == ""


def test_an_empty_log_is_empty(api: httpx.Client, database: Path, capsys: Captured) -> None:
    """It is not called whole: there is nothing in it to hold together."""
    tamper(database, EMPTIED)
    assert run(["audit", "verify"]) == OK
    assert "the audit log is empty" in capsys.readouterr().err
