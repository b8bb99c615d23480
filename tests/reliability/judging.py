"""What a fault may change of a picture, and what it may not."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from contextlib import redirect_stderr
from dataclasses import dataclass, field

from console.reading import tell_missing
from services.fleet.snapshot import SlotView, StoreView
from services.model import Source, Status
from tests.reliability.faults import HARMLESS, OUTCOMES, Case
from tests.reliability.look import POLICY
from tests.reliability.picture import Figure, Key, Picture, Where
from tests.support.sandbox import AT

UNANSWERED = 3
"""The exit code of ``tenure list`` where a source did not answer."""

IDENTICAL = "identical"
"""Figures of tenants that the fault does not concern: the very same bytes."""
SAME = "same"
"""Figures of tenants that it concerns, which do not rest on what failed: the same bytes, or the same verdict with other
words, as those which tell that jobs were not read."""
UNKNOWN = "unknown"
PROVEN = "proven"
"""Figures that rest on what failed and are known all the same, by a proof that is looked at here."""
NOT_YET = "not yet seen"
"""Figures that a first look cannot name, for which a row that is unknown speaks."""
ROWS = "rows"


_SPOKEN_BY = {
    "recovery": "recovery",
    "rto": "recovery",
    "pending": "pending",
    "slot": "slots",
    "export": "exports",
    "case": "cases",
    "hold": "holds",
    "link": "links",
}
"""Family of a figure → that of the unknown one that speaks for it; the record's own is ``state``."""
_OF_NOBODY = frozenset({"pending", "slot"})


