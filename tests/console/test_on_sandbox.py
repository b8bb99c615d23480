"""The command line on a running sandbox: its figures against AWS asked by hand, its exit codes under faults."""

from __future__ import annotations

import io
import json
import os
import subprocess
import unicodedata
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from console.main import run
from tests.support.cli import DEADLINE_S, command, environment
from tests.support.sandbox import RunningSandbox

if TYPE_CHECKING:
    from mypy_boto3_rds.client import RDSClient
    from mypy_boto3_s3.client import S3Client
    from mypy_boto3_sts.client import STSClient

Row: TypeAlias = dict[str, Any]  # JSON
Look: TypeAlias = Callable[..., "Looked"]
Restorable: TypeAlias = dict[str, datetime | None]

pytestmark = pytest.mark.unmeasured  # whole runs of all that there is, each part of which has tests of its own


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
        lead_to(sandbox, monkeypatch)
        code = run(arguments)
        out, err = capsys.readouterr()
        return Looked(code, out, err)

    return run_on


def lead_to(sandbox: RunningSandbox, patch: pytest.MonkeyPatch) -> None:
    """Let this process's environment be that of a console that looks at ``sandbox`` and at nothing else."""
    for name in [name for name in os.environ if name.startswith(("AWS_", "TENURE_"))]:
        patch.delenv(name)
    for name, value in client_env(sandbox).items():
        patch.setenv(name, value)
    patch.setenv("TENURE_CONFIG", os.devnull)


def listed(sandbox: RunningSandbox, area: str) -> Looked:
    """What ``tenure list AREA -o json`` prints."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        lead_to(sandbox, patch)
        code = run(("list", area, "-o", "json"))
    return Looked(code, out.getvalue(), err.getvalue())


@dataclass(frozen=True, slots=True)
class Recovery:
    """The list of stores, between two readings of AWS by hand."""

    began: datetime
    ended: datetime
    seen: Looked
    before: Restorable
    after: Restorable


@pytest.fixture(scope="module")
def recovery(sandbox: RunningSandbox) -> Recovery:
    with ByHand(sandbox) as by_hand:
        before, began = by_hand.read(), sandbox.now()
        seen = listed(sandbox, "recovery")
        return Recovery(began, sandbox.now(), seen, before, by_hand.read())


@pytest.fixture(scope="module")
def tenants(sandbox: RunningSandbox) -> Looked:
    """The list of tenants."""
    return listed(sandbox, "tenants")


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def databases(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows that rest on what RDS says."""
    return [row for row in rows if row["kind"] != "s3-bucket"]


class ByHand(ExitStack):
    """What the stock boto3 says of databases and buckets, asked account by account and region by region."""

    def __init__(self, sandbox: RunningSandbox) -> None:
        from boto3.session import Session

        super().__init__()
        self.databases: list[RDSClient] = []
        self.buckets: list[S3Client] = []
        session = Session(sandbox.aws_access_key_id, sandbox.aws_secret_access_key, region_name=sandbox.regions[0])
        client: Any = partial(session.client, endpoint_url=sandbox.aws_endpoint_url)
        sts: STSClient = self.enter_context(closing(client("sts")))
        for account in sandbox.accounts:
            role = sandbox.role_arn.replace("{account}", account)
            found = sts.assume_role(RoleArn=role, RoleSessionName="by-hand")["Credentials"]
            keys = {
                "aws_access_key_id": found["AccessKeyId"],
                "aws_secret_access_key": found["SecretAccessKey"],
                "aws_session_token": found["SessionToken"],
            }
            self.buckets.append(self.enter_context(closing(client("s3", **keys))))
            for region in sandbox.regions:
                self.databases.append(self.enter_context(closing(client("rds", region_name=region, **keys))))

    def read(self) -> Restorable:
        """ARN of each instance outside a cluster and of each cluster → LatestRestorableTime; of each bucket → None."""
        stores: Restorable = {}
        for rds in self.databases:
            for page in rds.get_paginator("describe_db_instances").paginate():
                for one in page["DBInstances"]:
                    if not one.get("DBClusterIdentifier"):
                        stores[one["DBInstanceArn"]] = restorable(one)
            for clusters in rds.get_paginator("describe_db_clusters").paginate():
                for cluster in clusters["DBClusters"]:
                    stores[cluster["DBClusterArn"]] = restorable(cluster)
        for s3 in self.buckets:
            stores |= {f"arn:aws:s3:::{bucket['Name']}": None for bucket in s3.list_buckets()["Buckets"]}
        return stores


def restorable(answer: Mapping[str, Any]) -> datetime | None:
    """The time to which automated backups reach, of a database that has them."""
    return answer.get("LatestRestorableTime") if answer.get("BackupRetentionPeriod", 0) > 0 else None


