"""The fleet of a profile: asked anew, or judged anew as time goes by."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterable
from datetime import datetime

from services.agreement import Policy
from services.aws.collect.base import Place
from services.checks import CHECKS
from services.checks.base import collectors_of
from services.fleet.agenda import Agenda
from services.fleet.asked import EVERYTHING, Asked, Focus
from services.fleet.forecast import basis, forecast
from services.fleet.merge import Picture
from services.fleet.reader import FleetReader, Publish
from services.fleet.round import SLICE, Context, Round
from services.fleet.rules import AGREEMENT, Rules
from services.fleet.schedule import USUAL, Tempo
from services.fleet.sides import AwsReader, RegistrySource
from services.fleet.snapshot import FleetSnapshot
from services.model import EVERYWHERE, Acknowledgement, Credential, Observation, Outcome, Prompts, Scope
from services.now import Now
from services.orders.desk import OrderDesk
from services.wire.history import HistoryRecord


class Fleet:
    """The fleet of one profile. ``refresh`` and ``rejudge`` may be called from any threads."""

    def __init__(
        self,
        registry: RegistrySource,
        aws: AwsReader,
        policy: Policy,
        now: Now,
        *,
        scope: Scope = EVERYWHERE,
        extra_scope: Iterable[tuple[str, str]] = (),
        tenant_tag: str = "tenant",
        limit: int = 32,
        rules: Rules = AGREEMENT,
        tempo: Tempo = USUAL,
        seed: int | None = None,
    ) -> None:
        """``scope`` is what is looked at at all; ``extra_scope`` holds (account, region) pairs to look at besides the
        registry's; ``limit`` bounds the calls to AWS that are under way at once. ``seed`` draws the jitter; ``None``:
        one that no other console has."""
        self._registry = registry
        self._aws = aws
        self._now = now
        self._limit = limit
        self._history = policy.recovery.gap_window
        self._scope = self._narrowed = scope
        self._lock = threading.Lock()
        self._generation = 0
        self._catching_up = False
        self._picture = Picture(policy, rules, tenant_tag, now())
        extra = frozenset(Place(account, region) for account, region in extra_scope)
        drawn = secrets.randbits(64) if seed is None else seed
        self._agenda = Agenda(collectors_of(CHECKS), extra, tempo, drawn, self._picture)

    def rejudge(self, now: datetime) -> FleetSnapshot:
        """See ``FleetReader``. Comes back at once: what takes longer than a moment is done on a thread, and is in what
        a later call returns."""
        if not self._lock.acquire(blocking=False):
            return self._picture.snapshot
        try:
            self._picture.look_within(self._narrowed)
            self._picture.take_credentials(self._credentials(), now)
            snapshot = self._picture.rejudge(now, SLICE)
            if self._picture.behind and not self._catching_up:
                self._catching_up = True
                threading.Thread(target=self._catch_up, args=(now,), name="tenure-judge", daemon=True).start()
        finally:
            self._lock.release()
        return snapshot

    def _catch_up(self, now: datetime) -> None:
        while True:
            with self._lock:
                self._picture.rejudge(now, SLICE)
                if not self._picture.behind:
                    self._catching_up = False
                    return

    def forecast(self, at: datetime) -> FleetSnapshot:
        """See ``FleetReader``."""
        with self._lock:
            now = self._now()
            known = basis(self._picture.rejudge(now, SLICE), self._picture.judging, self._picture.slots, now)
        return forecast(known, at)

    def acknowledge(self, acknowledgement: Acknowledgement) -> str | None:
        """See ``FleetReader``."""
        over = self._picture.snapshot.acknowledgements.get((acknowledgement.tenant, acknowledgement.figure))
        said = self._registry.acknowledge(acknowledgement, over=over)
        if said.outcome is not Outcome.SEEN:
            return said.error or str(said.outcome)
        self._keep(acknowledgement.tenant, acknowledgement.figure, acknowledgement)
        return None

    def withdraw(self, tenant: str | None, figure: str) -> str | None:
        """See ``FleetReader``."""
        over = self._picture.snapshot.acknowledgements.get((tenant, figure))
        said = self._registry.withdraw(tenant, figure, over=over)
        if said.outcome is Outcome.EMPTY:
            return "nobody has acknowledged it"
        if said.outcome is not Outcome.SEEN:
            return said.error or str(said.outcome)
        self._keep(tenant, figure, None)
        return None

    def _keep(self, tenant: str | None, figure: str, acknowledgement: Acknowledgement | None) -> None:
        """Shows what was written at once; the next refresh reads it."""
        with self._lock:
            kept = dict(self._picture.snapshot.acknowledgements)
            kept.pop((tenant, figure), None)
            if acknowledgement is not None:
                kept[tenant, figure] = acknowledgement
            self._picture.take_acknowledgements(kept.values())

    def due(self, now: datetime, focus: Focus) -> bool:
        """See ``FleetReader``. Not while the fleet is being merged: who is due then is asked a moment later."""
        if not self._lock.acquire(blocking=False):
            return False
        try:
            return self._agenda.is_due(now, focus)
        finally:
            self._lock.release()

    def narrow(self, scope: Scope) -> None:
        """See ``FleetReader``."""
        self._narrowed = self._scope.within(scope)

    def history(self, tenant: str, cancel: threading.Event) -> Observation[HistoryRecord]:
        """See ``FleetReader``."""
        until = self._now()
        return self._registry.history(cancel, tenant, until - self._history, until)

    @property
    def desk(self) -> OrderDesk:
        """See ``FleetReader``."""
        return self._registry.desk

    def sign_in(self, prompts: Prompts, cancel: threading.Event) -> str | None:
        """See ``FleetReader``."""
        return self._aws.sign_in(prompts, cancel)

    def refresh(self, publish: Publish, cancel: threading.Event, asked: Asked = EVERYTHING) -> FleetSnapshot:
        """See ``FleetReader``. A later refresh takes the place of one that still runs."""
        with self._lock:
            self._generation += 1
            self._picture.look_within(self._narrowed)
            mine = self._generation
        return Round(self._context(), asked, mine, publish, cancel).run()

    def _credentials(self) -> tuple[Credential, ...]:
        return (*self._aws.credentials(), self._registry.credential())

    def _publish(self, generation: int) -> FleetSnapshot:
        now = self._now()
        self._picture.look_within(self._narrowed)
        self._picture.take_credentials(self._credentials(), now)
        return self._picture.publish(now, generation, SLICE)

    def _context(self) -> Context:
        return Context(
            self._registry,
            self._aws,
            self._now,
            self._limit,
            self._lock,
            self._picture,
            self._agenda,
            lambda: self._generation,
            self._publish,
        )


__all__ = ["AwsReader", "Fleet", "FleetReader", "Publish", "RegistrySource"]
