"""The fleet as it is known at one moment: immutable, with the age of every fact.

Built by ``merge``, read by ``areas``; nothing here asks anybody anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from services.model import (
    BadRecord,
    Clock,
    Identity,
    LifecycleState,
    Observation,
    Outcome,
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

    @property
    def key(self) -> tuple[str, str, str]:
        """Stable through refreshes, unique in a snapshot."""
        return (self.tenant or "", self.store.arn if self.store else self.verdict.figure, self.part or "")


@dataclass(frozen=True, slots=True)
class TenantView:
    """A tenant with everything that is judged of it."""

    tenant: Tenant
    state_due: LifecycleState | None
    """The state that its clocks call for; ``None`` where they cannot be reckoned."""
    clocks: tuple[Clock, ...]
    verdicts: tuple[Verdict, ...]
    """All of them: lifecycle, clocks, each store."""
    stores: tuple[StoreView, ...]
    status: Status
    """The worst of ``verdicts``."""
    changes_at: datetime | None
    """When to judge it again though nothing new was observed."""

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
    sources: tuple[SourceView, ...] = ()
    bad_records: tuple[BadRecord, ...] = ()
    default_zone: str = "UTC"
    tiers: tuple[str, ...] = ()
    """The tiers of the policy, in its order."""
    identity: Identity = NOBODY

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
    def oldest(self) -> timedelta | None:
        """The worst age of a fact: of the source that answered longest ago; ``None`` before any has."""
        seen = [view.last_seen_at for view in self.sources if view.last_seen_at]
        return max(self.at - min(seen), timedelta()) if seen else None
