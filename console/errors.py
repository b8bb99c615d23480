"""How a command ends when it does not end well."""

from __future__ import annotations

from typing import Final

OK: Final = 0
BREACHED: Final = 1
"""Of ``tenure due``: something that is promised is broken."""
USAGE: Final = 2
"""The command line, a filter or the settings cannot be read."""
UNANSWERED: Final = 3
"""A source did not answer in full; what was printed says what is not known."""
FAILED: Final = 4
"""Refused, or failed."""
INTERRUPTED: Final = 130
BROKEN_PIPE: Final = 141
"""As a shell tells of a program that SIGPIPE ended."""


class CommandError(Exception):
    """Ends the command with ``code``; the message goes to stderr, sanitized, line by line."""

    def __init__(self, message: str, code: int = FAILED) -> None:
        super().__init__(message)
        self.message = message
        self.code = code


class UsageError(CommandError):
    """What was typed or written into the settings cannot be read."""

    def __init__(self, message: str) -> None:
        super().__init__(message, USAGE)
