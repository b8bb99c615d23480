"""The commands over a picture of the fleet in memory: what goes to stdout, what to stderr, and the exit code."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime

import pytest
import yaml

from console import wiring
from console.main import run
from services.fleet.snapshot import FleetSnapshot
from tests.support.fleet import AT, HOSTILE_NAMES, fleet, healthy_fleet


class Picture:
    """A reader whose sources have all been asked already."""

    def __init__(self, snapshot: FleetSnapshot) -> None:
        self._snapshot = snapshot

    def refresh(self, publish: Callable[[FleetSnapshot], None], cancel: threading.Event) -> FleetSnapshot:
        publish(self._snapshot)
        return self._snapshot

    def rejudge(self, now: datetime) -> FleetSnapshot:
        return self._snapshot


@pytest.fixture
def show_fleet(monkeypatch: pytest.MonkeyPatch) -> Callable[[FleetSnapshot], None]:
    """Puts a picture in the place of the services."""
    monkeypatch.setenv("TENURE_API_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("TENURE_CONFIG", "/dev/null")

    def put(snapshot: FleetSnapshot) -> None:
        monkeypatch.setattr(wiring, "open_fleet", lambda settings, now: nullcontext(Picture(snapshot)))

    return put


Put = Callable[[FleetSnapshot], None]
Captured = pytest.CaptureFixture[str]


def test_a_list_of_a_healthy_fleet_exits_0(show_fleet: Put, capsys: Captured) -> None:
    """Every source answered: the rows on stdout, nothing on stderr, exit 0."""
    show_fleet(healthy_fleet())
    assert run(["list", "tenants", "-o", "json"]) == 0
    out, err = capsys.readouterr()
    assert {row["tenant"] for row in json.loads(out)} == {"adatum", "bellows", "contoso-de"}
    assert err == ""


def test_a_source_that_did_not_answer_makes_3_and_is_named(show_fleet: Put, capsys: Captured) -> None:
    """The rows are printed all the same, stderr names each silent source and each bad record, sanitized."""
    show_fleet(fleet())
    assert run(["list", "recovery", "-o", "json"]) == 3
    out, err = capsys.readouterr()
    rows = json.loads(out)
    assert {row["tenant"] for row in rows if row["store"] is None} == {"contoso-ae", "datum-ae"}
    assert {row["status"] for row in rows if row["store"] is None} == {"unknown"}
    assert "rds:DescribeDBInstances:111122223333:me-central-1 denied" in err
    assert "tagging:GetResources:444455556666:eu-west-1 was not asked" in err
    assert "contoso-fr, no. 18 of tenants" in err
    assert "\x1b" not in err


def test_bad_records_alone_make_3(show_fleet: Put, capsys: Captured) -> None:
    """A record that could not be read is part of an answer that is missing."""
    healthy = healthy_fleet()
    show_fleet(FleetSnapshot(AT, 1, healthy.tenants, sources=healthy.sources, bad_records=fleet().bad_records[:1]))
    assert run(["list", "tenants", "status=unknown", "-o", "ndjson"]) == 3
    out, err = capsys.readouterr()
    assert json.loads(out)["tenant"] == "contoso-fr"
    assert "contoso-fr" in err


def test_filters_on_the_command_line_are_those_of_the_screen(show_fleet: Put, capsys: Captured) -> None:
    """Several words are terms side by side."""
    show_fleet(fleet())
    run(["list", "tenants", "tier=dedicated", "status=breached", "-o", "ndjson"])
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {row["tenant"] for row in rows} == {"acme-health", "bellows"}


def test_a_tier_that_the_fleet_has_not_is_a_usage_error(show_fleet: Put, capsys: Captured) -> None:
    """Told once the fleet is read, without rows: exit 2, at the word, with the tiers that there are."""
    show_fleet(fleet())
    assert run(["list", "tenants", "tier=gold"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "no tier 'gold': public, dedicated\n  tier=gold\n       ^" in err


def test_a_table_goes_to_stdout_with_its_headings(show_fleet: Put, capsys: Captured) -> None:
    """The default is a table, by the columns of the screen."""
    show_fleet(healthy_fleet())
    assert run(["list", "recovery"]) == 0
    heading, *lines = capsys.readouterr().out.splitlines()
    assert heading.split()[:3] == ["STATUS", "TENANT", "STORE"]
    assert len(lines) == 3


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (["list", "tenant"], ["no area 'tenant'", "there are due, tenants, recovery"]),
        (["list", "tenants", "ok", "tire=x"], ["did you mean tier?", "  ok tire=x\n     ^"]),
        (["list", "tenants", "status=grean"], ["ok, due, at-risk", "  status=grean\n         ^"]),
        (["list", "tenants", "a|b"], ["  a|b\n   ^"]),
        (["list", "tenants", "東京", "="], ["  東京 =\n       ^"]),
        (["list"], ["tenure list --help"]),
        (["list", "tenants", "-o", "xml"], ["xml", "ndjson"]),
        (["list", "tenants", "--within", "7d"], ["--within"]),
        (["lst"], ["no command 'lst'", "did you mean list?"]),
        (["--nope"], ["--nope"]),
        (["show"], ["tenure show --help"]),
        (["list", "tenants", "x\x1b[2J="], ["␛[2J"]),
    ],
)
def test_usage_errors_exit_2_and_say_what_is_wrong(
    arguments: list[str], parts: list[str], show_fleet: Put, capsys: Captured
) -> None:
    """Nothing goes to stdout; stderr says what is wrong, points at the character, and drives no terminal."""
    show_fleet(healthy_fleet())
    assert run(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert all(part in err for part in parts), err
    assert "\x1b" not in err


def test_show_tells_everything_about_a_tenant(show_fleet: Put, capsys: Captured) -> None:
    """Record, clocks with their states, verdicts with evidence, stores with restore points, sources with ages."""
    show_fleet(fleet())
    assert run(["show", "fabrikam", "-o", "json"]) == 0
    page = json.loads(capsys.readouterr().out)
    assert (page["tenant"], page["state"], page["reseller"], page["service_provider"]) == (
        "fabrikam",
        "grace",
        "NordCom",
        None,
    )
    assert [(clock["clock"], clock["state"]) for clock in page["clocks"]] == [
        ("grace", "running"),
        ("hosted_data", "running"),
        ("return_or_delete", "running"),
    ]
    assert page["clocks"][0]["seconds_left"] == 10 * 3600 + 55 * 60 + 29
    (store,) = page["stores"]
    assert store["rpo_seconds"] == 15000
    assert store["restore_points"][0]["at"] == store["restore_point_at"]
    assert store["age_seconds"] == 40
    assert {verdict["figure"] for verdict in page["verdicts"]} == {"grace", "recovery.fabrikam-orders"}
    assert all(seen["source"] for verdict in page["verdicts"] for seen in verdict["evidence"])
    assert {source["service"] for source in page["sources"]} == {"internal", "rds"}
    assert all(source["region"] in {None, "eu-central-1"} for source in page["sources"])


def test_show_says_the_same_in_yaml_and_json(show_fleet: Put, capsys: Captured) -> None:
    """YAML is the default; both hold the same document, hostile text exact, in ASCII."""
    show_fleet(fleet())
    for name in ("hostile-0", "hostile-5"):
        run(["show", name])
        as_yaml = capsys.readouterr().out
        run(["show", name, "-o", "json"])
        as_json = capsys.readouterr().out
        assert yaml.safe_load(as_yaml) == json.loads(as_json)
        assert (as_yaml + as_json).isascii()
        assert "\x1b" not in as_yaml + as_json
        assert json.loads(as_json)["name"] == HOSTILE_NAMES[int(name[-1])]


def test_show_exits_3_for_the_silent_sources_of_that_tenant_alone(show_fleet: Put, capsys: Captured) -> None:
    """A refused region makes the tenants there doubtful, and no tenant elsewhere."""
    show_fleet(fleet())
    assert run(["show", "contoso-ae", "-o", "json"]) == 3
    assert "me-central-1 denied" in capsys.readouterr().err
    assert run(["show", "lumen-spa", "-o", "json"]) == 0
    assert capsys.readouterr().err == ""


def test_show_tells_a_tenant_that_is_not_there_from_one_that_is_not_known(show_fleet: Put, capsys: Captured) -> None:
    """With a registry that answered it is a wrong id (2); with one that did not, or a bad record, it is unknown (3)."""
    show_fleet(healthy_fleet())
    assert run(["show", "nobody"]) == 2
    assert "no tenant 'nobody'" in capsys.readouterr().err
    show_fleet(FleetSnapshot(AT, 1))
    assert run(["show", "nobody"]) == 3
    show_fleet(fleet())
    assert run(["show", "contoso-fr"]) == 3
    assert capsys.readouterr().out == ""


def test_an_error_of_the_reading_thread_is_not_swallowed(show_fleet: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    """What breaks while the fleet is read breaks the command."""

    class Broken(Picture):
        def refresh(self, publish: Callable[[FleetSnapshot], None], cancel: threading.Event) -> FleetSnapshot:
            raise LookupError("boom")

    show_fleet(healthy_fleet())
    monkeypatch.setattr(wiring, "open_fleet", lambda settings, now: nullcontext(Broken(healthy_fleet())))
    with pytest.raises(LookupError, match="boom"):
        run(["list", "tenants"])
