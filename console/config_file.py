"""The profile file: TOML, read into one table with the place of each key.

::

    default_profile = "eu-prod"          # else TENURE_PROFILE, else the only one there is

    [aws]                                # what stands outside [profiles.…] holds for every profile
    role_arn = "arn:aws:iam::{account}:role/ops-read"

    [profiles.eu-prod]
    banner = "PROD"

    [profiles.eu-prod.api]
    url = "https://registry.example.net"
    token_command = ["pass", "show", "tenure/eu-prod"]
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias, cast

Table: TypeAlias = dict[str, Any]  # TOML holds anything; pydantic judges it afterwards
Key: TypeAlias = tuple[str, ...]

DEFAULT_NAME = "default"
_OUTSIDE = frozenset({"profiles", "default_profile"})


class ConfigError(Exception):
    """The file cannot be read, or has not the profile that was asked for."""


@dataclass(frozen=True, slots=True)
class Profile:
    """One profile's settings, what holds for all profiles included, and where each stands."""

    name: str
    values: Table
    origins: Mapping[Key, str] = field(default_factory=dict)
    """Key → ``file:line``."""


def read_profile(path: Path, wanted: str | None) -> Profile:
    """Reads ``path`` and picks the profile ``wanted``, or the one that the file itself points to.

    Raises ``ConfigError`` with the file, the line where there is one, and what to do.
    """
    document, text = _read(path)
    profiles = _profiles(document, path)
    name = _choose(document, profiles, wanted, path)
    return _profile(name, document, profiles, _key_lines(text), path)


def read_profiles(path: Path) -> tuple[Profile, ...]:
    """All profiles of ``path``, by name; of a file without any, the one that it is. Raises ``ConfigError``."""
    document, text = _read(path)
    profiles = _profiles(document, path)
    lines = _key_lines(text)
    return tuple(_profile(name, document, profiles, lines, path) for name in sorted(profiles) or [DEFAULT_NAME])


def _read(path: Path) -> tuple[Table, str]:
    """The document, and its text."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: is not UTF-8 (byte {error.start})") from error
    import tomllib  # a third of what the module costs, and needed where there is a file alone

    try:
        return tomllib.loads(text), text
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: {error}") from error


def _profile(
    name: str, document: Table, profiles: Mapping[str, Table], lines: Mapping[Key, int], path: Path
) -> Profile:
    """The profile ``name`` over what stands outside of all."""
    shared = {key: value for key, value in document.items() if key not in _OUTSIDE}
    own = profiles.get(name, {})
    origins = _origins(shared, (), lines, path) | _origins(own, ("profiles", name), lines, path)
    return Profile(name, _merged(shared, own), origins)


def _profiles(document: Table, path: Path) -> dict[str, Table]:
    profiles = document.get("profiles", {})
    if not isinstance(profiles, dict) or not all(isinstance(one, dict) for one in profiles.values()):
        raise ConfigError(f"{path}: profiles: each profile is a table of its own: [profiles.NAME]")
    return cast("dict[str, Table]", profiles)


def _choose(document: Table, profiles: Mapping[str, Table], wanted: str | None, path: Path) -> str:
    name = wanted or document.get("default_profile")
    known = ", ".join(sorted(profiles)) or "none"
    if name is None:
        if len(profiles) > 1:
            raise ConfigError(f"{path}: has several profiles ({known}): name one in TENURE_PROFILE or default_profile")
        return next(iter(profiles), DEFAULT_NAME)
    if not isinstance(name, str) or (name not in profiles and (profiles or name != DEFAULT_NAME)):
        asked = "TENURE_PROFILE" if wanted else "default_profile"
        raise ConfigError(f"{path}: has no profile {name!r}, which {asked} asks for; it has {known}")
    return name


def _merged(below: Table, above: Table) -> Table:
    """``above`` laid over ``below``, table by table."""
    merged = dict(below)
    for key, value in above.items():
        old = merged.get(key)
        merged[key] = _merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged


def _origins(table: Table, prefix: Key, lines: Mapping[Key, int], path: Path) -> dict[Key, str]:
    found: dict[Key, str] = {}
    for key, value in _leaves(table):
        line = next(
            (lines[(*prefix, *key[:end])] for end in range(len(key), 0, -1) if (*prefix, *key[:end]) in lines), 0
        )
        found[key] = f"{path}:{line}" if line else str(path)
        if isinstance(value, list):
            found.update({(*key, str(index)): found[key] for index in range(len(value))})
    return found


def _leaves(table: Table, prefix: Key = ()) -> list[tuple[Key, object]]:
    leaves: list[tuple[Key, object]] = []
    for key, value in table.items():
        if isinstance(value, dict) and value:
            leaves += _leaves(value, (*prefix, key))
        else:
            leaves.append(((*prefix, key), value))
    return leaves


_HEADER = re.compile(r"^\s*\[\[?\s*(?P<key>[^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_ASSIGNMENT = re.compile(r"""^\s*(?P<key>(?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_PART = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")


def _key_lines(text: str) -> dict[Key, int]:
    """The line, from 1, on which each key is set. Python's TOML reader does not tell, so the lines are looked at.

    A line inside a text of several lines may look like a key; it does no harm, since only keys that exist are asked.
    """
    lines: dict[Key, int] = {}
    table: Key = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            table = _key(header["key"])
            lines.setdefault(table, number)
        elif assignment := _ASSIGNMENT.match(line):
            lines.setdefault((*table, *_key(assignment["key"])), number)
    return lines


def _key(text: str) -> Key:
    return tuple(part.strip("\"'") for part in _PART.findall(text))
