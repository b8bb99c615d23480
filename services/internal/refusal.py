"""The words for an answer that is none, read from whatever the other side sent."""

from __future__ import annotations

import json


def refusal(status: int, phrase: str, content_type: str, body: bytes) -> str:
    """Why it was not answered, in the server's words where it has any (RFC 9457)."""
    words = f"answered {status} {phrase}".rstrip()
    if "json" not in content_type:
        return words
    try:
        problem = json.loads(body)
    except (ValueError, RecursionError):  # the status says enough
        return words
    if not isinstance(problem, dict):
        return words
    detail = problem.get("detail") or problem.get("title")
    words = f"{words}: {detail}" if isinstance(detail, str) else words
    errors = problem.get("errors")
    if not isinstance(errors, list):
        return words
    parts = [f"{one.get('where')}: {one.get('what')}" for one in errors if isinstance(one, dict)]
    return f"{words} ({'; '.join(parts[:3])}{'; …' if len(parts) > 3 else ''})" if parts else words
