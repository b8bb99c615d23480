"""The embedded AWS: moto's server with what was taught to it and the fleet in it. A process of its own."""

from __future__ import annotations

from typing import Any

from services.sandbox.child import Child


def main() -> None:
    child = Child()  # before the imports that take a second
    from datetime import timedelta

    child.progress("loading moto")
    from moto.moto_server.werkzeug_app import MotoRequestHandler
    from werkzeug.serving import make_server

    from services.now import make_now
    from services.sandbox import clock_control, options, reading
    from services.sandbox.dispatch import Dispatcher
    from services.sandbox.fault_spec import parse_fault
    from services.sandbox.fleet import build_fleet
    from services.sandbox.front import AwsFront
    from services.sandbox.seeding import seed_aws
    from services.sandbox.taught import (
        backup,
        iam,
        keys,
        links,
        rds,
        rds_pending,
        rds_restores,
        s3,
        ssm,
        sso,
        sso_oidc,
        sts,
        tagging,
    )
    from services.sandbox.unsigned import Unsigned

    config = child.config
    child.progress(f"seeding AWS with {config.tenants} tenants")
    now = clock_control.ClockControl(make_now(timedelta(seconds=config.offset_s)))
    rds.teach(now)
    rds_pending.teach()
    rds_restores.teach(now)
    backup.teach(now)
    ssm.teach(now)
    s3.teach()
    links.teach()
    ring = keys.Keys(options.ACCESS_KEY_ID, options.BASE_ACCOUNT, options.ACCOUNTS, make_now(), config.session_s)
    iam.teach(options.BASE_ACCOUNT, sts.OPERATOR, options.ACCESS_KEY_ID, options.SECRET_ACCESS_KEY)
    sts.teach(ring, options.BASE_ACCOUNT, options.ACCOUNTS, options.ROLE_NAME, options.WORKER_ROLE_NAME)
    planting = build_fleet(config.seed, config.tenants, config.instant).planting
    tagging.teach(dict(planting.json_tags))
    seed_aws(planting, config.seed)

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

    application = Dispatcher()
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
    warm_up(application)
    server = make_server(options.HOST, 0, front, threaded=True, request_handler=Handler, fd=config.fd)
    child.on_end(server.shutdown)
    child.ready({})
    server.serve_forever()


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
