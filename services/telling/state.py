"""What was told, and what is still to be delivered: a text, kept in one small file that is replaced as a whole, or
wherever else."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from services.model import Status
from services.telling.items import GRAVITY, Key, Told
from services.telling.message import Message

VERSION: Final = 1


class StateError(Exception):
    """The file cannot be read or written; the text says which and why."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message, and those who have not got it yet."""

    message: Message
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class State:
    """What others know, and what is on its way to them."""

    told: Told = field(default_factory=dict)
    outbox: tuple[Waiting, ...] = ()
    """Oldest first."""


def load(path: Path) -> State:
    """The state in a file; nothing told where there is none. Raises ``StateError``."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return State()
    except (OSError, UnicodeDecodeError) as error:
        raise StateError(f"{path} cannot be read: {error}") from None
    try:
        return state_of(text)
    except StateError as error:
        raise StateError(f"{path} {error}") from None


def save(path: Path, state: State) -> None:
    """Replaces the file; whoever reads it sees the old state or the new one. Raises ``StateError``."""
    text = text_of(state)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        raise StateError(f"{path} cannot be written: {error}") from None


def state_of(text: str) -> State:
    """The state that a text holds. Raises ``StateError``."""
    try:
        return _state(json.loads(text))
    except (ValueError, KeyError, TypeError):
        raise StateError("is no state of tenure notify: remove it, and everything is told anew") from None


def text_of(state: State) -> str:
    """The text that holds a state."""
    told = [{"tenant": key.tenant, "figure": key.figure, "status": str(it)} for key, it in state.told.items()]
    outbox = [{"message": asdict(it.message), "targets": list(it.targets)} for it in state.outbox]
    return json.dumps({"version": VERSION, "told": told, "outbox": outbox}, indent=1)


def _state(raw: Any) -> State:
    """Raises ``ValueError``, ``KeyError`` or ``TypeError`` for what is no state."""
    if raw["version"] != VERSION:
        raise ValueError(raw["version"])
    told = {Key(_text(it["tenant"], absent=True), str(it["figure"])): Status(it["status"]) for it in raw["told"]}
    if any(status not in GRAVITY for status in told.values()):
        raise ValueError("a status that is not told")
    outbox = tuple(Waiting(_message(it["message"]), tuple(map(str, it["targets"]))) for it in raw["outbox"])
    return State(told, outbox)


def _message(raw: Mapping[str, Any]) -> Message:
    return Message(str(raw["id"]), Status(raw["worst"]), str(raw["subject"]), str(raw["body"]))


def _text(value: object, *, absent: bool) -> str | None:
    if value is None and absent:
        return None
    if not isinstance(value, str):
        raise TypeError(value)
    return value
