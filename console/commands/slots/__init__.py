"""``tenure slots ics``: maintenance slots for calendars."""

from __future__ import annotations

from cyclopts import App

app = App(name="slots", help="Write maintenance slots as a calendar.")
app.command("console.commands.slots.ics:ics", name="ics")
