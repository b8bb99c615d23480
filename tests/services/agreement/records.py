"""Exports, holds, cases, slots and recovery tests for the tests of the agreement, one by one and at random."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from services.agreement import zone as zone_named
from services.agreement import zone_names
from services.model import (
    Case,
    CaseKind,
    CaseState,
    Export,
    ExportState,
    Hold,
    LifecycleState,
    RecoveryTest,
    Slot,
    SlotState,
    TestKind,
)
from tests.services.agreement.nouns import NOW, tenant

ARN = "arn:aws:rds:eu-central-1:111122223333:db:orders-db"
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

INSTANTS = st.datetimes(
    datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2027-06-30"), timezones=st.just(UTC)
)
MAYBE = st.none() | INSTANTS


def utc(text: str) -> datetime:
    """An instant as people write it."""
    return datetime.fromisoformat(text)


def export(
    state: ExportState = ExportState.AVAILABLE,
    *,
    requested: datetime | str = "2026-03-05T09:00:00Z",
    available: datetime | str | None = "2026-03-10T09:00:00Z",
    complete: bool | None = True,
    delivered: datetime | str | None = None,
    destroyed: datetime | None = None,
    progress: float | None = None,
    failure: str | None = None,
    id: str = "e-1",  # noqa: A002 - as the record calls it
) -> Export:
    """An export of ``fabrikam``, whose subscription ended 2026-02-28."""
    return Export(
        id=id,
        tenant="fabrikam",
        state=state,
        requested_at=_instant(requested) or NOW,
        requester="Anna",
        progress=progress,
        available_at=_instant(available),
        complete=complete,
        delivered_at=_instant(delivered),
        destroyed_at=destroyed,
        failure=failure,
    )


def delivered(available: str = "2026-03-10T09:00:00Z", requested: str = "2026-03-05T09:00:00Z") -> Export:
    """One that the customer has fetched, complete."""
    return export(requested=requested, available=available, delivered=utc(available) + HOUR)


def _instant(value: datetime | str | None) -> datetime | None:
    return utc(value) if isinstance(value, str) else value


def hold(
    basis: str = "member-state-law",
    *,
    placed: datetime | str = "2026-03-01T00:00:00Z",
    expires: datetime | str | None = None,
    lifted: datetime | str | None = None,
) -> Hold:
    """A hold on ``fabrikam``."""
    return Hold(
        id="h-1",
        tenant="fabrikam",
        basis=basis,
        owner="Legal",
        reason="Tax audit",
        placed_at=_instant(placed) or NOW,
        expires_at=_instant(expires),
        lifted_at=_instant(lifted),
    )


def case(
    kind: CaseKind = CaseKind.ACCEPTABLE_USE,
    state: CaseState = CaseState.OPEN,
    *,
    delivered: datetime | None = NOW,
    disabled: datetime | None = None,
    ended: datetime | None = None,
) -> Case:
    """A case of ``fabrikam`` about one application."""
    return Case("c-1", "fabrikam", kind, "application fax", state, NOW - DAY, delivered, ended, disabled)


def slot(
    starts: datetime | str = "2026-12-01T21:00:00Z",
    *,
    hours: float = 2,
    tenant: str | None = "fabrikam",
    tier: str | None = None,
    region: str | None = None,
    zone: str = "Europe/Rome",
    local: str | None = None,
    choice: str | None = None,
    state: SlotState = SlotState.SCHEDULED,
    scheduled: datetime | str = "2026-11-20T09:00:00Z",
    announced: datetime | None = NOW,
    id: str = "s-1",  # noqa: A002 - as the record calls it
) -> Slot:
    """A slot that is announced in the local time it starts at, unless ``local`` says otherwise."""
    starts_at = _instant(starts) or NOW
    local_zone = zone_named(zone) if zone in zone_names() else UTC
    wall = starts_at.astimezone(local_zone).replace(tzinfo=None)
    return Slot(
        id=id,
        tenant=tenant,
        tier=tier,
        region=region,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=hours),
        zone=zone,
        local_start=datetime.fromisoformat(local) if local is not None else wall.replace(fold=0),
        choice=choice,
        state=state,
        reason="minor upgrade",
        scheduled_at=_instant(scheduled) or NOW,
        announced_at=announced,
    )


def tried(
    took: timedelta,
    age: timedelta = DAY,
    kind: TestKind = TestKind.RESTORE,
    *,
    succeeded: bool | None = True,
) -> RecoveryTest:
    """A test that ended ``age`` before ``NOW``; one that still runs where ``succeeded`` is ``None``."""
    ended = NOW - age
    return RecoveryTest(
        id=f"t-{age}",
        store=ARN,
        kind=kind,
        started_at=ended - took,
        ended_at=None if succeeded is None else ended,
        succeeded=succeeded,
        seen_in="backup ListRestoreJobs",
    )


TENANTS = st.builds(
    tenant,
    st.sampled_from(LifecycleState),
    ended_on=st.none() | st.dates(datetime(2026, 1, 1).date(), datetime(2027, 3, 1).date()),  # noqa: DTZ001 - days
    zone=st.sampled_from(["Europe/Rome", "America/Santiago", "Asia/Dubai", "", "Mars/Phobos"]),
    confirmed_at=MAYBE,
)
EXPORTS = st.builds(
    export,
    st.sampled_from(ExportState),
    requested=INSTANTS,
    available=MAYBE,
    complete=st.sampled_from([True, False, None]),
    delivered=MAYBE,
    destroyed=MAYBE,
    progress=st.none() | st.floats(0, 1),
    id=st.sampled_from(["e-1", "e-2", "e-3"]),
)
HOLDS = st.builds(
    hold,
    st.sampled_from(["union-law", "member-state-law", "litigation"]),
    placed=INSTANTS,
    expires=MAYBE,
    lifted=MAYBE,
)
CASES = st.builds(
    case,
    st.sampled_from(CaseKind),
    st.sampled_from(CaseState),
    delivered=MAYBE,
    disabled=MAYBE,
    ended=MAYBE,
)
SLOTS = st.builds(
    slot,
    INSTANTS,
    hours=st.floats(0.1, 30),
    tenant=st.sampled_from(["fabrikam", "contoso", None]),
    tier=st.sampled_from(["public", "gold"]),
    region=st.sampled_from(["eu-central-1", "eu-north-1"]),
    zone=st.sampled_from(["Europe/Rome", "America/Santiago", "Mars/Phobos"]),
    choice=st.sampled_from([None, "earlier", "later"]),
    state=st.sampled_from(SlotState),
    scheduled=INSTANTS,
    announced=MAYBE,
    id=st.sampled_from(["s-1", "s-2", "s-3"]),
)
TRIED = st.builds(
    tried,
    st.timedeltas(timedelta(0), timedelta(hours=10)),
    st.timedeltas(timedelta(-1), timedelta(days=200)),
    st.sampled_from(TestKind),
    succeeded=st.sampled_from([True, False, None]),
)
