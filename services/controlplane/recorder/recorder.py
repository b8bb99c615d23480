"""The recorder: samples the RPO of every store, and every link, on the policy's intervals, on a thread of its own.

One worker of several records, the one that holds the lease. It writes nothing but samples, and in short transactions:
orders never wait for it longer than for each other. What fails is told in the log and tried again, later each time.
"""

from __future__ import annotations

import logging
import random
import secrets
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy.exc import SQLAlchemyError

from services.agreement import Policy
from services.aws.collect.base import Place
from services.aws.fanout import fan_out
from services.controlplane.estates import AT_ONCE, calls_in, link_calls_in
from services.controlplane.marks import mark_of
from services.controlplane.recorder.judging import Judging
from services.controlplane.recorder.lease import LENGTH, RECORDING, hold, let_go
from services.controlplane.recorder.links import link_places, link_samples
from services.controlplane.recorder.registered import Known, Registered, read_registered
from services.controlplane.recorder.rota import Rota
from services.controlplane.sample_book import ADDED_AT_ONCE, add_samples, has_older, prune_samples
from services.controlplane.store import Database
from services.estate.facts import place_of
from services.estate.join import Estate
from services.estate.link_book import LinkBook
from services.estate.links import LINK_LISTINGS
from services.now import Now
from services.orders.world import TENANT_TAG
from services.wire.samples import SampleRecord

if TYPE_CHECKING:
    from services.aws.fanout import Call
    from services.aws.session import Clients

LOOK_S: Final = 5.0
"""Between two looks at what is due."""
LONGEST_S: Final = 300.0
"""Between two looks where they fail."""
RENEWED_AFTER: Final = LENGTH / 3
NAME_LENGTH: Final = 48
PRUNED_AT_A_LOOK: Final = 4
"""Steps of letting old samples go; the rest follows with the next look."""

_log: Final = logging.getLogger("tenure.recorder")


class LostLeaseError(Exception):
    """Another worker has taken over in the middle of a round; what was seen is its to record."""


