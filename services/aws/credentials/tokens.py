"""The tokens of IAM Identity Center, in the cache that the AWS CLI keeps them in.

One JSON file a sign-in below ``~/.aws/sso/cache``, named by the SHA-1 of the session's name or of the start URL, for
its owner alone. What is written here serves the CLI, and ``aws sso login`` serves the console.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from botocore.exceptions import SSOTokenLoadError
from botocore.utils import JSONFileCache, SSOTokenLoader

from services.aws.credentials.origin import SsoSource
from services.now import Now


def make_cache(home: Path) -> JSONFileCache:
    """The CLI's cache in a home directory: files of mode 0600, in a directory of mode 0700 where it is made here."""
    return _Cache(home / ".aws" / "sso" / "cache")


class _Cache(JSONFileCache):
    def __init__(self, directory: Path) -> None:
        super().__init__(str(directory), dumps_func=lambda value: json.dumps(value, default=write_instant))
        self._directory = directory

    def __setitem__(self, cache_key: str, value: Any) -> None:
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        super().__setitem__(cache_key, value)


def write_instant(value: object) -> object:
    """An instant as the CLI writes it; anything else as it is."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(value, datetime) else value


def expiry(cache: JSONFileCache, source: SsoSource) -> datetime | None:
    """When the token that is kept for a sign-in ends; ``None`` where there is none that can be read."""
    try:
        kept = SSOTokenLoader(cache=cache)(source.start_url, session_name=source.session)
        ends = datetime.fromisoformat(str(kept["expiresAt"]).replace("UTC", "Z"))
    except (SSOTokenLoadError, ValueError, TypeError, KeyError):
        return None
    return ends if ends.tzinfo else ends.replace(tzinfo=UTC)


def keep(cache: JSONFileCache, source: SsoSource, registration: Any, answer: Any, now: Now) -> None:
    """Keep the answer of CreateToken, with the registration that a refresh needs, as the CLI does."""
    token: dict[str, Any] = {
        "startUrl": source.start_url,
        "region": source.region,
        "accessToken": answer["accessToken"],
        "expiresAt": now() + timedelta(seconds=answer["expiresIn"]),
        "clientId": registration["clientId"],
        "clientSecret": registration["clientSecret"],
        "registrationExpiresAt": datetime.fromtimestamp(registration["clientSecretExpiresAt"], UTC),
    }
    if answer.get("refreshToken"):
        token["refreshToken"] = answer["refreshToken"]
    loader: Any = SSOTokenLoader(cache=cache)  # its stubs take a token for a string
    loader.save_token(source.start_url, token, session_name=source.session)
