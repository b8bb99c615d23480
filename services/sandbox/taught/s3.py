"""S3: a list of buckets with their regions, by region where asked, in pages.

Read from the API reference of 2006-03-01 (ListBuckets).
"""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.s3.exceptions import S3ClientError
from moto.s3.responses import S3Response

from services.sandbox.taught.tokens import TokenError, take

MOST = 10_000


def teach() -> None:
    """Change moto's S3 in this process."""
    method = "all_buckets"
    setattr(S3Response, method, all_buckets)


def all_buckets(self: S3Response) -> Any:
    action = "Action"
    self.data[action] = "ListAllMyBuckets"
    self._authenticate_and_authorize_s3_action()  # as moto does before it answers
    region = self._get_param("bucket-region")
    found = self.backend.list_buckets(prefix=self._get_param("prefix"), bucket_region=region, max_buckets=None)
    asked = self._get_param("max-buckets") or str(MOST)
    size = int(asked) if asked.isdecimal() else 0
    if not 1 <= size <= MOST:
        raise S3ClientError("InvalidArgument", f"max-buckets must be between 1 and {MOST}")
    try:
        page, token = take(found, lambda bucket: bucket.name, size, self._get_param("continuation-token"))
    except TokenError:
        raise S3ClientError("InvalidArgument", "The continuation token provided is incorrect") from None
    self.data[action] = "ListBuckets"
    return self.serialized(
        ActionResult(
            {
                "Owner": {"ID": self.current_account.ljust(64, "0"), "DisplayName": "suite"},
                "Buckets": [
                    {
                        "Name": bucket.name,
                        "CreationDate": bucket.creation_date_ISO8601,
                        "BucketRegion": bucket.region_name,
                        "BucketArn": f"arn:aws:s3:::{bucket.name}",
                    }
                    for bucket in page
                ],
                "ContinuationToken": token,
            }
        )
    )
