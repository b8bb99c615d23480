"""A configuration for the stock AWS CLI and SDKs: a profile for each account of the sandbox."""

from __future__ import annotations

from pathlib import Path

from services.sandbox import options

FILE = "aws-config"
BASE_PROFILE = "sandbox"
PROFILES = {"public": options.PUBLIC_ACCOUNT, "dedicated": options.DEDICATED_ACCOUNT}


def write_aws_config(directory: Path, endpoint_url: str) -> Path:
    """Write the file, for its owner alone, and return its path. It leads nowhere but to ``endpoint_url``."""
    common = f"region = {options.REGIONS[0]}\nendpoint_url = {endpoint_url}\n"
    keys = f"aws_access_key_id = {options.ACCESS_KEY_ID}\naws_secret_access_key = {options.SECRET_ACCESS_KEY}\n"
    sections = [f"[profile {BASE_PROFILE}]\n{common}{keys}"]
    for name, account in PROFILES.items():
        role = options.ROLE_ARN.format(account=account)
        sections.append(f"[profile {name}]\n{common}role_arn = {role}\nsource_profile = {BASE_PROFILE}\n")
    path = directory / FILE
    path.touch(mode=0o600)
    path.write_text("\n".join(sections), encoding="utf-8")
    return path
