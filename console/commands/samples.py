"""``tenure samples TENANT [--since 24h] -o table|json|csv|ndjson``: what the recorder saw while no console was open."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Literal

from cyclopts import Parameter

from console.errors import OK, UNANSWERED, CommandError, UsageError
from console.output import Format, print_rows, say
from console.waiting import Task
from services.areas.base import STATUSES, Area, Field, Kind
from services.estate.arns import parse
from services.estate.links import link_id
from services.instants import InstantError, read_back
from services.wire.samples import SampleRecord


def samples(
    tenant: Annotated[str, Parameter(help="The tenant.")],
    *,
    since: Annotated[str, Parameter(help="How far back: a length as 24h, 7d, or an instant.")] = "24h",
    store: Annotated[str | None, Parameter(help="One of its stores alone, by its ARN.")] = None,
    link: Annotated[str | None, Parameter(help="One of its links alone, by its ARN.")] = None,
    figure: Annotated[
        Literal["recovery", "links"] | None, Parameter(help="Those of its stores, or of its links, alone.")
    ] = None,
    output: Annotated[Format, Parameter(name=["--output", "-o"], help="Form of the rows on stdout.")] = "table",
) -> int:
    """Print what was recorded of the RPO of a tenant's stores and of the state of its links, the newest first.

    A store or link without samples for a while was not looked at: that says nothing good of it. Exits 3 where the
    internal API did not answer, or a sample cannot be read.
    """
    from console.settings import load_settings
    from console.wiring import load_policy, make_api
    from services.now import make_now

    settings = load_settings(os.environ)
    now = make_now(settings.clock_offset)
    zone = load_policy(settings).default_zone
    try:
        start = read_back(since, zone, now())
    except InstantError as error:
        raise UsageError(f"--since: {error}") from None
    with make_api(settings, now, zone) as api:
        cancel = threading.Event()
        try:
            only = {"store": store, "link": link, "figure": figure}
            answer = Task("samples", lambda: api.samples(cancel, tenant, since=start, **only)).wait()
        finally:
            cancel.set()
    if answer.value is None:
        raise CommandError(answer.error or f"the samples were not read: {answer.outcome}", UNANSWERED)
    print_rows(SAMPLES, answer.value, output, now())
    if answer.error is not None:
        say(f"tenure: {answer.error}")
        return UNANSWERED
    if not answer.value:
        say(f"tenure: nothing was recorded of {tenant} since {start.isoformat(timespec='minutes')}")
    return OK


def _fields() -> Iterator[Field[SampleRecord]]:
    yield Field("observed_at", Kind.INSTANT, lambda it: it.observed_at, "OBSERVED", 20, priority=1)
    yield Field("status", Kind.STATUS, lambda it: it.status, "STATUS", 14, priority=1, choices=STATUSES)
    yield Field("figure", Kind.TEXT, lambda it: it.figure, "FIGURE", 8, priority=3)
    yield Field("store_name", Kind.TEXT, _name, "STORE OR LINK", 22, priority=2)
    yield Field("rpo_seconds", Kind.LENGTH, _rpo, "RPO", 9, priority=2)
    yield Field("state", Kind.TEXT, lambda it: it.state, "STATE", 8, priority=2)
    yield Field("paths_up", Kind.NUMBER, lambda it: it.paths_up, "UP", 3, priority=4)
    yield Field("paths", Kind.NUMBER, lambda it: it.paths, "OF", 3, priority=4)
    yield Field("restore_point_at", Kind.INSTANT, lambda it: it.restore_point_at, "RESTORE POINT", 20, priority=4)
    yield Field("outcome", Kind.TEXT, lambda it: it.outcome, "AWS", 9, priority=5)
    yield Field("reason", Kind.TEXT, lambda it: it.reason or None, "REASON", 30, priority=3)
    yield Field("store", Kind.TEXT, lambda it: it.store)
    yield Field("link", Kind.TEXT, lambda it: it.link)
    yield Field("tenant", Kind.TEXT, lambda it: it.tenant)
    yield Field("sample", Kind.TEXT, lambda it: it.id)


def _name(sample: SampleRecord) -> str | None:
    if sample.link is not None:
        return link_id(sample.link)
    parsed = parse(sample.store) if sample.store is not None else None
    return parsed.name if parsed is not None else sample.store


def _rpo(sample: SampleRecord) -> timedelta | None:
    return None if sample.rpo_seconds is None else timedelta(seconds=sample.rpo_seconds)


SAMPLES: Area[SampleRecord] = Area(
    name="samples",
    title="Samples",
    key=None,
    fields=tuple(_fields()),
    rows=lambda _: (),
    row_key=lambda sample: sample.id,
    tenant=lambda sample: sample.tenant,
    status=lambda sample: sample.status,
)
"""Fields to print samples by. It is no area of the console: its rows do not come from the fleet's picture."""
