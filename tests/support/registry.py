"""Small registries for tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from services.model import LifecycleState, acknowledgement_id
from services.wire.operations import (
    AcknowledgementRecord,
    AuditRecord,
    CaseRecord,
    ExportRecord,
    HoldRecord,
    RecoveryTestRecord,
    SlotRecord,
)
from services.wire.registry import PartyRecord, StoreRecord, SubscriptionRecord, TenantRecord
from tests.support.api import AT, Registry

ACCOUNT = "111122223333"


def party(id_: str, kind: str = "customer", name: str | None = None) -> PartyRecord:
    return PartyRecord.model_validate({"id": id_, "kind": kind, "name": name or id_.title()})


def tenant(id_: str, **members: object) -> TenantRecord:
    given: dict[str, object] = {
        "id": id_,
        "name": id_.title(),
        "tier": "public",
        "region": "eu-central-1",
        "account": ACCOUNT,
        "state": LifecycleState.ACTIVE,
        "customer": "northwind",
    }
    return TenantRecord.model_validate(given | members)


def subscription(id_: str, of: str, ended_on: date | None = None, **members: object) -> SubscriptionRecord:
    given: dict[str, object] = {"id": id_, "tenant": of, "started_on": date(2024, 1, 1), "ended_on": ended_on}
    return SubscriptionRecord.model_validate(given | members)


def store(id_: str, of: str, name: str, part: str | None = None) -> StoreRecord:
    return StoreRecord(id=id_, tenant=of, store=f"arn:aws:rds:eu-central-1:{ACCOUNT}:db:{name}", part=part)


def export(id_: str, of: str, **members: object) -> ExportRecord:
    given: dict[str, object] = {
        "id": id_,
        "tenant": of,
        "state": "requested",
        "requested_at": AT - timedelta(days=5),
        "requester": "dpo@example.org",
    }
    return ExportRecord.model_validate(given | members)


def slot(id_: str, of: str | None = None, **members: object) -> SlotRecord:
    """A slot of a tenant, or of the public tier in eu-central-1."""
    given: dict[str, object] = {
        "id": id_,
        "tenant": of,
        "tier": None if of else "public",
        "region": None if of else "eu-central-1",
        "starts_at": datetime(2026, 11, 24, 21, tzinfo=UTC),
        "ends_at": datetime(2026, 11, 24, 23, tzinfo=UTC),
        "zone": "Europe/Rome",
        "local_start": datetime(2026, 11, 24, 22),  # noqa: DTZ001 - a wall clock's reading
        "state": "scheduled",
        "reason": "minor upgrade",
        "scheduled_at": AT - timedelta(days=3),
    }
    return SlotRecord.model_validate(given | members)


def hold(id_: str, of: str, **members: object) -> HoldRecord:
    given: dict[str, object] = {
        "id": id_,
        "tenant": of,
        "basis": "member-state-law",
        "owner": "legal@example.org",
        "reason": "tax audit",
        "placed_at": AT - timedelta(days=9),
    }
    return HoldRecord.model_validate(given | members)


def case(id_: str, of: str, **members: object) -> CaseRecord:
    given: dict[str, object] = {
        "id": id_,
        "tenant": of,
        "kind": "acceptable-use",
        "scope": "application fax",
        "state": "open",
        "opened_at": AT - timedelta(hours=20),
    }
    return CaseRecord.model_validate(given | members)


def recovery_test(id_: str, of: str, name: str, **members: object) -> RecoveryTestRecord:
    given: dict[str, object] = {
        "id": id_,
        "tenant": of,
        "store": f"arn:aws:rds:eu-central-1:{ACCOUNT}:db:{name}",
        "kind": "restore",
        "started_at": AT - timedelta(days=30),
        "ended_at": AT - timedelta(days=30) + timedelta(hours=1),
        "succeeded": True,
    }
    return RecoveryTestRecord.model_validate(given | members)


def acknowledgement(of: str | None, figure: str, **members: object) -> AcknowledgementRecord:
    given: dict[str, object] = {
        "id": acknowledgement_id(of, figure),
        "tenant": of,
        "figure": figure,
        "by": "operator@example.org",
        "at": AT - timedelta(hours=1),
        "until": AT + timedelta(hours=7),
    }
    return AcknowledgementRecord.model_validate(given | members)


def entry(id_: str, at: datetime = AT, **members: object) -> AuditRecord:
    given: dict[str, object] = {
        "id": id_,
        "at": at,
        "who": "worker@example.org",
        "role": "worker",
        "action": "disable",
        "outcome": "done",
    }
    return AuditRecord.model_validate(given | members)


def small_registry() -> Registry:
    """Two tenants of several parties, one with an end, and the stores of both."""
    return Registry(
        parties=(
            party("lumen", "sp-end-customer"),
            party("nordcom", "reseller"),
            party("northwind"),
            party("telco", "service-provider"),
        ),
        tenants=(
            tenant("acme", zone="Europe/Rome"),
            tenant(
                "fabrikam", state="grace", reseller="nordcom", service_provider="telco", sp_end_customers=("lumen",)
            ),
        ),
        subscriptions=(
            subscription("sub-1", "acme", order="SO-1"),
            subscription(
                "sub-2",
                "fabrikam",
                date(2026, 10, 24),
                order="SO-20418",
                termination_confirmed_at=datetime(2026, 11, 1, 8, tzinfo=UTC),
            ),
        ),
        stores=(store("store-1", "acme", "orders"), store("store-2", "fabrikam", "shared", "fabrikam")),
    )


def busy_registry() -> Registry:
    """The small one, with one of everything that can happen to a tenant."""
    return replace(
        small_registry(),
        operations=(
            export("export-1", "fabrikam", progress=0.5, state="preparing"),
            slot("slot-1"),
            slot("slot-2", "acme"),
            hold("hold-1", "fabrikam"),
            case("case-1", "acme", delivered_at=AT - timedelta(hours=19)),
            recovery_test("test-1", "acme", "orders"),
            acknowledgement("acme", "case.case-1"),
        ),
        audit=(
            entry("entry-1", AT - timedelta(days=30), tenant="fabrikam"),
            entry("entry-2", AT - timedelta(days=2), tenant="acme", action="conduct deliver", ticket="T-1"),
        ),
    )
