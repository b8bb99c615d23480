"""The first full picture of the sandbox's fleet, as ``tenure list recovery -o json`` from start to exit, beside a shell
loop of the stock AWS CLI that makes the same reads of the same sandbox: a role assumed for each account, then each
operation in each region. (Version 1 of the CLI takes RDS in us-east-1 past ``AWS_ENDPOINT_URL``, hence the option.)"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

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
      for operation in $OPERATIONS; do
        aws --endpoint-url "$AWS_ENDPOINT_URL" "${operation%%:*}" "${operation##*:}" --region "$region" > /dev/null
      done
    done
  )
done
"""


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
            "OPERATIONS": " ".join(sorted({f"{row['service']}:{cli_name(row['operation'])}" for row in asked})),
        }
        loop = seconds(
            lambda: subprocess.run(["bash", "-c", LOOP], env=environment(loop_environment), check=True)  # noqa: S607
        )
    yield Measured("first full picture, 60 tenants", ours, "s", 0.1, loop, f"{len(asked)} calls of the AWS CLI")
