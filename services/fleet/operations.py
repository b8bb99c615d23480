"""A tenant's exports, cases and legal holds, judged. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from services.agreement import Policy
from services.fleet.backup_holds import Unrecorded
from services.fleet.reliance import CASES, EXPORTS, HOLDS, unknown
from services.fleet.rules import Rules
from services.fleet.snapshot import CaseView, ExportView, HoldView
from services.model import Case, Export, Hold, Tenant, Verdict


@dataclass(frozen=True, slots=True)
class Operations:
    """What happens with one tenant, beside its stores."""

    exports: tuple[ExportView, ...]
    cases: tuple[CaseView, ...]
    holds: tuple[HoldView, ...]

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        return (
            *(view.verdict for view in self.exports),
            *(view.verdict for view in self.cases),
            *(view.verdict for view in self.holds),
        )

    def stale(self, reason: str) -> Operations:
        """The same where what was read is too old."""
        return Operations(
            tuple(replace(view, verdict=unknown(view.verdict, reason)) for view in self.exports),
            tuple(replace(view, verdict=unknown(view.verdict, reason)) for view in self.cases),
            tuple(replace(view, verdict=unknown(view.verdict, reason)) for view in self.holds),
        )


NONE = Operations((), (), ())


@dataclass(frozen=True, slots=True)
class OperationsJudging:
    """The rules for them."""

    rules: Rules
    policy: Policy

    def judge(
        self,
        tenant: Tenant,
        exports: Iterable[Export],
        cases: Iterable[Case],
        holds: Iterable[Hold],
        now: datetime,
        doubts: Mapping[str, str],
        of_aws: Iterable[Unrecorded] = (),
        undated: str | None = None,
    ) -> Operations:
        """All of a tenant's, the newest first; ``doubts`` are the lists that may not be relied on, ``of_aws`` the
        holds of AWS Backup that nothing records, ``undated`` why the tenant's end date is not known, which cuts the
        windows of exports and tells what a hold stops."""
        if not exports and not cases and not holds and not of_aws:
            return NONE
        newest_exports = sorted(exports, key=lambda it: (it.requested_at, it.id), reverse=True)
        newest_cases = sorted(cases, key=lambda it: (it.opened_at, it.id), reverse=True)
        newest_holds = sorted(holds, key=lambda it: (it.placed_at, it.id), reverse=True)
        no_end = f"its end date is not known: {undated}" if undated is not None else None
        of_exports, of_holds = doubts.get(EXPORTS) or no_end, doubts.get(HOLDS) or no_end
        return Operations(
            tuple(self._export(export, tenant, now, of_exports) for export in newest_exports),
            tuple(self._case(case, tenant, now, doubts.get(CASES)) for case in newest_cases),
            (
                *(self._hold(hold, tenant, now, of_holds) for hold in newest_holds),
                *(self._of_aws(it, tenant, now, no_end) for it in of_aws),
            ),
        )

    def _export(self, export: Export, tenant: Tenant, now: datetime, doubt: str | None) -> ExportView:
        verdict = _sure(self.rules.export(export, tenant, self.policy, now), doubt)
        return ExportView(export, self.rules.export_clock(export, tenant, self.policy), verdict)

    def _case(self, case: Case, tenant: Tenant, now: datetime, doubt: str | None) -> CaseView:
        verdict = _sure(self.rules.case(case, tenant, self.policy, now), doubt)
        return CaseView(case, self.rules.case_clock(case, tenant, self.policy), verdict)

    def _hold(self, hold: Hold, tenant: Tenant, now: datetime, doubt: str | None) -> HoldView:
        return HoldView(hold, _sure(self.rules.hold(hold, tenant, self.policy, now), doubt))

    def _of_aws(self, it: Unrecorded, tenant: Tenant, now: datetime, no_end: str | None) -> HoldView:
        view = self._hold(it.hold, tenant, now, it.doubt or no_end)
        ends = [at for at in (view.verdict.changes_at, it.until) if at is not None]
        verdict = replace(view.verdict, changes_at=min(ends, default=None))
        return replace(view, verdict=verdict, arn=it.arn, doubt=it.doubt)


def _sure(verdict: Verdict, doubt: str | None) -> Verdict:
    return verdict if doubt is None else unknown(verdict, doubt)
