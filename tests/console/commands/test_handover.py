"""``tenure handover``: the text on stdout, and from when on."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace

import pytest

from console import wiring
from console.main import run
from tests.support.console import Answers
from tests.support.fleet import AT
from tests.support.operations import source
from tests.support.ordered import ordered_fleet

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def services(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stands in the place of the services."""
    monkeypatch.setenv("TENURE_API_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("TENURE_CONFIG", "/dev/null")
    base = ordered_fleet()
    made = Answers(replace(base, sources=(*base.sources, source("audit"))))
    monkeypatch.setattr(wiring, "open_fleet", lambda settings, now: nullcontext(made))
    monkeypatch.setattr("services.now.make_now", lambda offset: lambda: AT)


@pytest.mark.parametrize(
    ("words", "begin", "ended"),
    [
        ((), "Since 2026-11-23 04:04:31Z", 1),
        (("--since", "2d"), "Since 2026-11-21 12:04:31Z", 3),
        (("--since", "2026-11-20T00:00:00Z"), "Since 2026-11-20 00:00:00Z", 5),
    ],
)
def test_it_is_markdown_from_then_on(capsys: Captured, words: tuple[str, ...], begin: str, ended: int) -> None:
    """Eight hours where nobody says otherwise; exit 3, for some sources of this fleet do not answer."""
    assert run(["handover", *words]) == 3
    out = capsys.readouterr().out
    lines = out.splitlines()
    assert lines[0] == "# Handover, 2026-11-23 12:04:31Z"
    assert lines[2].startswith(begin)
    assert f"## Orders that ended ({ended})" in lines
    assert "\x1b" not in out


@pytest.mark.parametrize("since", ["yesterday", "2026-11-24", "-8h", "99999999d", "2026-11-23T13:00:00Z"])
def test_what_is_no_time_that_is_over_is_refused(capsys: Captured, since: str) -> None:
    """Exit 2 with what to write instead, and nothing printed."""
    assert run(["handover", f"--since={since}"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "--since" in said.err
