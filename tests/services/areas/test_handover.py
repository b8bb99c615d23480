"""The handover: what it tells, what it cannot tell, and text from outside that stays text."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.areas.due import DUE
from services.areas.handover import AUDIT_READ, handover, marked
from services.fleet.snapshot import FleetSnapshot
from services.model import AuditEntry, OrderState
from tests.support.fleet import AT, healthy_fleet
from tests.support.operations import source
from tests.support.ordered import ORDERS, ordered_fleet

HOUR = timedelta(hours=1)
SINCE = AT - 8 * HOUR


def sections(fleet: FleetSnapshot, since: object = SINCE) -> dict[str, list[str]]:
    """Title without its number → the lines below it; what stands above all of them under an empty title."""
    found: dict[str, list[str]] = {"": []}
    title = ""
    for line in handover(fleet, SINCE if since is SINCE else AT - 30 * HOUR):
        if line.startswith("## "):
            title = line.removeprefix("## ").partition(" (")[0]
            found[title] = []
        elif line:
            found[title].append(line)
    return found


def with_log(*entries: AuditEntry) -> FleetSnapshot:
    base = ordered_fleet()
    return replace(base, audit=entries, sources=(*base.sources, source("audit")))


def test_everything_due_is_in_it_in_the_order_of_the_list() -> None:
    """A line each, the most urgent first, with whose it is."""
    fleet = ordered_fleet()
    rows = DUE.rows(fleet)
    lines = sections(fleet)["Due"]
    assert len(lines) == len(list(rows))
    assert [line.split("**")[1] for line in lines] == [row.verdict.status for row in rows]
    assert any("seen by olga until" in line and "for night shift: vendor asked, T-12" in line for line in lines)


def test_open_orders_and_those_that_ended_since_are_apart() -> None:
    """Each with its state, its steps, its people and its ticket; what ended before is left to the log."""
    found = sections(ordered_fleet())
    states = [line.split("**")[1] for line in found["Open orders"]]
    assert sorted(states) == ["accepted", "running", "waiting", "waiting"]
    assert "Terminate for breach · northgate · 0/3 steps · by olga · order 00000000 · ticket T-4711" in " ".join(
        found["Open orders"]
    )
    assert [line.split("**")[1] for line in found["Orders that ended"]] == ["half-done"]
    earlier = sections(ordered_fleet(), "earlier")
    assert len(earlier["Orders that ended"]) == sum(
        it.state.ended and it.ended_at is not None and it.ended_at >= AT - 30 * HOUR for it in ORDERS
    )
    assert {it.state for it in ORDERS if it.state.ended} > {OrderState.HALF_DONE}


def test_what_was_done_is_told_by_person_the_oldest_first() -> None:
    """Of the time since alone; who did most comes first, and each entry has its outcome, ticket, order and note."""
    fleet = with_log(
        AuditEntry("4", AT - HOUR, "olga", "operator", "hold lift", "failed", "acme", ticket="T-1", note="no answer"),
        AuditEntry("3", AT - 2 * HOUR, "worker", "worker", "disable", "done", "acme", order="ab" * 16),
        AuditEntry("2", AT - 3 * HOUR, "olga", "operator", "renew", "done", "acme"),
        AuditEntry("1", AT - 9 * HOUR, "olga", "operator", "before", "done", "acme"),
    )
    assert sections(fleet)["Done"] == [
        "### olga, operator (2)",
        "- 2026-11-23 09:04:31Z renew acme: **done**",
        "- 2026-11-23 11:04:31Z hold lift acme: **failed** · ticket T-1 · no answer",
        "### worker, worker (1)",
        "- 2026-11-23 10:04:31Z disable acme: **done** · order abababab",
    ]


def test_it_begins_with_what_it_does_not_know() -> None:
    """Sources without an answer, a log that did not answer, a log that is longer than what was read of it."""
    assert any("sources did not answer" in line for line in sections(ordered_fleet())[""])
    silent = replace(healthy_fleet(), sources=())
    assert any("The audit log did not answer" in line for line in sections(silent)[""])
    long = [AuditEntry(f"{n}", AT - timedelta(seconds=n), "olga", "operator", "x", "done") for n in range(AUDIT_READ)]
    whole = replace(healthy_fleet(), audit=tuple(long), sources=(source("audit"),))
    assert any("what lies before 2026-11-23" in line for line in sections(whole)[""])
    whole = replace(whole, audit=tuple(long[:-1]))
    assert not any(line.startswith(">") for line in sections(whole)[""])


def test_nothing_to_tell_is_told() -> None:
    """An empty section says that nothing is known, not nothing."""
    fleet = replace(healthy_fleet(), sources=(source("audit"),), orders=(), audit=(), tenants={})
    found = sections(fleet)
    assert found["Due"] == ["As far as is known nothing is due."]
    assert found["Open orders"] == ["As far as is known no order is open."]
    assert found["Done"] == ["As far as is known nothing was done."]


@given(st.text(alphabet=st.sampled_from("ab\\`*_[]<>|#~&\x1b\n\r\u202e\u2028"), max_size=12))
def test_text_from_outside_stays_text(text: str) -> None:
    """No line ends before its end, nothing drives a terminal, and no mark of Markdown is without its backslash."""
    told = marked(text)
    assert told.isprintable()
    bare = told.replace("\\\\", "")
    assert all(bare[at - 1] == "\\" for at, letter in enumerate(bare) if letter in "`*_[]<>|#~&")
    fleet = with_log(AuditEntry("1", AT - HOUR, text or "x", "operator", "x", "done", note=text))
    assert len([line for line in handover(fleet, SINCE) if line.startswith("- 2026-11-23 11:04:31Z")]) == 1
