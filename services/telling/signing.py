"""The signature of a webhook's message: proves who sent it, and when."""

from __future__ import annotations

import hmac
from datetime import datetime
from hashlib import sha256
from typing import Final

HEADER: Final = "Tenure-Signature"
ID_HEADER: Final = "Tenure-Id"


def signature(secret: str, at: datetime, body: bytes) -> str:
    """``t=1795604400,v1=<64 hex digits>``: HMAC-SHA256 with ``secret`` over ``t``, a dot, and the body's bytes.

    A receiver reckons the same, compares in constant time, and refuses a ``t`` that is minutes away from its own clock:
    what was recorded cannot be sent again later.
    """
    seconds = int(at.timestamp())
    digest = hmac.new(secret.encode(), f"{seconds}.".encode() + body, sha256).hexdigest()
    return f"t={seconds},v1={digest}"
