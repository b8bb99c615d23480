"""The faults: whom they strike, and that they speak as the service itself would."""

from __future__ import annotations

import asyncio
import io
import json
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

import botocore.session
import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from botocore.parsers import create_parser

from services.sandbox.aws_errors import DENIED, DOWN, EXPIRED, THROTTLED, UNKNOWN_KEY, Call, Errors, error
from services.sandbox.fault_spec import parse_fault
from services.sandbox.faults_api import ApiFaults
from services.sandbox.faults_control import PATH
from services.sandbox.front import AwsFront
from tests.services.sandbox.wire import client
from tests.support.sandbox import RunningSandbox, post

SERVICES = ("rds", "sts", "resourcegroupstaggingapi", "ec2", "s3", "ssm", "backup", "cloudwatch")
RETRIED = {
    "Throttling",
    "ThrottlingException",
    "SlowDown",
    "RequestLimitExceeded",
}
"""What botocore's standard mode takes for throttling (its ``ThrottledRetryableChecker``), as far as used here."""
REFUSED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"}
ENDED = {"ExpiredToken", "ExpiredTokenException", "RequestExpired"}
STRANGE = {"InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId", "AuthFailure"}
KEY = "AKIATENURESANDBOX001"


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(
    ("errors", "codes", "statuses"),
    [
        (THROTTLED, RETRIED, {400, 503}),
        (DENIED, REFUSED, {400, 403}),
        (EXPIRED, ENDED, {400, 403}),
        (DOWN, {"ServiceUnavailable", "ServiceUnavailableException", "Unavailable"}, {503}),
        (UNKNOWN_KEY, STRANGE, {400, 401, 403}),
    ],
    ids=["throttled", "denied", "expired", "down", "unknown key"],
)
def test_speaks_the_services_protocol(service: str, errors: Errors, codes: set[str], statuses: set[int]) -> None:
    """boto3's own parser reads a service's error out of the body, with a code that says what the fault is."""
    model = botocore.session.get_session().get_service_model(service)
    operations = (model.operation_model(name) for name in model.operation_names)
    operation = next(one for one in operations if one.output_shape is not None)
    assert operation.output_shape is not None
    status, content_type, body = error(errors, Call(service, "eu-central-1", operation.name, model.resolved_protocol))
    parsed = create_parser(model.resolved_protocol).parse(
        {"status_code": status, "headers": {"content-type": content_type}, "body": body}, operation.output_shape
    )
    assert status in statuses
    assert parsed["Error"]["Code"] in codes
    assert parsed["Error"]["Message"]


def answered(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    start_response("200 OK", [])
    return [environ["wsgi.input"].read()]


def call(
    faults: AwsFront, service: str, region: str, body: bytes = b"Action=DescribeDBInstances", key: str = KEY
) -> tuple[int, bytes]:
    """Status and body of a signed call through the faults."""
    statuses: list[str] = []
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/",
        "CONTENT_TYPE": "application/x-www-form-urlencoded; charset=utf-8",
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_AUTHORIZATION": f"AWS4-HMAC-SHA256 Credential={key}/20261122/{region}/{service}/aws4_request, X=0",
        "wsgi.input": io.BytesIO(body),
    }
    found = b"".join(faults(environ, lambda status, _headers: statuses.append(status)))
    return int(statuses[0].split()[0]), found


def aws_faults(*specs: str, seed: int = 1) -> AwsFront:
    return AwsFront(answered, [parse_fault(spec) for spec in specs], seed, lambda key: key == KEY)


def test_strikes_its_service_and_region_alone() -> None:
    """A fault strikes the calls it names; all others reach the service with their form as it was."""
    faults = aws_faults("denied:rds:eu-central-1", "throttle:resourcegroupstaggingapi")
    status, body = call(faults, "rds", "eu-central-1")
    assert status == 403
    assert b"rds:DescribeDBInstances" in body
    assert call(faults, "tagging", "me-central-1")[0] == 400
    assert call(faults, "rds", "us-east-1") == (200, b"Action=DescribeDBInstances")
    assert call(faults, "sts", "eu-central-1")[0] == 200


def test_a_strange_key_is_refused() -> None:
    """A key that nobody gave out is refused: an empty account would pass for an answer."""
    status, body = call(aws_faults(), "rds", "us-east-1", key="AKIAIOSFODNN7EXAMPLE")
    assert status == 403
    assert b"InvalidClientTokenId" in body


@pytest.mark.parametrize(
    ("asked", "action"),
    [
        ("GET /backup-vaults/", "backup:ListBackupVaults"),
        ("GET /backup-vaults/suite-daily", "backup:DescribeBackupVault"),
        ("GET /backup-vaults/suite-daily/recovery-points/", "backup:ListRecoveryPointsByBackupVault"),
        ("GET /legal-holds/42/", "backup:GetLegalHold"),
        ("DELETE /backup-vaults/suite-daily", "backup:DeleteBackupVault"),
        ("GET /nothing/like/it", "backup:GET /nothing/like/it"),
    ],
)
def test_a_rest_service_names_the_action(asked: str, action: str) -> None:
    """The refusal of a REST call names the operation that its method and path stand for."""
    body = error(DENIED, Call("backup", "eu-central-1", asked, "rest-json"))[2]
    assert json.loads(body)["message"].endswith(f": {action}")


