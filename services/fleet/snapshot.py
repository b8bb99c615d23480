"""The fleet as it is known at one moment: immutable, with the age of every fact.

Built by ``merge``, read by ``areas``; nothing here asks anybody anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from services.model import BASE, EVERYWHERE, INTERNAL, Identity

if TYPE_CHECKING:
    from services.agreement import Policy
    from services.model import (
        Acknowledgement,
        AuditEntry,
        BadRecord,
        Case,
        Clock,
        Credential,
        Export,
        Hold,
        LifecycleState,
        Link,
        Observation,
        Order,
        Outcome,
        Scope,
        Slot,
        Source,
        Status,
        Store,
        Tenant,
        Verdict,
    )

NOBODY = Identity()

EXPIRED = ("ExpiredToken", "RequestExpired", "UnauthorizedSSOToken", "TokenRetrievalError")
"""AWS's codes and botocore's errors that say that credentials have ended."""


@dataclass(frozen=True, slots=True)
class StoreView:
    """A store seen in AWS with its recovery verdict, for one of its tenants or for nobody."""

    store: Store | None
    """``None`` where a tenant's stores could not be read, or a mapped store was not found."""
    tenant: str | None
    part: str | None
    verdict: Verdict
    account: str | None
    region: str | None
    observed_at: datetime | None
    rto: Verdict | None = None
    """How fast it can be brought back (figure ``rto.…``); ``None`` where nobody is promised anything of it."""
    gap_window: timedelta = timedelta(days=35)
    """Over how long the worst gap between restore points is looked for: the policy's."""

    @property
    def key(self) -> tuple[str, str, str]:
        """Stable through refreshes, unique in a snapshot."""
        return (self.tenant or "", self.store.arn if self.store else self.verdict.figure, self.part or "")


@dataclass(frozen=True, slots=True)
class LinkView:
    """A private link, judged (figure ``link.<id>``), for one of its tenants or for nobody."""

    link: Link | None
    """``None`` where a tenant's links could not be told (figure ``links``)."""
    tenant: str | None
    verdict: Verdict
    account: str | None
    region: str | None
    observed_at: datetime | None
    known: bool = False
    """Whether its state may be relied on; where not, ``link`` is as it was last seen."""

    @property
    def key(self) -> tuple[str, str]:
        """Stable through refreshes, unique in a snapshot."""
        return (self.tenant or "", self.link.arn if self.link else self.verdict.figure)


@dataclass(frozen=True, slots=True)
class ExportView:
    """An export request with its window, judged (figure ``export.<id>``)."""

    export: Export
    clock: Clock | None
    """The window; ``None`` until the package is available."""
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case with its clock, judged (figure ``case.<id>``)."""

    case: Case
    clock: Clock | None
    """``None`` until the request was delivered."""
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class HoldView:
    """A legal hold, judged (figure ``hold.<id>``): one of the internal API, or one of AWS Backup (``arn``)."""

    hold: Hold
    verdict: Verdict
    arn: str | None = None
    doubt: str | None = None
    """Of one of AWS Backup: why it cannot be told that it still stands."""


@dataclass(frozen=True, slots=True)
class WindowView:
    """An SSM maintenance window that carries a slot out, as AWS has it."""

    id: str
    name: str
    account: str
    region: str
    next_at: datetime | None
    """Its next execution; ``None``: AWS names none."""
    enabled: bool


@dataclass(frozen=True, slots=True)
class SlotView:
    """A maintenance slot, judged (figure ``slot.<id>``)."""

    slot: Slot
    verdict: Verdict
    conflicts: tuple[str, ...]
    """Each a sentence: what it collides with."""
    tenants: tuple[str, ...]
    """Ids of those in its scope."""
    windows: tuple[WindowView, ...] = ()
    carried: tuple[str, ...] | None = ()
    """What of its windows does not go as planned, each a sentence; ``None``: it cannot be told."""


@dataclass(frozen=True, slots=True)
class PendingView:
    """Maintenance that RDS itself has pending on a store (``DescribePendingMaintenanceActions``), judged
    (figure ``pending.<store>.<action>``)."""

    tenant: str | None
    arn: str
    action: str
    description: str
    applies_at: datetime | None
    """When RDS will apply it if nobody acts, its window or its forced date; ``None``: when somebody opts in."""
    forced: bool
    """Whether ``applies_at`` ignores the maintenance window."""
    account: str
    region: str
    verdict: Verdict
    window: str | None = None
    """RDS's own weekly window of the database, as AWS puts it; ``None``: not known."""


@dataclass(frozen=True, slots=True)
class OrderView:
    """An order, judged (figure ``order.<id>``)."""

    order: Order
    verdict: Verdict

    @property
    def tenant(self) -> str | None:
        """The tenant that it is about; ``None`` where that is none, or more than one."""
        return self.order.tenants[0] if len(self.order.tenants) == 1 else None


