"""A worker's hands for tests: a database with an order in it, an AWS that can be told to fail, and no DBOS."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

from sqlalchemy import update

from services.controlplane.carrying.crew import Crew
from services.controlplane.carrying.outcome import Tried
from services.controlplane.carrying.worker import Worker
from services.controlplane.carrying.writers.base import Poll, Result
from services.controlplane.order_book import add_order, read_order
from services.controlplane.order_tables import orders
from services.controlplane.store import Database
from services.wire.orders import (
    Asked,
    AwsCall,
    Confirmation,
    OrderRecord,
    Plan,
    RegistryCall,
    Step,
    TenantChange,
    plan_digest,
)
from services.wire.registry import WhoAmI
from tests.support.registry import small_registry

AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
KEY = "ab" * 16
OLGA = WhoAmI(user="olga", role="operator")


class LostError(Exception):
    """The answer did not come."""


class RefusedByAwsError(Exception):
    """AWS has said no."""


def judge(error: Exception) -> tuple[Tried, str]:
    return (Tried.AGAIN if isinstance(error, LostError) else Tried.FAILED), str(error) or type(error).__name__


@dataclass(slots=True)
class Aws:
    """What stands in an AWS of one operation, and what its next calls end in."""

    made: dict[str, Result] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    """Each operation that was really carried out."""
    before: list[Exception] = field(default_factory=list)
    """Raised by the next calls, nothing done."""
    after: list[Exception] = field(default_factory=list)
    """Raised by the next calls, the work done."""
    found: list[Exception] = field(default_factory=list)
    """Raised by the next look-ups after something was made."""
    refused: str | None = None
    """The name that no thing may have."""
    undone: list[Exception] = field(default_factory=list)
    """Raised by the next undoings."""
    polls: list[Poll | Exception] = field(default_factory=list)


class Making:
    """A writer that makes a thing in ``Aws``."""

    service: ClassVar[str] = "ssm"
    operation: ClassVar[str] = "CreateThing"
    actions: ClassVar[tuple[str, ...]] = ("ssm:CreateThing",)
    tells: ClassVar[bool] = True

    def find(self, client: Aws, call: AwsCall, key: str) -> Result | None:
        if client.made and client.found:
            raise client.found.pop(0)
        return client.made.get(key)

    def do(self, client: Aws, call: AwsCall, key: str) -> Result:
        if client.before:
            raise client.before.pop(0)
        if call.parameters["Name"] == client.refused:
            raise RefusedByAwsError("AccessDenied")
        client.calls.append(f"do {key}")
        client.made[key] = {"ThingId": f"thing of {call.parameters['Name']}", "request_id": "r-1"}
        if client.after:
            raise client.after.pop(0)
        return client.made[key]

    def poll(self, client: Aws, call: AwsCall, result: Mapping[str, Any]) -> Poll:
        told = client.polls.pop(0) if client.polls else Poll.DONE
        if isinstance(told, Exception):
            raise told
        return told

    def undo(self, client: Aws, call: AwsCall, key: str, result: Mapping[str, Any]) -> None:
        if client.undone:
            raise client.undone.pop(0)
        client.calls.append(f"undo {key}")
        client.made.pop(key, None)


@dataclass(frozen=True, slots=True)
class Clients:
    aws: Aws

    def client(self, service: str, account: str, region: str) -> Any:
        return self.aws


class Plainly:
    """What a workflow uses of DBOS, without keeping anything: ``sleep`` costs no time."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def run_step(self, _: object, act: Callable[..., Any], *given: Any) -> Any:
        return act(*given)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


def making(number: int, name: str = "one", undo: str | None = "deleted") -> Step:
    call = AwsCall(
        service="ssm",
        operation="CreateThing",
        account="111122223333",
        region="eu-central-1",
        parameters={"Name": name},
    )
    return Step(number=number, call=call, says=f"thing {name} made", undo=undo)


def renaming(number: int, name: str, before: str = "Acme", *, undo: str | None = "the old name") -> Step:
    """The party ``northwind`` gets another name."""
    was = {"id": "northwind", "kind": "customer", "name": before}
    call = RegistryCall(method="PUT", path="/parties/northwind", before=was, after={**was, "name": name})
    return Step(number=number, call=call, says=f"named {name}", undo=undo)


def plan_of(*steps: Step) -> Plan:
    bare = Plan(
        asked=Asked(key=KEY, action="try"),
        title="Try",
        clause="availability",
        confirmation=Confirmation.REVERSIBLE,
        approval=False,
        tenants=(TenantChange(tenant="acme", before="a", after="b"),),
        steps=steps,
        seen=(),
        made_at=AT,
        digest="0" * 64,
    )
    return bare.model_copy(update={"digest": plan_digest(bare)})


@dataclass(slots=True)
class Bench:
    """A database with one accepted order, and a worker's hands on it."""

    database: Database
    aws: Aws
    crew: Crew
    url: str

    def order(self) -> OrderRecord:
        with self.database.read() as connection:
            found = read_order(connection, KEY)
        assert found is not None
        return found

    def carry(self, plainly: Plainly | None = None, crew: Crew | None = None) -> str:
        """The workflow from its beginning, as DBOS would run it."""
        with self.database.write() as connection:
            connection.execute(update(orders).where(orders.c.worker.is_(None)).values(worker=self.crew.name))
        return Worker(crew or self.crew, self.url)._steps(plainly or Plainly(), KEY)


NAME = "orders.db"


def bench(folder: Path, *steps: Step) -> Bench:
    small_registry().load(f"sqlite:///{folder / NAME}")
    one = opened(folder)
    with one.database.write() as connection:
        add_order(connection, plan_of(*steps), OLGA, AT, origin="here", ticket="T-1", reason=None)
    return one


def opened(folder: Path) -> Bench:
    """One whose database is there already."""
    url = f"sqlite:///{folder / NAME}"
    database, aws = Database(url), Aws()
    crew = Crew("w-1", database, lambda: AT, Clients(aws), {("ssm", "CreateThing"): Making()}, judge)
    return Bench(database, aws, crew, url)
