"""Whether a time zone is one that can be reckoned with."""

from __future__ import annotations

from services.agreement import ZoneError, zone


def known_zone(key: str) -> bool:
    """Whether ``key`` names a zone of the IANA database that the agreement's clocks are reckoned with.

    Never raises, whatever the text: a path, an empty word, a lone surrogate.
    """
    try:
        zone(key)
    except ZoneError:
        return False
    return True
