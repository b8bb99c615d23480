"""``due``, ``why``, ``acknowledge`` and ``--at`` over a picture in memory: output, exit codes, what is refused."""

from __future__ import annotations

import json
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from console import wiring
from console.main import run
from services.fleet.snapshot import FleetSnapshot, SourceView
from services.model import Acknowledgement, Outcome, Source, Status
from tests.support.console import Answers
from tests.support.fleet import AT, healthy_fleet, observation
from tests.support.operations import busy_fleet, forecast_fleet

Captured = pytest.CaptureFixture[str]


class Reader(Answers):
    """A picture, a forecast of it, and what was written."""

    def __init__(self, shot: FleetSnapshot) -> None:
        super().__init__(shot)
        self.foretold: list[datetime] = []
        self.written: list[Acknowledgement] = []
        self.withdrawn: list[tuple[str | None, str]] = []
        self.refusal: str | None = None

    def forecast(self, at: datetime) -> FleetSnapshot:
        self.foretold.append(at)
        return forecast_fleet(at)

    def acknowledge(self, acknowledgement: Acknowledgement) -> str | None:
        self.written.append(acknowledgement)
        return self.refusal

    def withdraw(self, tenant: str | None, figure: str) -> str | None:
        self.withdrawn.append((tenant, figure))
        return self.refusal


