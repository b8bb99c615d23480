"""What stands in the registry and in AWS, read past Tenure: by SQL, and by boto3 with keys of its own."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import boto3
from botocore.config import Config

from services.controlplane.collection import COLLECTIONS
from services.sandbox.options import ACCOUNTS
from tests.support.sandbox import AT

Place = tuple[str, str]
"""Account and region."""
TABLES: Final = (*(it.table.name for it in COLLECTIONS), "tenant_sp_end_customers")
KEYS: Final = {account: f"ASIASANDBOX{letter}MATRIX22" for account, letter in zip(ACCOUNTS, "ABCDEFGH", strict=False)}
"""Of a role of each account, as the sandbox's STS gives them out: the letter tells whose they are."""
INSTANCE: Final = ("DBInstanceIdentifier", "DBInstanceStatus", "AvailabilityZone", "SecondaryAvailabilityZone")
CLUSTER: Final = ("DBClusterIdentifier", "Status", "DBClusterMembers")
CLUSTER_SNAPSHOT: Final = ("DBClusterSnapshotIdentifier", "Status", "TagList")
NOW: Final = "$now"
MEANWHILE: Final = timedelta(minutes=10)
"""The clocks of AWS and of the workers go on by so much at most while an order is carried out."""
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?")
_WINDOW = re.compile(r"mw-[0-9a-f]+")


def registry(path: Path) -> dict[str, str]:
    """Every record by its path (``/slots/s-1``), as canonical JSON; the instants of the worker's clock are one word."""
    found: dict[str, str] = {}
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        for table in TABLES:
            for row in connection.execute(f"SELECT * FROM {table}"):  # noqa: S608 - a constant
                record = dict(row)
                key = record["id"] if "id" in record else f"{record['tenant']}.{record['position']}"
                found[f"/{table.replace('_', '-')}/{key}"] = _canonical(record)
    return found


class AwsEyes:
    """Reads what stands in an AWS at one address."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._clients: dict[tuple[str, str, str], Any] = {}

    def __call__(self, places: Iterable[Place]) -> list[str]:
        """All that an order can make or change in these places, a line each, sorted; ids and times of day are one word,
        so what is there twice stands there twice."""
        return sorted(_canonical(each) for place in sorted(set(places)) for each in self._of(*place))

    def _of(self, account: str, region: str) -> Iterator[Mapping[str, Any]]:
        where = {"account": account, "region": region}
        ssm, rds, backup = (self._client(name, account, region) for name in ("ssm", "rds", "backup"))
        for page in ssm.get_paginator("describe_maintenance_windows").paginate():
            for window in page["WindowIdentities"]:
                id_ = window["WindowId"]
                targets = ssm.describe_maintenance_window_targets(WindowId=id_)["Targets"]
                tags = ssm.list_tags_for_resource(ResourceType="MaintenanceWindow", ResourceId=id_)["TagList"]
                said = [{name: it[name] for name in ("ResourceType", "Targets") if name in it} for it in targets]
                yield {**where, "window": window, "targets": said, "tags": tags}
        for one in rds.describe_db_instances()["DBInstances"]:
            if "DBClusterIdentifier" in one and not one["Engine"].startswith("aurora"):
                continue  # RDS makes and removes it with its cluster, which names it
            yield {**where, "instance": {name: one.get(name) for name in INSTANCE}}
        for one in rds.describe_db_clusters()["DBClusters"]:
            yield {**where, "cluster": {name: one.get(name) for name in CLUSTER}}
        for one in rds.describe_db_snapshots(SnapshotType="manual")["DBSnapshots"]:
            yield {**where, "snapshot": {name: one[name] for name in ("DBSnapshotIdentifier", "Status", "TagList")}}
        for one in rds.describe_db_cluster_snapshots(SnapshotType="manual")["DBClusterSnapshots"]:
            yield {**where, "snapshot": {name: one[name] for name in CLUSTER_SNAPSHOT}}
        for one in backup.list_backup_jobs()["BackupJobs"]:
            yield {**where, "job": {name: one.get(name) for name in ("ResourceArn", "BackupVaultName", "State")}}

    def _client(self, service: str, account: str, region: str) -> Any:
        key = (service, account, region)
        if key not in self._clients:
            session: Any = boto3.Session(
                aws_access_key_id=KEYS[account], aws_secret_access_key="none", region_name=region
            )
            config = Config(retries={"max_attempts": 4}, read_timeout=20, parameter_validation=False)
            self._clients[key] = session.client(service, endpoint_url=self._address, config=config)
        return self._clients[key]


def _canonical(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, default=lambda it: it.isoformat())
    return _INSTANT.sub(_one_word, _WINDOW.sub("mw-$id", text))


def _one_word(found: re.Match[str]) -> str:
    """An instant of the worker's clocks, and of AWS's while it worked, is ``$now``; any other stays."""
    text = found[0]
    try:
        at = datetime.fromisoformat(text if text.endswith("Z") or "+" in text else f"{text}+00:00")
    except ValueError:
        return text
    return NOW if AT <= at < AT + MEANWHILE else text
