"""An area whose rows have more to say than a line: two are kept for it below the list."""

from __future__ import annotations

from textual.content import Content

from screens.area import AreaScreen

LINES = 2


class WorkScreen(AreaScreen):
    """A list that stays where it is from row to row, whether its reasons are short or long."""

    def details(self) -> list[Content]:
        return self.two_lines(self.detail())

    def two_lines(self, *said: Content) -> list[Content]:
        """What is said, wrapped, the last line of it for the last that is said; always two lines."""
        first, rest = said[0], list(said[1:])
        room = max(LINES - len(rest), 1)
        wrapped = first.wrap(max(self.size.width - 2, 20))
        if len(wrapped) > room:
            cut = Content(" ").join(wrapped[room - 1 :]).truncate(max(self.size.width - 2, 20), ellipsis=True)
            wrapped = [*wrapped[: room - 1], cut]
        return [*wrapped, *rest, *[Content("")] * (LINES - len(wrapped) - len(rest))]
