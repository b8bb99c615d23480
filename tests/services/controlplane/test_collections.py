"""Pages, records, create or replace, delete."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from tests.support.api import Registry, bearer, serve_api
from tests.support.registry import party

OPERATOR = bearer("operator")
VPN = "arn:aws:ec2:me-central-1:444455556666:vpn-connection/vpn-0"
HOSTILE = "\x1b]0;owned\x07\x1b[31m \u202egnp\u202c \u200b [@click=app.quit]x[/] 漢字 👩‍👩‍👧 " + "x" * 300


def test_pages_cover_the_collection_in_the_order_of_ids(tmp_path: Path, url: str) -> None:
    """Following `next` brings every record once, ordered by id, with pages as long as asked for."""
    ids = sorted(f"{letter}{number}" for letter in "aZ_.-9" for number in range(20))
    with (
        serve_api(tmp_path, Registry(parties=[party(id_) for id_ in ids]), url=url) as address,
        httpx.Client(base_url=address, headers=OPERATOR, trust_env=False) as http,
    ):
        seen: list[str] = []
        lengths = []
        cursor = None
        while True:
            page = http.get("/parties", params={"limit": 50} | ({"cursor": cursor} if cursor else {})).json()
            seen += [item["id"] for item in page["items"]]
            lengths.append(len(page["items"]))
            cursor = page["next"]
            if cursor is None:
                break
        assert seen == ids
        assert lengths == [50, 50, 20]
        whole = http.get("/parties").json()
        assert ([item["id"] for item in whole["items"]], whole["next"], whole["total"]) == (ids, None, 120)


def test_a_full_last_page_ends_the_collection(unchanged: httpx.Client) -> None:
    """A page that happens to be full promises no further one."""
    page = unchanged.get("/tenants", params={"limit": 2}, headers=OPERATOR).json()
    assert (len(page["items"]), page["next"]) == (2, None)


def test_a_cursor_outlives_the_record_it_stands_behind(http: httpx.Client) -> None:
    """Paging goes on where it was although the record was deleted meanwhile."""
    cursor = http.get("/stores", params={"limit": 1}, headers=OPERATOR).json()["next"]
    assert http.delete("/stores/store-1", headers=OPERATOR).status_code == 204
    page = http.get("/stores", params={"limit": 1, "cursor": cursor}, headers=OPERATOR).json()
    assert [item["id"] for item in page["items"]] == ["store-2"]


@pytest.mark.parametrize(
    "query", [{"limit": 0}, {"limit": 1001}, {"limit": "all"}, {"cursor": "zz"}, {"cursor": "6"}, {"cursor": "00"}]
)
def test_a_malformed_page_request_is_refused(unchanged: httpx.Client, query: dict[str, str]) -> None:
    """Limits out of range and made-up cursors are told apart from the end of a collection."""
    answer = unchanged.get("/tenants", params=query, headers=OPERATOR)
    assert answer.status_code == 422
    assert [error["where"] for error in answer.json()["errors"]] == [f"query.{next(iter(query))}"]


def test_a_record_comes_back_as_it_was_put(http: httpx.Client) -> None:
    """Every member of a tenant with all of them survives, SP end customers in their order."""
    for id_ in ("zeta", "alpha"):
        body = {"id": id_, "kind": "sp-end-customer", "name": id_}
        assert http.put(f"/parties/{id_}", json=body, headers=OPERATOR).status_code == 201
    tenant: dict[str, object] = {
        "id": "adatum",
        "name": "Adatum",
        "tier": "dedicated",
        "region": "me-central-1",
        "account": "444455556666",
        "zone": "Asia/Dubai",
        "state": "dismissed",
        "customer": "northwind",
        "reseller": "nordcom",
        "service_provider": "telco",
        "sp_end_customers": ["zeta", "lumen", "alpha"],
        "links": [f"{VPN}b", f"{VPN}a"],
    }
    created = http.put("/tenants/adatum", json=tenant, headers=OPERATOR)
    assert (created.status_code, created.json()) == (201, tenant)
    assert http.get("/tenants/adatum", headers=OPERATOR).json() == tenant
    tenant |= {"sp_end_customers": ["alpha"], "reseller": None, "links": [f"{VPN}a"]}
    replaced = http.put("/tenants/adatum", json=tenant, headers=OPERATOR)
    assert (replaced.status_code, replaced.json()) == (200, tenant)
    assert tenant in http.get("/tenants", headers=OPERATOR).json()["items"]


def test_a_tenant_s_state_is_changed_by_an_order_alone(http: httpx.Client) -> None:
    """A new tenant has any; afterwards a person changes all else, and the worker nothing of the registry."""
    body = http.get("/tenants/acme", headers=OPERATOR).json() | {"name": "Renamed"}
    for role in ("operator", "approver"):
        refused = http.put("/tenants/acme", json=body | {"state": "grace"}, headers=bearer(role))
        assert refused.status_code == 409
        assert refused.json()["errors"] == [{"where": "body.state", "what": "it is active, and an order changes that"}]
    assert http.get("/tenants/acme", headers=OPERATOR).json()["name"] == "Acme"
    assert http.put("/tenants/acme", json=body, headers=OPERATOR).status_code == 200
    assert http.put("/tenants/acme", json=body, headers=bearer("worker")).status_code == 403


def test_a_tenant_that_was_removed_comes_back_in_its_state_alone(http: httpx.Client) -> None:
    """Deleting it and creating it anew changes no state either, however often, whoever does it."""
    body = {**http.get("/tenants/acme", headers=OPERATOR).json(), "id": "adatum"}
    assert http.put("/tenants/adatum", json=body, headers=OPERATOR).status_code == 201
    for role in ("operator", "approver", "operator"):
        assert http.delete("/tenants/adatum", headers=bearer(role)).status_code == 204
        refused = http.put("/tenants/adatum", json={**body, "state": "dismissed"}, headers=bearer(role))
        what = "it was removed as active, and an order changes that"
        assert (refused.status_code, refused.json()["errors"]) == (409, [{"where": "body.state", "what": what}])
        assert http.put("/tenants/adatum", json={**body, "name": "Anew"}, headers=bearer(role)).status_code == 201


def test_a_tenant_with_an_order_that_has_not_ended_is_not_removed(http: httpx.Client) -> None:
    """It names the order; once that was taken back the tenant goes, and the order stays."""
    body = {**http.get("/tenants/acme", headers=OPERATOR).json(), "id": "adatum"}
    http.put("/tenants/adatum", json=body, headers=OPERATOR)
    http.put("/subscriptions/s", json={"id": "s", "tenant": "adatum", "started_on": "2024-01-01"}, headers=OPERATOR)
    given = {"fields": {"breach": "fees unpaid"}, "tenants": ["adatum"], "key": "1" * 32, "action": "terminate-breach"}
    plan = http.post("/plans", json=given, headers=OPERATOR).json()
    assert http.post("/orders", json={"plan": plan}, headers=OPERATOR).json()["state"] == "waiting"
    assert http.delete("/subscriptions/s", headers=OPERATOR).status_code == 204
    refused = http.delete("/tenants/adatum", headers=OPERATOR)
    what = f"1 of them, the first is {'1' * 32}"
    assert (refused.status_code, refused.json()["errors"]) == (409, [{"where": "orders", "what": what}])
    http.post(f"/orders/{'1' * 32}/cancel", json={"digest": plan["digest"]}, headers=OPERATOR)
    assert http.delete("/tenants/adatum", headers=OPERATOR).status_code == 204
    assert http.get(f"/orders/{'1' * 32}", headers=OPERATOR).json()["state"] == "cancelled"


def test_instants_and_days_come_back_exactly(http: httpx.Client) -> None:
    """An instant with an offset is answered in UTC, a day as a day."""
    body = {
        "id": "sub-9",
        "tenant": "acme",
        "order": "SO-9",
        "started_on": "2024-02-29",
        "ended_on": "2028-02-29",
        "termination_confirmed_at": "2026-03-29T02:30:00.125+02:00",
        "terminated_for": "fees unpaid",
    }
    assert http.put("/subscriptions/sub-9", json=body, headers=OPERATOR).status_code == 201
    seen = http.get("/subscriptions/sub-9", headers=OPERATOR).json()
    assert {name: seen[name] for name in body} == body | {"termination_confirmed_at": "2026-03-29T00:30:00.125000Z"}


def test_hostile_text_stays_exact_and_travels_in_ascii(http: httpx.Client) -> None:
    """Control, bidi and wide characters come back to the letter; on the wire they are escaped."""
    body = {"id": "hostile", "kind": "customer", "name": HOSTILE}
    http.put("/parties/hostile", json=body, headers=OPERATOR)
    answer = http.get("/parties/hostile", headers=OPERATOR)
    assert answer.json()["name"] == HOSTILE
    assert all(0x20 <= byte < 0x7F for byte in answer.content)


@pytest.mark.parametrize(
    "name", [b'"\\ud800"', b'"\\udc00\\ud800"', b'"\\u0000"', b'"\xff"', b'""', b'"' + b"x" * 1001 + b'"']
)
def test_a_name_that_cannot_be_kept_is_refused_cleanly(unchanged: httpx.Client, name: bytes) -> None:
    """Lone surrogates, NUL, bytes that are no text, too little and too much: 422, never a failure."""
    body = b'{"id":"odd","kind":"customer","name":' + name + b"}"
    answer = unchanged.put("/parties/odd", content=body, headers=OPERATOR | {"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["errors"]
    assert unchanged.get("/parties/odd", headers=OPERATOR).status_code == 404


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"id": "other"}, "body.id"),
        ({"zone": "Europe/Atlantis"}, "body.zone"),
        ({"zone": "../../etc/passwd"}, "body.zone"),
        ({"sp_end_customers": ["lumen", "lumen"]}, "body.sp_end_customers"),
        ({"links": [f"{VPN}a", f"{VPN}a"]}, "body.links"),
        ({"links": ["vpn-1"]}, "body.links.0"),
        ({"state": "sleeping"}, "body.state"),
        ({"region": "EU"}, "body.region"),
        ({"account": 111122223333}, "body.account"),
        ({"colour": "red"}, "body.colour"),
        ({"customer": None}, "body.customer"),
    ],
)
def test_a_record_that_cannot_stand_is_refused(unchanged: httpx.Client, change: dict[str, object], where: str) -> None:
    """The problem names the member that is wrong, and nothing is changed."""
    before = unchanged.get("/tenants/acme", headers=OPERATOR).json()
    answer = unchanged.put("/tenants/acme", json=before | change, headers=OPERATOR)
    assert answer.status_code == 422
    assert [error["where"] for error in answer.json()["errors"]] == [where]
    assert unchanged.get("/tenants/acme", headers=OPERATOR).json() == before


def test_a_subscription_cannot_end_before_it_starts(unchanged: httpx.Client) -> None:
    """The calendar is checked though a schema cannot say it."""
    body = {"id": "sub-1", "tenant": "acme", "started_on": "2026-01-02", "ended_on": "2026-01-01"}
    answer = unchanged.put("/subscriptions/sub-1", json=body, headers=OPERATOR)
    assert (answer.status_code, answer.json()["errors"][0]["where"]) == (422, "body.ended_on")


def test_a_reference_to_nothing_is_a_conflict(unchanged: httpx.Client) -> None:
    """Every missing party is named at once, and the tenant is not created."""
    body = unchanged.get("/tenants/acme", headers=OPERATOR).json()
    body |= {"id": "new", "customer": "ghost", "sp_end_customers": ["lumen", "phantom"]}
    answer = unchanged.put("/tenants/new", json=body, headers=OPERATOR)
    assert answer.status_code == 409
    assert answer.json()["errors"] == [
        {"where": "body.customer", "what": "there is no party ghost"},
        {"where": "body.sp_end_customers", "what": "there is no party phantom"},
    ]
    assert unchanged.get("/tenants/new", headers=OPERATOR).status_code == 404


@pytest.mark.parametrize(
    ("path", "by"),
    [
        ("/parties/northwind", {"tenants"}),
        ("/parties/nordcom", {"tenants"}),
        ("/parties/telco", {"tenants"}),
        ("/parties/lumen", {"tenants"}),
        ("/tenants/acme", {"subscriptions", "stores"}),
    ],
)
def test_what_others_name_cannot_be_deleted(unchanged: httpx.Client, path: str, by: set[str]) -> None:
    """The refusal says who names it; the record stays."""
    answer = unchanged.delete(path, headers=OPERATOR)
    assert answer.status_code == 409
    assert {error["where"] for error in answer.json()["errors"]} == by
    assert unchanged.get(path, headers=OPERATOR).status_code == 200


def test_a_tenant_can_go_once_nothing_names_it(http: httpx.Client) -> None:
    """After its subscription and its mapping, the tenant and then its SP end customer can be deleted."""
    for path in ("/subscriptions/sub-2", "/stores/store-2", "/tenants/fabrikam", "/parties/lumen"):
        assert http.delete(path, headers=OPERATOR).status_code == 204
        assert http.get(path, headers=OPERATOR).status_code == 404
        assert http.delete(path, headers=OPERATOR).status_code == 404


@pytest.mark.parametrize(
    ("member", "party", "what"),
    [
        ("customer", "nordcom", "the party nordcom is of kind reseller, not customer"),
        ("reseller", "northwind", "the party northwind is of kind customer, not reseller"),
        ("service_provider", "lumen", "the party lumen is of kind sp-end-customer, not service-provider"),
        ("sp_end_customers", "telco", "the party telco is of kind service-provider, not sp-end-customer"),
    ],
)
def test_a_party_is_named_as_what_it_is(unchanged: httpx.Client, member: str, party: str, what: str) -> None:
    """A tenant whose reseller is a customer is refused, and the problem says what the party is."""
    body = unchanged.get("/tenants/fabrikam", headers=OPERATOR).json()
    body[member] = [party] if member == "sp_end_customers" else party
    answer = unchanged.put("/tenants/fabrikam", json=body, headers=OPERATOR)
    assert (answer.status_code, answer.json()["errors"]) == (409, [{"where": f"body.{member}", "what": what}])


def test_a_party_keeps_the_kind_that_others_name_it_by(http: httpx.Client) -> None:
    """A reseller with tenants does not become a customer; once none names it, it may."""
    body = http.get("/parties/nordcom", headers=OPERATOR).json() | {"kind": "customer"}
    refused = http.put("/parties/nordcom", json=body, headers=OPERATOR)
    assert refused.status_code == 409
    assert refused.json()["errors"] == [{"where": "tenants", "what": "1 of them, the first is fabrikam"}]
    assert http.put("/parties/nordcom", json=body | {"kind": "reseller"}, headers=OPERATOR).status_code == 200
    tenant = http.get("/tenants/fabrikam", headers=OPERATOR).json() | {"reseller": None}
    assert http.put("/tenants/fabrikam", json=tenant, headers=OPERATOR).status_code == 200
    assert http.put("/parties/nordcom", json=body, headers=OPERATOR).status_code == 200
