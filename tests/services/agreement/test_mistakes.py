"""Each mistake of a policy file at its line, with what to write instead; all of them at once."""

from __future__ import annotations

import re
from dataclasses import astuple
from typing import NamedTuple

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from services.agreement import PolicyError, Problem, default_policy_text, parse_policy, tree
from tests.services.agreement.policies import OTHER_TEXT

TEXT = default_policy_text()


def problems(text: str) -> tuple[Problem, ...]:
    """The mistakes of a policy file."""
    with pytest.raises(PolicyError) as caught:
        parse_policy(text)
    return caught.value.problems


def broken(old: str, new: str, text: str = TEXT) -> str:
    """The text with one passage replaced; the passage must be there exactly once."""
    assert text.count(old) == 1, old
    return text.replace(old, new)


def place(text: str, passage: str) -> tuple[int, int]:
    """Line and column, from 1, of a passage that stands once."""
    assert text.count(passage) == 1, passage
    before = text[: text.index(passage)]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


class Case(NamedTuple):
    """A passage of the default policy, the mistake to put there, the text that is wrong in it, and what is told."""

    old: str
    new: str
    wrong: str
    path: str
    told: str


ASSISTANCE = "  assistance:                    # ours: the terms name no time\n"
ASSISTANCE += "    data_subject_request: P10D\n    breach_notice: PT24H\n"