def answered(shot: FleetSnapshot) -> FleetSnapshot:
    """The picture with every source answered and every record read."""
    sources = tuple(view for view in shot.sources if view.outcome is not None and view.outcome.answered)
    return replace(shot, sources=sources, bad_records=(), orphans=())


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Reader:
    """Stands in the place of the services, a minute before noon and some."""
    monkeypatch.setenv("TENURE_API_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("TENURE_CONFIG", "/dev/null")
    made = Reader(busy_fleet())
    monkeypatch.setattr(wiring, "open_fleet", lambda settings, now: nullcontext(made))
    monkeypatch.setattr("services.now.make_now", lambda offset: lambda: AT)
    return made


def rows(capsys: Captured) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return found


def test_something_broken_exits_1(reader: Reader, capsys: Captured) -> None:
    """The ranked list on stdout, though a source did not answer."""
    assert run(["due", "-o", "json"]) == 1
    found = rows(capsys)
    assert (found[0]["tenant"], found[0]["status"]) == ("acme-health", "breached")
    assert found[-1]["status"] == "unproven"


def test_something_unknown_and_nothing_broken_exits_3(reader: Reader, capsys: Captured) -> None:
    """Of the rows that were asked for."""
    reader.latest = answered(reader.latest)
    reader._pictures = [reader.latest]
    assert run(["due", "tenant=contoso-ae", "-o", "json"]) == 3
    assert [row["status"] for row in rows(capsys)] == ["unknown"]


def test_neither_exits_0(reader: Reader, capsys: Captured) -> None:
    """What is due in its course, at risk or unproven is no error."""
    reader._pictures = [answered(reader.latest)]
    assert run(["due", "tenant=fabrikam", "-o", "json"]) == 0
    assert [row["figure"] for row in rows(capsys)] == ["grace"]


def test_a_source_that_did_not_answer_exits_3_though_nothing_is_printed(reader: Reader, capsys: Captured) -> None:
    """What it would say is unknown; stderr names it."""
    well = healthy_fleet()
    source = Source("internal", "GET /cases")
    view = SourceView(source, observation(source, AT, Outcome.DENIED, "403"))
    reader._pictures = [replace(well, sources=(*well.sources, view))]
    assert run(["due", "area=retention", "-o", "json"]) == 3
    captured = capsys.readouterr()
    assert json.loads(captured.out) == []
    assert "GET /cases denied: 403" in captured.err


def test_within_keeps_what_is_near_broken_or_unknown(reader: Reader, capsys: Captured) -> None:
    """And leaves what has its time."""
    run(["due", "--within", "1d", "-o", "json"])
    found = {(row["tenant"], row["figure"]): row for row in rows(capsys)}
    assert ("fabrikam", "grace") in found
    assert ("northgate", "state") in found
    assert ("contoso-ae", "recovery") in found
    assert ("litware", "grace") not in found
    assert ("acme-health", "rto.orders-db") not in found


@pytest.mark.parametrize(
    "arguments",
    [
        ["due", "--within", "soon"],
        ["due", "colour=red"],
        ["due", "--at", "yesterday"],
        ["due", "--at", "2020-01-01"],
        ["list", "exports", "--at", "noon"],
        ["why", "fabrikam", "zzz"],
        ["why", "nobody", "grace"],
        ["acknowledge", "fabrikam", "grace"],
        ["acknowledge", "fabrikam", "grace", "--until", "7d", "--withdraw"],
        ["acknowledge", "fabrikam", "zzz", "--until", "7d"],
        ["acknowledge", "fabrikam", "grace", "--until", "2020-01-01"],
    ],
)
def test_what_cannot_be_read_exits_2(arguments: list[str], reader: Reader, capsys: Captured) -> None:
    """With what to write instead; nothing on stdout, and nothing was written anywhere."""
    assert run(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("tenure: ")
    assert reader.written == []


def test_a_forecast_marks_every_row_and_says_so(reader: Reader, capsys: Captured) -> None:
    """A day is its midnight in the policy's zone; stderr says for when, rows for when and since when."""
    assert run(["due", "--at", "2026-12-24", "-o", "json"]) == 1
    captured = capsys.readouterr()
    assert reader.foretold == [datetime(2026, 12, 23, 23, tzinfo=UTC)]
    assert {row["forecast_for"] for row in json.loads(captured.out)} == {"2026-12-23T23:00:00Z"}
    assert {row["forecast_from"] for row in json.loads(captured.out)} == {"2026-11-23T12:04:31Z"}
    assert "a forecast for 2026-12-23 23:00:00Z if nobody acts" in captured.err


@pytest.mark.parametrize("form", ["csv", "ndjson", "table"])
def test_a_forecast_in_the_other_forms(form: str, reader: Reader, capsys: Captured) -> None:
    """Machines find the two members in each row; ages in a table are those of the present."""
    run(["list", "recovery", "tenant=fabrikam", "--at", "30d", "-o", form])
    out = capsys.readouterr().out
    if form == "table":
        assert " 40s " in out
    else:
        assert "forecast_from" in out
        assert "2026-11-23T12:04:31Z" in out


def test_the_present_bears_no_mark(reader: Reader, capsys: Captured) -> None:
    """Nobody takes one for the other."""
    run(["list", "tenants", "-o", "json"])
    assert not any("forecast_for" in row for row in rows(capsys))


def test_a_tenant_is_shown_as_it_will_stand(reader: Reader, capsys: Captured) -> None:
    """With since when that is foretold."""
    run(["show", "fabrikam", "--at", "2026-12-24", "-o", "json"])
    page = json.loads(capsys.readouterr().out)
    assert (page["state"], page["state_due"]) == ("grace", "dismissed")
    assert page["forecast_from"] == "2026-11-23T12:04:31Z"


@pytest.mark.parametrize(
    ("operation", "arguments", "code"),
    [
        ("GET /tenants", ["why", "nobody", "grace"], 3),
        ("GET /cases", ["why", "nobody", "grace"], 2),
        ("GET /cases", ["why", "fabrikam", "case.c-99"], 3),
        ("GET /cases", ["why", "-", "slot.gone"], 3),
    ],
)
def test_what_could_be_there_unread_is_not_denied(
    operation: str, arguments: list[str], code: int, reader: Reader, capsys: Captured
) -> None:
    """A name that is not found exits 3, with the source that could have told it, where one did not answer; 2 where all
    that could tell it answered."""
    whole = answered(reader.latest)
    source = Source("internal", operation)
    others = tuple(view for view in whole.sources if view.source != source)
    listed = SourceView(Source("internal", "GET /tenants"), observation(Source("internal", "GET /tenants"), AT))
    failed = SourceView(source, observation(source, AT, Outcome.DENIED, "403"))
    told = (failed,) if source == listed.source else (listed, failed)
    reader._pictures = [replace(whole, sources=(*others, *told))]
    assert run(arguments) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert (f"{operation} denied: 403" in captured.err) is (code == 3)
    assert ("there is no tenant" in captured.err) is (code == 2)


def test_why_in_words(reader: Reader, capsys: Captured) -> None:
    """Promise, policy, what was seen, the reckoning, and what would change it; hostile text does no harm."""
    assert run(["why", "fabrikam", "grace"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("due        grace ends; not renewed\n")
    sections = ("Promise    right-to-be-forgotten: ", "Seen       ", "Reckoning  ", "→ due", "Changes if ")
    facts = ("policy right-to-be-forgotten.grace = P30D", "internal GET /tenants, 2026-11-23T12:03:51Z, 40s ago")
    for said in (*sections, *facts):
        assert said in out
    run(["why", "lumen-spa", "pending.lumen-main.system-update"])
    assert "\x1b" not in capsys.readouterr().out


def test_why_for_programs_and_for_nobody(reader: Reader, capsys: Captured) -> None:
    """``-`` stands for what no tenant owns."""
    assert run(["why", "-", "slot.sl-1", "-o", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["tenant"], told["figure"], told["status"]) == (None, "slot.sl-1", "due")
    assert isinstance(told["policy"], dict)
    assert isinstance(told["observations"], list)


def test_a_read_only_profile_acknowledges_nothing(
    reader: Reader, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither given nor taken back, with the reason and exit 4."""
    monkeypatch.setenv("TENURE_READ_ONLY", "true")
    assert run(["acknowledge", "northgate", "state", "--until", "8h"]) == 4
    assert run(["acknowledge", "northgate", "state", "--withdraw"]) == 4
    assert capsys.readouterr().err.count("read-only: ") == 2
    assert (reader.written, reader.withdrawn) == ([], [])


def test_an_item_is_acknowledged_by_whoever_the_token_is_of(reader: Reader, capsys: Captured) -> None:
    """For so long, assigned and noted; stdout stays empty."""
    words = ["acknowledge", "northgate", "state", "--until", "8h", "--assign", "mei", "--note", "asked the DPO"]
    assert run(words) == 0
    assert reader.written == [
        Acknowledgement("northgate", "state", "olga", AT, AT + timedelta(hours=8), "mei", "asked the DPO")
    ]
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "tenure: acknowledged: northgate state\n")


def test_an_acknowledgement_is_withdrawn(reader: Reader) -> None:
    """Also one of what is no longer judged."""
    assert run(["acknowledge", "-", "slot.gone", "--withdraw"]) == 0
    assert reader.withdrawn == [(None, "slot.gone")]


def test_a_refusal_exits_4(reader: Reader, capsys: Captured) -> None:
    """With the words of whoever refused."""
    reader.refusal = "answered 403: a viewer only reads"
    assert run(["acknowledge", "northgate", "state", "--until", "7d"]) == 4
    assert capsys.readouterr().err == "tenure: answered 403: a viewer only reads\n"


def test_without_a_user_nothing_can_be_acknowledged(reader: Reader, capsys: Captured) -> None:
    """It would be nobody's word."""
    shot = reader.latest
    reader._pictures = [replace(shot, identity=replace(shot.identity, user=None))]
    assert run(["acknowledge", "northgate", "state", "--until", "7d"]) == 4
    assert "does not say whose the token is" in capsys.readouterr().err
    assert Status.BREACHED in {view.status for view in shot.tenants.values()}
