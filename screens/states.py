"""What is said when facts are missing, late or refused: one line each, with the way out. Pure."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from screens import frozen
from screens.text import DIM, line
from screens.widgets.header import at_most
from screens.widgets.row import Piece
from services.areas.base import Area
from services.fleet.snapshot import FleetSnapshot, SourceView
from services.instants import say_local
from services.model import Outcome

REGISTRY = ("tenants", "parties", "subscriptions", "stores")
"""Lists of the internal API without which there are no tenants to show."""
LISTS = {
    "due": ("exports", "slots", "holds", "cases"),
    "retention": ("exports", "holds"),
    "exports": ("exports",),
    "maintenance": ("slots",),
    "cases": ("cases",),
    "audit": ("audit",),
}
"""Further lists by area: what they would say is missing from it."""
STALE_AFTER = timedelta(minutes=5)
"""The console asks every minute: a fact this old means that the asking has stopped."""


def age(fleet: FleetSnapshot, now: datetime) -> timedelta | None:
    """How old the oldest fact is at ``now``."""
    return None if fleet.oldest is None else fleet.oldest + max(now - fleet.known_at, timedelta())


def source_state(fleet: FleetSnapshot, now: datetime, *, refreshing: bool, trouble: str | None) -> list[Piece]:
    """The title's words on the sources: how many regions, what went wrong, how old."""
    if not fleet.sources:
        if trouble is not None and not refreshing:
            return [Piece(line(("refresh broke off", "$status-unknown")), 4)]
        return [Piece(line(("asking" if refreshing else "not asked yet", DIM)), 4)]
    parts: list[tuple[str, str, int]] = []
    if fleet.forecast_from is not None:
        parts.append((f"AWS as seen {fleet.forecast_from:%d %b %H:%M}Z", "$forecast", 4))
    if fleet.pending:
        total = len(fleet.sources)
        parts.append((f"loading {total - fleet.pending}/{total} sources", DIM, 4))
    else:
        regions = {view.source.region for view in fleet.sources} - {None}
        parts.append((f"{len(regions)} region{'s' * (len(regions) != 1)}", DIM, 5))
    counts = Counter(view.outcome for view in fleet.failed if view.outcome)
    parts += [(f"{count} {outcome}", "$status-unknown", 2) for outcome, count in counts.items()]
    oldest = age(fleet, now)
    if oldest is not None and not fleet.pending:
        parts.append((f"{at_most(oldest)} old", DIM, 6))
    return [Piece(line((text, style)), rank) for text, style, rank in parts]


def _failure(view: SourceView) -> str:
    where = view.source.region or ("internal API" if view.source.service == "internal" else view.source.account or "")
    word = view.outcome or Outcome.FAILED
    if view.source.service == "internal":
        return f"{where} {word} {view.source.operation}"
    return f"{view.source.service} {word} in {where}"


def _unread(area: Area[object], fleet: FleetSnapshot) -> SourceView | None:
    """The first list of the internal API that the area cannot do without and that did not answer."""
    needed = {f"GET /{name}" for name in (*REGISTRY, *LISTS.get(area.name, ()))}
    return next(
        (view for view in fleet.failed if view.source.service == "internal" and view.source.operation in needed), None
    )


def notices(fleet: FleetSnapshot, now: datetime, *, trouble: str | None) -> tuple[str, ...]:
    """What the operator must know before believing the screen, the gravest first; nothing if all is well."""
    first = [_forecast(fleet), _broken(fleet, trouble), _credentials(fleet, now)]
    return tuple(said for said in [*first, _unanswered(fleet), _bad_records(fleet), _stale(fleet, now)] if said)


def _forecast(fleet: FleetSnapshot) -> str | None:
    if fleet.forecast_from is None:
        return None
    return f"As it will stand {say_local(fleet.at, fleet.default_zone)} if nobody acts. :as-of off"


def _broken(fleet: FleetSnapshot, trouble: str | None) -> str | None:
    if trouble is None or not fleet.sources:
        return None  # without any picture the empty list says it
    return f"The refresh broke off; this is the picture of {fleet.at:%H:%M:%S}Z. r asks again. {trouble}"


def _credentials(fleet: FleetSnapshot, now: datetime) -> str | None:
    if fleet.frozen is not None:
        return frozen.notice(fleet, now)
    ends = fleet.identity.expires_at
    if ends is not None and ends <= now:
        return f"The AWS credentials ended {ends:%H:%M:%S}Z. Sign in again in a shell, then r."
    if fleet.credentials_refused:
        return "AWS says that the credentials have ended. Sign in again in a shell, then r."
    return None


def _unanswered(fleet: FleetSnapshot) -> str | None:
    if not fleet.failed:
        return None
    seen = Counter(_failure(view) for view in fleet.failed)
    first = seen.most_common(1)[0][0] + (", …" if len(seen) > 1 else "")
    return f"{len(fleet.failed)} of {len(fleet.sources)} sources did not answer: {first}; :sources"


def _bad_records(fleet: FleetSnapshot) -> str | None:
    count = len(fleet.bad_records)
    if not count:
        return None
    records = "1 record" if count == 1 else f"{count} records"
    return f"{records} of the registry cannot be read and {'is' if count == 1 else 'are'} not judged; :sources"


def _stale(fleet: FleetSnapshot, now: datetime) -> str | None:
    oldest = age(fleet, now)
    if oldest is None or oldest <= STALE_AFTER or fleet.failed:
        return None  # where a source failed that is what is said: it is the old one
    return f"The oldest facts are {at_most(oldest)} old. r asks anew; :sources shows which."


def why_empty(
    area: Area[object],
    fleet: FleetSnapshot,
    *,
    total: int,
    filter_text: str,
    only_bad: bool,
    refreshing: bool,
    trouble: str | None,
) -> str:
    """Why a list shows nothing, and what can be done."""
    if total and filter_text:
        also = " and is not ok" if only_bad else ""
        return f"Of {total} rows none matches /{filter_text}{also}.\nEsc clears the filter."
    if total:
        return f"All {total} rows are ok or not applicable.\n! shows them."
    if trouble is not None:
        return f"There is no picture yet: {trouble}\nr asks again; `tenure doctor` in a shell checks the settings."
    if not fleet.sources:
        return "Asking the internal API which tenants there are." if refreshing else "Nothing was asked yet.\nr asks."
    failed = _unread(area, fleet)
    if failed is not None and failed.observation is not None:
        error = failed.observation.error or failed.observation.outcome
        said = f"The internal API did not answer {failed.source.operation}: {error}"
        return f"{said}\n:sources shows the call; r asks again."
    if fleet.pending:
        done = len(fleet.sources) - fleet.pending
        return f"{done} of {len(fleet.sources)} sources have answered.\nRows appear as they arrive."
    if fleet.failed:
        said = f"{len(fleet.failed)} of {len(fleet.sources)} sources did not answer, the others know of nothing."
        return f"{said}\n:sources shows why."
    return f"{area.empty[:1].upper()}{area.empty[1:]}.\nAll {len(fleet.sources)} sources answered."