@dataclass(slots=True)
class Found:
    """What came of one fault and look."""

    counts: Counter[str] = field(default_factory=Counter)
    unaffected: int = 0
    affected: int = 0
    """Tenants."""
    differences: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Look:
    """One look under a fault, beside the healthy one. ``first``: nothing was remembered of the latter."""

    case: Case
    healthy: Picture
    under: Picture
    first: bool

    def judge(self) -> Found:
        """Everything that is not as it has to be, and the counts of what is."""
        found = Found()
        tenants = self.healthy.fleet.tenants
        found.affected = sum(self._concerns(self._homes_of(name)) for name in tenants)
        found.unaffected = len(tenants) - found.affected
        found.differences += self._calls()
        for key, before in self.healthy.figures.items():
            word, trouble = self._figure(key, before)
            found.counts[word] += 1
            found.differences += [f"{key}: {trouble}"] if trouble else []
        for key, after in self.under.figures.items():
            if key not in self.healthy.figures and after.status is not Status.UNKNOWN:
                found.differences.append(f"{key}: is new, and {after.status}")
        for trouble in self._rows():
            found.differences.append(trouble)
        found.counts[ROWS] += len(self.healthy.rows)
        return found

    # -- whom it concerns

    def _struck(self) -> frozenset[Source]:
        """Those that it may strike, as declared."""
        sources = (view.source for view in self.healthy.fleet.sources)
        return frozenset(source for source in sources if self.case.strikes(source, first=self.first))

    def _concerns(self, places: frozenset[Where]) -> bool:
        if self.case.kind.of_api:
            return self.case.kind not in HARMLESS
        return not places.isdisjoint({(it.account, it.region) for it in self._struck() if it.account})

    def _homes_of(self, tenant: str) -> frozenset[Where]:
        figures = (it for (whose, _), it in self.healthy.figures.items() if whose == tenant)
        return next((it.places for it in figures), frozenset())

    # -- the calls

    def _calls(self) -> Iterator[str]:
        """The calls that it strikes failed as they should have, no other did, and the exit code says so."""
        failed, struck = self.under.failed, self._struck()
        for source in sorted(failed - struck, key=lambda it: it.name):
            yield f"{source.name}: failed, and was not struck"
        if self.case.sure:
            for source in sorted(struck - failed, key=lambda it: it.name):
                yield f"{source.name}: struck, and answered"
        elif not failed and struck and not self.case.by_chance:
            yield "nothing failed"
        outcome = OUTCOMES.get(self.case.kind)
        for view in self.under.fleet.failed:
            seen = view.observation
            if outcome is not None and seen is not None and (seen.outcome is not outcome or not seen.error):
                yield f"{view.source.name}: {seen.outcome} instead of {outcome}: {seen.error}"
        with redirect_stderr(io.StringIO()):
            code = tell_missing(self.under.fleet)
        if code != (UNANSWERED if failed else 0):
            yield f"exit code {code} with {len(failed)} calls failed"

    # -- the figures

    def _figure(self, key: Key, before: Figure) -> tuple[str, str | None]:
        """What became of a figure, and what is wrong with that."""
        after = self.under.figures.get(key)
        if not self._concerns(before.places):
            if after is None:
                return IDENTICAL, "is gone, and the fault does not concern it"
            return IDENTICAL, None if after.said == before.said else f"differs: {_change(before, after)}"
        if after is None:
            return NOT_YET, self._spoken_for(key)
        if after.status is Status.UNKNOWN:
            return UNKNOWN, None
        if after.status is not before.status:
            return SAME, f"was {before.status}, is {after.status} without its sources"
        if not self._rests_on_failed(before):
            return SAME, None if after.judged == before.judged else f"differs: {_change(before, after)}"
        trouble = self._unproven(before, after)
        return PROVEN, trouble

    def _rests_on_failed(self, figure: Figure) -> bool:
        heard = figure.heard
        if figure.status is Status.NOT_APPLICABLE:  # nothing is promised: no test could change that
            heard = frozenset(it.source for it in figure.verdict.evidence)
        return not heard.isdisjoint(self.under.failed)

    def _spoken_for(self, key: Key) -> str | None:
        """Why nothing speaks for a figure that is not seen; ``None`` if something does."""
        tenant, figure = key
        if not self.first:
            return "has vanished"
        failed = {source.operation for source in self.under.failed}
        if tenant is None or tenant not in self.under.fleet.tenants:
            # a store that nobody owns, or a record of the registry that was not read: the list and the exit code speak
            return None if failed else "is not seen, and nothing failed"
        family = figure.partition(".")[0]
        spoken = (None if family in _OF_NOBODY else tenant, _SPOKEN_BY.get(family, "state"))
        for (owner, other), it in self.under.figures.items():
            if (owner, other.partition(".")[0]) == spoken and it.status is Status.UNKNOWN:
                return None
        return "is not seen, and nothing says so"

    def _unproven(self, before: Figure, after: Figure) -> str | None:
        """Why a figure that rests on what failed may not be known; ``None`` where it is proven."""
        if isinstance(after.of, SlotView) and isinstance(before.of, SlotView):
            if (
                after.status is Status.AT_RISK
                and after.verdict.at == before.verdict.at
                and after.judged == before.judged
            ):
                return None  # what the plan itself breaks, whatever its windows say
            return "a slot without its windows"
        if not isinstance(after.of, StoreView) or not isinstance(before.of, StoreView):
            return "rests on what failed"
        now, then, failed = after.of.store, before.of.store, self.under.failed
        if (
            now is None
            or then is None
            or after.status is not Status.OK
            or not after.verdict.figure.startswith("recovery")
        ):
            return "rests on what failed, and is no RPO in order"
        if now.listed_by is None or now.listed_by in failed:
            return "its store was not listed"
        tier = self.under.fleet.tenants[after.of.tenant or ""].tenant.tier
        good = POLICY.recovery.rpo[tier] * POLICY.recovery.at_risk_ratio[tier]
        dated = {(it.kind, it.at, it.resource) for it in then.points}
        counted = next(kinds for kind, kinds in POLICY.recovery.evidence.items() if kind == now.kind)
        points = [
            it
            for it in now.points
            if it.source is not None
            and it.source not in failed
            and it.at is not None
            and it.kind in counted
            and AT - it.at <= good
            and (it.kind, it.at, it.resource) in dated
        ]
        if not points:
            return "no restore point proves it"
        if before.verdict.value is None or after.verdict.value is None or after.verdict.value < before.verdict.value:
            return f"is better without its sources: {_change(before, after)}"
        return None if "proven without" in after.verdict.reason else "does not say what it is proven without"

    # -- the rows

    def _rows(self) -> Iterator[str]:
        """Rows of whom it does not concern are the same bytes; after a second look no row is gone."""
        for place, before in self.healthy.rows.items():
            after = self.under.rows.get(place)
            figure = self.healthy.figures.get(before.about) if before.about is not None else None
            if figure is not None:
                concerned = self._concerns(figure.places)
            else:
                concerned = before.tenant is not None and self._concerns(self._homes_of(before.tenant))
            if after is None and not self.first:
                yield f"row {place}: is gone"
            elif not concerned and (after is None or after.said != before.said):
                yield f"row {place}: differs, and the fault does not concern it"


def _change(before: Figure, after: Figure) -> str:
    return f"{before.said.decode()} → {after.said.decode()}"
