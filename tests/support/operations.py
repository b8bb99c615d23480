"""A fleet with work on it: exports, cases, holds, slots, pending maintenance, acknowledgements and an audit log.

Built on ``tests.support.fleet``; judged by hand as that is. A test that wants less takes a part away.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from services.agreement import default_policy_text, parse_policy
from services.fleet.snapshot import (
    CaseView,
    ExportView,
    FleetSnapshot,
    HoldView,
    PendingView,
    SlotView,
    SourceView,
    StoreView,
    TenantView,
    WindowView,
)
from services.model import (
    Acknowledgement,
    AuditEntry,
    Case,
    CaseKind,
    CaseState,
    Clock,
    Export,
    ExportState,
    Hold,
    LifecycleState,
    RecoveryTest,
    RestorePoint,
    Slot,
    SlotState,
    Source,
    Status,
    TestKind,
    Verdict,
    worst,
)
from tests.support.fleet import ACCOUNTS, AT, ended_clocks, fleet, observation, store_view, tenant, view

RIGHTS = "right-to-be-forgotten"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
COLLECTIONS = ("exports", "slots", "holds", "cases", "recovery-tests", "acknowledgements", "orders", "audit")


def source(collection: str, at: datetime = AT) -> SourceView:
    """A collection of the internal API that answered 40 seconds ago."""
    seen = observation(Source("internal", f"GET /{collection}"), at)
    return SourceView(seen.source, seen, count=3, last_seen_at=seen.at)


def judged(figure: str, status: Status, reason: str, due_at: datetime | None, length: timedelta | None) -> Verdict:
    """A verdict with what the due list counts down to."""
    return Verdict(status, figure, RIGHTS, reason, at=due_at, due_at=due_at, length=length)


def export_view(
    owner: str,
    number: int,
    state: ExportState,
    status: Status,
    reason: str,
    *,
    asked: datetime,
    available: datetime | None = None,
    window: timedelta = 30 * DAY,
    progress: float | None = None,
    failure: str | None = None,
) -> ExportView:
    """An export with its window from when it was available."""
    export = Export(
        f"ex-{number}",
        owner,
        state,
        asked,
        "dpo@example.org",
        f"mail {number}",
        progress,
        available,
        True if available else None,
        failure=failure,
    )
    clock = Clock("export_window", available, available + window, RIGHTS) if available else None
    verdict = judged(f"export.ex-{number}", status, reason, clock.ends_at if clock else None, window)
    return ExportView(export, clock, verdict)


def case_view(
    owner: str, number: int, kind: CaseKind, scope: str, left: timedelta | None, status: Status, reason: str
) -> CaseView:
    """A case whose 24 hours have ``left`` left; ``None``: not delivered, no clock runs."""
    ends = AT + left if left is not None else None
    clause = "acceptable-use" if kind is CaseKind.ACCEPTABLE_USE else "processing"
    case = Case(
        f"ca-{number}",
        owner,
        kind,
        scope,
        CaseState.OPEN,
        AT - 26 * HOUR,
        ends - 24 * HOUR if ends else None,
        reference=f"T-{4400 + number}",
        summary="unsolicited calls from one extension",
    )
    clock = Clock("conduct", ends - 24 * HOUR, ends, clause) if ends else None
    verdict = replace(judged(f"case.ca-{number}", status, reason, ends, 24 * HOUR), clause=clause)
    return CaseView(case, clock, verdict)


def slot_view(
    name: str,
    starts: datetime,
    length: timedelta,
    status: Status,
    reason: str,
    *,
    tier: str | None = "public",
    region: str | None = "eu-central-1",
    owner: str | None = None,
    conflicts: tuple[str, ...] = (),
    tenants: tuple[str, ...] = (),
) -> SlotView:
    """A slot planned in Rome, of a tenant or of a tier in a region."""
    slot = Slot(
        name,
        owner,
        None if owner else tier,
        None if owner else region,
        starts,
        starts + length,
        "Europe/Rome",
        (starts + HOUR).replace(tzinfo=None),
        None,
        SlotState.SCHEDULED,
        "minor upgrade",
        starts - 6 * DAY,
        starts - 5 * DAY,
    )
    verdict = Verdict(
        status, f"slot.{name}", "availability", reason, at=starts, due_at=starts, length=starts - slot.scheduled_at
    )
    window = WindowView(f"mw-{name}", f"tenure-{name}", ACCOUNTS[0], region or "eu-central-1", starts, enabled=True)
    return SlotView(slot, verdict, conflicts, tenants or ((owner,) if owner else ()), (window,))


def _with(view_: TenantView, *verdicts: Verdict, **changes: object) -> TenantView:
    """The view with further verdicts and whatever else is said, its status the worst of all."""
    both = (*verdicts, *view_.verdicts)
    status = worst(verdict.status for verdict in both)
    return replace(view_, verdicts=both, status=status, **changes)  # type: ignore[arg-type]  # checked by dataclasses


def _dismissed(name: str, left: timedelta, status: Status, reason: str) -> TenantView:
    """A tenant whose hosted data is due in ``left``; what was due of it stands in its verdict."""
    ended_at = AT + left - 92 * DAY
    owner = tenant(name, state=LifecycleState.DISMISSED, ended_on=(ended_at - HOUR).date())
    clocks = ended_clocks(ended_at, grace=30 * DAY, hosted=92 * DAY, outer=180 * DAY)
    verdict = judged("hosted_data", status, reason, clocks[1].ends_at, 92 * DAY)
    return replace(view(owner, clocks=clocks, verdicts=(verdict,)), state_due=LifecycleState.DISMISSED)


def _tested(view_: StoreView, *, ago: timedelta | None, status: Status, reason: str) -> StoreView:
    """The store with a restore test ``ago``, and its RTO verdict."""
    assert view_.store is not None
    began = AT - ago if ago is not None else None
    arn = view_.store.arn
    tests = (
        (
            RecoveryTest(
                "rt-1", arn, TestKind.RESTORE, began, began + 2 * HOUR, succeeded=True, seen_in="backup ListRestoreJobs"
            ),
        )
        if began
        else ()
    )
    rto = Verdict(
        status,
        f"rto.{view_.store.name}",
        "recovery",
        reason,
        2 * HOUR if began else None,
        4 * HOUR,
        began + 2 * HOUR if began else None,
        due_at=began + 2 * HOUR + 90 * DAY if began else None,
        length=90 * DAY if began else None,
    )
    return replace(view_, store=replace(view_.store, tests=tests), rto=rto)


def _history(view_: StoreView) -> StoreView:
    """The store with a snapshot a night for 40 days, but for one night a fortnight ago."""
    assert view_.store is not None
    nights = [AT.replace(hour=2, minute=10, second=0) - number * DAY for number in range(40) if number != 14]
    points = tuple(RestorePoint("snapshot", at, f"{view_.store.arn}:{at:%m%d}") for at in nights)
    return replace(view_, store=replace(view_.store, points=(*view_.store.points, *points)))


def bucket_view(owner: str) -> StoreView:
    """A bucket with AWS Backup, of a public tenant."""
    seen = store_view(tenant(owner), f"{owner}-files", 2 * HOUR, Status.OK)
    assert seen.store is not None
    return replace(
        seen, store=replace(seen.store, arn=f"arn:aws:s3:::{owner}-files", kind="s3-bucket", engine=""), observed_at=AT
    )


def _tenants(known: dict[str, TenantView]) -> None:
    """The fleet's tenants with what they asked for, what they are held for, and how they were tested."""
    tonight = AT + 2 * DAY + 22 * HOUR
    window = export_view(
        "litware", 7, ExportState.AVAILABLE, Status.DUE, "window closes 25 Nov; not downloaded",
        asked=AT - 31 * DAY, available=tonight - 30 * DAY,
    )  # fmt: skip
    early = export_view(
        "litware", 3, ExportState.FAILED, Status.AT_RISK, "failed: disk full", asked=AT - 40 * DAY, failure="disk full"
    )
    litware = known["litware"]
    known["litware"] = _with(
        litware, window.verdict, early.verdict, exports=(window, early), clocks=(*litware.clocks, window.clock)
    )
    preparing = export_view(
        "tailspin", 9, ExportState.PREPARING, Status.AT_RISK, "preparing, 61 %", asked=AT - 4 * DAY, progress=0.61
    )
    known["tailspin"] = _with(
        view(tenant("tailspin"), bucket_view("tailspin")), preparing.verdict, exports=(preparing,)
    )
    close = case_view(
        "lumen-spa", 1, CaseKind.ACCEPTABLE_USE, "application fax", timedelta(minutes=41, seconds=10),
        Status.AT_RISK, "disable allowed at 12:45:41Z",
    )  # fmt: skip
    known["lumen-spa"] = _with(known["lumen-spa"], close.verdict, cases=(close,))
    waiting = case_view(
        "adatum", 2, CaseKind.DATA_SUBJECT_REQUEST, "tenant", None, Status.OK, "not delivered: no clock runs"
    )
    known["adatum"] = _with(known["adatum"], waiting.verdict, cases=(waiting,))
    known["wingtip-x"] = _dismissed("wingtip-x", DAY + 10 * HOUR, Status.DUE, "hosted data: destroy by 24 Nov 23:00Z")
    late = _dismissed("oakwood", -timedelta(days=2, hours=13, minutes=4), Status.BREACHED, "hosted data not destroyed")
    hold = Hold("ho-1", "oakwood", "litigation", "legal@example.org", "claim 77", AT - 20 * DAY, AT + 40 * DAY)
    held = Verdict(
        Status.AT_RISK, "hold.ho-1", "return-or-delete", "not by law: excuses nothing", due_at=AT + 40 * DAY,
        length=60 * DAY,
    )  # fmt: skip
    known["oakwood"] = _with(late, held, holds=(HoldView(hold, held),))
    fabrikam = known["fabrikam"]
    tested = _tested(fabrikam.stores[0], ago=20 * DAY, status=Status.OK, reason="restored in 2h of 4h, 20d ago")
    assert tested.rto is not None
    files = bucket_view("fabrikam")
    known["fabrikam"] = _with(fabrikam, tested.rto, files.verdict, stores=(_history(tested), files))
    acme = known["acme-health"]
    never = _tested(acme.stores[0], ago=None, status=Status.UNPROVEN, reason="no failover test was seen")
    assert never.rto is not None
    known["acme-health"] = _with(acme, never.rto, stores=(_history(never), *acme.stores[1:]))


