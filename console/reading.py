"""Reads the fleet once, for a command that prints it: progress on stderr, and an interrupt that never waits."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator

from console import errors
from console.output import say
from console.waiting import Task
from services.fleet.refresh import FleetReader
from services.fleet.snapshot import FleetSnapshot
from services.model import Source


def read_quietly(reader: FleetReader, over: threading.Event) -> FleetSnapshot:
    """Asks all sources and waits for the last, or until ``over`` is set; says nothing."""
    return reader.refresh(lambda _: None, over)


def read_once(reader: FleetReader) -> FleetSnapshot:
    """Asks all sources and waits for the last. An interrupt is raised here at once, though a read may hang."""
    cancel = threading.Event()
    latest: list[FleetSnapshot] = []

    def publish(snapshot: FleetSnapshot) -> None:
        latest[:] = [snapshot]

    task = Task("fleet", lambda: reader.refresh(publish, cancel))
    if not sys.stderr.isatty():
        try:
            return task.wait()
        finally:
            cancel.set()
    try:
        return task.wait(lambda: _draw_progress(latest[0] if latest else None))
    finally:
        cancel.set()
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()


def _draw_progress(snapshot: FleetSnapshot | None) -> None:
    total = len(snapshot.sources) if snapshot else 0
    done = total - snapshot.pending if snapshot else 0
    sys.stderr.write(f"\r\x1b[Kasked {done} of {total} sources" if total else "\r\x1b[Kasking the registry")
    sys.stderr.flush()


def _causes(snapshot: FleetSnapshot) -> Iterator[str]:
    """Why sources gave no answer, a line a cause and account: of sixty calls that one refusal met, one line tells."""
    found: dict[tuple[str | None, str], list[Source]] = {}
    for view in snapshot.sources:
        seen = view.observation
        if seen is None or not seen.outcome.answered:
            told = f"{seen.outcome}: {seen.error or 'no reason given'}" if seen else "was not asked"
            found.setdefault((view.source.account, told), []).append(view.source)
    for (account, told), sources in found.items():
        if len(sources) == 1:
            yield f"{sources[0].name} {told}"
        else:
            regions = sorted({source.region for source in sources if source.region})
            yield f"{account or 'internal API'}: {len(sources)} calls in {', '.join(regions) or 'all'} {told}"


def tell_missing(snapshot: FleetSnapshot) -> int:
    """Says on stderr which sources did not answer and which records were bad; tells the exit code."""
    for line in missing_lines(snapshot):
        say(f"tenure: {line}")
    return errors.OK if is_whole(snapshot) else errors.UNANSWERED


def missing_lines(snapshot: FleetSnapshot) -> list[str]:
    """Which sources did not answer, and which records were bad, a line each."""
    from services.fleet.missing import bad_record_words

    return [*_causes(snapshot), *map(bad_record_words, snapshot.bad_records)]


def is_whole(snapshot: FleetSnapshot) -> bool:
    """Whether every source has answered, and every record could be read."""
    return not (snapshot.failed or snapshot.pending or snapshot.bad_records)
