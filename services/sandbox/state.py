"""The state directory: where the registry and the logs are, and what fleet they belong to."""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from services.sandbox.options import DEFAULT_SEED, DEFAULT_TENANTS, Options, format_instant, parse_instant

FILE = "sandbox.json"


class StateError(Exception):
    """The state directory cannot be used, and why."""


@dataclass(frozen=True, slots=True)
class State:
    directory: Path
    seed: int
    tenants: int
    at: datetime
    """What the fleet's facts are relative to."""
    offset_s: float
    temporary: bool = False

    def remove(self) -> None:
        """Remove the directory if it was made for this run alone."""
        if self.temporary:
            shutil.rmtree(self.directory, ignore_errors=True)


def open_state(options: Options, now: datetime) -> State:
    """The directory with what is kept in it; made where it is missing. ``now`` is this machine's clock.

    A directory that was used before keeps its seed, size, instant and clock, so that its registry and the AWS planted
    anew still speak of the same fleet. Raises ``StateError`` where the options ask for another one, and for a directory
    that cannot be written.
    """
    at = options.at or now.replace(microsecond=0)
    offset_s = (at - now).total_seconds() if options.at else 0.0
    seed = DEFAULT_SEED if options.seed is None else options.seed
    tenants = options.tenants or DEFAULT_TENANTS
    if options.state is None:
        directory = Path(tempfile.mkdtemp(prefix="tenure-sandbox-"))
        return State(directory, seed, tenants, at, offset_s, temporary=True)
    directory = options.state.absolute()
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        kept = directory / FILE
        if kept.exists():
            return _read(directory, kept.read_text(encoding="utf-8"), options)
        if any(directory.iterdir()):
            raise StateError(f"{directory} holds something else: it has no {FILE}")
        facts = {"seed": seed, "tenants": tenants, "at": format_instant(at), "offset_s": offset_s}
        kept.write_text(json.dumps(facts) + "\n", encoding="utf-8")
    except OSError as error:
        raise StateError(f"{directory}: {error.strerror}") from error
    return State(directory, seed, tenants, at, offset_s)


def _read(directory: Path, text: str, options: Options) -> State:
    try:
        facts = json.loads(text)
        state = State(
            directory,
            int(facts["seed"]),
            int(facts["tenants"]),
            parse_instant(facts["at"]),
            float(facts["offset_s"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise StateError(f"{directory / FILE} cannot be read: {error}") from error
    for name, asked, kept in (
        ("--seed", options.seed, state.seed),
        ("--tenants", options.tenants, state.tenants),
        ("--at", options.at, state.at),
    ):
        if asked is not None and asked != kept:
            raise StateError(f"{directory} was made with {name} {kept}; another value needs another directory")
    return state
