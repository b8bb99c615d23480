"""A plan of every action over the registry, for what has to hold of all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from services.orders.world import Known
from services.wire.orders import Plan
from tests.services.orders.worlds import AT, DAY, GRACE_END, HOUR, acme, known, plan
from tests.support import registry

DB = f"arn:aws:rds:eu-central-1:{registry.ACCOUNT}:db:acme"


@dataclass(frozen=True, slots=True)
class Example:
    """What is known and what is asked."""

    action: str
    given: Known
    fields: Mapping[str, str] = field(default_factory=dict)

    def plan(self, given: Known | None = None) -> Plan:
        return plan(given or self.given, self.action, **self.fields)


def _case(**members: object) -> Known:
    return known(*acme(ended_on=None), registry.case("c-1", "acme", **members))


_SEEN = {
    "store": DB,
    "kind": "rds-instance",
    "account": registry.ACCOUNT,
    "region": "eu-central-1",
    "restore_point_at": "2026-11-01T00:00:00Z",
    "verified": True,
}
_MAPPED = registry.store("m-1", "acme", "acme")
_DISABLED = {"delivered_at": AT - 2 * DAY, "disabled_at": AT - HOUR, "disabled_scope": "application fax"}
_REQUEST = {"kind": "data-subject-request", "delivered_at": AT - HOUR}

EXAMPLES = (
    Example("renew", known(*acme("grace")), {"until": "2027-10-31"}),
    Example("confirm-termination", known(*acme("grace"))),
    Example("disable", known(*acme())),
    Example("reinstate", known(*acme("dismissed")), {"until": "2027-10-31"}),
    Example(
        "dismiss",
        known(*acme("grace"), _MAPPED, now=GRACE_END + HOUR, aws={"stores of acme": [_SEEN]}),  # type: ignore[list-item]
    ),
    Example("terminate-breach", known(*acme(ended_on=date(2027, 6, 30)), _MAPPED), {"breach": "resold"}),
    Example(
        "hold-place",
        known(*acme("dismissed"), registry.hold("h-1", "acme")),
        {"basis": "union-law", "owner": "legal", "reason": "audit"},
    ),
    Example("hold-lift", known(*acme("dismissed"), registry.hold("h-1", "acme")), {"hold": "h-1"}),
    Example("case-open", _case(), {"scope": "account 7", "summary": "spam"}),
    Example("case-deliver", _case(), {"case": "c-1", "delivered": "2026-11-23T11:00:00Z"}),
    Example("case-disable", _case(delivered_at=AT - 2 * DAY), {"case": "c-1"}),
    Example("case-correct", _case(), {"case": "c-1"}),
    Example("case-reinstate", _case(state="corrected", ended_at=AT - HOUR, **_DISABLED), {"case": "c-1"}),
    Example("case-close", _case(state="corrected", ended_at=AT - HOUR), {"case": "c-1"}),
    Example(
        "assist-open", _case(), {"kind": "breach-notice", "received": "2026-11-23T11:00:00Z", "scope": "voicemail"}
    ),
    Example("assist-answer", _case(**_REQUEST), {"case": "c-1", "outcome": "sent"}),
    Example("assist-close", _case(ended_at=AT, **_REQUEST), {"case": "c-1"}),
    Example(
        "export-register",
        known(*acme("grace"), registry.export("ex-1", "acme")),
        {"reference": "mail", "requested": "2026-11-20", "requester": "Dr Rossi", "checked_by": "dpo"},
    ),
    Example(
        "export-cancel",
        known(*acme("grace"), registry.export("ex-1", "acme")),
        {"export": "ex-1", "reason": "withdrawn"},
    ),
    Example(
        "test-record",
        known(*acme(), _MAPPED, registry.recovery_test("t-1", "acme", "acme")),
        {
            "store": DB,
            "kind": "restore",
            "started": "2026-11-20T08:00:00Z",
            "ended": "2026-11-20T09:00:00Z",
            "succeeded": "yes",
            "reference": "protocol 12",
        },
    ),
)
NAMES = tuple(example.action for example in EXAMPLES)
LATER = timedelta(minutes=47)
"""While a plan is looked at. No clock of these examples begins or ends in it."""


def at(example: Example, now: datetime) -> Known:
    return Known(example.given.policy, now, example.given.records, example.given.aws)
