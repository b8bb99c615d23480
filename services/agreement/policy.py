"""The agreement as data. A policy file is read into these models by ``services.agreement.reading``.

One member for each clause key of the agreement, and the vendor's own choices beside them. All are frozen; a member
that is not known is a mistake. What each key means is told in ``docs/agreement.md``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.agreement.fields import (
    OR_NONE,
    ByTier,
    CountedPeriod,
    Day,
    Evidence,
    Flag,
    Hint,
    Length,
    LengthOrNone,
    Name,
    Number,
    Region,
    Regions,
    Share,
    StoreKind,
    Text,
    TierNames,
    ZoneName,
)


class Clause(BaseModel):
    """Frozen, and closed to unknown members."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=False)


class SourceText(Clause):
    """The text that the policy puts in words of its own, cited by title and date."""

    title: Text
    published: Day
    language: Text


class Tier(Clause):
    """What a tier shares: ``own`` bears no other tenant's tag, ``separate`` is a boundary within what is shared."""

    title: Text
    computing: Literal["shared", "separate", "own"]
    network: Literal["shared", "separate", "own"]
    database: Literal["shared", "separate", "own"]


class Peering(Clause):
    """Which tiers have private links, which kinds there are, and what is opened on demand."""

    tiers: TierNames
    links: Mapping[Name, Text]
    internet_access: Literal["always", "on-demand", "never"]
    egress: tuple[Text, ...]
    max_age: Length = timedelta(minutes=5)
    """Older evidence tells nothing of a link."""


class Subscription(Clause):
    """Who orders and who uses."""

    ordered_by: Annotated[tuple[Name, ...], Field(min_length=1)]
    used_through_a_service_provider_by: Name


class Residency(Clause):
    """What data outside the tenant's region is, by tier."""

    tiers: ByTier[Literal["breach", "finding"]]


class Availability(Clause):
    """The share of the period that is promised, and what is taken out of it."""

    target: ByTier[Share]
    period: Literal["calendar-month"]
    excludes: tuple[Literal["scheduled-maintenance"], ...]


class Recovery(Clause):
    """RPO, RTO and what proves them."""

    rpo: ByTier[Length]
    rto: ByTier[Length]
    at_risk_ratio: ByTier[Share]
    """Up to this share of the RPO a store is ``ok``; from there to all of it ``at-risk``."""
    max_age: ByTier[Length]
    """Older evidence proves nothing."""
    clock_tolerance: Length
    """How far after its observation a restore point may seem to lie."""
    evidence: Annotated[
        Mapping[StoreKind, Annotated[tuple[Evidence, ...], Field(min_length=1), Hint("a list of kinds of evidence")]],
        Field(min_length=1),
    ]
    gap_window: Length
    restore_test_max_age: Length
    failover_max: Length
    fails_over_itself: tuple[StoreKind, ...]
    """Kinds of store whose service goes on by itself: an RTO of zero asks no standby and no test of them."""


class SubProcessor(Clause):
    """A company that processes personal data for the vendor."""

    name: Text
    purpose: Text


class Assistance(Clause):
    """The periods of assistance cases."""

    data_subject_request: CountedPeriod
    breach_notice: CountedPeriod


class Processing(Clause):
    """The vendor's duties as a processor."""

    role: Literal["processor", "controller"]
    on_instructions_only: Flag
    assists_with_articles: tuple[Number, ...]
    demonstrates_compliance: Flag
    sub_processors: tuple[SubProcessor, ...]
    assistance: Assistance


class ReturnOrDelete(Clause):
    """The outer clock of every ended tenant."""

    within: CountedPeriod
    excused_by: tuple[Name, ...]
    """The bases of legal holds that may outlast it."""


class PersonalDataCategory(Clause):
    """A category of personal data: what an export must cover."""

    title: Text
    purpose: Text
    items: Annotated[tuple[Text, ...], Field(min_length=1)]


class TerminationForBreach(Clause):
    """The end of the agreement because the customer broke it."""

    notice: Length
    needs_approval: Flag


class Termination(Clause):
    """How the agreement ends."""

    by: Annotated[tuple[Literal["expiry", "breach"], ...], Field(min_length=1)]
    breach: TerminationForBreach
    disabled_by_technical_means: Flag


class AcceptableUse(Clause):
    """The vendor's request to mend a violation, and what follows."""

    comply_within: CountedPeriod
    may_disable: Annotated[tuple[Name, ...], Field(min_length=1)]
    until: Text


class RightToBeForgotten(Clause):
    """From the end of the subscription to the destruction of hosted data."""

    grace: CountedPeriod
    retention: CountedPeriod
    reinstatement_needs_approval: Flag


class Export(Clause):
    """The package that the customer may ask for."""

    asked_of: Text
    prepare_within: CountedPeriod
    """From the request to the package."""
    window: CountedPeriod
    window_starts: Literal["available", "requested"]
    database_format: Text
    file_formats: tuple[Text, ...]


class Erasure(Clause):
    """How long the work of destruction may take."""

    allowance: Length


class Blackout(Clause):
    """Days on which no maintenance is scheduled, in ``zone`` (else the policy's default)."""

    first: Day
    last: Day
    reason: Text
    zone: Annotated[ZoneName | None, OR_NONE] = None
    tiers: Annotated[TierNames | None, OR_NONE] = None
    regions: Annotated[tuple[Region, ...] | None, OR_NONE] = None


class Maintenance(Clause):
    """What makes a slot a scheduled one, and when there is none."""

    notice: LengthOrNone
    blackouts: tuple[Blackout, ...]


class DueHorizons(Clause):
    """How long before its end a clock's status is ``due``."""

    grace: Length
    hosted_data: Length
    export_preparation: Length
    export_window: Length
    return_or_delete: Length
    conduct: Length
    data_subject_request: Length
    breach_notice: Length
    hold: Length
    slot: Length
    pending_maintenance: Length
    restore_test: Length


class AtRiskHorizons(Clause):
    """How long before its end a clock's status is ``at-risk``; ``None``: not before it is over."""

    grace: LengthOrNone
    hosted_data: LengthOrNone
    export_preparation: LengthOrNone
    export_window: LengthOrNone
    return_or_delete: LengthOrNone
    conduct: LengthOrNone
    data_subject_request: LengthOrNone
    breach_notice: LengthOrNone
    pending_maintenance: LengthOrNone


class Policy(Clause):
    """The agreement in force."""

    source: SourceText
    default_zone: ZoneName
    tiers: Annotated[Mapping[Name, Tier], Field(min_length=1)]
    peering: Peering
    subscription: Subscription
    regions: ByTier[Regions]
    residency: Residency
    availability: Availability
    recovery: Recovery
    processing: Processing
    return_or_delete: ReturnOrDelete = Field(alias="return-or-delete")
    personal_data: Mapping[Name, PersonalDataCategory] = Field(alias="personal-data", min_length=1)
    termination: Termination
    acceptable_use: AcceptableUse = Field(alias="acceptable-use")
    right_to_be_forgotten: RightToBeForgotten = Field(alias="right-to-be-forgotten")
    export: Export
    erasure: Erasure
    maintenance: Maintenance
    due: DueHorizons
    at_risk: AtRiskHorizons

    def offers(self, tier: str, region: str) -> bool:
        """Whether a tenant of ``tier`` may be in ``region`` (clause ``regions``); never for an undeclared tier."""
        offered = self.regions.get(tier, ())
        return offered == "any" or region in offered
