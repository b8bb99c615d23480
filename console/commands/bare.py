"""``tenure [--read-only]``: the console with options. Without any it is opened past this file, which loads the reader
of command lines."""

from __future__ import annotations

import os
from typing import Annotated, TypeAlias

from cyclopts import Parameter

from console.profile import READ_ONLY

ReadOnly: TypeAlias = Annotated[bool, Parameter(negative="", help="Write nothing, as a profile with read_only = true.")]


def bare(*, read_only: ReadOnly = False) -> int:
    """Open the console on the current profile."""
    from console.commands.console import console

    if read_only:
        os.environ[READ_ONLY] = "true"
    return console()
