"""``tenure demo``: a sandbox of its own, and the console on it."""

from __future__ import annotations

import os
from typing import Annotated

from cyclopts import Parameter

from console.child import PROFILE, client_environment, sandbox
from console.commands.bare import ReadOnly
from console.commands.console import need_terminal, open_console, preload
from console.profile import READ_ONLY


def demo(
    *,
    tenants: Annotated[int | None, Parameter(help="How many tenants, the stories' included (60).")] = None,
    seed: Annotated[int | None, Parameter(help="The same seed makes the same fleet (1).")] = None,
    at: Annotated[
        str | None, Parameter(help="The instant at which the clock starts, 2026-11-22T03:00:00Z (now).")
    ] = None,
    read_only: ReadOnly = False,
) -> int:
    """Open the console on a sandbox: an embedded AWS and internal API with a seeded fleet, gone when you leave.

    Needs nothing and touches nothing: your own AWS credentials and profiles are not used.
    """
    need_terminal()
    given = {"--tenants": tenants, "--seed": seed, "--at": at}
    arguments = [f"{name}={value}" for name, value in given.items() if value is not None]
    with sandbox(arguments, os.environ) as child:
        preload()  # the console's packages are read while the sandbox comes up
        environment = client_environment(child.wait_ready(), os.environ)
        if read_only:
            environment[READ_ONLY] = "true"
        os.environ.clear()
        os.environ.update(environment)
        return open_console(PROFILE, os.environ)
