"""What one collection of the internal API is known to hold, grouped by whom it concerns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Generic, TypeVar

T = TypeVar("T")


class Shelf(Generic[T]):
    """The last word on each record. What an answer did not reach stays as it was last seen."""

    def __init__(self, key: Callable[[T], str], group: Callable[[T], str]) -> None:
        """``key`` tells a record from its neighbours, ``group`` whom it concerns: a tenant, or an ARN."""
        self._key = key
        self._group = group
        self._records: tuple[T, ...] = ()
        self._groups: Mapping[str, tuple[T, ...]] = {}

    @property
    def all(self) -> tuple[T, ...]:
        return self._records

    def of(self, group: str) -> tuple[T, ...]:
        """Those that concern ``group``."""
        return self._groups.get(group, ())

    def take(self, records: tuple[T, ...], *, whole: bool) -> set[str]:
        """Takes what was read, ``whole`` or the part that could be; tells the groups in which something differs."""
        if not whole:
            fresh = {self._key(record): record for record in records}
            records = (*(it for it in self._records if self._key(it) not in fresh), *records)
        if records == self._records:
            return set()
        groups = grouped(records, self._group)
        differing = differing_keys(self._groups, groups)
        self._records, self._groups = records, groups
        return differing


def grouped(records: Iterable[T], key: Callable[[T], str]) -> dict[str, tuple[T, ...]]:
    """The records by ``key``, in their order."""
    groups: dict[str, list[T]] = {}
    for record in records:
        groups.setdefault(key(record), []).append(record)
    return {name: tuple(group) for name, group in groups.items()}


def differing_keys(before: Mapping[str, object], after: Mapping[str, object]) -> set[str]:
    """Keys of either whose values differ."""
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
