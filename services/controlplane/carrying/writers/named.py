"""What RDS makes under a name that is the order's own: by that name it is found again when an answer was lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from services.controlplane.carrying.writers.base import Result, Writer, kept, sent
from services.wire.orders import AwsCall


class Named(Writer):
    """Made once under its name, whoever asks for it again."""

    service: ClassVar[str] = "rds"
    noun: ClassVar[str]
    """As RDS calls what is made: its members begin with it."""
    create: ClassVar[str]
    """The method of a client that makes it."""

    def there(self, client: Any, call: AwsCall, key: str) -> Mapping[str, Any] | None:
        """What stands under the name and is this order's, as RDS describes it."""
        raise NotImplementedError

    def find(self, client: Any, call: AwsCall, key: str) -> Result | None:
        found = self.there(client, call, key)
        return None if found is None else self._kept(found)

    def do(self, client: Any, call: AwsCall, key: str) -> Result:
        try:
            answer = getattr(client, self.create)(**sent(call))
        except getattr(client.exceptions, f"{self.noun}AlreadyExistsFault"):
            found = self.find(client, call, key)
            if found is None:
                raise
            return found
        return {**kept(answer), **self._kept(answer[self.noun])}

    def _kept(self, found: Mapping[str, Any]) -> Result:
        return kept(found, f"{self.noun}Identifier", f"{self.noun}Arn")
