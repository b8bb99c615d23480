"""``tenure agreement show`` and ``tenure agreement check FILE``."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from console.errors import OK, USAGE, UsageError
from console.output import say

app = App(name="agreement", help="Show the policy in force, or check a policy file.")


@app.command
def show(
    *,
    output: Annotated[
        Literal["yaml", "json"], Parameter(name=["--output", "-o"], help="yaml: the file itself, comments included.")
    ] = "yaml",
) -> int:
    """Print the policy in force: that of the settings, else the one that comes with tenure."""
    from console.policy_in_force import local_settings
    from console.wiring import load_policy, policy_text

    settings = local_settings(os.environ)
    policy = load_policy(settings)
    if output == "json":
        from console.output import print_json

        print_json(policy.model_dump(mode="json", by_alias=True))
    else:
        text, _ = policy_text(settings)
        sys.stdout.write(text if text.endswith("\n") else f"{text}\n")
        sys.stdout.flush()
    return OK


@app.command
def check(file: Annotated[Path, Parameter(help="The policy file.")], /) -> int:
    """Check a policy file. Each mistake goes to stderr as FILE:LINE:COLUMN: path: message.

    Exits 0 when the file can be used, 2 when it cannot.
    """
    from services.agreement import PolicyError, parse_policy

    try:
        parse_policy(_read(file))
    except PolicyError as error:
        for problem in error.problems:
            say(f"{file}:{problem.line}:{problem.column}: {problem.path}: {problem.message}")
        return USAGE
    say(f"{file}: this policy can be used")
    return OK


def _read(file: Path) -> str:
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file}: cannot be read: {error.strerror or error}") from error
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", errors="replace")) + 1
        raise UsageError(f"{file}:{line}:{column}: .: this is no UTF-8: save the file as UTF-8") from error
