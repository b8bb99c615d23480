"""``tenure tenants diff``: the rows, and exit codes for schedulers."""

from __future__ import annotations

import json
from contextlib import nullcontext
from dataclasses import replace

import httpx
import pytest

from console import wiring
from console.main import run
from services.fleet.snapshot import FleetSnapshot, SourceView
from services.model import Observation, Outcome, Source
from tests.console.test_commands import Picture
from tests.services.upkeep.test_differences import picture, store, tenant
from tests.support.api import AT

Captured = pytest.CaptureFixture[str]


def show(monkeypatch: pytest.MonkeyPatch, fleet: FleetSnapshot) -> None:
    """Puts a picture in the place of AWS; the registry is the served one."""
    monkeypatch.setattr(wiring, "open_fleet", lambda settings, now: nullcontext(Picture(fleet)))


def in_order() -> FleetSnapshot:
    """As the served registry maps it: acme has orders, fabrikam a part of shared."""
    stores = (store("orders", "acme", tag="acme"), store("shared", "fabrikam"))
    return picture(tenant("acme"), tenant("fabrikam"), stores=stores)


def test_no_difference_exits_0(api: httpx.Client, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    """With an empty list."""
    show(monkeypatch, in_order())
    assert run(["tenants", "diff", "-o", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_a_difference_exits_1(api: httpx.Client, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    """A row with what either side says; text from outside cannot drive the terminal."""
    fleet = in_order()
    fleet = replace(fleet, orphans=picture(stores=(store("odd", tag="gh\x1b[31most"),)).orphans)
    show(monkeypatch, fleet)
    assert run(["tenants", "diff", "-o", "json"]) == 1
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["difference"], row["tenant"], row["registry"], row["aws"]) == (
        "not-registered",
        "gh\x1b[31most",
        None,
        "gh\x1b[31most",
    )
    assert run(["tenants", "diff"]) == 1
    out = capsys.readouterr().out
    assert "not-registered" in out
    assert "\x1b" not in out


def test_what_is_not_known_exits_3(api: httpx.Client, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    """A list that was refused: its rows are unknown, and stderr says why."""
    show(monkeypatch, picture(tenant("acme"), tenant("fabrikam"), outcome=Outcome.DENIED))
    assert run(["tenants", "diff", "-o", "json"]) == 3
    out, err = capsys.readouterr()
    assert {row["difference"] for row in json.loads(out)} == {"unknown"}
    assert "denied" in err


def test_a_registry_that_does_not_answer_exits_3(
    api: httpx.Client, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    """Nothing follows from mappings that were not read, nor from tenants that were not."""
    refused: Observation[object] = Observation(Source("internal", "GET /tenants"), AT, Outcome.FAILED, error="gone")
    show(monkeypatch, replace(in_order(), tenants={}, sources=(SourceView(refused.source, refused),)))
    assert run(["tenants", "diff", "-o", "json"]) == 3
    assert capsys.readouterr().out == ""
    monkeypatch.setenv("TENURE_API_TOKEN", "unknown")
    show(monkeypatch, in_order())
    assert run(["tenants", "diff", "-o", "json"]) == 3
    out, err = capsys.readouterr()
    assert (out, "internal GET /stores denied" in err) == ("", True)
