"""``tenure tenants import`` and ``tenure tenants diff``: keeping the registry."""

from __future__ import annotations

from cyclopts import App

app = App(name="tenants", help="Keep the registry: import tenants, compare it with AWS.")
app.command("console.commands.tenants.import_:import_tenants", name="import")
app.command("console.commands.tenants.diff:diff", name="diff")
