"""The embedded internal API: the reference one, on a registry of its own. A process of its own."""

from __future__ import annotations

from services.sandbox.child import Child

REGISTRY = "registry.sqlite"


def main() -> None:
    child = Child()  # before the imports that take a moment
    import socket
    from datetime import timedelta
    from pathlib import Path

    child.progress("loading the internal API")
    import uvicorn

    from services.controlplane.app import create_app
    from services.controlplane.store import load_registry
    from services.now import make_now
    from services.sandbox.fault_spec import parse_fault
    from services.sandbox.faults_api import ApiFaults
    from services.sandbox.fleet import build_fleet
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
        token: WhoAmI.model_validate({"user": f"{role}@sandbox", "role": role}) for role, token in config.tokens.items()
    }
    app = create_app(url, now=make_now(timedelta(seconds=config.offset_s)), tokens=tokens)
    faults = ApiFaults(app, [parse_fault(spec) for spec in config.faults], config.seed)
    server = uvicorn.Server(
        uvicorn.Config(faults, log_level="warning", access_log=False, timeout_graceful_shutdown=1, lifespan="on")
    )

    def end() -> None:
        server.should_exit = True

    child.on_end(end)
    child.ready({"stories": [{"name": story.name, "sentence": story.sentence} for story in fleet.stories]})
    server.run(sockets=[socket.socket(fileno=config.fd)])


if __name__ == "__main__":
    main()
