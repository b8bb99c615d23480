"""What a file would change: the difference, the mistakes by row, and never more than it says."""

from __future__ import annotations

from datetime import date

import pytest

from services.internal.answer import RegistryRecords
from services.upkeep.plan import Plan, make_plan
from services.upkeep.rows import RowError, read_rows
from services.wire.imports import state_digest
from tests.support.api import Registry
from tests.support.registry import ACCOUNT, party, small_registry, store, subscription, tenant

TIERS = ("public", "dedicated")
ARN = f"arn:aws:rds:eu-central-1:{ACCOUNT}:db"


def records(registry: Registry | None = None) -> RegistryRecords:
    registry = registry or small_registry()
    return RegistryRecords(
        (),
        parties={it.id: it for it in registry.parties},
        tenants={it.id: it for it in registry.tenants},
        subscriptions={it.id: it for it in registry.subscriptions},
        stores={it.id: it for it in registry.stores},
    )


def plan(text: str, current: RegistryRecords | None = None) -> Plan:
    rows, errors = read_rows(text, "csv")
    return make_plan(rows, errors, current or records(), TIERS)


def mistakes(text: str) -> list[tuple[str, str | None, str]]:
    made = plan(text)
    assert made.request is None
    return [(error.where, error.column, error.what) for error in made.errors]


def test_a_file_that_says_what_is_changes_nothing() -> None:
    """No request, no change, and those that it does not name are counted."""
    made = plan(
        "id,name,tier,region,account,zone,state,customer,order,started_on,ended_on,stores\n"
        f"acme,Acme,public,eu-central-1,{ACCOUNT},Europe/Rome,active,northwind,SO-1,2024-01-01,,{ARN}:orders\n"
    )
    assert (made.changes, made.errors, made.request, made.rows, made.absent) == ((), (), None, 1, 1)


def test_a_new_tenant_comes_with_its_parties_subscription_and_stores() -> None:
    """In an order in which each may name those before it, and as one request onto nothing."""
    made = plan(
        "id,name,tier,region,account,customer,reseller,sp_end_customers,order,started_on,stores\n"
        f"new,New,public,eu-central-1,{ACCOUNT},contoso=Contoso,nordcom,lumen;beta=Beta,SO-9,2026-12-01,{ARN}:x#new\n"
    )
    assert made.errors == ()
    assert [(one.collection, one.id, one.change, one.where) for one in made.changes] == [
        ("parties", "contoso", "create", "line 2"),
        ("parties", "beta", "create", "line 2"),
        ("tenants", "new", "create", "line 2"),
        ("subscriptions", "new", "create", "line 2"),
        ("stores", made.changes[-1].id, "create", "line 2"),
    ]
    request = made.request
    assert request is not None
    assert request.parties == (party("contoso"), party("beta", "sp-end-customer"))
    assert request.tenants == (
        tenant("new", customer="contoso", reseller="nordcom", sp_end_customers=("lumen", "beta")),
    )
    assert request.subscriptions == (subscription("new", "new", order="SO-9", started_on=date(2026, 12, 1)),)
    assert (request.stores[0].store, request.stores[0].part) == (f"{ARN}:x", "new")
    ids = [("parties", "contoso"), ("parties", "beta"), ("tenants", "new"), ("subscriptions", "new")]
    state = [(name, id_, None) for name, id_ in (*ids, ("stores", request.stores[0].id))]
    assert request.digest == state_digest(state)


def test_only_the_columns_that_are_there_change() -> None:
    """A list of end dates moves end dates; each change says what was and what will be."""
    made = plan("id,ended_on\nacme,2027-06-30\nfabrikam,2026-10-24\n")
    assert [(one.collection, one.id, one.tenant, one.member, one.before, one.after) for one in made.changes] == [
        ("subscriptions", "sub-1", "acme", "ended_on", None, "2027-06-30")
    ]
    assert made.request is not None
    assert made.request.subscriptions == (subscription("sub-1", "acme", date(2027, 6, 30), order="SO-1"),)
    assert made.request.digest == state_digest([("subscriptions", "sub-1", records().subscriptions["sub-1"])])


def test_links_are_declared_by_a_list_of_arns() -> None:
    """A column that is not there leaves them; an empty cell takes them away; what is no ARN is told with its place."""
    vpn = "arn:aws:ec2:eu-central-1:111122223333:vpn-connection/vpn-"
    made = plan(f"id,links\nacme,{vpn}1;{vpn}2\n")
    assert [(one.id, one.member, one.after) for one in made.changes] == [
        ("acme", "links", f'["{vpn}1", "{vpn}2"]'),
    ]
    assert made.request is not None
    (record,) = made.request.tenants
    assert record.model_copy(update={"links": ()}) == records().tenants["acme"]
    assert record.links == (f"{vpn}1", f"{vpn}2")
    assert plan("id,links\nacme,\n").changes == ()
    (error,) = plan("id,links\nacme,vpn-1\n").errors
    assert (error.where, error.column) == ("line 2", "links")


def test_an_empty_cell_makes_absent() -> None:
    """A reseller and a zone that are gone."""
    made = plan("id,reseller,zone,sp_end_customers\nfabrikam,,,\nacme,,,\n")
    assert [(one.id, one.member, one.before, one.after) for one in made.changes] == [
        ("fabrikam", "reseller", "nordcom", None),
        ("fabrikam", "sp_end_customers", '["lumen"]', "[]"),
        ("acme", "zone", "Europe/Rome", None),
    ]


