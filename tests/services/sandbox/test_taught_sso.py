"""IAM Identity Center, MFA and the end of sessions, as the sandbox has them."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from services.now import make_now
from services.sandbox import aws_config, options
from services.sandbox.taught import keys, sso, sso_oidc
from tests.services.sandbox.shapes import mistyped, unknown_json
from tests.services.sandbox.wire import answers, client, own_credentials
from tests.support.sandbox import RunningSandbox

START_URL = "https://sandbox.awsapps.invalid/start"
MFA_SERIAL, MFA_ROLE = aws_config.MFA_SERIAL, aws_config.MFA_ROLE_ARN


def unsigned(running: RunningSandbox, service: str) -> Any:
    make: Any = boto3.client
    config = Config(signature_version=UNSIGNED, retries={"total_max_attempts": 1, "mode": "standard"})
    return make(service, region_name="us-east-1", endpoint_url=running.aws_endpoint_url, config=config)


def control(running: RunningSandbox, path: str, value: object = None) -> tuple[int, Any]:
    """Status and answer of a control endpoint; GET without a value."""
    connection = http.client.HTTPConnection(urlsplit(running.aws_endpoint_url).netloc, timeout=10)
    try:
        body = None if value is None else json.dumps(value)
        connection.request("GET" if body is None else "POST", path, body)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def code_of(error: ClientError) -> str:
    return str(error.response["Error"]["Code"])


class Signing:
    """A device flow, one step after the other, each answer kept with its bytes."""

    def __init__(self, running: RunningSandbox, **registration: Any) -> None:
        self.running = running
        self.oidc, self.portal = unsigned(running, "sso-oidc"), unsigned(running, "sso")
        self.kept: dict[str, tuple[Any, bytes]] = {}
        registered = self.call(
            self.oidc, "RegisterClient", "register_client", clientName="t", clientType="public", **registration
        )
        self.names = {name: registered[name] for name in ("clientId", "clientSecret")}
        self.begun = self.call(
            self.oidc, "StartDeviceAuthorization", "start_device_authorization", **self.names, startUrl=START_URL
        )

    def call(self, of: Any, operation: str, method: str, **parameters: Any) -> Any:
        with answers(of) as bodies:
            parsed = getattr(of, method)(**parameters)
        self.kept[operation] = parsed, bodies[0]
        return parsed

    def confirm(self, *, approve: bool = True) -> None:
        status, said = control(
            self.running, sso_oidc.PATH, {"user_code": self.begun["userCode"].lower(), "approve": approve}
        )
        assert status == 200, said

    def token(self) -> Any:
        device = self.begun["deviceCode"]
        grant = sso_oidc.DEVICE_GRANT
        return self.call(self.oidc, "CreateToken", "create_token", **self.names, grantType=grant, deviceCode=device)

    def role(self, token: str, role: str = sso.ROLE) -> Any:
        account = options.BASE_ACCOUNT
        how = {"accountId": account, "roleName": role, "accessToken": token}
        return self.call(self.portal, "GetRoleCredentials", "get_role_credentials", **how)


def refused(call: Any, *arguments: Any) -> str:
    with pytest.raises(ClientError) as error:
        call(*arguments)
    return code_of(error.value)


@pytest.fixture
def running(faulty: RunningSandbox) -> Iterator[RunningSandbox]:
    """The sandbox whose sessions each test sets."""
    yield faulty
    control(faulty, keys.PATH, {"seconds": None})


def test_the_answers_are_what_the_models_describe(running: RunningSandbox) -> None:
    """Each operation of the sign-in: every member in AWS's model with its type, and nothing else in the bytes."""
    signing = Signing(running, scopes=["sso:account:access"])
    signing.confirm()
    signing.role(signing.token()["accessToken"])
    assert signing.kept.keys() == {"RegisterClient", "StartDeviceAuthorization", "CreateToken", "GetRoleCredentials"}
    for operation, (parsed, body) in signing.kept.items():
        of = signing.portal if operation == "GetRoleCredentials" else signing.oidc
        shape = of.meta.service_model.operation_model(operation).output_shape
        value = {name: item for name, item in parsed.items() if name != "ResponseMetadata"}
        assert list(mistyped(value, shape, operation)) == []
        assert list(unknown_json(json.loads(body), shape, operation)) == []
    assert signing.kept["StartDeviceAuthorization"][0].keys() >= {"interval", "expiresIn", "verificationUriComplete"}


def test_a_code_waits_until_it_is_confirmed(running: RunningSandbox) -> None:
    """Pending, slowed down when polled too often, then a token, once; and the codes that wait are told."""
    signing = Signing(running)
    assert refused(signing.token) == "AuthorizationPendingException"
    assert refused(signing.token) == "SlowDownException"
    assert signing.begun["userCode"] in control(running, sso_oidc.PATH)[1]["waiting"]
    signing.confirm()
    assert signing.begun["userCode"] not in control(running, sso_oidc.PATH)[1]["waiting"]
    answer = signing.token()
    assert answer["accessToken"]
    assert "refreshToken" not in answer  # a client that registered no scope
    assert refused(signing.token) == "InvalidGrantException"


def test_a_code_can_be_declined(running: RunningSandbox) -> None:
    """As a browser's second button would."""
    signing = Signing(running)
    signing.confirm(approve=False)
    assert refused(signing.token) == "AccessDeniedException"


