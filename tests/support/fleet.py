"""Pictures of a fleet, built in memory: for the areas, the filter, the screens and their snapshots.

Everything is relative to one instant and the same at every run. What is judged here is written down, not reckoned:
the services' own tests prove the judging.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from services.fleet.snapshot import FleetSnapshot, SourceView, StoreView, TenantView
from services.model import (
    BadRecord,
    Clock,
    Identity,
    LifecycleState,
    Observation,
    Outcome,
    RestorePoint,
    Source,
    Status,
    Store,
    Tenant,
    Verdict,
    worst,
)
from services.words import say_length

AT = datetime(2026, 11, 23, 12, 4, 31, tzinfo=UTC)
"""The instant of every picture unless another is asked for."""

ACCOUNTS = ("111122223333", "444455556666")
TARGETS = {"public": timedelta(hours=24), "dedicated": timedelta(minutes=5)}

HOSTILE_NAMES = (
    "\x1b[31mred\x1b[0m \x1b]0;owned\x07 \x9b2J",
    "[@click=app.quit]quit[/] [bold]b[/bold] [/foo] [link=x]",
    "\u202egnp.exe\u202c \u200bzero\u200dwidth\ufeff",
    "long " + "x" * 295,
    "東京通信 🛰️ 株式会社 👩‍👩‍👧",
    '=HYPERLINK("http://x")\r\n\t\x7f\x00',
)
"""What names and tags may hold: each is some tenant's name in ``fleet()``."""


def observation(
    source: Source, at: datetime, outcome: Outcome = Outcome.SEEN, error: str | None = None
) -> Observation[object]:
    """An answer of ``source`` 40 seconds old, without its value."""
    return Observation(
        source, at - timedelta(seconds=40), outcome, None, 87, 0, "7f0c0000-0000-4000-8000-0000000000e1", error
    )


def rds(account: str, region: str, operation: str = "DescribeDBInstances") -> Source:
    return Source("rds", operation, account, region)


def tenant(id_: str, **changes: object) -> Tenant:
    """An active public tenant in Frankfurt; ``changes`` are fields of ``Tenant``."""
    base = Tenant(
        id=id_,
        name=id_.replace("-", " ").title(),
        tier="public",
        region="eu-central-1",
        account=ACCOUNTS[0],
        zone="Europe/Rome",
        state=LifecycleState.ACTIVE,
        customer=id_.title(),
        order=f"SO-{sum(id_.encode()):05}",
        started_on=date(2024, 1, 1),
        ended_on=date(2027, 3, 31),
    )
    return replace(base, **changes)  # type: ignore[arg-type]  # the caller's field names are checked by dataclasses


def store_view(
    owner: Tenant | None,
    name: str,
    rpo: timedelta | None,
    status: Status,
    *,
    at: datetime = AT,
    kind: str = "rds-instance",
    reason: str | None = None,
    part: str | None = None,
    account: str = ACCOUNTS[0],
    region: str = "eu-central-1",
) -> StoreView:
    """A database seen 40 seconds ago whose newest restore point was then ``rpo`` old; ``None``: it has none."""
    account, region = (owner.account, owner.region) if owner else (account, region)
    seen = observation(rds(account, region), at)
    word = "cluster" if kind == "rds-cluster" else "db"
    arn = f"arn:aws:rds:{region}:{account}:{word}:{name}"
    point = seen.at - rpo if rpo is not None else None
    store = Store(
        arn=arn,
        name=name,
        kind=kind,
        account=account,
        region=region,
        engine="aurora-postgresql" if kind == "rds-cluster" else "postgres",
        created_at=at - timedelta(days=400),
        tenants=(owner.id,) if owner else (),
        parts=((owner.id, part),) if owner and part else (),
        tag_tenant=owner.id if owner else None,
        points=(RestorePoint("latest-restorable-time", point, arn),) if point else (),
        sources=(seen,),
        multi_az=kind == "rds-cluster",
    )
    target = TARGETS[owner.tier] if owner else None
    verdict = Verdict(
        status=status,
        figure=f"recovery.{name}",
        clause="recovery",
        reason=reason or ("no restore point" if rpo is None else _reckoned(rpo, target)),
        value=rpo,
        target=target,
        at=point,
        evidence=(seen,),
    )
    return StoreView(store, owner.id if owner else None, part, verdict, account, region, seen.at)