def test_the_subscription_that_counts_is_the_one_that_changes() -> None:
    """Unless the row names another, or a new one."""
    current = records()
    current = RegistryRecords(
        (),
        current.parties,
        current.tenants,
        {**current.subscriptions, "late": subscription("late", "acme", date(2030, 1, 1), order="SO-1")},
    )
    old = {**current.subscriptions, "sub-1": subscription("sub-1", "acme", date(2025, 1, 1))}
    current = RegistryRecords((), current.parties, current.tenants, old)
    text = "id,subscription,order,started_on\nacme,{},SO-7,2024-01-01\n"
    assert [one.id for one in plan(text.format(""), current).changes] == ["late"]
    assert [one.id for one in plan(text.format("sub-1"), current).changes] == ["sub-1"]
    made = plan(text.format("fresh"), current)
    assert [(one.id, one.change) for one in made.changes] == [("fresh", "create")]


def test_a_renamed_party_is_a_change_of_the_party() -> None:
    """Told once however many rows name it."""
    made = plan("id,customer\nacme,northwind=Northwind Ltd.\nfabrikam,northwind=Northwind Ltd.\n")
    assert [(one.collection, one.id, one.member, one.after) for one in made.changes] == [
        ("parties", "northwind", "name", "Northwind Ltd.")
    ]


NEW = f"new,New,public,eu-central-1,{ACCOUNT},northwind"


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("id,zone\nacme,Mars/Base\n", "zone", "is no IANA time zone"),
        ("id,region\nacme,EU\n", "region", "is no AWS region"),
        ("id,account\nacme,1\n", "account", "is no AWS account: 12 digits"),
        ("id,name\nacme,\n", "name", "valid string"),
        ("id,tier\nacme,pubic\n", "tier", "there is no tier pubic; there are public, dedicated"),
        ("id,state\nacme,grace\n", "state", "it is active in the registry, and an import changes no state"),
        ("id,ended_on\nacme,31.12.2027\n", "ended_on", "date"),
        ("id,ended_on\nacme,2020-01-01\n", "ended_on", "lies before started_on"),
        ("id,termination_confirmed_at\nacme,2026-11-01T08:00:00\n", "termination_confirmed_at", "timezone"),
        ("id,customer\nacme,ghost\n", "customer", "there is no party ghost; to make it: ghost=Name"),
        ("id,reseller\nacme,northwind\n", "reseller", "is of kind customer, not reseller"),
        ("id,customer\nacme,b d=Name\n", "customer", "is no id"),
        ("id,customer\nacme,fresh=\n", "customer", "at least 1 character"),
        ("id,sp_end_customers\nacme,lumen;lumen\n", "sp_end_customers", "names a party twice"),
        ("id,subscription,order\nacme,sub-2,SO-1\n", "subscription", "the subscription sub-2 is fabrikam's"),
        ("id,stores\nacme,orders\n", "stores", "is no ARN"),
        ("id,name\nnew,New\n", "tier", "Field required"),
        (f"id,name,tier,region,account,customer,order\n{NEW},SO-1\n", "started_on", "Field required"),
    ],
)
def test_a_row_that_cannot_be_is_told_with_its_column(text: str, column: str, words: str) -> None:
    """In words that say what to do, and nothing at all is sent."""
    found = mistakes(text)
    assert {where for where, _, _ in found} == {"line 2"}
    assert column in [one for _, one, _ in found]
    assert any(words in what for _, one, what in found if one == column)


def test_every_mistake_is_told_at_once() -> None:
    """Over all rows, those of the reading included; and one is enough to send nothing."""
    rows, _ = read_rows("id,zone,customer\nacme,Mars/Base,northwind\nacme,,northwind\nfabrikam,,ghost\n", "csv")
    made = make_plan(rows, [RowError("line 9", None, "has 1 cells")], records(), TIERS)
    assert made.request is None
    assert [(error.where, error.column) for error in made.errors] == [
        ("line 9", None),
        ("line 2", "zone"),
        ("line 3", "id"),
        ("line 4", "customer"),
    ]


def test_a_party_with_two_names_is_a_mistake() -> None:
    """Which of them is right, the file does not say."""
    (one,) = mistakes("id,customer\nacme,contoso=Contoso\nfabrikam,contoso=Kontoso\n")
    assert one == ("line 3", "customer", "the party contoso has another name in another row")


def test_a_party_may_be_named_by_a_later_row() -> None:
    """The order of the rows does not matter."""
    assert plan("id,customer\nacme,contoso\nfabrikam,contoso=Contoso\n").errors == ()


def test_a_mapping_that_stands_is_not_made_again() -> None:
    """Neither one of the registry's nor one that the file tells twice."""
    made = plan(f"id,stores\nacme,{ARN}:orders;{ARN}:files;{ARN}:files\n")
    assert [(one.collection, one.change) for one in made.changes] == [("stores", "create")]
    assert made.request is not None
    assert made.request.stores[0].store == f"{ARN}:files"
    current = records()
    again = RegistryRecords(
        (),
        current.parties,
        current.tenants,
        current.subscriptions,
        {**current.stores, made.request.stores[0].id: made.request.stores[0]},
    )
    assert plan(f"id,stores\nacme,{ARN}:orders;{ARN}:files\n", again).changes == ()
    assert store("x", "acme", "orders").store == f"{ARN}:orders"


def test_the_digest_stands_for_change_and_ground() -> None:
    """The same file on the same registry has the same one; another change, or another ground, another."""
    text = "id,name\nacme,{}\n"
    assert plan(text.format("One")).digest == plan(text.format("One")).digest
    assert plan(text.format("One")).digest != plan(text.format("Two")).digest
    moved = records()
    moved = RegistryRecords(
        (), moved.parties, {**moved.tenants, "acme": tenant("acme", zone="Asia/Dubai")}, moved.subscriptions
    )
    assert plan(text.format("One"), moved).digest != plan(text.format("One")).digest
