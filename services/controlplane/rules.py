"""What a record must satisfy beyond its shape before the reference server keeps it."""

from __future__ import annotations

from services.controlplane.tables import AnyRecord
from services.wire.registry import ProblemPart, SubscriptionRecord, TenantRecord
from services.wire.zones import known_zone


def broken_rules(record: AnyRecord, id_: str) -> tuple[ProblemPart, ...]:
    """The rules that ``record``, put under the id ``id_``, breaks; none if it may stand.

    A tenant's zone is one of the IANA database (without it no end date can be reckoned), its SP end customers are
    named once each, and a subscription does not end before it starts. Whether a tier offers a region is not judged
    here: that is a finding to be shown, not a record to be refused.
    """
    parts = []
    if record.id != id_:
        parts.append(ProblemPart(where="body.id", what="differs from the id of the path"))
    if isinstance(record, TenantRecord):
        if record.zone is not None and not known_zone(record.zone):
            parts.append(ProblemPart(where="body.zone", what="is no IANA time zone"))
        if len(set(record.sp_end_customers)) < len(record.sp_end_customers):
            parts.append(ProblemPart(where="body.sp_end_customers", what="names a party twice"))
    if isinstance(record, SubscriptionRecord) and record.ended_on is not None and record.ended_on < record.started_on:
        parts.append(ProblemPart(where="body.ended_on", what="lies before started_on"))
    return tuple(parts)