def _reckoned(rpo: timedelta, target: timedelta | None) -> str:
    return f"RPO {say_length(rpo)} of {say_length(target)}" if target else f"RPO {say_length(rpo)}"


def unread_stores(owner: Tenant, error: str, *, at: datetime = AT) -> StoreView:
    """What is known of the stores of a tenant whose account refused: nothing."""
    seen = observation(rds(owner.account, owner.region), at, Outcome.DENIED, error)
    verdict = Verdict(
        Status.UNKNOWN,
        "recovery",
        "recovery",
        f"rds {error}",
        target=TARGETS[owner.tier],
        evidence=(seen,),
    )
    return StoreView(None, owner.id, None, verdict, owner.account, owner.region, None)


def view(
    owner: Tenant, *stores: StoreView, clocks: tuple[Clock, ...] = (), verdicts: tuple[Verdict, ...] = ()
) -> TenantView:
    """A tenant judged by the worst of ``verdicts`` and its stores' own; unproven where there are neither."""
    judged = (*verdicts, *(store.verdict for store in stores))
    if not judged:
        judged = (Verdict(Status.UNPROVEN, "recovery", "recovery", "no store is known of this tenant"),)
    due = LifecycleState.GRACE if clocks and owner.state is LifecycleState.ACTIVE else owner.state
    status = worst(verdict.status for verdict in judged)
    return TenantView(owner, due, clocks, judged, stores, status, clocks[0].ends_at if clocks else None)


def ended_clocks(ended_at: datetime, *, grace: timedelta, hosted: timedelta, outer: timedelta) -> tuple[Clock, ...]:
    """The three clocks of a tenant whose subscription ended."""
    rights = "right-to-be-forgotten"
    return (
        Clock("grace", ended_at, ended_at + grace, rights),
        Clock("hosted_data", ended_at, ended_at + hosted, rights),
        Clock("return_or_delete", ended_at, ended_at + outer, "return-or-delete"),
    )


def _in_grace(at: datetime) -> list[TenantView]:
    """Two tenants in grace, recorded as such: 10 h 55 min left, and 1 day 19 h."""
    views = []
    for name, left in (
        ("fabrikam", timedelta(hours=10, minutes=55, seconds=29)),
        ("litware", timedelta(days=1, hours=19, minutes=55)),
    ):
        ended_at = at + left - timedelta(days=30)
        owner = tenant(
            name, state=LifecycleState.GRACE, ended_on=(ended_at - timedelta(hours=1)).date(), reseller="NordCom"
        )
        clocks = ended_clocks(ended_at, grace=timedelta(days=30), hosted=timedelta(days=92), outer=timedelta(days=180))
        due = Verdict(Status.DUE, "grace", "right-to-be-forgotten", "grace ends; not renewed", at=clocks[0].ends_at)
        store = store_view(owner, f"{name}-orders", timedelta(hours=4, minutes=10), Status.OK, at=at)
        views.append(view(owner, store, clocks=clocks, verdicts=(due,)))
    return views