def _slots() -> tuple[SlotView, ...]:
    tonight = AT.replace(hour=21, minute=0, second=0)
    clash = ("sl-3 in the same scope overlaps from 2026-11-29T22:00:00Z",)
    return (
        slot_view("sl-1", tonight, 2 * HOUR, Status.DUE, "starts 23 Nov 21:00Z; 11 tenants", tenants=("fabrikam",)),
        slot_view(
            "sl-2", tonight + 6 * DAY, 3 * HOUR, Status.AT_RISK, "overlaps sl-3", conflicts=clash,
            tier="dedicated", region="eu-west-1", tenants=("trey-research",),
        ),
        slot_view(
            "sl-3", tonight + 6 * DAY + HOUR, 2 * HOUR, Status.AT_RISK, "overlaps sl-2",
            conflicts=("sl-2 in the same scope",), owner="trey-research",
        ),
        slot_view(
            "sl-4", AT - 2 * HOUR, 5 * HOUR, Status.UNKNOWN, "SSM windows were not read: AccessDenied",
            region="us-east-1", tenants=("adatum", "wingtip-sd"),
        ),
    )  # fmt: skip


def _pending() -> tuple[PendingView, ...]:
    arn = f"arn:aws:rds:eu-central-1:{ACCOUNTS[0]}:db:lumen-main"
    at = AT + 5 * DAY
    verdict = Verdict(
        Status.DUE, "pending.lumen-main.system-update", "availability", "RDS applies it 28 Nov 12:04Z", due_at=at,
        length=30 * DAY,
    )  # fmt: skip
    return (
        PendingView(
            "lumen-spa",
            arn,
            "system-update",
            "New OS\x1b[2J update",
            at,
            forced=True,
            account=ACCOUNTS[0],
            region="eu-central-1",
            verdict=verdict,
            window="sat:12:00-sat:12:30",
        ),
    )


