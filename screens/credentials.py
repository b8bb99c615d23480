"""The credentials: below the list stands whose the one under the cursor is, how it is renewed, and what is wrong."""

from __future__ import annotations

from textual.content import Content

from screens.frozen import renewed
from screens.text import DIM, joined, line
from screens.work import WorkScreen
from services.areas.credentials import CredentialRow


class CredentialsScreen(WorkScreen):
    """Every credential in use."""

    def detail(self) -> Content:
        row = self.grid.cursor_row
        if row is None:
            return Content("")
        about: CredentialRow = row.item.row
        it = about.credential
        ends = f"{'ended' if it.ended else 'ends'} {it.expires_at:%Y-%m-%d %H:%M:%S}Z" if it.expires_at else ""
        return joined([it.error or "", it.who or "", line((ends, DIM)), line((renewed(it), DIM))], " · ")
