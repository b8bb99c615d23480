"""What commands print: harmless, exact where machines read it, and of the right width."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.output import WIDEST, Format, cell_len, csv_lines, print_rows, table_lines
from services.areas import AREAS
from services.areas.base import Area
from services.areas.machine import to_dict
from services.areas.tenants import TENANTS, TenantRow
from services.areas.words import shown
from services.text import clean
from tests.support.fleet import AT, HOSTILE_NAMES, fleet, tenant, view

FLEET = fleet()
ROWS = list(TENANTS.rows(FLEET))


def printed(output: Format, capsys: pytest.CaptureFixture[str], area: str = "tenants") -> str:
    """What printing the varied fleet writes to stdout."""
    print_rows(AREAS[area], list(AREAS[area].rows(FLEET)), output, FLEET.at)
    return capsys.readouterr().out


def controls(text: str) -> set[str]:
    """Characters in ``text`` that may drive a terminal or reorder a line; line ends are expected."""
    return {char for char in text if unicodedata.category(char) in {"Cc", "Cf", "Co", "Cs"}} - {"\n", "\r"}


@pytest.mark.parametrize("output", ["table", "json", "csv", "ndjson"])
@pytest.mark.parametrize("area", list(AREAS))
def test_no_format_prints_a_foreign_control(output: Format, area: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Hostile names pass through every format of every area without one byte that drives a terminal."""
    text = printed(output, capsys, area)
    assert controls(text) == set()
    if output != "csv":
        assert "\r" not in text


def test_json_and_ndjson_hold_the_same_rows_exactly(capsys: pytest.CaptureFixture[str]) -> None:
    """Both say the same, each row as the area has it, hostile text exact, in ASCII."""
    expected = [to_dict(TENANTS, row) for row in ROWS]
    as_array = printed("json", capsys)
    as_lines = printed("ndjson", capsys)
    assert json.loads(as_array) == expected
    assert [json.loads(line) for line in as_lines.splitlines()] == expected
    assert (as_array + as_lines).isascii()
    assert {row["name"] for row in expected} >= set(HOSTILE_NAMES)


def test_json_of_nothing_is_an_empty_array(capsys: pytest.CaptureFixture[str]) -> None:
    """No rows is [], for programs that expect a list."""
    print_rows(TENANTS, [], "json", AT)
    assert json.loads(capsys.readouterr().out) == []


def test_csv_reads_back(capsys: pytest.CaptureFixture[str]) -> None:
    """CSV has the field names as heading, a line for each row, and null for what is absent."""
    rows = list(csv.DictReader(io.StringIO(printed("csv", capsys), newline="")))
    assert list(rows[0]) == [field.name for field in TENANTS.fields]
    assert len(rows) == len(ROWS)
    northgate = next(row for row in rows if row["tenant"] == "northgate")
    assert (northgate["reseller"], northgate["stores"], northgate["status"]) == ("null", "1", "breached")


@given(st.sampled_from("=+-@＝＋－＠"), st.text(max_size=20), st.sampled_from(["", " ", "  "]))
def test_no_csv_cell_is_a_formula(sign: str, rest: str, before: str) -> None:
    """Text that a spreadsheet would run gets an apostrophe in front, blanks before the sign or not."""
    row = TenantRow(view(tenant("x", name=before + sign + rest)))
    (_, read) = csv.reader(io.StringIO("".join(csv_lines(TENANTS, [row])), newline=""))
    cell = read[[field.name for field in TENANTS.fields].index("name")]
    assert cell == "'" + clean(before + sign + rest)


def test_negative_numbers_stay_numbers() -> None:
    """A figure below zero is no formula."""
    area = replace(TENANTS, fields=(replace(TENANTS.fields[0], get=lambda _row: -5),))
    assert next(iter(csv_lines(area, ROWS[:1]))).splitlines()[1] == "-5"


def test_a_piped_table_has_every_row_and_column_and_no_cell_too_wide(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a terminal no column goes, and what is longer than 60 cells ends with an ellipsis there; the machine
    formats have it whole."""
    text = printed("table", capsys)
    long = clean(HOSTILE_NAMES[3])
    assert cell_len(long) > WIDEST
    assert long not in text
    assert clean(long, limit=WIDEST) in text
    assert clean(long, limit=WIDEST).endswith("…")
    heading, *lines = text.splitlines()
    assert heading.split() == [field.title for field in TENANTS.fields if field.title]
    assert len(lines) == len(ROWS)
    titles = [field for field in TENANTS.fields if field.title]
    assert max(map(cell_len, lines)) <= len(titles) * (WIDEST + 2)
    assert long in printed("csv", capsys)


def test_a_cell_of_exactly_the_widest_is_whole() -> None:
    """Wide characters count twice, and one is never halved."""
    (name,) = [field for field in TENANTS.fields if field.name == "name"]
    for text, shown_text in (
        ("x" * WIDEST, "x" * WIDEST),
        ("x" * (WIDEST + 1), "x" * (WIDEST - 1) + "…"),
        ("東" * (WIDEST // 2), "東" * (WIDEST // 2)),
        ("東" * WIDEST, "東" * (WIDEST // 2 - 1) + "…"),
    ):
        assert list(table_lines([name], [[text]], None))[1] == shown_text + "\n"


@pytest.mark.parametrize("width", [60, 80, 120, 200])
@pytest.mark.parametrize("area", AREAS.values(), ids=AREAS)
def test_a_table_fits_the_terminal(area: Area[Any], width: int) -> None:
    """With a width no line is longer in cells, wide characters included; from 80 on none of the first columns goes."""
    from console.output import _fitting

    fields = [field for field in area.fields if field.title]
    cells = [[clean(shown(field, row, AT)) for field in fields] for row in area.rows(FLEET)]
    kept, cut = _fitting(fields, cells, width)
    lines = list(table_lines(kept, cut, width))
    assert max(cell_len(line.rstrip("\n")) for line in lines) <= width
    first = [field for field in fields if field.priority == 1]
    assert width < 80 or all(field in kept for field in first)


def test_columns_line_up() -> None:
    """Every cell of a column begins in the same terminal cell though names hold wide characters."""
    fields = [field for field in (TENANTS.field("name"), TENANTS.field("tier")) if field]
    rows = [row for row in ROWS if row.id in {"hostile-4", "adatum"}]
    cells = [[clean(shown(field, row, AT)) for field in fields] for row in rows]
    lines = list(table_lines(fields, cells, None))
    assert len({cell_len(line[: line.index("public")]) for line in lines[1:]}) == 1