def _audit() -> tuple[AuditEntry, ...]:
    return (
        AuditEntry("au-3", AT - 2 * HOUR, "olga", "operator", "acknowledge", "done", "bellows", "jump-1", "T-12"),
        AuditEntry("au-2", AT - 29 * DAY, "worker", "worker", "disable", "done", "fabrikam", "worker-1", "T-4"),
        AuditEntry("au-1", AT - 40 * DAY, "worker", "worker", "export register", "failed", "litware", note="disk full"),
    )


ACKNOWLEDGED = Acknowledgement(
    "bellows", "recovery.crm", "olga", AT - 2 * HOUR, AT + 6 * HOUR, "night shift", "vendor asked, T-12"
)


def busy_fleet() -> FleetSnapshot:
    """``fleet()`` with work on it; every collection of the internal API answered."""
    base = fleet()
    known = {name: _dated(one) for name, one in base.tenants.items()}
    _tenants(known)
    return replace(
        base,
        tenants=known,
        sources=(*base.sources, *(source(name) for name in COLLECTIONS)),
        slots=_slots(),
        pending_maintenance=_pending(),
        audit=_audit(),
        policy=parse_policy(default_policy_text()),
        acknowledgements={(ACKNOWLEDGED.tenant, ACKNOWLEDGED.figure): ACKNOWLEDGED},
    )


def _dated(one: TenantView) -> TenantView:
    """With what each verdict counts down to: an RPO to when it is, or was, broken, a clock to its end."""
    ends = {clock.name: clock for clock in one.clocks}

    def dated(verdict: Verdict) -> Verdict:
        if verdict.figure.startswith("recovery.") and verdict.at and verdict.target:
            return replace(verdict, due_at=verdict.at + verdict.target, length=verdict.target)
        clock = ends.get("grace" if verdict.figure == "state" else verdict.figure)
        return replace(verdict, due_at=clock.ends_at, length=clock.ends_at - clock.starts_at) if clock else verdict

    verdicts = tuple(map(dated, one.verdicts))
    stores = tuple(replace(store, verdict=dated(store.verdict)) for store in one.stores)
    return replace(one, verdicts=verdicts, stores=stores)


def forecast_fleet(at: datetime = datetime(2026, 12, 23, 23, tzinfo=UTC)) -> FleetSnapshot:
    """What becomes of two of them by Christmas Eve in Rome, if nobody acts."""
    base = busy_fleet()
    fabrikam = base.tenants["fabrikam"]
    late = judged(
        "state", Status.BREACHED, "recorded grace, due dismissed: access is not blocked", fabrikam.clocks[0].ends_at,
        30 * DAY,
    )  # fmt: skip
    tenants = {**base.tenants, "fabrikam": _with(fabrikam, late, state_due=LifecycleState.DISMISSED)}
    return replace(base, at=at, forecast_from=base.at, tenants=tenants)
