"""The stock AWS CLI on the sandbox's endpoint."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.sandbox.fleet import build_fleet
from tests.support.sandbox import AT, SEED, TENANTS, RunningSandbox

AWS = Path(sys.executable).with_name("aws")

pytestmark = pytest.mark.skipif(not AWS.exists(), reason="the AWS CLI is a development package")


def aws(sandbox: RunningSandbox, home: Path, profile: str, *arguments: str) -> dict[str, Any]:
    """What the stock CLI answers with the configuration that the sandbox wrote, and nothing else of this machine."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    done = subprocess.run(
        [AWS, "--profile", profile, "--output", "json", *arguments],
        env={
            **clean,
            "HOME": str(home),  # the CLI keeps a role's credentials there
            "AWS_PAGER": "",
            "AWS_CONFIG_FILE": sandbox.line["aws_config_file"],
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_sees_the_planted_databases(sandbox: RunningSandbox, tmp_path: Path) -> None:
    """By its profile for an account, the CLI lists that account's databases of a region, and no other."""
    planting = build_fleet(SEED, TENANTS, AT).planting
    found = aws(sandbox, tmp_path, "dedicated", "rds", "describe-db-instances", "--region", "eu-central-1")
    planted = {
        one.arn
        for one in planting.instances
        if (one.account, one.region) == ("444455556666", "eu-central-1") and one.deleted_at is None
    }
    assert {one["DBInstanceArn"] for one in found["DBInstances"]} == planted
    (story,) = [one for one in found["DBInstances"] if one["DBInstanceIdentifier"] == "globex-voice-core"]
    assert datetime.fromisoformat(story["LatestRestorableTime"]) == AT - timedelta(minutes=9)


def test_parses_what_moto_never_had(sandbox: RunningSandbox, tmp_path: Path) -> None:
    """The CLI reads an operation that was wholly taught, with its restore window."""
    found = aws(
        sandbox, tmp_path, "dedicated", "rds", "describe-db-cluster-automated-backups", "--region", "ca-central-1"
    )
    for backup in found["DBClusterAutomatedBackups"]:
        window = backup["RestoreWindow"]
        assert datetime.fromisoformat(window["EarliestTime"]) < datetime.fromisoformat(window["LatestTime"])
    planted = [
        one.identifier
        for one in build_fleet(SEED, TENANTS, AT).planting.clusters
        if (one.account, one.region) == ("444455556666", "ca-central-1") and one.restorable is not None
    ]
    assert planted
    assert {one["DBClusterIdentifier"] for one in found["DBClusterAutomatedBackups"]} == set(planted)
