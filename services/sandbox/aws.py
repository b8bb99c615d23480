"""The embedded AWS: moto's server with what was taught to it and the fleet in it. A process of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from services.sandbox.child import Child

if TYPE_CHECKING:
    from datetime import datetime

    from services.now import Now
    from services.sandbox.dispatch import Dispatcher
    from services.sandbox.taught.keys import Keys


def main() -> None:
    child = Child()  # before the imports that take a second
    from datetime import timedelta

    child.progress("loading moto")
    from moto.moto_server.werkzeug_app import MotoRequestHandler
    from werkzeug.serving import make_server

    from services.now import make_now
    from services.sandbox import clock_control, options, reading
    from services.sandbox.fault_spec import parse_fault
    from services.sandbox.front import AwsFront
    from services.sandbox.taught import keys, sso, sso_oidc
    from services.sandbox.unsigned import Unsigned

    config = child.config
    child.progress(f"seeding AWS with {config.tenants} tenants")
    now = clock_control.ClockControl(make_now(timedelta(seconds=config.offset_s)))
    ring = keys.Keys(options.ACCESS_KEY_ID, options.BASE_ACCOUNT, options.ACCOUNTS, make_now(), config.session_s)
    application = planted(now, ring, config.seed, config.tenants, config.instant)

    class Handler(MotoRequestHandler):
        """Kept open between calls, and silent: a line a request would fill the log."""

        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def make_environ(self) -> dict[str, Any]:
            """As ever, with the one header that werkzeug drops for the underscore in its name."""
            environ: dict[str, Any] = super().make_environ()
            if token := self.headers.get(sso.HEADER):
                environ[sso.VARIABLE] = token
            return environ

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            """Say nothing."""

    faults = [parse_fault(spec) for spec in config.faults]
    oidc = sso_oidc.SsoOidc(ring)
    front = AwsFront(
        application,
        faults,
        config.seed,
        ring.knows,
        {clock_control.PATH: now.handle, keys.PATH: ring.handle, sso_oidc.PATH: oidc.handle},
        over=ring.over,
        refuses=reading.refusing(ring.role, options.ROLE_NAME),
        unsigned=Unsigned(oidc, sso.Portal(ring, options.BASE_ACCOUNT, oidc.is_good)),
    )
    server = make_server(options.HOST, 0, front, threaded=True, request_handler=Handler, fd=config.fd)
    child.on_end(server.shutdown)
    child.ready({})
    server.serve_forever()


def planted(now: Now, ring: Keys, seed: int, tenants: int, at: datetime) -> Dispatcher:
    """moto in this process, taught what it lacks, with the fleet in it. ``ring`` knows who calls."""
    from services.sandbox import options
    from services.sandbox.dispatch import Dispatcher
    from services.sandbox.fleet import build_fleet
    from services.sandbox.seeding import seed_aws
    from services.sandbox.taught import (
        backup,
        iam,
        links,
        rds,
        rds_pending,
        rds_restores,
        s3,
        ssm,
        sts,
        tagging,
    )

    rds.teach(now)
    rds_pending.teach()
    rds_restores.teach(now)
    backup.teach(now)
    ssm.teach(now)
    s3.teach()
    links.teach()
    iam.teach(options.BASE_ACCOUNT, sts.OPERATOR, options.ACCESS_KEY_ID, options.SECRET_ACCESS_KEY)
    sts.teach(ring, options.BASE_ACCOUNT, options.ACCOUNTS, options.ROLE_NAME, options.WORKER_ROLE_NAME)
    planting = build_fleet(seed, tenants, at).planting
    tagging.teach(dict(planting.json_tags))
    seed_aws(planting, seed)
    application = Dispatcher()
    warm_up(application)
    return application


def warm_up(application: object) -> None:
    """One call a service: moto reads its model of a service at the first call, which takes a moment."""
    from werkzeug.test import Client

    from services.sandbox import options

    client = Client(application)  # type: ignore[arg-type] # moto's application is a WSGI application without saying so
    scope = f"AWS4-HMAC-SHA256 Credential={options.ACCESS_KEY_ID}/20260101/{options.REGIONS[0]}/%s/aws4_request, "
    for service, action in (
        ("rds", "DescribeDBInstances"),
        ("sts", "GetCallerIdentity"),
        ("ec2", "DescribeVpnConnections"),
    ):
        client.post("/", data={"Action": action}, headers={"Authorization": scope % service})
    for service, target in (
        ("tagging", "ResourceGroupsTaggingAPI_20170126.GetResources"),
        ("ssm", "AmazonSSM.DescribeMaintenanceWindows"),
        ("directconnect", "OvertureService.DescribeVirtualInterfaces"),
    ):
        headers = {"Authorization": scope % service, "X-Amz-Target": target}
        client.post("/", data="{}", content_type="application/x-amz-json-1.1", headers=headers)
    for service, path in (("backup", "/backup-vaults/"), ("s3", "/")):
        client.get(path, headers={"Authorization": scope % service})


if __name__ == "__main__":
    main()
