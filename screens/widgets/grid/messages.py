"""What a grid posts; its handlers are called ``on_grid_row_selected`` and so on, for subclasses of it as well."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from textual.message import Message
from textual.widget import Widget


@dataclass
class _OfGrid(Message):
    grid: Widget

    @property
    def control(self) -> Widget:
        """The grid, for ``@on`` with a selector."""
        return self.grid


@dataclass
class RowHighlighted(_OfGrid, namespace="grid"):
    """The cursor came to stand on another row; ``key`` is None when there is none."""

    key: Hashable | None


@dataclass
class RowSelected(_OfGrid, namespace="grid"):
    """The row under the cursor was chosen, by Enter or a double click."""

    key: Hashable


@dataclass
class ViewChanged(_OfGrid, namespace="grid"):
    """Other rows are shown, or in another order: ``shown``, ``total`` and ``sorted_by`` may have changed."""