def _not_dismissed(at: datetime) -> TenantView:
    """A tenant whose grace was over two and a half days ago and whose recorded state says otherwise."""
    ended_at = at - timedelta(days=32, hours=13, minutes=4)
    owner = tenant("northgate", state=LifecycleState.GRACE, ended_on=ended_at.date())
    clocks = ended_clocks(ended_at, grace=timedelta(days=30), hosted=timedelta(days=92), outer=timedelta(days=180))
    late = Verdict(
        Status.BREACHED,
        "state",
        "right-to-be-forgotten",
        "recorded grace, due dismissed: access is not blocked",
        at=clocks[0].ends_at,
    )
    store = store_view(owner, "northgate-main", timedelta(hours=2), Status.OK, at=at)
    return replace(view(owner, store, clocks=clocks, verdicts=(late,)), state_due=LifecycleState.DISMISSED)


def _varied(at: datetime) -> list[TenantView]:
    refused = "AccessDenied: User is not authorized to perform: rds:DescribeDBInstances"
    acme = tenant("acme-health", tier="dedicated", account=ACCOUNTS[1])
    contoso = tenant("contoso-ae", region="me-central-1", reseller="TelcoPlus")
    datum = tenant("datum-ae", region="me-central-1")
    lumen = tenant("lumen-spa", reseller="TelcoPlus", ended_on=date(2028, 1, 15))
    adatum = tenant("adatum", region="us-east-1", customer="A. Datum", ended_on=None)
    bellows = tenant("bellows", tier="dedicated", region="ap-southeast-2", account=ACCOUNTS[1])
    wingtip = tenant(
        "wingtip-sd",
        service_provider="SkyDial",
        sp_end_customers=("Alpine Ski House", "Coho Winery"),
        region="us-east-1",
    )
    trey = tenant("trey-research", tier="dedicated", region="eu-west-1", account=ACCOUNTS[1])
    return [
        view(
            acme,
            store_view(
                acme,
                "orders-db",
                timedelta(minutes=9, seconds=12),
                Status.BREACHED,
                at=at,
                reason="RPO 9m12s, promised 5m",
            ),
            store_view(acme, "files-db", timedelta(minutes=3), Status.OK, at=at, kind="rds-cluster"),
        ),
        view(contoso, unread_stores(contoso, refused, at=at)),
        view(datum, unread_stores(datum, refused, at=at)),
        view(lumen, store_view(lumen, "lumen-main", timedelta(hours=21, minutes=3), Status.AT_RISK, at=at)),
        view(adatum, store_view(adatum, "shared-1", timedelta(minutes=4), Status.OK, at=at, part="adatum")),
        view(wingtip, store_view(wingtip, "shared-1", timedelta(minutes=4), Status.OK, at=at, part="wingtip_sd")),
        view(bellows, store_view(bellows, "crm", None, Status.BREACHED, at=at)),
        view(
            trey,
            store_view(
                trey, "lab", timedelta(minutes=6), Status.UNKNOWN, at=at, reason="seen 14m ago, at most 2m allowed"
            ),
        ),
        view(tenant("empty-co")),
    ]


def _hostile(at: datetime) -> list[TenantView]:
    views = []
    for number, name in enumerate(HOSTILE_NAMES):
        owner = tenant(f"hostile-{number}", name=name, customer=name, reseller=name, order=name)
        reason = f"tag says {name}"
        views.append(
            view(owner, store_view(owner, f"hostile-{number}-db", timedelta(hours=1), Status.OK, at=at, reason=reason))
        )
    return views


def _sources(at: datetime) -> tuple[SourceView, ...]:
    views = []
    for collection, count in (("tenants", 18), ("parties", 40), ("subscriptions", 18), ("stores", 17)):
        source = Source("internal", f"GET /{collection}")
        seen = observation(source, at)
        views.append(SourceView(source, seen, count=count, last_seen_at=seen.at))
    for account in ACCOUNTS:
        for region in ("eu-central-1", "us-east-1", "eu-west-1", "ap-southeast-2"):
            seen = observation(rds(account, region), at, Outcome.SEEN if region != "us-east-1" else Outcome.EMPTY)
            views.append(
                SourceView(seen.source, seen, count=0 if seen.outcome is Outcome.EMPTY else 4, last_seen_at=seen.at)
            )
    refused = observation(
        rds(ACCOUNTS[0], "me-central-1"), at, Outcome.DENIED, "AccessDenied: \x1b[1mUser\x1b[0m is not authorized"
    )
    slow = observation(Source("tagging", "GetResources", ACCOUNTS[0], "eu-west-1"), at, Outcome.FAILED, "Read timeout")
    views.append(SourceView(refused.source, refused))
    views.append(SourceView(slow.source, slow, last_seen_at=at - timedelta(minutes=14)))
    views.append(SourceView(Source("tagging", "GetResources", ACCOUNTS[1], "eu-west-1"), asking=True))
    return tuple(views)