@dataclass(frozen=True, slots=True)
class TenantView:
    """A tenant with everything that is judged of it."""

    tenant: Tenant
    state_due: LifecycleState | None
    """The state that its clocks call for; ``None`` where they cannot be reckoned."""
    clocks: tuple[Clock, ...]
    verdicts: tuple[Verdict, ...]
    """All of them: lifecycle, clocks, stores, their RTO, links, exports, cases, holds. Slots and orders are judged
    apart."""
    stores: tuple[StoreView, ...]
    status: Status
    """The worst of ``verdicts``."""
    changes_at: datetime | None
    """When to judge it again though nothing new was observed."""
    exports: tuple[ExportView, ...] = ()
    """Newest request first."""
    cases: tuple[CaseView, ...] = ()
    holds: tuple[HoldView, ...] = ()
    links: tuple[LinkView, ...] = ()

    @property
    def worst(self) -> Verdict | None:
        """The verdict that gives the tenant its status; the first of equals."""
        return next((verdict for verdict in self.verdicts if verdict.status is self.status), None)


@dataclass(frozen=True, slots=True)
class SourceView:
    """A source with its last answer; before the first one ``observation`` is ``None`` and it is being asked."""

    source: Source
    observation: Observation[object] | None = None
    asking: bool = False
    count: int | None = None
    """How many records the answer held."""
    last_seen_at: datetime | None = None
    """When it last answered; differs from the observation's time where that is a failure."""
    failures: int = 0
    """How often it did not answer since it last did: what its back-off grows with."""
    next_at: datetime | None = None
    """When it is asked again; ``None``: that is not known, or it is asked only when somebody says so."""

    @property
    def outcome(self) -> Outcome | None:
        return self.observation.outcome if self.observation else None


@dataclass(frozen=True, slots=True)
class FleetSnapshot:
    """One immutable picture. Rows drawn from it share ``at`` as their instant."""

    at: datetime
    generation: int = 0
    tenants: Mapping[str, TenantView] = field(default_factory=dict)
    orphans: tuple[StoreView, ...] = ()
    """Stores without a tenant."""
    orphan_links: tuple[LinkView, ...] = ()
    """Links without a tenant."""
    sources: tuple[SourceView, ...] = ()
    bad_records: tuple[BadRecord, ...] = ()
    default_zone: str = "UTC"
    tiers: tuple[str, ...] = ()
    """The tiers of the policy, in its order."""
    identity: Identity = NOBODY
    credentials: tuple[Credential, ...] = ()
    """The operator's own first, then each account's, then the internal API's token."""
    slots: tuple[SlotView, ...] = ()
    pending_maintenance: tuple[PendingView, ...] = ()
    acknowledgements: Mapping[tuple[str | None, str], Acknowledgement] = field(default_factory=dict)
    """By (tenant, figure); those whose time is over included."""
    audit: tuple[AuditEntry, ...] = ()
    """The newest entries, newest first."""
    orders: tuple[OrderView, ...] = ()
    """Those that have not ended, and the newest of all; newest first."""
    scope: Scope = EVERYWHERE
    """What is looked at."""
    outside: int = 0
    """Tenants that are not listed, since their account or region is outside the scope."""
    policy: Policy | None = None
    """What was judged by."""
    forecast_from: datetime | None = None
    """Not ``None``: a forecast for ``at`` if nobody acts, made at this instant, AWS's facts as last observed then."""

    @property
    def pending(self) -> int:
        """Sources that have not answered a first time."""
        return sum(view.observation is None for view in self.sources)

    @property
    def failed(self) -> tuple[SourceView, ...]:
        """Sources whose last answer is none."""
        return tuple(view for view in self.sources if view.observation and not view.observation.outcome.answered)

    @property
    def credentials_refused(self) -> bool:
        """Whether AWS or SSO refused a call because the credentials, or the session they are of, have ended."""
        said = (view.observation.error or "" for view in self.failed if view.observation is not None)
        return any(code in error for error in said for code in EXPIRED)

    @property
    def frozen(self) -> Credential | None:
        """The credential without which nothing new can be read, where it has ended: the operator's, or the token."""
        return next((it for it in self.credentials if it.ended and it.name in (BASE, INTERNAL)), None)

    @property
    def known_at(self) -> datetime:
        """The instant that ages of facts are of: ``at``, of a forecast that at which it was made."""
        return self.forecast_from or self.at

    @property
    def oldest(self) -> timedelta | None:
        """The worst age of a fact: of the source that answered longest ago; ``None`` before any has."""
        seen = [view.last_seen_at for view in self.sources if view.last_seen_at]
        return max(self.known_at - min(seen), timedelta()) if seen else None
