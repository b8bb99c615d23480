"""What a refresh asks: all sources, those whose time has come, or some by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from services.model import Source


@dataclass(frozen=True, slots=True)
class Everything:
    """Every source, whatever its interval and its back-off: what an operator asks for."""


@dataclass(frozen=True, slots=True)
class Focus:
    """What is on the screen, whose sources are asked more often."""

    area: str | None = None
    tenant: str | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """The sources whose interval is over, or whose back-off is."""

    focus: Focus = Focus()


@dataclass(frozen=True, slots=True)
class Only:
    """These sources, now."""

    sources: frozenset[Source]


Asked: TypeAlias = Everything | Due | Only
EVERYTHING = Everything()
