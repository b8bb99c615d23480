"""Tags of RDS resources and buckets (Resource Groups Tagging API reference, GetResources).

The tagging API knows only what bears or bore a tag: it attributes, and never proves an absence. Pages shrink
unless ``TagsPerPage`` is at its greatest.
"""

from __future__ import annotations

from services.aws.collect.base import Listing, Place, Record, need
from services.aws.collect.base import tags as tags_of
from services.aws.facts import ResourceTags


def read(record: Record, place: Place) -> ResourceTags:
    return ResourceTags(need(record, "ResourceARN"), place.account, place.region, tags_of(record, "Tags"))


TAGS = Listing(
    "resourcegroupstaggingapi",
    "GetResources",
    "get_resources",
    "ResourceTagMappingList",
    read,
    "tag:GetResources",
    {"TagsPerPage": 500, "ResourceTypeFilters": ["rds", "s3"]},
)
