"""``tenure serve``: the reference internal API, and the tokens that it lets in."""

from __future__ import annotations

from cyclopts import App

from console.commands.serve.run import serve

app = App(name="serve", help=serve.__doc__)
app.default(serve)
tokens = App(name="token", help="Make, list and revoke the tokens that the server lets in.")
tokens.command("console.commands.serve.token:add", name="add", help="Make a token and print it, this once.")
tokens.command(
    "console.commands.serve.token:list_tokens", name="list", help="Print every token's id, user, role and end."
)
tokens.command("console.commands.serve.token:revoke", name="revoke", help="Make tokens worthless.")
app.command(tokens)