CASES = {
    "unknown key": Case(
        "  asked_of:", "  asked_of: x\n  askedof:", "askedof", "export.askedof", "write asked_of, or remove it"
    ),
    "foreign key": Case("  asked_of:", "  asked_of: x\n  zzz:", "zzz", "export.zzz", "here stand asked_of, database"),
    "wrong number": Case("target: 0.995", "target: tall", "tall", "availability.target", "write a number above 0"),
    "no number": Case("target: 0.995", "target: .nan", ".nan", "availability.target", "write a number above 0"),
    "nan": Case("target: 0.995", "target: NaN", "NaN", "availability.target", "write a number above 0"),
    "share above 1": Case("target: 0.995", "target: 99.5", "99.5", "availability.target", "up to 1, such as 0.8"),
    "wrong word": Case(
        "window_starts: available", "window_starts: later", "later ", "export.window_starts", "available or requested"
    ),
    "wrong period": Case(
        "grace: P30D", "grace: 30 days", "30 days", "right-to-be-forgotten.grace", "write it like P30D"
    ),
    "months as length": Case("allowance: PT24H", "allowance: P1M", "P1M", "erasure.allowance", "write days or hours"),
    "list for a text": Case("until: corrected", "until: [a]", "[a]", "acceptable-use.until", "write a text"),
    "text for a list": Case(
        "egress: [Office 365, Google, Salesforce, Dropbox]", "egress: Goggle", "Goggle",
        "peering.egress", "write a list",
    ),
    "text for a mapping": Case(
        ASSISTANCE, "  assistance: soon\n", "soon", "processing.assistance", "the keys data_subject_request, breach"
    ),
    "empty list": Case(
        "[project, data, application, account, tenant]", "[ ]", "[ ]",
        "acceptable-use.may_disable", "empty: write a list",
    ),
    "wrong region": Case("- us-east-2", "- Ohio", "Ohio", "regions.public[1]", "an AWS region such as eu-central-1"),
    "region as text": Case(
        "dedicated: any", "dedicated: eu-west-1", "eu-west-1",
        "regions.dedicated", "write any, or a list of AWS regions",
    ),
    "unknown zone": Case("default_zone: Europe/Rome", "default_zone: Roma", "Roma", "default_zone", "unknown time"),
    "bad day": Case("published: 2023-06-16", "published: 2023-06-31", "2023-06-31", "source.published", "write a day"),
    "bad flag": Case(
        "on_instructions_only: true", "on_instructions_only: 3", "3\n  assists",
        "processing.on_instructions_only", "true or false",
    ),
    "unknown store": Case(
        "    s3-bucket:", "    ftp-server:", "ftp-server", "recovery.evidence.ftp-server", "rds-instance or rds-cluster"
    ),
    "unknown evidence": Case(
        "[protected-versions, ", "[guesses, ", "guesses", "recovery.evidence.s3-bucket[0]", "or snapshot or"
    ),
    "undeclared tier": Case(
        "    dedicated: PT5M", "    golden: PT5M\n    dedicated: PT5M", "golden", "recovery.rpo.golden",
        "write public or dedicated, or add it under tiers",
    ),
    "undeclared tier in a list": Case(
        "tiers: [dedicated]", "tiers: [silver]", "silver", "peering.tiers[0]", "'silver' is not declared"
    ),
    "written twice": Case(
        "  allowance: PT24H", "  allowance: PT24H\n  allowance : PT25H", "allowance :",
        "erasure.allowance", "written twice, first in line",
    ),
    "grace beyond retention": Case(
        "grace: P30D", "grace: P95D", "P95D", "right-to-be-forgotten.grace",
        "never longer than right-to-be-forgotten.retention",
    ),
    "retention beyond the outer clock": Case(
        "retention: P3M", "retention: P6M", "P6M", "right-to-be-forgotten.retention",
        "never longer than return-or-delete.within",
    ),
    "at risk before it is due": Case(
        "  conduct: PT1H", "  conduct: PT25H", "PT25H", "at_risk.conduct", "write none or a length up to due.conduct"
    ),
    "too long": Case("within: P180D", "within: P2000M", "P2000M", "return-or-delete.within", "longer than a century"),
    "a tag": Case("asked_of: DPO", "asked_of: !!omap DPO", "!!omap", "export.asked_of", "tags are not used here"),
    "key that is no word": Case("erasure:\n", "erasure:\n  [a, b]: c\n", "[a, b]", "erasure", "a key is a word"),
    "blackout backwards": Case(
        "blackouts: []", "blackouts: [{first: 2026-12-31, last: 2026-12-30, reason: x}]", "2026-12-30",
        "maintenance.blackouts[0].last", "the last day is before the first",
    ),
    "undeclared tier in a blackout": Case(
        "blackouts: []", "blackouts: [{first: 2026-12-30, last: 2026-12-31, reason: x, tiers: [tin]}]", "tin]",
        "maintenance.blackouts[0].tiers[0]", "'tin' is not declared",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", list(CASES))
def test_a_mistake_is_told_at_its_place(case: str) -> None:
    """One mistake: one report, with line and column of the offending text, its path, and what to write instead."""
    old, new, passage, path, told = CASES[case]
    text = broken(old, new)
    line, column = place(text, passage)
    (problem,) = problems(text)
    assert (problem.line, problem.column, problem.path) == (line, column, path)
    assert told in problem.message


@pytest.mark.parametrize("key", re.findall(r"^([a-z_-]+):", TEXT, re.MULTILINE))
def test_a_missing_clause_is_told(key: str) -> None:
    """A clause that is left out is named with what to write; nothing else is reported of it."""
    text = re.sub(rf"^{key}:.*\n((?:[ #].*)?\n)*?(?=[a-z]|\Z)", "", TEXT, flags=re.MULTILINE)
    assert not re.search(rf"^{key}:", text, re.MULTILINE)
    (problem,) = problems(text)
    first = re.search(r"^[a-z]", text, re.MULTILINE)
    assert first
    assert (problem.line, problem.column, problem.path) == (text[: first.start()].count("\n") + 1, 1, key)
    assert problem.message.startswith("missing: write ")


def test_a_missing_member_is_told_where_its_mapping_stands() -> None:
    """A member that is left out is reported at the key of the mapping that lacks it."""
    text = broken("  allowance: PT24H ", "  # allowance: PT24H ")
    (problem,) = problems(broken("erasure:\n", "erasure: {}\n", text))
    assert (problem.line, problem.column) == place(text, "erasure:")
    assert (problem.path, problem.message) == ("erasure.allowance", "missing: write a length such as PT24H or P90D")


def test_a_declared_tier_that_is_left_out_is_told() -> None:
    """Where tiers have values of their own, each declared one needs its own."""
    (problem,) = problems(broken("    dedicated: PT5M\n", ""))
    assert problem.path == "recovery.rpo.dedicated"
    assert "missing: give every declared tier a value" in problem.message


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file() -> None:
    """Mistakes of different kinds in different places are all reported, also where one hides a whole clause."""
    text = broken("erasure:\n", "erasur:\n")
    for old, new, *_ in (
        CASES["wrong number"],
        CASES["undeclared tier"],
        CASES["written twice"],
        CASES["wrong region"],
    ):
        text = broken(old, new, text)
    found = problems(text)
    assert [problem.path for problem in found] == [
        "erasure",
        "regions.public[1]",
        "availability.target",
        "recovery.rpo.golden",
        "erasur",
        "erasur.allowance",
    ]
    assert list(found) == sorted(found, key=astuple)


@pytest.mark.parametrize(
    ("text", "line", "column", "told"),
    [
        ("", 1, 1, "the file is empty"),
        ("# only a comment\n", 1, 1, "the file is empty"),
        ("[]", 1, 1, "a mapping with the keys source, default_zone"),
        ("word", 1, 1, "a mapping with the keys source, default_zone"),
        ("a: [1\nb: 2", 2, 2, "this is no YAML"),
        ("a: 1\n\tb: 2", 2, 1, "this is no YAML"),
        ("a: 1\n---\nb: 2", 2, 1, "this is no YAML"),
        ("a: &x 1\nb: *x", 2, 4, "write the value of 'x' out"),
        ("a: 1\nb: \x1b[2J", 2, 4, "remove it"),
        ("a: \ud800", 1, 4, "remove it"),
        ("[" * 5000, 1, 17, "nested too deeply"),
    ],
)
def test_what_is_no_policy_at_all(text: str, line: int, column: int, told: str) -> None:
    """Text that is empty, no YAML, endless or hostile is refused at its place, without a crash."""
    first = next(problem for problem in problems(text) if told in problem.message)
    assert (first.line, first.column) == (line, column)


def test_aliases_cannot_make_a_small_file_huge() -> None:
    """Nine levels of nine aliases, a billion words, are refused before they are laid out."""
    text = "a: &a [x, x, x, x, x, x, x, x, x]\n"
    for name, before in zip("bcdefghi", "abcdefgh", strict=True):
        text += f"{name}: &{name} [{', '.join(['*' + before] * 9)}]\n"
    assert len(problems(text)) == 72


def test_nothing_of_the_file_can_drive_a_terminal() -> None:
    """Keys and values with control and bidi characters come back escaped."""
    text = OTHER_TEXT + '"\\e[2J\u202e": 1\n"zoo\\u200b": "\\e]0;x"\n'
    text = broken("default_zone: America/Santiago", 'default_zone: "\\e]52;c"', text)
    for problem in problems(text):
        assert str(problem).isprintable()


@pytest.mark.unmeasured
def test_both_readers_of_yaml_see_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """A PyYAML without libyaml reports every mistake at the same place."""
    texts = [broken(old, new) for old, new, *_ in CASES.values()]
    fast = [problems(text) for text in texts]
    monkeypatch.setattr(tree, "_LOADER", yaml.BaseLoader)
    assert [problems(text) for text in texts] == fast


@given(st.text(max_size=200) | st.binary(max_size=100).map(lambda raw: raw.decode("latin-1")))
@settings(max_examples=100, deadline=None)
def test_no_text_crashes_the_reader(text: str) -> None:
    """Whatever a file holds, the answer is mistakes with places inside it, never another error."""
    for problem in problems(text):
        assert 1 <= problem.line <= len(re.split("\r\n|[\n\r\x85\u2028\u2029]", text)) + 1
        assert problem.column >= 1
        assert str(problem).isprintable()


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_a_line_that_is_lost_is_noticed_or_meant(data: st.DataObject) -> None:
    """Without any one line the default is refused with places, or is still a policy; it never crashes."""
    lines = TEXT.splitlines(keepends=True)
    gone = data.draw(st.integers(0, len(lines) - 1))
    text = "".join(lines[:gone] + lines[gone + 1 :])
    try:
        parse_policy(text)
    except PolicyError as error:
        found = error.problems
    else:
        return
    assert found
    assert all(1 <= problem.line <= len(lines) for problem in found)
