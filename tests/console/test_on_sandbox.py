"""The command line on a running sandbox: its figures against AWS asked by hand, its exit codes under faults."""

from __future__ import annotations

import json
import os
import subprocess
import unicodedata
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from console.main import run
from tests.support.cli import DEADLINE_S, command, environment
from tests.support.sandbox import RunningSandbox

if TYPE_CHECKING:
    from mypy_boto3_rds.client import RDSClient
    from mypy_boto3_sts.client import STSClient

Row: TypeAlias = dict[str, Any]  # JSON
Look: TypeAlias = Callable[..., "Looked"]


class Looked:
    """What a command printed and how it ended."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def rows(self) -> list[Row]:
        """stdout as JSON."""
        rows: list[Row] = json.loads(self.out)
        return rows


def client_env(sandbox: RunningSandbox) -> dict[str, str]:
    """All that a console needs to look at ``sandbox``."""
    return {**sandbox.environment, "TENURE_AWS_ROLE_ARN": sandbox.role_arn}


@pytest.fixture
def look(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Look:
    """Runs ``tenure`` in this process on a sandbox: ``look(sandbox, "list", "tenants")``."""

    def run_on(sandbox: RunningSandbox, *arguments: str) -> Looked:
        for name in [name for name in os.environ if name.startswith(("AWS_", "TENURE_"))]:
            monkeypatch.delenv(name)
        for name, value in client_env(sandbox).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("TENURE_CONFIG", os.devnull)
        code = run(arguments)
        out, err = capsys.readouterr()
        return Looked(code, out, err)

    return run_on


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def databases(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows that rest on what RDS says."""
    return [row for row in rows if row["kind"] != "s3-bucket"]


class ByHand:
    """What the stock boto3 says of databases and buckets, asked account by account and region by region."""

    def __init__(self, sandbox: RunningSandbox) -> None:
        from boto3.session import Session

        self.stores: dict[str, datetime | None] = {}
        """ARN of each instance outside a cluster and of each cluster → LatestRestorableTime; of each bucket → None."""
        base = Session(sandbox.aws_access_key_id, sandbox.aws_secret_access_key, region_name=sandbox.regions[0])
        with closing(base.client("sts", endpoint_url=sandbox.aws_endpoint_url)) as sts:
            self._ask(sandbox, sts)

    def _ask(self, sandbox: RunningSandbox, sts: STSClient) -> None:
        from boto3.session import Session

        for account in sandbox.accounts:
            role = sandbox.role_arn.replace("{account}", account)
            found = sts.assume_role(RoleArn=role, RoleSessionName="by-hand")["Credentials"]
            session = Session(found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"])
            for region in sandbox.regions:
                rds = session.client("rds", region_name=region, endpoint_url=sandbox.aws_endpoint_url)
                with closing(rds):
                    self._describe(rds)
            with closing(session.client("s3", endpoint_url=sandbox.aws_endpoint_url)) as s3:
                for bucket in s3.list_buckets()["Buckets"]:
                    self.stores[f"arn:aws:s3:::{bucket['Name']}"] = None

    def _describe(self, rds: RDSClient) -> None:
        for page in rds.get_paginator("describe_db_instances").paginate():
            for one in page["DBInstances"]:
                if not one.get("DBClusterIdentifier"):
                    self._add(one["DBInstanceArn"], one)
        for clusters in rds.get_paginator("describe_db_clusters").paginate():
            for cluster in clusters["DBClusters"]:
                self._add(cluster["DBClusterArn"], cluster)

    def _add(self, arn: str, answer: Mapping[str, Any]) -> None:
        backed_up = answer.get("BackupRetentionPeriod", 0) > 0
        self.stores[arn] = answer.get("LatestRestorableTime") if backed_up else None


def test_every_rpo_equals_the_one_reckoned_by_hand(sandbox: RunningSandbox, look: Look) -> None:
    """Each store that stock boto3 sees is a row, its RPO the time from the restorable time that AWS reported."""
    before = ByHand(sandbox)
    began = sandbox.now()
    seen = look(sandbox, "list", "recovery", "-o", "json")
    ended = sandbox.now()
    after = ByHand(sandbox)
    assert (seen.code, seen.err) == (0, "")
    assert {row["store"] for row in seen.rows if row["store"]} == set(before.stores)
    checked = 0
    for row in seen.rows:
        if row["store"] is None or row["restore_point_at"] is None:
            assert row["rpo_seconds"] is None
            continue
        observed, point = instant(row["observed_at"]), instant(row["restore_point_at"])
        assert began - timedelta(seconds=1) <= observed <= ended
        assert row["rpo_seconds"] == max(0, int((observed - point).total_seconds()))
        if earliest := before.stores[row["store"]]:
            latest = after.stores[row["store"]]
            assert latest is not None
            assert earliest <= point <= latest
            checked += 1
    assert checked > 40


def test_statuses_follow_from_figure_and_target(sandbox: RunningSandbox, look: Look) -> None:
    """No row is better than its figure: beyond the target is breached, no figure is never ok."""
    rows = look(sandbox, "list", "recovery", "-o", "json").rows
    for row in rows:
        if row["rpo_seconds"] is None or row["target_seconds"] is None:
            assert row["status"] in {"breached", "unknown", "unproven", "not-applicable"}
        elif row["status"] in {"ok", "at-risk"}:
            assert row["rpo_seconds"] <= row["target_seconds"]
        elif row["status"] == "breached":
            assert row["rpo_seconds"] >= row["target_seconds"]
    assert {row["status"] for row in rows} >= {"ok", "breached", "unknown"}


def test_the_list_of_tenants_is_the_registry(sandbox: RunningSandbox, look: Look) -> None:
    """Exactly the tenants there are, each once."""
    seen = look(sandbox, "list", "tenants", "-o", "json")
    names = [row["tenant"] for row in seen.rows]
    assert seen.code == 0
    assert len(names) == len(set(names)) == 60


@pytest.mark.parametrize(("area", "output"), [("tenants", "table"), ("tenants", "csv"), ("recovery", "json")])
def test_the_hostile_tenant_drives_no_terminal(sandbox: RunningSandbox, look: Look, area: str, output: str) -> None:
    """The story of hostile names and tags passes through every format without one foreign control."""
    out = look(sandbox, "list", area, "hostile", "-o", output).out
    assert "hostile" in out
    assert not [char for char in out if unicodedata.category(char) in {"Cc", "Cf", "Co"} and char not in "\r\n"]


def test_a_tenant_is_shown_whole(sandbox: RunningSandbox, look: Look) -> None:
    """One of the list's tenants in grace has its clocks, its stores with restore points, and its sources."""
    listed = look(sandbox, "list", "tenants", "state=grace", "-o", "json").rows
    seen = look(sandbox, "show", listed[0]["tenant"], "-o", "json")
    assert seen.code == 0
    page = json.loads(seen.out)
    assert {clock["clock"] for clock in page["clocks"]} >= {"grace", "hosted_data", "return_or_delete"}
    assert page["clocks"][0]["ends_at"] == listed[0]["grace_ends_at"]
    assert all(store["restore_points"] for store in page["stores"])
    assert {source["region"] for source in page["sources"]} == {None, page["region"]}


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        ("denied:rds:eu-central-1", "denied"),
        ("throttle:rds:eu-central-1", "throttled"),
    ],
)
def test_a_region_that_does_not_answer_is_unknown_and_makes_3(
    faulty: RunningSandbox, look: Look, fault: str, outcome: str
) -> None:
    """Every tenant there has a row, none of them good; other regions are judged as ever; stderr names the source."""
    faulty.set_faults(fault)
    seen = look(faulty, "list", "recovery", "-o", "json")
    assert seen.code == 3
    assert f"eu-central-1 {outcome}" in seen.err
    tenants = look(faulty, "list", "tenants", "region=eu-central-1", "-o", "json").rows
    there = {row["tenant"] for row in tenants}
    assert there <= {row["tenant"] for row in seen.rows}
    assert {row["status"] for row in databases(seen.rows) if row["region"] == "eu-central-1"} == {"unknown"}
    assert "ok" not in {row["status"] for row in tenants}
    assert {row["status"] for row in seen.rows if row["region"] != "eu-central-1"} >= {"ok", "breached"}


