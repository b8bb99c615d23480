"""Which calls change something: what the role ``tenure-read`` is refused, as its policy would have it refused.

The sandbox's IAM is not enforced unless it is told to (``taught/iam.py``); this much always is, so that whoever holds
the console's role alone writes nothing here either.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from services.sandbox.aws_errors import Call

_READS = re.compile(r"(Describe|Get|List|Head|Lookup|Search|BatchGet|Assume)")
_READING_METHODS = frozenset({"GET", "HEAD"})
ADMINISTERED = frozenset({"iam", "sts"})
"""Services that whoever sets the sandbox up calls."""


def writes(call: Call) -> bool:
    """Whether a call changes something, by its operation's name or, of a REST service, by its method."""
    if call.service in ADMINISTERED:
        return False
    method, space, _ = call.operation.partition(" ")
    if space:
        return method not in _READING_METHODS
    return not _READS.match(call.operation)


def refusing(role_of: Callable[[str], str | None], reader: str) -> Callable[[Call], bool]:
    """Tells whether a call is refused: it writes, and the key that signed it is one of a session of ``reader``."""
    return lambda call: call.key is not None and role_of(call.key) == reader and writes(call)
