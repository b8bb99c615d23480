"""``tenure audit verify`` and ``tenure audit anchor``: proving that the audit log is as it was written."""

from __future__ import annotations

from cyclopts import App

app = App(name="audit", help="Prove that the audit log is as it was written.")
app.command("console.commands.audit.verify:verify", name="verify")
app.command("console.commands.audit.anchor:anchor", name="anchor")
