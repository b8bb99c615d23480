"""What several sources say, by what they say it of; renewed a source at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from services.model import Source

T = TypeVar("T")


class Index(Generic[T]):
    """Items of many sources by a key."""

    def __init__(self, key: Callable[[T], str | None]) -> None:
        """Items whose ``key`` is ``None`` are not kept."""
        self._key = key
        self._groups: dict[Source, dict[str, tuple[T, ...]]] = {}
        self._sources: dict[str, set[Source]] = {}

    def put(self, source: Source, items: Iterable[T]) -> set[str]:
        """Takes a source's new answer; returns the keys of which it says something new."""
        before, after = self._groups.get(source, {}), self._grouped(items)
        self._groups[source] = after
        for key in before.keys() - after.keys():
            self._sources[key].discard(source)
        for key in after.keys() - before.keys():
            self._sources.setdefault(key, set()).add(source)
        return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}

    def of(self, key: str) -> list[tuple[Source, T]]:
        """All that is said of a key, whoever says it, in a stable order."""
        sources = self._sources.get(key)
        if not sources:
            return []
        ordered = sorted(sources, key=lambda source: source.name) if len(sources) > 1 else sources
        return [(source, item) for source in ordered for item in self._groups[source][key]]

    def _grouped(self, items: Iterable[T]) -> dict[str, tuple[T, ...]]:
        groups: dict[str, list[T]] = {}
        for item in items:
            key = self._key(item)
            if key is not None:
                groups.setdefault(key, []).append(item)
        return {key: tuple(group) for key, group in groups.items()}
