"""``tenure conformance URL``: whether an internal API of somebody's own keeps to the contract."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

from cyclopts import Parameter, validators

from console.errors import FAILED, OK, UNANSWERED, CommandError, UsageError
from console.output import Format, print_rows, say
from services.areas.base import Area, Field, Kind
from services.now import make_now

if TYPE_CHECKING:
    from services.conformance.outcome import Row

TOKEN: Final = "TENURE_API_TOKEN"  # noqa: S105 - a variable's name


def conformance(
    url: Annotated[str, Parameter(help="Where the internal API is.")],
    *,
    token_env: Annotated[
        tuple[str, ...],
        Parameter(
            help="A variable that holds a token; several, one for each role: what a role without a token would have to "
            f"write is not tried ({TOKEN}).",
            negative="",
        ),
    ] = (TOKEN,),
    read_only: Annotated[bool, Parameter(negative="", help="Write nothing: GET alone.")] = False,
    examples: Annotated[
        int, Parameter(validator=validators.Number(gte=1, lte=1000), help="Generated requests to each operation.")
    ] = 8,
    output: Annotated[Format, Parameter(name=["--output", "-o"], help="Form of the rows on stdout.")] = "table",
) -> int:
    """Drive an internal API by the reference's OpenAPI document, and say where it does otherwise.

    Without --read-only records are written and deleted again: their ids begin with conformance-. No order is kept, and
    nothing is added to the audit log but what the server notes there by itself. Two runs at once are in each other's
    way.

    Exits 4 where something failed; what is not offered and may be left out is no failure. Exits 3 where the server
    does not answer.
    """
    tokens = [_token(name) for name in token_env]
    rows: list[Row] = []
    with _nothing_left_here():
        for row in _rows(url, tokens, read_only=read_only, examples=examples):
            rows.append(row)
            if row.state == "failed":
                say(
                    f"{row.operation}: {row.check}\n  {row.told}\n  asked:    {row.request}\n  answered: {row.answer}\n"
                )
    print_rows(ROWS, rows, output, make_now()())
    states = Counter(row.state.value for row in rows)
    say("tenure: " + ", ".join(f"{state} {count}" for state, count in states.items()))
    return FAILED if states["failed"] else OK


def _token(name: str) -> str:
    value = os.environ.get(name, "").strip()
    if not value or not value.isascii() or not value.isprintable():
        raise UsageError(f"{name} holds no token: export one of the server's, or name another variable by --token-env")
    return value


def _rows(url: str, tokens: list[str], *, read_only: bool, examples: int) -> Iterator[Row]:
    try:
        from services.conformance.outcome import FailedError, UnreachableError
        from services.conformance.running import conform
        from services.conformance.server import Server
    except ImportError as error:
        raise CommandError(
            f"this needs the extra `conformance`: pip install 'tenure[conformance]' ({error})"
        ) from error
    try:
        server = Server(url)
    except ValueError as error:
        raise UsageError(f"{url}: {error}") from None
    with closing(server):
        try:
            yield from conform(server, tokens, read_only=read_only, examples=examples)
        except UnreachableError as error:
            raise CommandError(str(error), UNANSWERED) from None
        except FailedError as error:
            seen = error.exchange
            if seen is not None and seen.status == 0:
                raise CommandError(f"{url}: {error.told}", UNANSWERED) from None
            raise CommandError(error.told if seen is None else f"{error.told}: {seen.shown}") from None


@contextmanager
def _nothing_left_here() -> Iterator[None]:
    """Hypothesis keeps files of its own in the folder where somebody happens to be, if nobody names another."""
    with tempfile.TemporaryDirectory(prefix="tenure-") as folder:
        try:
            from hypothesis.configuration import set_hypothesis_home_dir
        except ImportError:  # told by who needs it
            yield
            return
        set_hypothesis_home_dir(Path(folder))
        try:
            yield
        finally:
            set_hypothesis_home_dir(None)


def _fields() -> Iterator[Field[Row]]:
    yield Field("state", Kind.TEXT, lambda it: it.state.value, "STATE", 11, priority=1)
    yield Field("operation", Kind.TEXT, lambda it: it.operation, "OPERATION", 28, priority=1)
    yield Field("check", Kind.TEXT, lambda it: it.check, "CHECK", 30, priority=2)
    yield Field("told", Kind.TEXT, lambda it: it.told, "TOLD", 20, priority=3)
    yield Field("request", Kind.TEXT, lambda it: it.request)
    yield Field("answer", Kind.TEXT, lambda it: it.answer)


ROWS: Area[Row] = Area(
    name="conformance",
    title="Conformance",
    key=None,
    fields=tuple(_fields()),
    rows=lambda _: (),
    row_key=lambda row: f"{row.check} {row.operation}",
    tenant=lambda _: None,
    status=lambda _: None,
)
"""Fields to print what was checked by."""
