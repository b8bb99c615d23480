"""Reading ARNs (AWS General Reference, "Amazon Resource Names")."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Arn:
    """``arn:partition:service:region:account:kind:name``; region and account are ``None`` where the ARN has none."""

    service: str
    region: str | None
    account: str | None
    kind: str | None
    """``db``, ``cluster``; ``None`` where the service's ARNs bear no kind (S3)."""
    name: str


@lru_cache(maxsize=4096)
def parse(arn: str) -> Arn | None:
    """``None`` for what is no ARN."""
    parts = arn.split(":", 5)
    if len(parts) != 6 or parts[0] != "arn":
        return None
    _, _, service, region, account, resource = parts
    kind, colon, name = resource.partition(":")
    return Arn(service, region or None, account or None, kind if colon else None, name if colon else resource)
