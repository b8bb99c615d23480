"""``tenure sandbox``: the sandbox alone, in the foreground."""

from __future__ import annotations

import os
import sys
from typing import Annotated

from cyclopts import Parameter

MODULE = "services.sandbox"
"""Only ever named: nothing of the sandbox is imported here."""


def sandbox(
    *,
    tenants: Annotated[str | None, Parameter(help="How many tenants, the stories' included (60).")] = None,
    seed: Annotated[str | None, Parameter(help="The same seed makes the same fleet (1).")] = None,
    at: Annotated[
        str | None, Parameter(help="The instant at which the clock starts, 2026-11-22T03:00:00Z (now).")
    ] = None,
    port: Annotated[
        str | None, Parameter(help="Of the AWS endpoint; the API gets the next one (any two free).")
    ] = None,
    state: Annotated[str | None, Parameter(help="Keep registry and logs in this directory (a temporary one).")] = None,
    session: Annotated[
        str | None, Parameter(help="Sessions of AWS end after so many seconds (as long as is asked for).")
    ] = None,
    record_after: Annotated[
        str | None, Parameter(help="Sample the RPO of every store from so many seconds on; 0: never (45).")
    ] = None,
    fault: Annotated[
        tuple[str, ...],
        Parameter(
            help="KIND[:SERVICE[:REGION]][@P], e.g. throttle:rds:eu-central-1@0.5; may be repeated.", negative=()
        ),
    ] = (),
) -> None:
    """Run an embedded AWS and internal API with a seeded fleet, until ctrl+c or until whoever started it is gone.

    Prints one JSON line with the settings that a client needs. Values are checked by the sandbox itself.
    """
    given = {"--tenants": tenants, "--seed": seed, "--at": at, "--port": port, "--state": state}
    given |= {"--session": session, "--record-after": record_after}
    arguments = [f"{name}={value}" for name, value in given.items() if value is not None]
    arguments += [f"--fault={spec}" for spec in fault]
    # takes this process's place, so that whoever started us is whom the sandbox watches
    arguments.append(f"--parent={os.getppid()}")
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(sys.executable, [sys.executable, "-m", MODULE, *arguments])  # noqa: S606 - our own module, no shell
