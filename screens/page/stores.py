"""A tenant's stores: how far back each could be brought, and how fast."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content

from screens.page.history import Recorded, not_recorded, recorded
from screens.page.lines import STATUS, PageLine, word
from screens.text import DIM, age, cut, fit, line, status_style
from screens.widgets.bars import bar, share
from services.areas.recovery import store_name
from services.areas.words import ABSENT
from services.fleet.snapshot import StoreView, TenantView
from services.model import Status
from services.words import say_length

if TYPE_CHECKING:
    from services.wire.history import HistoryRecord

_STORE = 18
_QUIET = (Status.OK, Status.NOT_APPLICABLE)


def stores(view: TenantView, now: datetime, width: int, of: Recorded | None = None) -> Iterator[PageLine]:
    """A line a store with its RPO, one with what was recorded of it, one with its RTO, and why it is not well where it
    is not. ``of``: ``None`` where nobody asks what was recorded."""
    tenant = view.tenant.id
    if not view.stores:
        verdict = next((verdict for verdict in view.verdicts if verdict.figure.startswith("recovery")), None)
        why = f": {verdict.status}, {verdict.reason}" if verdict else ""
        yield PageLine(line(("none is known", DIM), (why, DIM)), verdict, tenant)
        return
    for store in view.stores:
        yield PageLine(_rpo(store, now, width), store.verdict, tenant)
        if store.store is not None and store.verdict.status not in _QUIET:
            yield PageLine(line(" " * (STATUS + 1), (store.verdict.reason, DIM)))
        if of is not None and of.record is not None and store.store is not None:
            yield PageLine(_history(store, of.record, store.store.arn, now, width))
        if store.rto is not None:
            yield PageLine(_rto(store, width), store.rto, tenant)
        for trouble in store.store.troubles[:2] if store.store else ():
            yield PageLine(line(" " * (STATUS + 1), (trouble, "$status-at-risk")))
    if of is not None and (said := not_recorded(of)) is not None:
        yield PageLine(line(" " * (STATUS + 1), said))


def _rpo(view: StoreView, now: datetime, width: int) -> Content:
    verdict = view.verdict
    if view.store is None and verdict.value is None:
        name = store_name(view)
        return line(word(verdict.status), name or "", "  " if name else "", (verdict.reason, DIM))
    name = store_name(view) or ABSENT
    figure = ABSENT if verdict.value is None else say_length(verdict.value)
    if verdict.status is Status.UNKNOWN and verdict.value is not None:
        figure = f"({figure})"
    target = say_length(verdict.target) if verdict.target is not None else ABSENT
    seen = f"{age(view.observed_at, now)} ago" if view.observed_at else "never seen"
    drawn = line(
        word(verdict.status),
        fit(name, _STORE),
        " RPO ",
        fit(f"{figure} of {target}" if verdict.value or verdict.target else figure, 14),
        " ",
        bar(share(verdict), status_style(verdict.status)),
        " ",
        (seen, DIM),
    )
    kind = f"  {view.store.kind}" if view.store else ""
    return line(drawn, (kind, DIM)) if drawn.cell_length + len(kind) <= width else drawn


def _rto(view: StoreView, width: int) -> Content:
    if view.rto is None:
        return Content("")
    before = line(word(view.rto.status), " " * _STORE, " RTO ")
    return line(before, cut(view.rto.reason.removeprefix("RTO "), width - before.cell_length))


def _history(view: StoreView, record: HistoryRecord, arn: str, now: datetime, width: int) -> Content:
    before = STATUS + 1 + _STORE
    span, said = recorded(record, arn, view.verdict.target, now, width - before - len(" RPO "))
    return line(" " * before, (f" {fit(span, 3, right=True)} ", DIM), said)
