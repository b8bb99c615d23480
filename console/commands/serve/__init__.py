"""``tenure serve``: the reference internal API, and the tokens that it lets in."""

from __future__ import annotations

from cyclopts import App

from console.commands.serve.run import serve

app = App(name="serve", help="Run the reference internal API.")
app.default(serve)
tokens = App(name="token", help="Make, list and revoke the tokens that the server lets in.")
tokens.command("console.commands.serve.token:add", name="add")
tokens.command("console.commands.serve.token:list_tokens", name="list")
tokens.command("console.commands.serve.token:revoke", name="revoke")
app.command(tokens)