def test_chance_is_repeatable() -> None:
    """The same seed strikes the same calls, about as many as the probability says."""
    runs = []
    for seed in (1, 1, 2):
        faults = aws_faults("down:rds@0.3", seed=seed)
        runs.append([call(faults, "rds", "us-east-1")[0] for _ in range(400)])
    assert runs[0] == runs[1] != runs[2]
    assert 80 < runs[0].count(503) < 160


def test_slow_answers_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow call waits its two seconds and is answered after all."""
    waits: list[float] = []
    monkeypatch.setattr(time, "sleep", waits.append)
    assert call(aws_faults("slow:rds"), "rds", "us-east-1")[0] == 200
    assert waits == [2.0]


def test_hanging_calls_are_let_go_by_new_faults() -> None:
    """A call hangs for as long as its fault is in force."""
    faults = aws_faults("hang:rds")
    ended: list[int] = []
    caller = threading.Thread(target=lambda: ended.append(call(faults, "rds", "us-east-1")[0]), daemon=True)
    caller.start()
    caller.join(0.1)
    assert caller.is_alive()
    assert faults.control.handle("POST", b'{"faults": []}') == (200, b'{"faults": []}')
    caller.join(5)
    assert ended == [503]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"{", "Expecting property name"),
        (b"[]", "the body must be"),
        (b'{"faults": [1]}', "the body must be"),
        (b'{"faults": ["flood"]}', "is no fault"),
        (b'{"faults": ["api-down"]}', "on the other port"),
    ],
)
def test_control_refuses_and_keeps(body: bytes, said: str) -> None:
    """What the control endpoint cannot read is refused with the reason, and the faults in force stay."""
    control = aws_faults("down:rds").control
    status, answer = control.handle("POST", body)
    assert status == 400
    assert said in json.loads(answer)["error"]
    assert control.handle("GET", b"") == (200, b'{"faults": ["down:rds"]}')
    assert control.handle("DELETE", b"")[0] == 405


PAGE = {"items": [1, 2, 3, 4, 5], "next": "more"}


async def page(_scope: Any, _receive: Any, send: Any) -> None:
    body = json.dumps(PAGE).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def ask(*specs: str, path: str = "/tenants", method: str = "GET", body: bytes = b"") -> tuple[int, bytes]:
    """Status and body of a call to an application behind the faults; the length that is promised is kept."""
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    faults = ApiFaults(page, [parse_fault(spec) for spec in specs], 1)
    asyncio.run(faults({"type": "http", "path": path, "method": method}, receive, send))
    start, end = sent
    assert dict(start["headers"])[b"content-length"] == str(len(end["body"])).encode()
    return start["status"], end["body"]


def test_api_faults(monkeypatch: pytest.MonkeyPatch) -> None:
    """Down is a 503 problem, garbage a 200 that is no JSON, short half of a page that says it is the last."""
    assert ask() == (200, json.dumps(PAGE).encode())
    status, body = ask("api-down")
    assert (status, json.loads(body)["status"]) == (503, 503)
    status, body = ask("api-garbage")
    assert status == 200
    with pytest.raises(ValueError, match=r"decode|Expecting"):
        json.loads(body)
    assert json.loads(ask("api-short")[1]) == {"items": [1, 2], "next": None}
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    assert ask("api-slow")[0] == 200
    assert waits == [2.0]
    assert json.loads(ask("api-slow", path=PATH)[1]) == {"faults": ["api-slow"]}


@pytest.mark.processes
def test_a_running_sandbox_takes_faults(make_sandbox: Any) -> None:
    """Faults from the command line strike boto3's calls; the control endpoints replace them while it runs."""
    running: RunningSandbox = make_sandbox("--tenants", "36", "--fault", "throttle:rds", "--fault", "expired:sts")
    with pytest.raises(ClientError) as struck:
        client(running, "rds").describe_db_instances()
    assert struck.value.response["Error"]["Code"] == "Throttling"
    with pytest.raises(ClientError) as struck:
        client(running, "sts").get_caller_identity()
    assert struck.value.response["Error"]["Code"] == "ExpiredToken"
    running.set_faults("hang:rds:us-east-1", "api-down")
    assert client(running, "sts").get_caller_identity()["Account"]
    assert client(running, "rds", "eu-central-1").describe_db_instances()["DBInstances"] == []
    with pytest.raises(ReadTimeoutError):
        client(running, "rds", "us-east-1", read_timeout=0.3).describe_db_instances()
    running.set_faults("denied:backup", "throttle:ssm", "expired:s3")
    asks: tuple[tuple[Callable[[], Any], str], ...] = (
        (client(running, "backup").list_backup_vaults, "AccessDeniedException"),
        (client(running, "ssm").describe_maintenance_windows, "ThrottlingException"),
        (client(running, "s3").list_buckets, "ExpiredToken"),
    )
    for ask, code in asks:
        with pytest.raises(ClientError) as struck:
            ask()
        assert struck.value.response["Error"]["Code"] == code
    running.set_faults()
    assert client(running, "rds").describe_db_instances()["DBInstances"] == []
    assert client(running, "backup").list_backup_vaults()["BackupVaultList"] == []
    with pytest.raises(ValueError, match="on the other port"):
        post(running.aws_endpoint_url, ["api-down"])
