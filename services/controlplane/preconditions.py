"""Entity tags and the conditions that requests put on them (RFC 9110, section 13)."""

from __future__ import annotations

import hashlib
import re

_TAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')


def entity_tag(body: bytes) -> str:
    """The strong tag of a representation: two answers of one tag are equal to the byte."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def unchanged(if_none_match: str | None, tag: str) -> bool:
    """Whether the asker already has the representation of that tag (the weak comparison)."""
    if if_none_match is None:
        return False
    if if_none_match.strip() == "*":
        return True
    return tag in {found.removeprefix("W/") for found in _TAG.findall(if_none_match)}


def may_write(if_match: str | None, if_none_match: str | None, tag: str | None) -> bool:
    """Whether a write may go on; ``tag`` is the present representation's, ``None`` where there is none.

    ``If-Match`` compares strongly, so a weak tag never matches; ``If-None-Match: *`` means: create only.
    """
    if if_match is not None:
        if tag is None:
            return False
        return if_match.strip() == "*" or tag in _TAG.findall(if_match)
    return not (if_none_match is not None and tag is not None and unchanged(if_none_match, tag))