class Recorder:
    """``start`` it once, ``stop`` it at the end; or ``look`` by hand."""

    def __init__(
        self,
        name: str,
        database: Database,
        now: Now,
        clients: Clients,
        policy: Policy,
        *,
        tenant_tag: str = TENANT_TAG,
        delay_s: float = 0.0,
        dice: Callable[[], float] = random.random,
    ) -> None:
        """``name`` is the worker's; ``delay_s`` is how much later than ``start`` it looks for the first time."""
        # a server and a worker of one machine may bear one name, and are two all the same
        self.name = f"{name[:NAME_LENGTH]}:{secrets.token_hex(6)}"
        self._database = database
        self._now = now
        self._clients = clients
        self._policy = policy
        self._tenant_tag = tenant_tag
        self._delay_s = delay_s
        self._dice = dice
        self._end = threading.Event()
        self._thread: threading.Thread | None = None
        self._known: tuple[tuple[str, str], Known] | None = None
        self._renewed_at: datetime | None = None
        self._forget()

    @property
    def alive(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> None:
        """Starts on a thread of its own; comes back at once."""
        self._thread = threading.Thread(target=self._run, name="tenure-recorder", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends; a round that is under way is given up, and another worker may record at once."""
        self._end.set()
        if self._thread is not None:
            self._thread.join(timeout=5)
        with suppress(SQLAlchemyError), self._database.write() as connection:  # else it is over by itself
            let_go(connection, RECORDING, self.name)

    def look(self) -> int | None:
        """Looks at every place that is due, records what was seen there, and lets go what is too old.

        Tells how many samples were kept; ``None`` where another worker records. Blocks. Raises what the database
        raises, and ``LostLeaseError``; never what AWS does.
        """
        if not self._hold():
            self._forget()  # whoever takes over knows nothing of old answers either
            return None
        known = self._registered()
        self._rota.settle(known.tiers())
        self._link_rota.settle(link_places(known, self._policy, self._book))
        due, linked = self._rota.due(self._now()), self._link_rota.due(self._now())
        count = self._record(known, due, linked) if due or linked else 0
        self._prune()
        return count

    # A round

    def _record(self, known: Known, due: list[Place], linked: list[Place]) -> int:
        """Asks, judges and keeps; of ``due`` the stores, of ``linked`` the links. What is due is noted as asked also
        where it fails, lest it be asked again at once."""
        asked = sorted({*due, *self._companions(due)})
        calls = [*calls_in(asked, self._clients), *link_calls_in(linked, self._clients)]
        silent, broken = self._ask(calls)
        if self._end.is_set():
            return 0
        self._estate.refresh()
        for place in linked:
            self._book.place_changed(place, known.tenants)
        now = self._now()
        for place in asked:
            self._rota.asked(place, now, answered=place not in silent)
        for place in linked:
            self._link_rota.asked(place, now, answered=place not in broken)
        records = Judging(self._policy, known, self._estate, self._tenant_tag).samples(frozenset(due), now)
        records += link_samples(self._policy, known, self._estate.facts, self._book, frozenset(linked), now)
        for start in range(0, len(records), ADDED_AT_ONCE):
            self._keep(records[start : start + ADDED_AT_ONCE])
        if silent:
            _log.warning("%d of %d places did not answer whole, their stores are unknown", len(silent), len(asked))
        if broken:
            _log.warning("%d of %d places did not tell all of their links", len(broken), len(linked))
        return len(records)

    def _companions(self, due: Iterable[Place]) -> set[Place]:
        """Where else something speaks about the stores of these places, by their last look: a copy in another region
        would be evidence of another time."""
        wanted = frozenset(due)
        return {
            place_of(seen.source)
            for sighting in self._estate.sightings()
            if Place(sighting.resource.account, sighting.resource.region) in wanted
            for seen in sighting.latest
        }

    def _ask(self, calls: list[Call[Any]]) -> tuple[set[Place], set[Place]]:
        """Puts all questions; the places of which not all was answered of stores, and of links."""
        silent: set[Place] = set()
        broken: set[Place] = set()
        for seen in fan_out(calls, cancel=self._end, limit=AT_ONCE, now=self._now):
            self._estate.put(seen)
            if not seen.outcome.answered:
                (broken if seen.source.operation in LINK_LISTINGS else silent).add(place_of(seen.source))
            self._renew()
        return silent, broken

    def _keep(self, records: list[SampleRecord]) -> None:
        with self._database.write() as connection:
            if not hold(connection, RECORDING, self.name, self._now()):
                raise LostLeaseError(RECORDING)
            add_samples(connection, records)

    def _prune(self) -> None:
        before = self._now() - self._policy.recovery.gap_window
        for _ in range(PRUNED_AT_A_LOOK):
            with self._database.read() as connection:
                stale = has_older(connection, before)
            if not stale or self._end.is_set():
                return
            with self._database.write() as connection:
                prune_samples(connection, before)

    def _registered(self) -> Known:
        """The registry, read anew where it has changed."""
        with self._database.read() as connection:
            marks = mark_of(connection, "tenants"), mark_of(connection, "stores")
            if self._known is None or self._known[0] != marks:
                before = self._known[1].tenants if self._known is not None else {}
                self._known = marks, read_registered(connection)
                self._settle_links(before)
        return self._known[1]

    def _settle_links(self, before: Mapping[str, Registered]) -> None:
        if self._known is not None:
            tenants = self._known[1].tenants
            self._book.tenants_changed(before.keys() | tenants.keys(), tenants)

    def _forget(self) -> None:
        self._estate = Estate()
        self._book = LinkBook(self._estate.facts, self._tenant_tag)
        self._settle_links({})
        self._rota = Rota(self._policy.recovery.max_age, self._dice)
        self._link_rota = Rota(dict.fromkeys(self._policy.tiers, self._policy.peering.max_age), self._dice)

    # The lease

    def _hold(self) -> bool:
        with self._database.write() as connection:
            held = hold(connection, RECORDING, self.name, self._now())
        self._renewed_at = self._now()
        return held

    def _renew(self) -> None:
        """In a long round, before the lease is over. Raises ``LostLeaseError``."""
        if self._renewed_at is not None and timedelta() <= self._now() - self._renewed_at < RENEWED_AFTER:
            return
        if not self._hold():
            raise LostLeaseError(RECORDING)

    # The thread

    def _run(self) -> None:
        failures = 0
        self._end.wait(self._delay_s)
        while not self._end.is_set():
            try:
                self.look()
                failures = 0
            except LostLeaseError:
                _log.warning("another worker records now")
            except Exception:  # noqa: BLE001 - it is told, and tried again later
                failures += 1
                _log.exception("recording failed; it is tried again")
            self._end.wait(min(LOOK_S * 2 ** min(failures, 10), LONGEST_S))
