"""What to write instead of a setting that cannot be used."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from pydantic import BaseModel

from console.config_file import Key

EXAMPLES = MappingProxyType(
    {
        "banner": 'banner = "PROD"',
        "colour": 'colour = "red"',
        "read_only": "read_only = true",
        "agreement": 'agreement = "policy.yaml"',
        "clock_offset_s": "clock_offset_s = 0",
        "api": '[api] with url = "https://registry.example.net"',
        "api.url": 'url = "https://registry.example.net"',
        "api.token": 'token_command = ["pass", "show", "tenure"]',
        "api.token_command": 'token_command = ["pass", "show", "tenure"]',
        "api.timeout_s": "timeout_s = 5",
        "aws.profile": 'profile = "ops"',
        "aws.endpoint_url": 'endpoint_url = "https://…", or leave it out',
        "aws.role_arn": 'role_arn = "arn:aws:iam::{account}:role/tenure-read"',
        "aws.external_id": 'external_id = "tenure-eu"',
        "aws.home_region": 'home_region = "eu-central-1"',
        "aws.accounts": 'accounts = ["111122223333"]',
        "aws.regions": 'regions = ["eu-central-1"]',
        "aws.scope": '[[aws.scope]] with account = "111122223333" and regions = ["eu-central-1"]',
        "aws.scope.account": 'account = "111122223333"',
        "aws.scope.regions": 'regions = ["eu-central-1"]',
        "aws.connect_timeout_s": "connect_timeout_s = 3",
        "aws.read_timeout_s": "read_timeout_s = 5",
        "aws.max_concurrency": "max_concurrency = 32",
        "tags.tenant": 'tenant = "tenant"',
        "refresh.pace": "pace = 1.0",
        "refresh.focus": "focus = 0.5",
        "refresh.jitter": "jitter = 0.1",
        "refresh.backoff_max_s": "backoff_max_s = 120",
    }
)
"""By key, items of lists left out."""


def hint(key: Key, *, unknown: bool, model: type[BaseModel]) -> str | None:
    """What to write for ``key``; for one that does not exist, the one of ``model`` that was perhaps meant."""
    plain = tuple(part for part in key if not part.isdigit())
    if not unknown:
        found = next((EXAMPLES[name] for end in (len(plain), 1) if (name := ".".join(plain[:end])) in EXAMPLES), None)
        return f"write {found}" if found else None
    import difflib

    names = _names(model, plain[:-1])
    close = difflib.get_close_matches(plain[-1], names, n=1)
    return f"did you mean {close[0]}?" if close else f"there are {', '.join(names)}"


def _names(model: type[BaseModel], table: Key) -> list[str]:
    """The keys that ``model`` has in a table; what is made by the program itself left out."""
    here: Any = model
    for part in table:
        annotation = here.model_fields[part].annotation
        inner = getattr(annotation, "__args__", ())
        here = next((it for it in (annotation, *inner) if isinstance(it, type) and issubclass(it, BaseModel)), None)
        if here is None:
            return []
    return [name for name in here.model_fields if name not in {"origins", "profile"} or table]
