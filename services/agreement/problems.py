"""Mistakes of a policy file, each at its place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake. Text that comes from the file is escaped where it is not printable."""

    line: int
    """From 1."""
    column: int
    """From 1, in characters."""
    path: str
    """``recovery.rpo.gold``, ``maintenance.blackouts[0].first``; ``.`` for the whole file."""
    message: str
    """What is wrong and what to write instead."""

    def __str__(self) -> str:
        return f"{self.line}:{self.column}: {self.path}: {self.message}"


class PolicyError(ValueError):
    """A policy file that cannot be used: every mistake in it, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))
