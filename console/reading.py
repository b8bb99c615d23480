"""Reads the fleet once, for a command that prints it: progress on stderr, and an interrupt that never waits."""

from __future__ import annotations

import sys
import threading
from dataclasses import dataclass, field

from console import errors
from console.output import say
from services.fleet.refresh import FleetReader
from services.fleet.snapshot import FleetSnapshot

WATCH_S = 0.25
"""How often the progress line is drawn; the end of the reading is noticed at once."""


@dataclass(slots=True)
class _Reading:
    """What the reading thread leaves behind."""

    ended: threading.Event = field(default_factory=threading.Event)
    latest: FleetSnapshot | None = None
    result: FleetSnapshot | None = None
    error: BaseException | None = None


def read_once(reader: FleetReader) -> FleetSnapshot:
    """Asks all sources and waits for the last. An interrupt is raised here at once, though a read may hang."""
    reading = _Reading()
    cancel = threading.Event()

    def publish(snapshot: FleetSnapshot) -> None:
        reading.latest = snapshot

    def read() -> None:
        try:
            reading.result = reader.refresh(publish, cancel)
        except BaseException as error:  # noqa: BLE001 - handed over to the main thread, where it is raised
            reading.error = error
        finally:
            reading.ended.set()

    threading.Thread(target=read, name="fleet", daemon=True).start()
    watched = sys.stderr.isatty()
    try:
        while not reading.ended.wait(WATCH_S if watched else None):
            _draw_progress(reading.latest)
    finally:
        cancel.set()
        if watched:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
    if reading.error is not None:
        raise reading.error
    if reading.result is None:
        raise errors.CommandError("the fleet could not be read")
    return reading.result


def _draw_progress(snapshot: FleetSnapshot | None) -> None:
    total = len(snapshot.sources) if snapshot else 0
    done = total - snapshot.pending if snapshot else 0
    sys.stderr.write(f"\r\x1b[Kasked {done} of {total} sources" if total else "\r\x1b[Kasking the registry")
    sys.stderr.flush()


def tell_missing(snapshot: FleetSnapshot) -> int:
    """Says on stderr which sources did not answer and which records were bad; tells the exit code."""
    for view in (*snapshot.failed, *(view for view in snapshot.sources if view.observation is None)):
        seen = view.observation
        told = f"{seen.outcome}: {seen.error or 'no reason given'}" if seen else "was not asked"
        say(f"tenure: {view.source.name} {told}")
    for bad in snapshot.bad_records:
        from services.areas.tenants import bad_record_words

        say(f"tenure: {bad_record_words(bad)}")
    return errors.UNANSWERED if snapshot.failed or snapshot.pending or snapshot.bad_records else errors.OK
