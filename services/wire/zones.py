"""Whether a time zone is one that can be reckoned with."""

from __future__ import annotations

from functools import lru_cache
from zoneinfo import ZoneInfo


@lru_cache(maxsize=1024)
def known_zone(key: str) -> bool:
    """Whether ``key`` names a zone of the IANA database, the packaged one included.

    Never raises, whatever the text: a path, an empty word, a lone surrogate.
    """
    try:
        ZoneInfo(key)
    except (ValueError, OSError, LookupError):  # unknown, malformed, or the name of a folder of zones
        return False
    return True
