"""What a tenant's page rests on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from textual.content import Content

from screens.page.lines import STATUS, PageLine
from screens.text import DIM, age, fit, line
from services.fleet.needs import about
from services.fleet.snapshot import FleetSnapshot, TenantView
from services.model import Observation


def sources(view: TenantView, fleet: FleetSnapshot, now: datetime) -> Iterator[PageLine]:
    """What the page rests on: the questions that were not answered, or how many were."""
    asked = about(view, fleet.sources)
    bad = [source for source in asked if source.observation and not source.observation.outcome.answered]
    waiting = [source for source in asked if source.observation is None]
    for source in bad:
        observation = source.observation
        if observation is not None:
            yield PageLine(_bad_source(observation, source.last_seen_at, now))
    if waiting:
        yield PageLine(line((f"{len(waiting)} of {len(asked)} not answered yet", DIM)))
    if not bad and not waiting:
        said = f"all {len(asked)} answered" if asked else "none: nobody was asked about it"
        yield PageLine(line((said, DIM)))


def _bad_source(observation: Observation[object], last_seen_at: datetime | None, now: datetime) -> Content:
    source = observation.source
    seen = f"last answered {age(last_seen_at, now)} ago" if last_seen_at else "never answered"
    return line(
        (fit(observation.outcome, STATUS), "$status-unknown"),
        f" {source.service} {source.operation} {source.region or ''}  ",
        (f"{seen}  {observation.error or ''}", DIM),
    )