def test_what_is_wrong_is_refused_by_its_name(running: RunningSandbox) -> None:
    """A strange client, a strange token, a strange role, a token that was refreshed before."""
    signing = Signing(running, scopes=["sso:account:access"])
    signing.confirm()
    answer = signing.token()
    assert refused(signing.role, "strange") == "UnauthorizedException"
    assert refused(signing.role, answer["accessToken"], "admin") == "ForbiddenException"
    fresh = {"grantType": "refresh_token", "refreshToken": answer["refreshToken"]}
    again = signing.oidc.create_token(**signing.names, **fresh)
    assert again["accessToken"] != answer["accessToken"]
    assert refused(lambda: signing.oidc.create_token(**signing.names, **fresh)) == "InvalidGrantException"
    signing.names["clientSecret"] = "another"
    assert refused(signing.token) == "InvalidClientException"


def test_faults_strike_the_sign_in_too(running: RunningSandbox) -> None:
    """By the names that boto3 has for the two services."""
    signing = Signing(running)
    running.set_faults("down:sso-oidc")
    assert refused(signing.token) == "ServiceUnavailableException"
    running.set_faults("throttle:sso:us-east-1")
    assert refused(signing.token) == "AuthorizationPendingException"
    assert refused(signing.role, "any") == "ThrottlingException"


def test_a_code_of_the_device_opens_its_role(running: RunningSandbox) -> None:
    """The role of the device needs it; a wrong one is refused as AWS refuses it; another role takes it or leaves it."""
    sts = client(running, "sts")
    assume: Mapping[str, Any] = {"RoleArn": MFA_ROLE, "RoleSessionName": "tests", "SerialNumber": MFA_SERIAL}
    found = sts.assume_role(**assume, TokenCode="123456")
    assert found["AssumedRoleUser"]["Arn"].endswith(":assumed-role/tenure-mfa/tests")
    made = found["Credentials"]
    own = {
        "aws_access_key_id": made["AccessKeyId"],
        "aws_secret_access_key": made["SecretAccessKey"],
        "aws_session_token": made["SessionToken"],
    }
    assert client(running, "sts", keys=own).get_caller_identity()["Arn"] == found["AssumedRoleUser"]["Arn"]
    with pytest.raises(ClientError, match="invalid MFA one time pass code"):
        sts.assume_role(**assume, TokenCode="654321")
    with pytest.raises(ClientError, match="not authorized to perform: sts:AssumeRole"):
        sts.assume_role(RoleArn=MFA_ROLE, RoleSessionName="tests")
    with pytest.raises(ClientError, match="go together"):
        sts.assume_role(**assume)


def test_sessions_end_when_they_are_told_to(running: RunningSandbox) -> None:
    """Their length is set while the sandbox runs; ending all of them lets the operator's own keys live."""
    assert control(running, keys.PATH, {"seconds": 30})[1]["seconds"] == 30
    role = running.role_arn.format(account=running.accounts[0])
    made = client(running, "sts").assume_role(RoleArn=role, RoleSessionName="tests")["Credentials"]
    assert made["Expiration"] - make_now()() < timedelta(seconds=31)
    own = {"aws_access_key_id": made["AccessKeyId"], "aws_secret_access_key": "x", "aws_session_token": "x"}
    rds = client(running, "rds", keys=own)
    assert rds.describe_db_instances()["DBInstances"]
    assert control(running, keys.PATH, {"end": True})[1]["sessions"] == 0
    assert refused(rds.describe_db_instances) == "ExpiredToken"
    assert client(running, "sts", keys=own_credentials(running)).get_caller_identity()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (keys.PATH, {"seconds": 0}),
        (keys.PATH, {"seconds": "soon"}),
        (keys.PATH, {"minutes": 3}),
        (keys.PATH, {}),
        (sso_oidc.PATH, {"user_code": "NOPE-NOPE"}),
        (sso_oidc.PATH, {"user_code": 3}),
        (sso_oidc.PATH, ["X"]),
    ],
)
def test_a_control_that_cannot_be_read_changes_nothing(running: RunningSandbox, path: str, value: object) -> None:
    """400 with the reason."""
    before = control(running, path)[1]
    status, said = control(running, path, value)
    assert (status, list(said)) == (400, ["error"])
    assert control(running, path)[1].keys() == before.keys()


def test_sessions_end_by_the_clock() -> None:
    """At their instant, and no earlier; keys of an earlier sandbox go on."""
    moment = make_now()()
    ring = keys.Keys("AKIA", options.BASE_ACCOUNT, options.ACCOUNTS, lambda: moment, 60)
    given = ring.give(options.PUBLIC_ACCOUNT, "role", "name", 3600)
    assert not ring.over(given.key)
    moment += timedelta(seconds=60)
    assert ring.over(given.key)
    assert not ring.over(given.key[:-1] + ("A" if given.key[-1] != "A" else "B"))
    assert given.secret not in repr(given)


def test_the_written_profiles_name_what_is_taught() -> None:
    """The configuration is written by a process that knows nothing of moto; its names are the taught ones."""
    assert aws_config.SSO_ROLE == sso.ROLE
    assert MFA_SERIAL.endswith("mfa/operator")
    assert MFA_ROLE.endswith("role/tenure-mfa")
