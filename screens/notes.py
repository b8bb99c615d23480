"""What was said with orders beside their plans, for as long as the console runs: nothing that was typed is lost.

A ticket is that of a piece of work, and goes on to the next order. A reason and an end are those of one order, and
are found again where its plan is left and opened once more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

TICKET: Final = "ticket"
REASON: Final = "reason"
ENDS: Final = "ends"
"""By when an order without its second person has to be begun: a length or an instant, as typed."""

About: TypeAlias = tuple[str, tuple[str, ...]]
"""An action and the tenants that it is for."""


@dataclass(slots=True)
class Notes:
    """Kept by the application, of one profile."""

    ticket: str = ""
    """Of the order that was handed over last."""
    _drafts: dict[About, Mapping[str, str]] = field(default_factory=dict)

    def for_order(self, about: About) -> Mapping[str, str]:
        """What the lines hold before anybody types, by their names."""
        return {TICKET: self.ticket, **self._drafts.get(about, {})}

    def left(self, about: About, said: Mapping[str, str]) -> None:
        """The plan was left with this in its lines."""
        self._drafts[about] = dict(said)

    def handed_over(self, about: About, said: Mapping[str, str]) -> None:
        """It was handed over with this."""
        self._drafts.pop(about, None)
        self.ticket = said.get(TICKET, "")