@pytest.mark.parametrize("fault", ["api-down", "api-garbage", "api-short", "expired", "down"])
def test_no_fault_ends_in_a_clean_exit_code(faulty: RunningSandbox, look: Look, fault: str) -> None:
    """Whatever breaks, the list says so and exits 3; what it prints holds no green that nobody saw."""
    faulty.set_faults(fault)
    seen = look(faulty, "list", "recovery", "-o", "json")
    assert seen.code == 3
    assert seen.err
    if not fault.startswith("api-"):
        assert {row["status"] for row in seen.rows} == {"unknown"}


def test_a_server_that_hangs_is_given_up(faulty: RunningSandbox, tmp_path: Path) -> None:
    """Reads end at the settings' time-out, and the rows that depend on them are unknown."""
    faulty.set_faults("hang:rds:eu-central-1")
    config = tmp_path / "config.toml"
    config.write_text("[aws]\nread_timeout_s = 0.3\n")
    done = subprocess.run(
        command("list", "recovery", "-o", "json"),
        env=environment(tmp_path, {**client_env(faulty), "TENURE_CONFIG": str(config)}),
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        check=False,
    )
    assert done.returncode == 3
    rows = databases(json.loads(done.stdout))
    assert {row["status"] for row in rows if row["region"] == "eu-central-1"} == {"unknown"}


def test_a_reader_that_has_enough_ends_the_list_quietly(sandbox: RunningSandbox, tmp_path: Path) -> None:
    """When the other end of the pipe is gone there is no traceback, and the exit code is that of SIGPIPE."""
    process = subprocess.Popen(
        command("list", "recovery", "-o", "json"),
        env=environment(tmp_path, client_env(sandbox)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    with process.stderr:
        told = process.stderr.read()
    assert (process.wait(DEADLINE_S), told) == (141, b"")


def test_the_doctor_finds_a_sandbox_well(sandbox: RunningSandbox, look: Look) -> None:
    """Settings, agreement, API, token, clocks, credentials and both accounts are ok; the token itself is not shown."""
    seen = look(sandbox, "doctor", "-o", "json")
    assert seen.code == 0, seen.out
    checks = {finding["check"]: finding["status"] for finding in seen.rows}
    wanted = {"agreement", "internal API", "token", "registry", "clock, internal API", "clock, AWS", "AWS credentials"}
    wanted |= {f"AWS account {account}" for account in sandbox.accounts}
    assert {check: checks.get(check) for check in wanted} == dict.fromkeys(wanted, "ok")
    assert sandbox.tokens["viewer"] not in seen.out + seen.err


@pytest.mark.parametrize(
    ("fault", "check"),
    [("api-down", "internal API"), ("expired", "AWS credentials"), ("denied:sts", "AWS credentials")],
)
def test_the_doctor_finds_what_is_broken(faulty: RunningSandbox, look: Look, fault: str, check: str) -> None:
    """What fails is said to have failed, with what to do, and the exit code is 4."""
    faulty.set_faults(fault)
    seen = look(faulty, "doctor", "-o", "json")
    assert seen.code == 4
    (finding,) = [finding for finding in seen.rows if finding["check"] == check]
    assert finding["status"] == "failed"
    assert finding["advice"]
