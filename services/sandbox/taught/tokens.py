"""Pages whose tokens hold while the list changes: a token names the last item of its page."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable
from typing import TypeVar

ItemT = TypeVar("ItemT")


class TokenError(ValueError):
    """A token that no list gave out."""


def take(
    items: Iterable[ItemT], key: Callable[[ItemT], str], size: int, token: str | None
) -> tuple[list[ItemT], str | None]:
    """At most ``size`` items in the order of their key, from behind the one that ``token`` names, and the next token.

    Nothing is skipped or repeated when something comes or goes between two pages. Raises ``TokenError``.
    """
    after = _decode(token) if token else ""
    rest = sorted((item for item in items if key(item) > after), key=key)
    return rest[:size], (_encode(key(rest[size - 1])) if len(rest) > size else None)


def _encode(key: str) -> str:
    return base64.urlsafe_b64encode(key.encode()).decode()


def _decode(token: str) -> str:
    try:
        return base64.b64decode(token, altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise TokenError(token) from None
