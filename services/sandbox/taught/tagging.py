"""Resource Groups Tagging: an ordered list that holds while others write, with tokens that never expire.

Read from the API reference of 2017-01-26 (GetResources): a page ends at ``ResourcesPerPage`` resources or at
``TagsPerPage`` tags, whichever comes first; the last page has an empty token.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from moto.core.responses import ActionResult
from moto.resourcegroupstaggingapi.exceptions import ResourceGroupsTaggingAPIError
from moto.resourcegroupstaggingapi.responses import ResourceGroupsTaggingAPIResponse
from moto.s3.models import s3_backends

from services.aws.facts import Tags


def teach(json_tags: Mapping[str, Tags]) -> None:
    """Change moto's tagging API in this process; ``json_tags`` (by ARN) are served beside a resource's own."""

    def get_resources(self: ResourceGroupsTaggingAPIResponse) -> ActionResult:
        found = self.backend._get_resources_generator(  # noqa: SLF001 - moto's own list, without its pages
            tag_filters=self._get_param("TagFilters", []),
            resource_type_filters=self._get_param("ResourceTypeFilters", []),
            resource_arn_list=self._get_param("ResourceARNList", []),
        )
        here = (resource for resource in found if _region(resource.arn) in (self.region, None))
        resources = sorted(here, key=lambda resource: resource.arn)
        after = _decode(self._get_param("PaginationToken") or "")
        rest = [resource for resource in resources if resource.arn > after]
        tagged = [(resource.arn, {**resource.tags, **dict(json_tags.get(resource.arn, ()))}) for resource in rest]
        page = _page(
            tagged,
            _between(self._get_int_param("ResourcesPerPage", 50), "ResourcesPerPage", 1, 100),
            _between(self._get_int_param("TagsPerPage", 100), "TagsPerPage", 100, 500),
        )
        return ActionResult(
            {
                "ResourceTagMappingList": [
                    {"ResourceARN": arn, "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}
                    for arn, tags in page
                ],
                "PaginationToken": _encode(page[-1][0]) if len(page) < len(rest) else "",
            }
        )

    method = "get_resources"
    setattr(ResourceGroupsTaggingAPIResponse, method, get_resources)


def _region(arn: str) -> str | None:
    """The region of a resource: moto names a bucket in all of them. ``None`` where the ARN leads to none."""
    parts = arn.split(":", 5)
    if parts[2] != "s3":
        return parts[3] or None
    account = s3_backends.bucket_accounts.get(parts[5])
    return s3_backends[account[1]][account[0]].buckets[parts[5]].region_name if account else None


def _page(tagged: list[tuple[str, dict[str, str]]], most: int, most_tags: int) -> list[tuple[str, dict[str, str]]]:
    page: list[tuple[str, dict[str, str]]] = []
    count = 0
    for arn, tags in tagged:
        count += len(tags)
        if len(page) == most or (page and count > most_tags):
            break
        page.append((arn, tags))
    return page


def _between(value: Any, name: str, low: int, high: int) -> int:
    if not isinstance(value, int) or not low <= value <= high:
        raise ResourceGroupsTaggingAPIError("InvalidParameterException", f"{name} must be between {low} and {high}")
    return value


def _encode(arn: str) -> str:
    return base64.urlsafe_b64encode(arn.encode()).decode()


def _decode(token: str) -> str:
    try:
        return base64.b64decode(token, altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise ResourceGroupsTaggingAPIError("PaginationTokenExpiredException", "Token does not exist") from None
