"""Where server and worker keep the head of the audit log, and how often, as they are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Final, TypeAlias

from cyclopts import Parameter

from console.errors import UsageError
from console.lengths import read_interval

if TYPE_CHECKING:
    from services.controlplane.anchoring import AnchorPlace
    from services.controlplane.embedding import Hands

SHORTEST: Final = timedelta(minutes=1)
NEVER: Final = "never"

AnchorOption: TypeAlias = Annotated[
    str | None,
    Parameter(name="--anchor", env_var="TENURE_ANCHOR", help="s3://bucket/prefix, where the audit log's head is kept."),
]
AccountOption: TypeAlias = Annotated[
    str | None,
    Parameter(name="--anchor-account", env_var="TENURE_ANCHOR_ACCOUNT", help="The AWS account of that bucket."),
]
RegionOption: TypeAlias = Annotated[
    str | None, Parameter(name="--anchor-region", env_var="TENURE_ANCHOR_REGION", help="The region of that bucket.")
]
EveryOption: TypeAlias = Annotated[
    str,
    Parameter(
        name="--anchor-every",
        env_var="TENURE_ANCHOR_EVERY",
        help="How often it is kept there by itself: 15m, 1h; never: only by tenure audit anchor.",
    ),
]


def place_of(uri: str | None, account: str | None, region: str | None) -> AnchorPlace | None:
    """The place that the options name; ``None``: none of them is given. Raises ``UsageError`` for half of them."""
    from services.controlplane.anchoring import AnchorPlace

    if uri is None and account is None and region is None:
        return None
    if uri is None or account is None or region is None:
        raise UsageError("--anchor, --anchor-account and --anchor-region go together")
    try:
        return AnchorPlace.of(uri, account, region)
    except ValueError as error:
        raise UsageError(f"--anchor: {error}") from None


def anchored(hands: Hands, place: AnchorPlace | None, every: str) -> Hands:
    """With what keeps anchors there. Raises ``UsageError``."""
    interval = None if every == NEVER else read_interval("--anchor-every", every, SHORTEST)
    return hands if place is None else replace(hands, anchors=place, anchor_every=interval)
