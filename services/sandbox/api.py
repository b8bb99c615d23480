"""The embedded internal API: the reference one, on a registry of its own. A process of its own."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from services.sandbox.child import Child

if TYPE_CHECKING:
    from services.controlplane.embedding import Hands
    from services.sandbox.options import ChildConfig

REGISTRY = "registry.sqlite"
WORKER_DELAY_S = 8.0
"""The first picture of a demo does not share the processor with a worker that nobody needs yet."""


def main() -> None:
    child = Child()  # before the imports that take a moment
    import socket
    from pathlib import Path

    child.progress("loading the internal API")
    import uvicorn

    from services.controlplane.app import create_app
    from services.controlplane.store import load_registry
    from services.now import make_now
    from services.sandbox.fault_spec import parse_fault
    from services.sandbox.faults_api import ApiFaults
    from services.sandbox.fleet import build_fleet
    from services.sandbox.options import PEOPLE
    from services.wire.registry import WhoAmI

    config = child.config
    path = Path(config.state, REGISTRY)
    url = f"sqlite:///{path}"
    fleet = build_fleet(config.seed, config.tenants, config.instant)
    if not path.exists():
        child.progress(f"filling the registry with {config.tenants} tenants")
        planting = fleet.planting
        load_registry(
            url,
            planting.parties,
            planting.tenants,
            planting.subscriptions,
            planting.stores,
            operations=planting.operations(),
            audit_=planting.audit,
        )
    tokens = {
        token: WhoAmI.model_validate({"user": f"{name}@sandbox", "role": PEOPLE[name]})
        for name, token in config.tokens.items()
    }
    offset = timedelta(seconds=config.offset_s)
    app = create_app(url, now=make_now(offset), tokens=tokens, hands=hands_of(config, offset))
    faults = ApiFaults(app, [parse_fault(spec) for spec in config.faults], config.seed)
    server = uvicorn.Server(
        uvicorn.Config(faults, log_level="warning", access_log=False, timeout_graceful_shutdown=1, lifespan="on")
    )

    def end() -> None:
        server.should_exit = True

    child.on_end(end)
    child.ready({"stories": [{"name": story.name, "sentence": story.sentence} for story in fleet.stories]})
    server.run(sockets=[socket.socket(fileno=config.fd)])


def hands_of(config: ChildConfig, offset: timedelta) -> Hands:
    """The worker, with its role in the sandbox's AWS; nothing of this machine's own AWS settings is read."""
    import os

    from services.aws.session import AwsSession, AwsSettings
    from services.controlplane.embedding import Hands
    from services.sandbox import options

    os.environ.update(
        AWS_ACCESS_KEY_ID=options.ACCESS_KEY_ID,
        AWS_SECRET_ACCESS_KEY=options.SECRET_ACCESS_KEY,
        AWS_CONFIG_FILE=os.devnull,
        AWS_SHARED_CREDENTIALS_FILE=os.devnull,
        AWS_EC2_METADATA_DISABLED="true",
    )
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN"):
        os.environ.pop(name, None)
    settings = AwsSettings(
        endpoint_url=config.aws_endpoint_url,
        role_arn=options.WORKER_ROLE_ARN,
        session_name="tenure-worker",
        home_region=options.REGIONS[0],
        clock_offset=offset,
    )
    after = config.record_after_s
    return Hands("sandbox", AwsSession(settings), delay_s=WORKER_DELAY_S, record=after > 0, record_delay_s=after)


if __name__ == "__main__":
    main()
