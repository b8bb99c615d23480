"""What is said when facts are missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from screens.states import STALE_AFTER, notices, source_state, why_empty
from services.areas import AREAS
from services.fleet.snapshot import FleetSnapshot, SourceView
from services.model import Outcome, Source
from tests.support.fleet import AT, fleet, healthy_fleet


def empty(picture: FleetSnapshot, **given: object) -> str:
    usual = {"total": 0, "filter_text": "", "only_bad": False, "refreshing": False, "trouble": None}
    return why_empty(AREAS["tenants"], picture, **{**usual, **given})  # type: ignore[arg-type]  # mixed on purpose


def test_each_cause_of_an_empty_list_has_its_sentence_and_way_out() -> None:
    """No two causes share a sentence, and only an answer of all sources lets the area say that there is nothing."""
    healthy = replace(healthy_fleet(), tenants={})
    first = healthy.sources[0]
    assert first.observation is not None
    refused = replace(first, observation=replace(first.observation, outcome=Outcome.DENIED, error="401"))
    aws = healthy.sources[-1]
    assert aws.observation is not None
    failed = replace(aws, observation=replace(aws.observation, outcome=Outcome.FAILED))
    waiting = SourceView(Source("internal", "GET /stores"), asking=True)
    causes = {
        "all answered": empty(healthy),
        "registry": empty(replace(healthy, sources=(refused, *healthy.sources[1:]))),
        "aws": empty(replace(healthy, sources=(*healthy.sources[:-1], failed))),
        "waiting": empty(replace(healthy, sources=(*healthy.sources, waiting))),
        "broken": empty(FleetSnapshot(AT), trouble="OSError: x"),
        "asking": empty(FleetSnapshot(AT), refreshing=True),
        "not asked": empty(FleetSnapshot(AT)),
        "filter": empty(healthy, total=3, filter_text="x"),
        "not ok": empty(healthy, total=3, only_bad=True),
        "both": empty(healthy, total=3, filter_text="x", only_bad=True),
    }
    assert len(set(causes.values())) == len(causes)
    assert [cause for cause, said in causes.items() if AREAS["tenants"].empty in said.lower()] == ["all answered"]
    assert "401" in causes["registry"]
    assert ":sources" in causes["aws"]


def test_all_is_well_says_nothing() -> None:
    """Fresh answers of all sources leave no notice."""
    assert notices(healthy_fleet(), AT, trouble=None) == ()


def test_stale_from_the_first_moment_past_the_limit() -> None:
    """At the limit nothing is said, a second later it is."""
    picture = healthy_fleet()
    assert picture.oldest is not None
    limit = AT + STALE_AFTER - picture.oldest
    assert notices(picture, limit, trouble=None) == ()
    assert "The oldest facts are 6m old" in notices(picture, limit + timedelta(seconds=1), trouble=None)[0]


def test_failures_credentials_and_bad_records_are_all_said() -> None:
    """One does not hide the other; the gravest comes first."""
    picture = fleet()
    said = notices(picture, AT + timedelta(minutes=43), trouble="OSError: x")
    assert [sentence.split()[0] for sentence in said] == ["The", "The", "2", "3"]
    assert "broke off" in said[0]
    assert "credentials ended 12:47:31Z" in said[1]


def test_the_title_counts_sources_while_loading_and_regions_after() -> None:
    """Progress first; then how many regions, what went wrong by kind, and the age."""

    def title(picture: FleetSnapshot, *, refreshing: bool = False, trouble: str | None = None) -> str:
        return " · ".join(
            piece.text.plain for piece in source_state(picture, AT, refreshing=refreshing, trouble=trouble)
        )

    assert title(fleet()) == "loading 14/15 sources · 1 denied · 1 failed"
    assert title(healthy_fleet()) == "4 regions · 40s old"
    assert title(FleetSnapshot(AT), refreshing=True) == "asking"
    assert title(FleetSnapshot(AT), trouble="x") == "refresh broke off"
