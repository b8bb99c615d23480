"""A table for a hundred thousand rows: a Textual widget on the Line API that knows nothing of this application."""

from __future__ import annotations

from screens.widgets.grid.arrange import Predicate, Row, SortKey
from screens.widgets.grid.columns import Column
from screens.widgets.grid.widget import Grid

__all__ = ["Column", "Grid", "Predicate", "Row", "SortKey"]
