"""The chain of the audit log: whatever is done to a log afterwards is found, and where it begins."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.wire.chain import BEGINNING, Fault, hash_of, verify
from services.wire.operations import AuditHead, AuditRecord
from tests.support.api import AT
from tests.support.registry import entry


def chained(count: int) -> tuple[list[AuditRecord], AuditHead]:
    """A log of that many entries, as the server writes it."""
    log: list[AuditRecord] = []
    head = AuditHead(position=0, hash=BEGINNING)
    for number in range(1, count + 1):
        record = entry(f"e{number}", AT + timedelta(minutes=number), note=f"note {number}")
        log.append(linked(record, number, head.hash))
        head = AuditHead(position=number, hash=log[-1].hash or "")
    return log, head


def linked(record: AuditRecord, position: int, previous: str) -> AuditRecord:
    placed = record.model_copy(update={"position": position, "previous": previous})
    return placed.model_copy(update={"hash": hash_of(placed, previous)})


def changed(record: AuditRecord, **members: object) -> AuditRecord:
    return record.model_copy(update=members)


LOG, HEAD = chained(9)


def test_the_hash_is_what_the_documentation_says() -> None:
    """Reckoned here by hand, from the bytes: another program can verify a log."""
    written = (
        b'{"action":"disable","at":"2026-11-23T12:01:00Z","id":"e1","note":"note 1","outcome":"done",'
        b'"position":1,"role":"worker","who":"worker@example.org"}'
    )
    assert LOG[0].hash == hashlib.sha256(b"0" * 64 + written).hexdigest()


def test_an_untouched_log_is_whole() -> None:
    """In any order of reading, empty, and with an anchor anywhere in it."""
    assert verify(LOG, HEAD) == []
    assert verify(reversed(LOG), HEAD) == []
    assert verify([], AuditHead(position=0, hash=BEGINNING)) == []
    for count in range(10):
        assert verify(LOG, HEAD, chained(count)[1]) == []


MEMBERS: dict[str, object] = {
    "who": "somebody@else.org",
    "at": AT,
    "note": None,
    "tenant": "acme",
    "outcome": "failed",
    "order": "0" * 32,
    "plan": "0" * 64,
    "request_id": "r-1",
    "id": "other",
    "hash": "0" * 64,
    "previous": "1" * 64,
}


@pytest.mark.parametrize("member", MEMBERS)
@pytest.mark.parametrize("position", [1, 5, 9])
def test_an_edit_of_any_member_of_any_entry_is_found(member: str, position: int) -> None:
    """At its position, and nothing before it is called bad."""
    log = list(LOG)
    log[position - 1] = changed(log[position - 1], **{member: MEMBERS[member]})
    assert verify(log, HEAD)[0].position == position


def test_every_member_of_an_entry_is_under_its_hash() -> None:
    """The list of edits above leaves none out."""
    assert set(AuditRecord.model_fields) == {*MEMBERS, "position", "role", "action", "origin", "ticket"}
    for member in ("role", "action", "origin", "ticket"):
        assert verify([changed(LOG[0], **{member: "other"}), *LOG[1:]], HEAD)[0].position == 1


def test_an_edit_with_its_hash_made_anew_is_found_by_the_next_entry() -> None:
    """Who can write the table can reckon hashes, too; at the end the head tells, for it is another entry's."""
    for position in range(1, 10):
        log = list(LOG)
        mended = changed(log[position - 1], note="never was")
        log[position - 1] = linked(mended, position, mended.previous or "")
        faults = verify(log, HEAD)
        assert faults[0].position == min(position + 1, 9)


Damage = Callable[[Sequence[AuditRecord]], list[AuditRecord]]


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        (lambda log: [*log[:3], *log[4:]], Fault(4, "entry 4 is missing")),
        (lambda log: [*log[:3], *log[6:]], Fault(4, "entries 4 to 6 are missing")),
        (lambda log: list(log[2:]), Fault(1, "entries 1 to 2 are missing")),
        (lambda log: list(log[:7]), Fault(8, "the end is cut: entries 8 to 9 are missing")),
        (lambda _: [], Fault(1, "the end is cut: entries 1 to 9 are missing")),
        (
            lambda log: [*log, linked(entry("more"), 10, log[-1].hash or "")],
            Fault(10, "entry 10 is beyond the head of the log"),
        ),
        (lambda log: [*log, log[4]], Fault(5, "the entry e5 bears a position that another has")),
        (lambda log: [*log, entry("loose")], Fault(0, "the entry loose stands outside the chain")),
    ],
)
def test_what_is_missing_or_too_much_is_named(damage: Damage, fault: Fault) -> None:
    """A gap, a cut beginning, a cut end, entries beyond the head, a doubled one, one outside the chain."""
    assert verify(damage(LOG), HEAD)[0] == fault


@given(st.tuples(st.integers(0, 8), st.integers(0, 8)).filter(lambda pair: pair[0] != pair[1]))
def test_two_entries_that_changed_places_are_found(pair: tuple[int, int]) -> None:
    """Whichever two, also where each keeps the hashes of its new place."""
    one, other = pair
    log = list(LOG)
    log[one] = changed(LOG[other], position=LOG[one].position, previous=LOG[one].previous, hash=LOG[one].hash)
    log[other] = changed(LOG[one], position=LOG[other].position, previous=LOG[other].previous, hash=LOG[other].hash)
    assert verify(log, HEAD)[0].position == min(pair) + 1


def test_only_an_anchor_finds_a_log_that_was_written_anew() -> None:
    """A cut end with the head set back, and a chain made anew from an edit on, look whole by themselves."""
    shorter, back = chained(6)
    assert verify(shorter, back) == []
    assert verify(shorter, back, HEAD) == [Fault(7, "the end is cut: the log ended at 9 once, and now at 6")]
    anew: list[AuditRecord] = []
    for record in LOG:
        edited = changed(record, note="never was") if record.position == 4 else record
        anew.append(linked(edited, record.position or 0, (anew[-1].hash if anew else None) or BEGINNING))
    end = AuditHead(position=9, hash=anew[-1].hash or "")
    assert verify(anew, end) == []
    assert verify(anew, end, chained(3)[1]) == []
    for position in range(4, 10):
        assert verify(anew, end, chained(position)[1]) == [Fault(position, "the anchor knows another entry here")]
