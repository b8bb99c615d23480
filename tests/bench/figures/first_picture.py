"""The first full picture of the sandbox's fleet, as ``tenure list recovery -o json`` from start to exit, beside a shell
loop of the stock AWS CLI that makes the same reads of the same sandbox: a role assumed for each account, then each
operation in each region, and the calls that follow from what some of them list. (Version 1 of the CLI takes RDS in
us-east-1 past ``AWS_ENDPOINT_URL``, hence the option.)"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile

from tests.bench.measured import Measured, median_seconds, seconds
from tests.support.pty import environment
from tests.support.sandbox import RunningSandbox, running_sandbox

BIN = Path(sys.executable).parent
LOOP = """
set -euo pipefail
for account in $ACCOUNTS; do
  read -r AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN < <(
    aws sts assume-role --role-arn "${ROLE/\\{account\\}/$account}" --role-session-name loop \
      --query 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]' --output text)
  (
    export AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN
    for place in $PLACES; do
      [ "${place%%/*}" = "$account" ] || continue
      region=${place##*/}
      ask() { echo call >> "$CALLS"; aws --endpoint-url "$AWS_ENDPOINT_URL" --region "$region" --output text "$@"; }
      for operation in $OPERATIONS; do
        ask "${operation%%:*}" "${operation##*:}" > /dev/null
      done
      for vault in $(ask backup list-backup-vaults --query 'BackupVaultList[].[BackupVaultName]'); do
        ask backup list-recovery-points-by-backup-vault --backup-vault-name "$vault" > /dev/null
      done
      for hold in $(ask backup list-legal-holds --query 'LegalHolds[].[LegalHoldId]'); do
        ask backup get-legal-hold --legal-hold-id "$hold" > /dev/null
      done
      for bucket in $(ask s3api list-buckets --bucket-region "$region" --query 'Buckets[].[Name]'); do
        versioning=$(ask s3api get-bucket-versioning --bucket "$bucket" --query Status)
        [ "$versioning" = None ] && continue
        ask s3api get-bucket-replication --bucket "$bucket" > /dev/null 2>&1 || true
        ask s3api get-object-lock-configuration --bucket "$bucket" > /dev/null 2>&1 || true
      done
    done
  )
done
"""


CHAINED = frozenset({"ListRecoveryPointsByBackupVault", "ListLegalHolds", "ListBuckets"})
"""Reads that go on from what they list: the loop makes them one by one."""


def tenure(sandbox: RunningSandbox, area: str) -> list[dict[str, str]]:
    """The rows of an area."""
    done = subprocess.run(
        [BIN / "tenure", "list", area, "-o", "json"],
        env=environment(sandbox.environment),
        stdout=subprocess.PIPE,
        check=True,
    )
    rows: list[dict[str, str]] = json.loads(done.stdout)
    return rows


def cli_name(operation: str) -> str:
    """``DescribeDBInstances`` as the AWS CLI spells it."""
    from botocore import xform_name

    return xform_name(operation, "-")


def measure() -> Iterator[Measured]:
    """The time to the first full picture."""
    with running_sandbox() as sandbox:
        asked = [row for row in tenure(sandbox, "sources") if row["region"] and row["service"] != "sts"]
        ours = median_seconds(lambda: tenure(sandbox, "recovery"), 3)
        loop_environment = {
            **sandbox.aws_environment,
            "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
            "ROLE": sandbox.role_arn,
            "ACCOUNTS": " ".join(sorted({row["account"] for row in asked})),
            "PLACES": " ".join(sorted({f"{row['account']}/{row['region']}" for row in asked})),
            "OPERATIONS": " ".join(
                sorted(
                    {f"{it['service']}:{cli_name(it['operation'])}" for it in asked if it["operation"] not in CHAINED}
                )
            ),
        }
        with NamedTemporaryFile("r") as counted:
            loop_environment["CALLS"] = counted.name
            loop = seconds(
                lambda: subprocess.run(["bash", "-c", LOOP], env=environment(loop_environment), check=True)  # noqa: S607
            )
            calls = len(counted.readlines())
    yield Measured("first full picture, 60 tenants", ours, "s", 0.1, loop, f"{calls} calls of the AWS CLI")
