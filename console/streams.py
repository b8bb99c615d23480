"""The streams that a command is given: made usable at its start, silenced where nobody reads any more."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import Final

LEAST_COLUMNS: Final = 20
"""What is less is no width that text can be wrapped at."""


def settle_streams() -> None:
    """What a terminal or a caller may have left odd, and what each would end in without this.

    A character that the terminal cannot show becomes a question mark, not a traceback; a stream that the caller closed
    is nowhere; a width of the terminal that is none (``COLUMNS=0``, which the help would wrap at for ever) is not told.
    """
    if sys.stdout is None:
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - open as long as the process
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - as above
    columns = os.environ.get("COLUMNS", "")
    if columns and not (columns.isascii() and columns.isdigit() and int(columns) >= LEAST_COLUMNS):
        del os.environ["COLUMNS"]
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def silence_stdout() -> None:
    """After a broken pipe: nothing more can be said, not even when Python flushes at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
