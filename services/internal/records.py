"""From a page's bytes to records, one bad record hiding no other.

A page is validated whole, which is fast; only where that fails is it taken apart and each record judged by itself. The
slow way also reads what strict JSON refuses for one string's sake: lone surrogates, bytes that are no UTF-8, raw
control characters, numbers of thousands of digits.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from services.model import BadRecord
from services.wire.registry import Identified, Page

RecordT = TypeVar("RecordT", bound=Identified)

_ID_LENGTH = 128
_REASON_LENGTH = 300
_DIGITS = 40


class UnreadablePageError(Exception):
    """The bytes are no page; the reason is for a person."""


@dataclass(frozen=True, slots=True)
class Bad:
    """A bad record, and the tenant that it names as far as that could be read."""

    record: BadRecord
    tenant: str | None = None


@dataclass(frozen=True, slots=True)
class ParsedPage(Generic[RecordT]):
    """A page: the records that can be read with their positions in the collection, and those that cannot."""

    records: list[tuple[int, RecordT]]
    bad: list[Bad]
    next: str | None
    size: int
    """How many items the page held, good or bad."""
    total: int | None
    """How many the collection has, where the server says."""

    def moved(self, start: int) -> ParsedPage[RecordT]:
        """The same page where its first item has the position ``start``; it holds no bad record."""
        if not self.records or self.records[0][0] == start:
            return self
        records = [(position, record) for position, (_, record) in enumerate(self.records, start)]
        return ParsedPage(records, [], self.next, self.size, self.total)


class PageParser(Generic[RecordT]):
    """Reads the pages of one collection. Safe to share between threads."""

    def __init__(self, collection: str, record: type[RecordT]) -> None:
        self._collection = collection
        self._record: TypeAdapter[RecordT] = TypeAdapter(record)
        self._page: TypeAdapter[Page[RecordT]] = TypeAdapter(Page[record])  # type: ignore[valid-type]

    def parse(self, body: bytes, start: int) -> ParsedPage[RecordT]:
        """Read a page whose first item has the position ``start``. Raises ``UnreadablePageError``."""
        try:
            page = self._page.validate_json(body, strict=True)  # a number is no date
        except ValidationError:
            return self._apart(body, start)
        return ParsedPage(list(enumerate(page.items, start)), [], _cursor(page.next), len(page.items), page.total)

    def _apart(self, body: bytes, start: int) -> ParsedPage[RecordT]:
        page = _loads(body)
        if not isinstance(page, dict) or not isinstance(page.get("items"), list) or "next" not in page:
            raise UnreadablePageError("the answer is no page: it wants `items` and `next`")
        records: list[tuple[int, RecordT]] = []
        bad: list[Bad] = []
        for position, item in enumerate(page["items"], start):
            try:
                # through JSON again: of Python's own objects the strict mode would take no date from a word
                records.append((position, self._record.validate_json(json.dumps(item), strict=True)))
            except ValidationError as error:
                bad.append(self._bad(position, item, _reason(error)))
            except RecursionError:
                bad.append(self._bad(position, item, "record: nested too deep to be read"))
        return ParsedPage(records, bad, _cursor(page["next"]), len(page["items"]), _total(page.get("total")))

    def _bad(self, position: int, item: object, reason: str) -> Bad:
        record = BadRecord(self._collection, _member(item, "id"), position, bounded(reason, _REASON_LENGTH))
        return Bad(record, _member(item, "tenant"))


def _reason(error: ValidationError) -> str:
    problems = error.errors(include_url=False, include_context=False)
    reason = "; ".join(f"{'.'.join(map(str, one['loc'])) or 'record'}: {one['msg']}" for one in problems[:3])
    return reason if len(problems) <= 3 else f"{reason}; and {len(problems) - 3} more"


def bounded(text: str, length: int) -> str:
    """``text``, cut to ``length`` characters with a mark where it was longer."""
    return text if len(text) <= length else text[: length - 1] + "…"


def _loads(body: bytes) -> Any:
    try:
        return json.loads(body.decode("utf-8", "surrogateescape"), strict=False, parse_int=_parse_int)
    except ValueError as error:
        raise UnreadablePageError(f"the answer is not JSON: {bounded(str(error), 100)}") from error
    except RecursionError as error:
        raise UnreadablePageError("the answer is nested too deep to be read") from error


def _parse_int(digits: str) -> int | str:
    # Python refuses thousands of digits, and that would cost the whole page
    return int(digits) if len(digits) <= _DIGITS else digits


def _cursor(value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or not value:
        raise UnreadablePageError("the answer's `next` is neither a cursor nor null")
    return value


def _total(value: object) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0):
        return value
    raise UnreadablePageError("the answer's `total` is no number of records")


def _member(item: object, name: str) -> str | None:
    value = item.get(name) if isinstance(item, dict) else None
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    return bounded(value, _ID_LENGTH) if isinstance(value, str) and value else None
