"""What is said below the list is read whole beneath a dialog, or not at all: half of it may say something else."""

from __future__ import annotations

from textual.screen import Screen
from textual.widget import Widget

from screens.widgets.lines import Lines


def cover(frame: Screen[None], box: Widget | None) -> None:
    """Veil the lines about the row under the cursor where the box of a dialog leaves a part of them.

    ``box``: ``None`` where no dialog is open. Notices are not touched: each of their lines is whole by itself.
    """
    detail = frame.query_one("#detail", Lines)
    detail.veiled = box is not None and detail.region.y < box.region.bottom < detail.region.bottom
