"""The chain of the audit log: what an entry's hash is over, and what is wrong with a log that does not hold together.

An entry's hash is SHA-256 in hex over the hash of the entry before it (64 zeros before the first) and the canonical
JSON of the entry: its members in the order of their names, without spaces, in ASCII, times in UTC with ``Z`` and six
digits of a second's fraction where it has one; members that are null, ``previous`` and ``hash`` left out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from services.wire.operations import AuditHead, AuditRecord
from services.wire.orders import canonical

BEGINNING: Final = "0" * 64
"""Stands for the hash of the entry before the first."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that an untouched log cannot show. ``position`` is the first that is concerned; 0: no position."""

    position: int
    what: str


class _Link(NamedTuple):
    """What is kept of an entry while a log is verified."""

    position: int
    id: str
    previous: str
    hash: str
    fits: bool


def hash_of(record: AuditRecord, previous: str) -> str:
    """What the hash of ``record``, which has its position, is where ``previous`` is that of the entry before it."""
    entry = record.model_dump(mode="json", exclude_none=True, exclude={"previous", "hash"})
    return hashlib.sha256(previous.encode("ascii") + canonical(entry)).hexdigest()


def verify(entries: Iterable[AuditRecord], head: AuditHead, *anchors: AuditHead) -> list[Fault]:
    """The faults of a whole log, the first position first; none where it is as it was written.

    ``entries`` come in any order. ``head`` is where the log ends by its own word; ``anchors`` are where it ended
    once, as kept elsewhere. Without an anchor a log whose end was cut and whose head was set back with it looks whole.
    """
    faults: list[Fault] = []
    links: list[_Link] = []
    for entry in entries:
        if entry.position is None:
            faults.append(Fault(0, f"the entry {entry.id} stands outside the chain"))
        else:
            fits = entry.previous is not None and entry.hash == hash_of(entry, entry.previous)
            links.append(_Link(entry.position, entry.id, entry.previous or "", entry.hash or "", fits))
    links.sort()
    faults += _broken(links)
    faults += _ended(links, head)
    for anchor in anchors:
        faults += _off_anchor(links, head, anchor)
    return sorted(faults, key=lambda fault: fault.position)


def _broken(links: Sequence[_Link]) -> Iterator[Fault]:
    """What is wrong between an entry and the one before it, and with each alone."""
    expected, before = 1, BEGINNING
    for link in links:
        if link.position < expected:
            yield Fault(link.position, f"the entry {link.id} bears a position that another has")
            continue
        if link.position > expected:
            yield Fault(expected, f"{_entries(expected, link.position - 1)} missing")
        elif link.previous != before:
            yield Fault(link.position, f"the entry {link.id} does not follow the one before it")
        if not link.fits:
            yield Fault(link.position, f"the entry {link.id} is not what was written: its hash is another")
        expected, before = link.position + 1, link.hash


def _ended(links: Sequence[_Link], head: AuditHead) -> Iterator[Fault]:
    """What is wrong with the end of the log."""
    last, hash_ = (links[-1].position, links[-1].hash) if links else (0, BEGINNING)
    if last < head.position:
        yield Fault(last + 1, f"the end is cut: {_entries(last + 1, head.position)} missing")
    elif last > head.position:
        yield Fault(head.position + 1, f"{_entries(head.position + 1, last)} beyond the head of the log")
    elif hash_ != head.hash:
        yield Fault(last, "the head of the log knows another entry here")


def _off_anchor(links: Sequence[_Link], head: AuditHead, anchor: AuditHead) -> Iterator[Fault]:
    """What is wrong with a log that ended at ``anchor`` once."""
    hashes = {link.position: link.hash for link in links} | {0: BEGINNING}
    if anchor.position > head.position:
        first = head.position + 1
        yield Fault(first, f"the end is cut: the log ended at {anchor.position} once, and now at {head.position}")
    elif hashes.get(anchor.position, anchor.hash) != anchor.hash:  # a missing one is told of as missing
        yield Fault(anchor.position, "the anchor knows another entry here")


def _entries(first: int, last: int) -> str:
    return f"entry {first} is" if first == last else f"entries {first} to {last} are"
