"""What a record must satisfy beyond its shape before it may be kept."""

from __future__ import annotations

from services.model import acknowledgement_id
from services.wire.operations import AcknowledgementRecord, SlotRecord
from services.wire.registry import Identified, ProblemPart, SubscriptionRecord, TenantRecord
from services.wire.zones import known_zone


def broken_rules(record: Identified, id_: str) -> tuple[ProblemPart, ...]:
    """The rules that ``record``, put under the id ``id_``, breaks; none if it may stand.

    A tenant's zone and a slot's is one of the IANA database (without it no clock can be reckoned), a tenant's SP end
    customers and links are named once each, a subscription does not end before it starts, an acknowledgement stands
    under the id of its item and ends after it was made. Whether a tier offers a region is not judged here: that is a
    finding to be shown, not a record to be refused.
    """
    parts = []
    if record.id != id_:
        parts.append(ProblemPart(where="body.id", what="differs from the id of the path"))
    match record:
        case TenantRecord(zone=zone, sp_end_customers=ends, links=links):
            if zone is not None:
                parts += _unknown_zone(zone)
            if len(set(ends)) < len(ends):
                parts.append(ProblemPart(where="body.sp_end_customers", what="names a party twice"))
            if len(set(links)) < len(links):
                parts.append(ProblemPart(where="body.links", what="names a link twice"))
        case SlotRecord(zone=zone):
            parts += _unknown_zone(zone)
        case SubscriptionRecord(started_on=start, ended_on=end):
            if end is not None and end < start:
                parts.append(ProblemPart(where="body.ended_on", what="lies before started_on"))
        case AcknowledgementRecord(tenant=tenant, figure=figure):
            if record.id != acknowledgement_id(tenant, figure):
                parts.append(ProblemPart(where="body.id", what="is not the id that follows from tenant and figure"))
            if record.until <= record.at:
                parts.append(ProblemPart(where="body.until", what="does not lie after at"))
        case _:
            pass
    return tuple(parts)


def _unknown_zone(zone: str) -> list[ProblemPart]:
    return [] if known_zone(zone) else [ProblemPart(where="body.zone", what="is no IANA time zone")]
