"""``tenure serve token``: who is let in by the reference internal API."""

from __future__ import annotations

import getpass
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, get_args

from cyclopts import Parameter
from pydantic import ValidationError

from console.errors import OK, CommandError, UsageError
from console.output import Format, print_rows, say
from console.serving import DatabaseOption, clock_offset, open_database
from services.now import make_now
from services.wire.registry import Role, WhoAmI

if TYPE_CHECKING:
    from services.controlplane.store import Database
    from services.controlplane.tokens import Keeper


def add(
    whom: Annotated[str, Parameter(help="USER:ROLE; the role is viewer, operator, approver or worker.")],
    /,
    *,
    expires: Annotated[
        str | None, Parameter(help="The instant at which it ends: 2027-01-31T22:00:00Z (never).")
    ] = None,
    database: DatabaseOption = None,
) -> int:
    """Make a token and print it, this once: only its digest is kept. It counts from the next request on.

    Exits 2 for a role or an instant that is none, 4 where the database cannot be opened.
    """
    who = _read(whom, expires)
    with _opened(database) as opened:
        from services.controlplane.tokens import add_token

        token = add_token(opened, who, _keeper())
    say(f"the token of {who.user}, {who.role}; it is shown this once:")
    sys.stdout.write(token + "\n")
    return OK


def list_tokens(
    *,
    output: Annotated[Format, Parameter(name=["--output", "-o"], help="Form of the rows on stdout.")] = "table",
    database: DatabaseOption = None,
) -> int:
    """Print every token's id, user, role and end; what lets one in is kept nowhere and cannot be printed."""
    now = make_now(clock_offset())()
    with _opened(database) as opened:
        from console.commands.serve.token_table import table_of
        from services.controlplane.tokens import stored_tokens

        kept = stored_tokens(opened)
    print_rows(table_of(now), kept, output, now)
    return OK


def revoke(
    which: Annotated[str, Parameter(help="A token's id, or USER: all of that user's.")],
    /,
    *,
    database: DatabaseOption = None,
) -> int:
    """Make a token, or all of a user's, worthless, from the next request on.

    Exits 4 where there is no such token and no such user.
    """
    with _opened(database) as opened:
        from services.controlplane.tokens import revoke_tokens

        revoked = revoke_tokens(opened, which, _keeper())
    if not revoked:
        raise CommandError(f"{which} is no token's id and no user with a token here")
    for token in revoked:
        say(f"revoked: {token.id} of {token.user}, {token.role}")
    return OK


def _read(whom: str, expires: str | None) -> WhoAmI:
    user, _, role = whom.rpartition(":")
    if not user or role not in get_args(Role):
        raise UsageError(f"this takes USER:ROLE, the role one of {', '.join(get_args(Role))}")
    try:
        at = datetime.fromisoformat(expires) if expires is not None else None
    except ValueError:
        raise UsageError("--expires takes an instant such as 2027-01-31T22:00:00Z") from None
    try:
        return WhoAmI.model_validate({"user": user, "role": role, "expires_at": at})
    except ValidationError as error:
        first = error.errors()[0]
        raise UsageError(f"{first['loc'][0]}: {first['msg']}") from None


@contextmanager
def _opened(database: str | None) -> Iterator[Database]:
    opened = open_database(database)
    try:
        yield opened
    finally:
        opened.close()


def _keeper() -> Keeper:
    """Whose shell this is, by the system's word."""
    from services.controlplane.tokens import Keeper

    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # a user without a name
        user = f"uid {os.getuid()}"
    return Keeper(user, make_now(clock_offset())(), socket.gethostname() or None)
