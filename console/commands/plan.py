"""``tenure plan ACTION [TENANT…] [--set field=value …] -o FILE``: what a write would do, before anything happens."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

from cyclopts import Parameter
from pydantic import ValidationError

from console.desk import done, opened
from console.errors import OK, CommandError, UsageError
from console.output import cell_len, say
from services.orders.actions import ACTIONS, EVERY
from services.orders.base import Action
from services.orders.confirming import needed
from services.orders.saying import Row, plan_lines, plan_title
from services.text import clean
from services.wire.orders import Asked

STDOUT: Final = "-"


def plan(
    action: Annotated[str | None, Parameter(help="What to do; tenure plan --actions lists them.")] = None,
    /,
    *tenants: Annotated[str, Parameter(name="TENANT", help="Ids of the tenants that it is done for.")],
    set_: Annotated[
        tuple[str, ...],
        Parameter(name="--set", negative="", help="A field of the action: until=2027-12-31. Repeatable."),
    ] = (),
    tier: Annotated[str | None, Parameter(help="Instead of tenants: those of this tier …")] = None,
    region: Annotated[str | None, Parameter(help="… in this region.")] = None,
    actions: Annotated[bool, Parameter(negative="", help="List the actions; with ACTION, that one's fields.")] = False,
    output: Annotated[
        str | None,
        Parameter(
            name=["--output", "-o"],
            help="Write the plan as JSON to this file, or to stdout with -.",
            allow_leading_hyphen=True,
        ),
    ] = None,
) -> int:
    """Print what a write would do: to whom, every call in order, what can be undone, which clocks move.

    Nothing happens by it. tenure apply hands a plan over that was written with -o FILE.

    Exits 2 for what cannot be read on the command line, 4 where the internal API refused or did not answer.
    """
    if actions or action is None:
        return _list(None if action is None else _found(action))
    asked = _asked(_found(action), tenants, set_, tier, region)
    with opened() as desk:
        made = done(desk.ask(lambda cancel: desk.desk.plan(asked, cancel)))
    if output is None:
        print_rows(plan_title(made), plan_lines(made))
        say("tenure: nothing is done; to do it: the same with -o FILE, then tenure apply FILE")
        return OK
    text = made.model_dump_json(indent=2, ensure_ascii=True) + "\n"
    if output == STDOUT:
        sys.stdout.write(text)
        sys.stdout.flush()
        return OK
    _write(Path(output), text)
    options = " ".join(one.option for one in needed(made))
    say(f"tenure: {plan_title(made)}: written, and nothing is done; to do it: tenure apply {output} {options}")
    return OK


def print_rows(title: str, rows: Sequence[Row]) -> None:
    """Prints labelled lines to stdout, sanitized."""
    sys.stdout.writelines(f"{line}\n" for line in lines_of(title, rows))
    sys.stdout.flush()


def lines_of(title: str, rows: Sequence[Row]) -> list[str]:
    """A title and labelled lines in two columns, sanitized."""
    labels = [clean(row.label) for row in rows]
    width = max((cell_len(label) for label in labels), default=0)
    pairs = zip(labels, rows, strict=True)
    return [clean(title), "", *(f"{label:{width}}  {clean(row.text)}".rstrip() for label, row in pairs)]


def _found(name: str) -> Action:
    if name in ACTIONS:
        return ACTIONS[name]
    import difflib

    close = difflib.get_close_matches(name, ACTIONS, n=1)
    raise UsageError(
        f"there is no action {name!r}; " + (f"did you mean {close[0]}?" if close else f"there are {', '.join(ACTIONS)}")
    )


def _asked(action: Action, tenants: Sequence[str], pairs: Sequence[str], tier: str | None, region: str | None) -> Asked:
    fields = _fields([*pairs, *(f"{name}={value}" for name, value in (("tier", tier), ("region", region)) if value)])
    known = [field.name for field in action.fields]
    unknown = [name for name in fields if name not in known]
    if unknown:
        raise UsageError(f"{action.name} has no field {unknown[0]!r}; it has {', '.join(known) or 'none'}")
    try:
        return Asked(key=secrets.token_hex(16), action=action.name, tenants=tuple(tenants), fields=fields)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise UsageError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None


def _fields(pairs: Sequence[str]) -> dict[str, str]:
    fields: dict[str, str] = {}
    for pair in pairs:
        name, separator, value = pair.partition("=")
        if not separator or not name:
            raise UsageError(f"--set {pair}: write field=value")
        if name in fields:
            raise UsageError(f"--set {name}: is given twice")
        fields[name] = value
    return fields


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="ascii")
    except OSError as error:
        raise CommandError(f"{path}: cannot be written: {error.strerror}") from error


def _list(only: Action | None) -> int:
    for action in EVERY if only is None else (only,):
        sys.stdout.write(f"{action.name:24}  {action.confirmation:12}  {action.title}\n")
        if only is None:
            continue
        for field in action.fields:
            wanted = "" if field.required else "optional"
            hint = ", ".join(field.choices) or field.hint
            sys.stdout.write(f"  {field.name:22}  {wanted:12}  {field.label}{f': {hint}' if hint else ''}\n")
    sys.stdout.flush()
    return OK
