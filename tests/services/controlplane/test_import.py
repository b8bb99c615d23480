"""The import: all or nothing, onto what was compared, and nothing that single requests would refuse."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import BaseModel

from services.controlplane.store import registry_size
from services.wire.imports import state_digest
from services.wire.registry import PartyRecord, StoreRecord, SubscriptionRecord, TenantRecord
from tests.support.api import bearer, serve_api
from tests.support.registry import party, small_registry, store, subscription, tenant

OPERATOR = bearer("operator")
RECORDS: dict[str, type[BaseModel]] = {
    "parties": PartyRecord,
    "tenants": TenantRecord,
    "subscriptions": SubscriptionRecord,
    "stores": StoreRecord,
}


def body_of(http: httpx.Client, **records: list[BaseModel]) -> dict[str, Any]:
    """An import of ``records``, compared with what the server has now."""
    state = []
    body: dict[str, Any] = {}
    for name, many in records.items():
        body[name] = [record.model_dump(mode="json") for record in many]
        for item in body[name]:
            answer = http.get(f"/{name}/{item['id']}", headers=OPERATOR)
            found = RECORDS[name].model_validate_json(answer.content) if answer.status_code == 200 else None
            state.append((name, item["id"], found))
    return body | {"digest": state_digest(state)}


def everything(http: httpx.Client) -> list[Any]:
    return [http.get(f"/{name}", headers=OPERATOR).json()["items"] for name in RECORDS]


NEW: dict[str, list[BaseModel]] = {
    "parties": [party("contoso"), party("nordcom", "reseller", "NordCom AB"), party("beta", "sp-end-customer")],
    "tenants": [
        tenant("contoso-de", customer="contoso", reseller="nordcom", sp_end_customers=("beta", "lumen")),
        tenant("fabrikam", state="grace", name="Fabrikam S.p.A.", sp_end_customers=("beta",)),
    ],
    "subscriptions": [subscription("sub-3", "contoso-de"), subscription("sub-1", "acme", order="SO-2")],
    "stores": [store("store-3", "contoso-de", "shared", "contoso")],
}


def test_records_are_created_and_replaced_together(http: httpx.Client) -> None:
    """Of every collection, each naming what the same import brings; the log notes it once."""
    answer = http.post("/import", json=body_of(http, **NEW), headers=OPERATOR)
    assert (answer.status_code, answer.json()) == (200, {"created": 5, "replaced": 3})
    for name, records in NEW.items():
        for record in records:
            item = record.model_dump(mode="json")
            assert http.get(f"/{name}/{item['id']}", headers=OPERATOR).json() == item
    (entry,) = http.get("/audit", headers=OPERATOR).json()["items"]
    assert (entry["who"], entry["action"], entry["note"]) == (
        "operator@example.org",
        "registry import",
        "5 created, 3 replaced",
    )


def test_an_import_changes_no_state(http: httpx.Client) -> None:
    """Of a tenant that is there already: an order does; nothing else of the import is kept either."""
    before = everything(http)
    body = body_of(http, parties=[party("contoso")], tenants=[tenant("new"), tenant("acme", state="grace")])
    refused = http.post("/import", json=body, headers=OPERATOR)
    assert refused.status_code == 409
    assert [error["where"] for error in refused.json()["errors"]] == ["body.tenants.1.state"]
    assert everything(http) == before


def test_an_import_brings_a_removed_tenant_back_in_its_state_alone(http: httpx.Client) -> None:
    """Removing it before the import is no way around an order."""
    created = http.post("/import", json=body_of(http, tenants=[tenant("new"), tenant("other")]), headers=OPERATOR)
    assert created.json() == {"created": 2, "replaced": 0}
    assert http.delete("/tenants/new", headers=OPERATOR).status_code == 204
    body = body_of(http, tenants=[tenant("other"), tenant("new", state="grace"), tenant("newer", state="grace")])
    refused = http.post("/import", json=body, headers=OPERATOR)
    what = "it was removed as active, and an order changes that"
    assert (refused.status_code, refused.json()["errors"]) == (409, [{"where": "body.tenants.1.state", "what": what}])
    again = http.post("/import", json=body_of(http, tenants=[tenant("new")]), headers=OPERATOR)
    assert again.json() == {"created": 1, "replaced": 0}


def test_what_changed_since_it_was_compared_is_refused(http: httpx.Client) -> None:
    """A record that changed, one that came and one that went; then nothing of the import is kept."""
    body = body_of(http, **NEW)
    nordcom = party("nordcom", "reseller", "Somebody Else's").model_dump(mode="json")
    assert http.put("/parties/nordcom", json=nordcom, headers=OPERATOR).status_code == 200
    before = everything(http)
    assert http.post("/import", json=body, headers=OPERATOR).status_code == 412
    body = body_of(http, **NEW)
    assert http.put("/parties/contoso", json=party("contoso").model_dump(), headers=OPERATOR).status_code == 201
    assert http.post("/import", json=body, headers=OPERATOR).status_code == 412
    body = body_of(http, **NEW)
    assert http.delete("/parties/contoso", headers=OPERATOR).status_code == 204
    assert http.post("/import", json=body, headers=OPERATOR).status_code == 412
    assert everything(http) == before


def test_an_import_is_carried_out_once(http: httpx.Client) -> None:
    """Sent again, it no longer meets what it was compared with."""
    body = body_of(http, **NEW)
    assert [http.post("/import", json=body, headers=OPERATOR).status_code for _ in range(2)] == [200, 412]


@pytest.mark.parametrize(
    ("records", "where", "what"),
    [
        (
            {"tenants": [tenant("new"), tenant("newer", customer="ghost")]},
            "body.tenants.1.customer",
            "the party ghost does not exist",
        ),
        (
            {"tenants": [tenant("new", sp_end_customers=("lumen", "telco"))]},
            "body.tenants.0.sp_end_customers",
            "the party telco is of kind service-provider, not sp-end-customer",
        ),
        ({"stores": [store("s", "ghost", "x")]}, "body.stores.0.tenant", "the tenant ghost does not exist"),
        (
            {"parties": [party("new"), party("telco", "reseller")]},
            "body.parties.1.kind",
            "others name the party as service-provider: 1 of them, the first is fabrikam",
        ),
    ],
)
def test_one_wrong_reference_keeps_everything_out(
    unchanged: httpx.Client, records: dict[str, list[BaseModel]], where: str, what: str
) -> None:
    """409 that says which record; the good ones beside it are not kept either."""
    before = everything(unchanged)
    answer = unchanged.post("/import", json=body_of(unchanged, **records), headers=OPERATOR)
    assert (answer.status_code, answer.json()["errors"]) == (409, [{"where": where, "what": what}])
    assert everything(unchanged) == before
    assert unchanged.get("/audit", headers=OPERATOR).json()["items"] == []


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"parties": [{"id": "new"}]}, "body.parties.0.kind"),
        ({"tenants": [tenant("new", zone="Mars/Base").model_dump(mode="json")]}, "body.tenants.0.zone"),
        ({"parties": [party("new").model_dump()] * 2}, "body.parties.1.id"),
        ({"parties": [], "colour": "red"}, "body.colour"),
        ({"digest": "0"}, "body.digest"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(unchanged: httpx.Client, body: dict[str, object], where: str) -> None:
    """422 before anything is compared."""
    answer = unchanged.post("/import", json={"digest": "0" * 64} | body, headers=OPERATOR)
    assert answer.status_code == 422
    assert where in [error["where"] for error in answer.json()["errors"]]


@pytest.mark.parametrize("role", ["viewer", "worker"])
def test_only_people_who_keep_the_registry_import(unchanged: httpx.Client, role: Any) -> None:
    """Refused before the body is looked at."""
    assert unchanged.post("/import", content=b"\xff", headers=bearer(role)).status_code == 403


def test_thousands_of_records_go_in_at_once(tmp_path: Path, url: str) -> None:
    """New and replaced ones, more than are looked up at once; replaced to their old values it is as before."""
    tenants = [tenant(f"t{number:05}", sp_end_customers=("lumen",)) for number in range(2_500)]
    with (
        serve_api(tmp_path, small_registry(), url=url) as address,
        httpx.Client(base_url=address, headers=OPERATOR, trust_env=False, timeout=60) as http,
    ):
        body = {"tenants": [it.model_dump(mode="json") for it in tenants]}
        digest = state_digest(("tenants", it.id, None) for it in tenants)
        assert http.post("/import", json=body | {"digest": digest}).json() == {"created": 2_500, "replaced": 0}
        digest = state_digest(("tenants", it.id, it) for it in tenants)
        assert http.post("/import", json=body | {"digest": digest}).json() == {"created": 0, "replaced": 2_500}
    assert registry_size(url)["tenants"] == 2_502
