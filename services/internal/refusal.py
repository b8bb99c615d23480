"""The words for an answer that is none, read from whatever the other side sent."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

from services.wire.registry import ProblemPart

TOLD: Final = 3
"""Parts that stand in the words."""
MOST_PARTS: Final = 100


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why it was not answered."""

    words: str
    """Status, the server's words where it has any, and the first parts."""
    detail: str | None = None
    """The server's words alone."""
    parts: tuple[ProblemPart, ...] = ()


def refusal(status: int, phrase: str, content_type: str, body: bytes) -> Refusal:
    """Why it was not answered, in the server's words where it has any (RFC 9457)."""
    words = f"answered {status} {phrase}".rstrip()
    if "json" not in content_type:
        return Refusal(words)
    try:
        problem = json.loads(body)
    except (ValueError, RecursionError):  # the status says enough
        return Refusal(words)
    if not isinstance(problem, dict):
        return Refusal(words)
    said = problem.get("detail") or problem.get("title")
    detail = said if isinstance(said, str) else None
    words = words if detail is None else f"{words}: {detail}"
    errors = problem.get("errors")
    if not isinstance(errors, list):
        return Refusal(words, detail)
    parts = tuple(
        ProblemPart(where=str(one.get("where")), what=str(one.get("what")))
        for one in errors[:MOST_PARTS]
        if isinstance(one, dict)
    )
    told = "; ".join(f"{part.where}: {part.what}" for part in parts[:TOLD])
    more = "; …" if len(parts) > TOLD else ""
    return Refusal(f"{words} ({told}{more})" if parts else words, detail, parts)
