"""From a file to rows: every mistake has its place, and no column is guessed."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from services.upkeep.rows import Form, Mapped, Party, Row, RowError, UnreadableFileError, read_rows

ARN = "arn:aws:rds:eu-central-1:111122223333:db:orders"


def test_csv_and_json_tell_the_same() -> None:
    """Parties with and without names, parts of stores, absent values."""
    table = (
        "id,name,zone,customer,reseller,sp_end_customers,ended_on,stores\n"
        f'acme,"Acme, Inc.",,contoso=Contoso AG,null,lumen;beta=Beta,2027-01-31,{ARN};{ARN}#acme\n'
    )
    item = {
        "id": "acme",
        "name": "Acme, Inc.",
        "zone": None,
        "customer": {"id": "contoso", "name": "Contoso AG"},
        "reseller": None,
        "sp_end_customers": ["lumen", {"id": "beta", "name": "Beta"}],
        "ended_on": "2027-01-31",
        "stores": [ARN, {"store": ARN, "part": "acme"}],
    }
    expected = Row(
        "line 2",
        "acme",
        {"name": "Acme, Inc.", "zone": None, "ended_on": "2027-01-31"},
        {"customer": Party("contoso", "Contoso AG"), "reseller": None},
        (Party("lumen"), Party("beta", "Beta")),
        (Mapped(ARN), Mapped(ARN, "acme")),
    )
    assert read_rows(table, "csv") == ([expected], [])
    (row,), errors = read_rows(json.dumps([item]), "json")
    assert (row.id, row.values, row.parties, row.sp_end_customers, row.stores, errors) == (
        expected.id,
        expected.values,
        expected.parties,
        expected.sp_end_customers,
        expected.stores,
        [],
    )


def test_a_column_that_is_not_there_is_not_told() -> None:
    """So that it can be left as it is, which an empty cell does not say."""
    (row,), _ = read_rows("id,zone\nacme,\n", "csv")
    assert (dict(row.values), dict(row.parties), row.sp_end_customers, row.stores) == ({"zone": None}, {}, None, ())


def test_semicolons_between_cells_are_understood() -> None:
    """As spreadsheets of many countries write them; several values then stand in quotes."""
    (row,), errors = read_rows('id;name;sp_end_customers\nacme;"A, B";"x;y"\n', "csv")
    assert (row.values["name"], row.sp_end_customers, errors) == ("A, B", (Party("x"), Party("y")), [])


def test_mistakes_are_told_by_row_and_the_others_are_read() -> None:
    """Cells too many or too few, no id; blank lines count as lines and as nothing else."""
    rows, errors = read_rows("id,name\nacme,Acme\n\nbeta\n,Gamma\ndelta,D,x\nlast,L\n", "csv")
    assert [row.where for row in rows] == ["line 2", "line 7"]
    assert errors == [
        RowError("line 4", None, "has 1 cells where the heading has 2"),
        RowError("line 5", "id", "is missing"),
        RowError("line 6", None, "has 3 cells where the heading has 2"),
    ]


@pytest.mark.parametrize(
    ("item", "column"),
    [
        (7, None),
        ({"id": 7}, "id"),
        ({"id": "a", "colour": "red"}, "colour"),
        ({"id": "a", "account": 111122223333}, "account"),
        ({"id": "a", "customer": 7}, "customer"),
        ({"id": "a", "customer": {"id": "x", "kind": "customer"}}, "customer"),
        ({"id": "a", "sp_end_customers": {"id": "x"}}, "sp_end_customers"),
        ({"id": "a", "stores": [{"part": "x"}]}, "stores"),
    ],
)
def test_an_item_that_is_no_row_is_a_mistake(item: object, column: str | None) -> None:
    """With its number and its member."""
    rows, errors = read_rows(json.dumps([{"id": "good"}, item]), "json")
    assert [row.id for row in rows] == ["good"]
    assert [(error.where, error.column) for error in errors] == [("item 2", column)]


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("", "csv"),
        ("name\nAcme\n", "csv"),
        ("id,colour\nacme,red\n", "csv"),
        ("id,id\nacme,acme\n", "csv"),
        ('id,name\nacme,"open\n', "csv"),
        ("id\n" + "x" * 2_000_000, "csv"),
        ("{}", "json"),
        ("[", "json"),
        ("[" * 100_000, "json"),
    ],
)
def test_a_file_whose_rows_cannot_be_told_is_refused(text: str, form: Form) -> None:
    """No column is guessed, and an open quote swallows no row."""
    with pytest.raises(UnreadableFileError):
        read_rows(text, form)


@pytest.mark.unmeasured
@seed(20261123)
@settings(max_examples=60, deadline=None, database=None)
@given(text=st.text(alphabet=st.characters(codec="utf-8"), max_size=200), form=st.sampled_from(["csv", "json"]))
def test_no_file_raises_anything_else(text: str, form: Form) -> None:
    """Whatever stands in it, under a good heading too."""
    for given_text in (text, f"id,name,customer,stores\n{text}"):
        try:
            rows, errors = read_rows(given_text, form)
        except UnreadableFileError:
            continue
        assert all(row.id for row in rows)
        assert all(error.where and error.what for error in errors)
