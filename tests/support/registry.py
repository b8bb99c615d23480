"""Small registries for tests."""

from __future__ import annotations

from datetime import UTC, date, datetime

from services.model import LifecycleState
from services.wire.registry import PartyRecord, StoreRecord, SubscriptionRecord, TenantRecord
from tests.support.api import Registry

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
