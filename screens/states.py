"""What is said when facts are missing, late or refused: one line each, with the way out. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from textual.content import Content

from screens import frozen, under_way
from screens.text import ACCENT, DIM, line
from screens.widgets.header import at_most
from screens.widgets.row import Piece
from services.areas.base import Area
from services.fleet.condition import Condition, State, of_all
from services.fleet.needs import INTERNAL
from services.fleet.snapshot import FleetSnapshot, SourceView
from services.instants import say_local
from services.model import EVERYWHERE, Outcome, Source

SHOWS = ":sources"
_SHORT = {"resourcegroupstaggingapi": "tags"}
"""Services whose name leaves no room for where they failed."""
_UNREAD = frozenset({State.DENIED, State.THROTTLED, State.FAILED})
"""What the area cannot do without did not answer."""


@dataclass(frozen=True, slots=True)
class Said:
    """What is the matter, and what can be done about it."""

    what: str
    way_out: str
    between: str = "; "

    @property
    def line(self) -> str:
        """Both, as the notice has it."""
        return f"{self.what}{self.between}{self.way_out}"


def said(condition: Condition, title: str, fleet: FleetSnapshot, now: datetime, *, shows: str = SHOWS) -> Said | None:
    """What the state of an area, or of a page of that title, comes to; ``None`` where all is well.

    ``shows`` is where each call is told of, or what can be done with it where that is told already.
    """
    match condition.state:
        case State.FRESH:
            return None
        case State.FROZEN:
            return _frozen(fleet, now)
        case State.LOADING:
            return Said(f"Waiting for {part(condition.to_blame, condition)}", f"rows still come, {shows}")
        case State.PARTIAL:
            return Said(_missing(condition), _way_out(condition, now, shows))
        case State.STALE:
            return Said(f"{part(condition.to_blame, condition)} {_last_read(condition, now)}", f"r asks, {shows}")
        case _:
            return Said(_unread(condition, title), _way_out(condition, now, shows))


def _frozen(fleet: FleetSnapshot, now: datetime) -> Said | None:
    if fleet.frozen is None:
        return None
    way_out = frozen.way_out(fleet, fleet.frozen, now)
    return Said((frozen.notice(fleet, now) or "").removesuffix(way_out).rstrip(" ."), way_out, ". ")


def _unread(condition: Condition, title: str) -> str:
    """That the list behind the rows was not read, of when they are, and why."""
    first = condition.to_blame[0]
    of = f"{title} of {first.last_seen_at:%H:%M}Z" if first.last_seen_at is not None else f"{title} not known"
    if first.source.service == INTERNAL:
        return f"{of}: {first.source.operation} {first.outcome}"
    return f"{of}: all of AWS {first.outcome}"


def _missing(condition: Condition) -> str:
    """Which part is missing, and how that ended."""
    outcomes = Counter(view.outcome for view in condition.to_blame)
    if len(outcomes) == 1:
        first = condition.to_blame[0]
        return f"{part(condition.to_blame, condition)} {first.outcome}"
    return (
        f"{len(condition.to_blame)} of {len(condition.asked)} sources did not answer, "
        f"first {_part(condition.to_blame[0].source)}"
    )


def _way_out(condition: Condition, now: datetime, shows: str) -> str:
    """What to do about sources that did not answer: by how the gravest of them ended."""
    if condition.state is State.PARTIAL and len({view.outcome for view in condition.to_blame}) > 1:
        return shows  # each in its own way
    if condition.to_blame[0].outcome is Outcome.DENIED:
        return f"`tenure doctor` says why, {shows}"
    coming = [view.next_at for view in condition.to_blame if view.next_at is not None and view.next_at > now]
    again = f"again in {minutes(min(coming) - now)}" if coming else "again by itself"
    if condition.to_blame[0].outcome is Outcome.THROTTLED:
        return f"{again}, {shows}"
    return f"{again} or r, {shows}"


def minutes(left: timedelta) -> str:
    """``0:42``, ``12:05``: of fixed shape, so that only digits change."""
    seconds = max(int(left.total_seconds()), 0)
    return f"{seconds // 60}:{seconds % 60:02}"


def _last_read(condition: Condition, now: datetime) -> str:
    oldest = condition.to_blame[0].last_seen_at
    if oldest is None:
        return "never read"
    return f"last read {oldest:%H:%M}Z, {at_most(max(now - oldest, timedelta()))} ago"


def part(views: Sequence[SourceView], condition: Condition) -> str:
    """Which part of the facts these sources are: ``rds in me-central-1 and 3 more``, ``GET /slots``.

    Where it is one service in one region, its account as well, unless all are concerned that were asked there.
    """
    parts = list(dict.fromkeys(_part(view.source) for view in views))
    if len(parts) > 1:
        return f"{parts[0]} and {len(parts) - 1} more"
    mine = {view.source.account for view in views}
    asked = {view.source.account for view in condition.asked if _part(view.source) == parts[0]}
    if mine == asked:
        return parts[0]
    return f"{parts[0]} of {next(iter(mine))}" if len(mine) == 1 else f"{parts[0]} of {len(mine)} accounts"


def _part(source: Source) -> str:
    """A list of the internal API, or a service in a region."""
    if source.service == INTERNAL:
        return source.operation
    return f"{_SHORT.get(source.service, source.service)}{' in ' + source.region if source.region else ''}"


def source_state(condition: Condition, fleet: FleetSnapshot, *, refreshing: bool, trouble: str | None) -> list[Piece]:
    """The title's words on the sources of an area: how many regions, what went wrong, how old."""
    if not fleet.sources:
        if trouble is not None and not refreshing:
            return [Piece(line(("refresh broke off", "$status-unknown")), 4)]
        return [Piece(line(("asking" if refreshing else "not asked yet", DIM)), 4)]
    parts: list[tuple[str, str, int]] = []
    if fleet.forecast_from is not None:
        parts.append((f"AWS as seen {fleet.forecast_from:%d %b %H:%M}Z", "$forecast", 4))
    if condition.waiting:
        total = len(condition.asked)
        parts.append((f"loading {total - condition.waiting}/{total} sources", DIM, 4))
    else:
        regions = {view.source.region for view in condition.asked} - {None}
        parts += [(f"{len(regions)} region{'s' * (len(regions) != 1)}", DIM, 5)] if regions else []
    parts += [(word, "$status-unknown", 2) for word in _words(condition)]
    if condition.oldest is not None and not condition.waiting:
        parts.append((f"{at_most(condition.oldest)} old", DIM, 6))
    return [Piece(line((text, style)), rank) for text, style, rank in parts]