def fleet(at: datetime = AT) -> FleetSnapshot:
    """Eighteen tenants of every status, with hostile names, two orphans, failed and unanswered sources, bad records."""
    views = [*_varied(at), *_in_grace(at), _not_dismissed(at), *_hostile(at)]
    orphans = (
        store_view(None, "left-behind", timedelta(minutes=4), Status.NOT_APPLICABLE, at=at, reason="no tenant owns it"),
        store_view(None, "dropped\x1b[2J", None, Status.UNKNOWN, at=at, reason="tag names a tenant nobody knows"),
    )
    bad = (
        BadRecord("tenants", "contoso-fr", 17, "region: '\x1b]0;x\x07' is no region"),
        BadRecord("tenants", None, 18, "not an object"),
        BadRecord("stores", "st-9", 4, "store: no ARN"),
    )
    return FleetSnapshot(
        at=at,
        generation=1,
        tenants={one.tenant.id: one for one in views},
        orphans=orphans,
        sources=_sources(at),
        bad_records=bad,
        default_zone="Europe/Rome",
        tiers=tuple(TARGETS),
        identity=Identity(
            "olga", "viewer", f"arn:aws:sts::{ACCOUNTS[0]}:assumed-role/ops-read/olga", at + timedelta(minutes=43)
        ),
    )


def healthy_fleet(at: datetime = AT) -> FleetSnapshot:
    """Three tenants that are well, and every source answered."""
    views = []
    for name in ("adatum", "bellows", "contoso-de"):
        owner = tenant(name)
        views.append(view(owner, store_view(owner, f"{name}-db", timedelta(minutes=4), Status.OK, at=at)))
    answered = tuple(source for source in _sources(at) if source.observation and source.observation.outcome.answered)
    return FleetSnapshot(
        at,
        1,
        {one.tenant.id: one for one in views},
        sources=answered,
        default_zone="Europe/Rome",
        tiers=tuple(TARGETS),
        identity=fleet(at).identity,
    )


def large_fleet(n: int, at: datetime = AT) -> FleetSnapshot:
    """``n`` tenants with a database each, statuses mixed as a real fleet's are: most well, few not."""
    regions = {
        "public": ("us-east-1", "eu-central-1", "me-central-1"),
        "dedicated": ("eu-west-1", "ap-southeast-2", "sa-east-1"),
    }
    views = []
    for number in range(n):
        tier = "dedicated" if number % 5 == 0 else "public"
        owner = tenant(
            f"tenant-{number:06}",
            tier=tier,
            region=regions[tier][number % 3],
            account=ACCOUNTS[number % 2],
            reseller=f"Reseller {number % 37}",
        )
        status = {0: Status.BREACHED, 1: Status.AT_RISK, 2: Status.UNKNOWN}.get(number % 97, Status.OK)
        share = {Status.BREACHED: 1.5, Status.AT_RISK: 0.9}.get(status, 0.3)
        views.append(view(owner, store_view(owner, f"db-{number:06}", TARGETS[tier] * share, status, at=at)))
    return FleetSnapshot(
        at,
        1,
        {one.tenant.id: one for one in views},
        sources=_sources(at)[:4],
        default_zone="Europe/Rome",
        tiers=tuple(TARGETS),
        identity=fleet(at).identity,
    )
