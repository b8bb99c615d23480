"""``tenure serve``: the reference internal API, for a vendor that has none of its own."""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

from cyclopts import Parameter

from console.anchors import AccountOption, AnchorOption, EveryOption, RegionOption, anchored, place_of
from console.errors import OK, CommandError, UsageError
from console.notifying import FilterOption, NotifyEveryOption, Notifying, NotifyOption, TopicOption, WebhookOption
from console.serving import (
    DatabaseOption,
    RecordOption,
    RoleOption,
    TagOption,
    clock_offset,
    database_url,
    hands_of,
    open_database,
    policy_of,
    tag_of,
)
from services.now import make_now

if TYPE_CHECKING:
    from services.agreement import Policy
    from services.controlplane.chores import Doing
    from services.controlplane.embedding import Hands

GRACE_S: Final = 30
"""Seconds that requests under way have, once the server was asked to stop."""


def serve(
    *,
    database: DatabaseOption = None,
    host: Annotated[str, Parameter(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, Parameter(help="The port to listen on.")] = 8420,
    certificate: Annotated[Path | None, Parameter(help="TLS certificate chain, PEM.")] = None,
    key: Annotated[Path | None, Parameter(help="The certificate's private key, PEM.")] = None,
    agreement: Annotated[Path | None, Parameter(help="The policy of orders (TENURE_AGREEMENT).")] = None,
    worker: Annotated[bool, Parameter(help="Carry orders out in this process, or leave that to tenure worker.")] = True,
    worker_name: Annotated[str | None, Parameter(help="The worker's name (this machine's).")] = None,
    worker_role: RoleOption = None,
    record: RecordOption = None,
    tags_tenant: TagOption = None,
    anchor: AnchorOption = None,
    anchor_account: AccountOption = None,
    anchor_region: RegionOption = None,
    anchor_every: EveryOption = "1h",
    notify: NotifyOption = False,
    notify_webhook: WebhookOption = None,
    notify_topic: TopicOption = None,
    notify_every: NotifyEveryOption = "5m",
    notify_filter: FilterOption = "",
    log: Annotated[
        Literal["text", "json"], Parameter(help="Form of the log on stderr: text, or a JSON object a line.")
    ] = "text",
) -> int:
    """Serve the registry of tenants, parties, subscriptions and stores, until interrupted.

    Roles are viewer, operator, approver and worker; operators and approvers may change the registry. The server's
    OpenAPI document is at /openapi.json. Beyond this machine it serves with TLS only: bearer tokens must not travel
    in the clear. Asked to stop, it answers the requests that are under way and takes no others.
    """
    if (certificate is None) != (key is None):
        raise UsageError("--certificate and --key go together")
    if certificate is None and not _loopback(host):
        raise UsageError(f"{host} is not this machine alone: give --certificate and --key, or put a proxy in front")
    if record and not worker:
        raise UsageError("--record goes with --worker: it asks AWS with the worker's role")
    policy, tag = policy_of(agreement), tag_of(tags_tenant)
    place = place_of(anchor, anchor_account, anchor_region)
    if place is not None and not worker:
        raise UsageError("--anchor is written with the worker's role: it does not go with --no-worker")
    hands = anchored(hands_of(worker_name, worker_role, record=record), place, anchor_every) if worker else None
    doings = Notifying(notify, notify_webhook, notify_topic, notify_every, notify_filter).doings()
    with _logged(log):
        open_database(database).close()  # what is wrong with it is told as a sentence, before anything is served
        return _run(database_url(database), host, port, certificate, key, policy, hands, tag, doings)


def _run(
    url: str,
    host: str,
    port: int,
    certificate: Path | None,
    key: Path | None,
    policy: Policy,
    hands: Hands | None,
    tag: str,
    doings: Sequence[Doing],
) -> int:
    import uvicorn

    from services.controlplane.app import create_app

    app = create_app(url, now=make_now(clock_offset()), policy=policy, hands=hands, tenant_tag=tag, doings=doings)
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=GRACE_S,
        ssl_certfile=certificate,
        ssl_keyfile=key,
    )
    try:
        config.load()
    except OSError as error:
        app.state.database.close()
        raise CommandError(f"cannot serve with this certificate and key: {error}") from error
    try:
        uvicorn.Server(config).run()
    except SystemExit as end:  # uvicorn's way to say that it could not start; it has logged why
        raise CommandError(f"cannot serve on {host}:{port}") from end
    return OK


@contextmanager
def _logged(form: Literal["text", "json"]) -> Iterator[None]:
    """What the server has to say goes to stderr: its start, each request, and failures with their request ids."""
    from services.controlplane.logs import JsonLines

    handler = logging.StreamHandler()
    text = logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s")
    handler.setFormatter(JsonLines() if form == "json" else text)
    loggers = [logging.getLogger(name) for name in ("uvicorn", "tenure")]
    for logger in loggers:
        logger.setLevel(logging.INFO)
        logger.addHandler(handler)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeHandler(handler)


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