def test_every_rpo_equals_the_one_reckoned_by_hand(recovery: Recovery) -> None:
    """Each store that stock boto3 sees is a row, its RPO the time from the restorable time that AWS reported."""
    seen = recovery.seen
    assert (seen.code, seen.err) == (0, "")
    assert {row["store"] for row in seen.rows if row["store"]} == set(recovery.before)
    checked = 0
    for row in seen.rows:
        if row["store"] is None or row["restore_point_at"] is None:
            assert row["rpo_seconds"] is None
            continue
        observed, point = instant(row["observed_at"]), instant(row["restore_point_at"])
        assert recovery.began - timedelta(seconds=1) <= observed <= recovery.ended
        assert row["rpo_seconds"] == max(0, int((observed - point).total_seconds()))
        if earliest := recovery.before[row["store"]]:
            latest = recovery.after[row["store"]]
            assert latest is not None
            assert earliest <= point <= latest
            checked += 1
    assert checked > 40


def test_statuses_follow_from_figure_and_target(recovery: Recovery) -> None:
    """No row is better than its figure: beyond the target is breached, no figure is never ok."""
    rows = recovery.seen.rows
    for row in rows:
        if row["rpo_seconds"] is None or row["target_seconds"] is None:
            assert row["status"] in {"breached", "unknown", "unproven", "not-applicable"}
        elif row["status"] in {"ok", "at-risk"}:
            assert row["rpo_seconds"] <= row["target_seconds"]
        elif row["status"] == "breached":
            assert row["rpo_seconds"] >= row["target_seconds"]
    assert {row["status"] for row in rows} >= {"ok", "breached", "unknown"}


def test_the_list_of_tenants_is_the_registry(tenants: Looked) -> None:
    """Exactly the tenants there are, each once."""
    names = [row["tenant"] for row in tenants.rows]
    assert tenants.code == 0
    assert len(names) == len(set(names)) == 60


@pytest.mark.parametrize("output", ["table", "csv"])
def test_the_hostile_tenant_drives_no_terminal(sandbox: RunningSandbox, look: Look, output: str) -> None:
    """The story of hostile names and tags passes through every format without one foreign control."""
    out = look(sandbox, "list", "tenants", "hostile", "-o", output).out
    assert "hostile" in out
    assert not foreign(out)


def test_hostile_text_in_json_is_escaped(recovery: Recovery, tenants: Looked) -> None:
    """So it is in JSON, of stores and of tenants."""
    for seen in (recovery.seen, tenants):
        assert "hostile" in seen.out
        assert not foreign(seen.out)


def foreign(out: str) -> list[str]:
    """The characters that could drive a terminal or hide in it."""
    return [char for char in out if unicodedata.category(char) in {"Cc", "Cf", "Co"} and char not in "\r\n"]


def test_a_tenant_is_shown_whole(sandbox: RunningSandbox, tenants: Looked, look: Look) -> None:
    """One of the list's tenants in grace has its clocks, its stores with restore points, and its sources."""
    row = next(row for row in tenants.rows if row["state"] == "grace")
    seen = look(sandbox, "show", row["tenant"], "-o", "json")
    assert seen.code == 0
    page = json.loads(seen.out)
    assert {clock["clock"] for clock in page["clocks"]} >= {"grace", "hosted_data", "return_or_delete"}
    assert page["clocks"][0]["ends_at"] == row["grace_ends_at"]
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
    there = [row for row in databases(seen.rows) if row["region"] == "eu-central-1"]
    assert {row["status"] for row in there} == {"unknown"}
    assert {row["tenant"] for row in there} >= set(tenants_of(faulty, "eu-central-1"))
    assert {row["status"] for row in seen.rows if row["region"] != "eu-central-1"} >= {"ok", "breached"}


def test_no_tenant_of_a_region_that_does_not_answer_is_ok(faulty: RunningSandbox, look: Look) -> None:
    """The list of tenants has each of them, and does not call one of them good."""
    faulty.set_faults("denied:rds:eu-central-1")
    rows = look(faulty, "list", "tenants", "region=eu-central-1", "-o", "json").rows
    assert {row["tenant"] for row in rows} == set(tenants_of(faulty, "eu-central-1"))
    assert "ok" not in {row["status"] for row in rows}


def tenants_of(sandbox: RunningSandbox, region: str) -> list[str]:
    """The ids of a region's tenants, as the internal API has them."""
    url = f"{sandbox.api_url}/tenants?limit=1000"
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {sandbox.tokens['viewer']}"})  # noqa: S310 - loopback
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - loopback
        return [one["id"] for one in json.load(answer)["items"] if one["region"] == region]


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
    """Reads end at the time-out of the settings, and the rows that depend on them are unknown."""
    faulty.set_faults("hang:rds:eu-central-1")
    config = tmp_path / "config.toml"
    config.write_text("[aws]\nread_timeout_s = 1.5\n")
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