def _words(condition: Condition) -> list[str]:
    """The state in a word, and how many sources ended how."""
    state = "unread" if condition.state in _UNREAD else str(condition.state)
    told = [] if condition.waiting or condition.state is State.FRESH else [state]
    counts = Counter(view.outcome for view in condition.failed)
    return [*told, *(f"{count} {outcome}" for outcome, count in counts.items())]


def scope_words(fleet: FleetSnapshot) -> Content:
    """What is looked at, where that is not everything, and how many tenants that leaves out."""
    if fleet.scope == EVERYWHERE:
        return Content("")
    return line(("only ", DIM), (fleet.scope.words, ACCENT), (f" · {fleet.outside} tenants outside", DIM))


def forecast_word(fleet: FleetSnapshot) -> Content:
    """That a list is not the present one, where it is not."""
    if fleet.forecast_from is None:
        return Content("")
    return line("  ", ("FORECAST", "bold $forecast"))


def notices(
    fleet: FleetSnapshot,
    now: datetime,
    *,
    trouble: str | None,
    condition: Condition | None = None,
    title: str = "What is seen",
    empty: bool = False,
    shows: str = SHOWS,
) -> tuple[str, ...]:
    """What the operator must know before believing the screen, the gravest first; nothing if all is well.

    ``condition`` is of what is on the screen, of everything where none is given. Where the screen is ``empty`` its
    middle says it.
    """
    condition = condition or of_all(fleet, now)
    state = None if empty else said(condition, title, fleet, now, shows=shows)
    every = (
        _forecast(fleet),
        _broken(fleet, trouble),
        state.line if state else None,
        under_way.notice(fleet),
        _bad_records(condition, fleet),
    )
    return tuple(one for one in every if one)


def _forecast(fleet: FleetSnapshot) -> str | None:
    if fleet.forecast_from is None:
        return None
    return f"As it will stand {say_local(fleet.at, fleet.default_zone)} if nobody acts. :as-of off"


def _broken(fleet: FleetSnapshot, trouble: str | None) -> str | None:
    if trouble is None or not fleet.sources:
        return None  # without any picture the empty list says it
    return f"The refresh broke off; this is the picture of {fleet.at:%H:%M:%S}Z. r asks again. {trouble}"


def _bad_records(condition: Condition, fleet: FleetSnapshot) -> str | None:
    lists = {view.source.operation.removeprefix("GET /") for view in condition.asked}
    count = sum(bad.collection in lists for bad in fleet.bad_records)
    if not count:
        return None
    records = "1 record" if count == 1 else f"{count} records"
    return f"{records} of the registry cannot be read and {'is' if count == 1 else 'are'} not judged; {SHOWS}"


def why_empty(
    area: Area[object],
    condition: Condition,
    fleet: FleetSnapshot,
    now: datetime,
    *,
    total: int,
    filter_text: str,
    only_bad: bool,
    refreshing: bool,
    trouble: str | None,
) -> str:
    """Why a list shows nothing, and what can be done: two lines."""
    if total and filter_text:
        also = " and is not ok" if only_bad else ""
        return f"Of {total} rows none matches /{filter_text}{also}.\nEsc clears the filter."
    if total:
        return f"All {total} rows are ok or not applicable.\n! shows them."
    if trouble is not None and not fleet.sources:
        return f"There is no picture yet: {trouble}\nr asks again; `tenure doctor` in a shell checks the settings."
    if not fleet.sources:
        return "Asking the internal API which tenants there are." if refreshing else "Nothing was asked yet.\nr asks."
    state = said(condition, area.title, fleet, now)
    if state is None and (missing := [it for it in condition.asked if it.outcome is Outcome.NOT_OFFERED]):
        return f"{part(missing, condition)} is not offered by this internal API.\nThere is nothing to be shown of it."
    if state is None:
        return f"{area.empty[:1].upper()}{area.empty[1:]}.\n{_all_answered(len(condition.asked))}"
    return "\n".join(_empty(condition, state))


def _all_answered(count: int) -> str:
    return f"All {count} sources answered." if count != 1 else "The only source of it answered."


def _empty(condition: Condition, state: Said) -> Iterable[str]:
    error = next((it.observation.error for it in condition.failed[:1] if it.observation and it.observation.error), None)
    if condition.state is State.LOADING:
        total = len(condition.asked)
        yield f"{total - condition.waiting} of {total} sources have answered. {state.what}."
    elif condition.state is State.PARTIAL:
        yield f"Those that answered know of nothing. {state.what}{': ' + error if error else ''}"
    elif condition.state in _UNREAD:
        yield f"{state.what}{': ' + error if error else ''}"
    else:
        yield f"{state.what}."
    said_of_it = state.way_out.rstrip(".")
    key = said_of_it[1:2] == " "  # which is what it is: ``R`` is another than ``r``
    yield f"{said_of_it if key else said_of_it[:1].upper() + said_of_it[1:]}."
