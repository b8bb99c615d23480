"""The observations that a figure rests on, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from services.estate.arns import parse
from services.fleet.snapshot import (
    CaseView,
    ExportView,
    FleetSnapshot,
    HoldView,
    LinkView,
    OrderView,
    PendingView,
    SlotView,
    SourceView,
    StoreView,
)
from services.model import (
    Case,
    Evidence,
    Export,
    Hold,
    Link,
    Observation,
    Order,
    OrderState,
    RecoveryTest,
    RestorePoint,
    Source,
    Store,
    Tenant,
)
from services.why.figures import Subject
from services.words import say_instant, say_length

WAITING = "waiting"
"""The outcome of what was never heard."""
_SHOWN = 3
"""So many restore points, tests or windows of one call are told one by one."""


def evidence_of(fleet: FleetSnapshot, subject: Subject) -> Iterator[Evidence]:
    """What was seen: of the record, of what the verdict is of, and of every other call that it rests on."""
    told: set[Source] = set()
    views = {view.source: view for view in fleet.sources}
    for source, value in _recorded(subject):
        told.add(source)
        yield _of_source(views.get(source), source, value)
    of = subject.of
    store = of.store if isinstance(of, StoreView) else None
    of_tests = store.test_sources if store is not None and subject.verdict.figure.startswith("rto") else ()
    for observation in (*subject.verdict.evidence, *of_tests):
        if observation.source not in told:
            told.add(observation.source)
            view = views.get(observation.source)
            yield seen(observation, _value(observation, store, of), view.last_seen_at if view is not None else None)


def seen(observation: Observation[object], value: str | None, last_seen_at: datetime | None = None) -> Evidence:
    """An observation as evidence; where it is no answer, with when there last was one."""
    source = observation.source
    return Evidence(
        source=say_source(source),
        observed_at=observation.at,
        value=value,
        outcome=str(observation.outcome),
        request_id=observation.request_id,
        error=observation.error,
        last_seen_at=None if observation.outcome.answered else last_seen_at,
    )


def say_source(source: Source) -> str:
    """``rds DescribeDBInstances 111122223333 eu-central-1``; ``internal GET /tenants``."""
    return " ".join(part for part in (source.service, source.operation, source.account, source.region) if part)


def _of_source(view: SourceView | None, source: Source, value: str | None) -> Evidence:
    """How a list of the internal API answered last, and what it says here."""
    if view is None or view.observation is None:
        return Evidence(say_source(source), None, value, WAITING)
    return seen(view.observation, value, view.last_seen_at)


def _recorded(subject: Subject) -> Iterator[tuple[Source, str | None]]:
    """What the internal API records, list by list."""
    tenant, of, figure = subject.tenant, subject.of, subject.verdict.figure
    match of:
        case ExportView():
            yield _list("exports"), _export(of.export)
        case CaseView():
            yield _list("cases"), _case(of.case)
        case HoldView():
            yield _list("holds") if of.arn is None else _of_backup(of.arn), _hold(of.hold)
        case SlotView():
            slot = of.slot
            planned = f"{say_instant(slot.starts_at)} to {say_instant(slot.ends_at)}, {slot.zone}"
            yield _list("slots"), f"{slot.scope}: {planned}, {slot.state}: {slot.reason}"
        case OrderView():
            yield _list("orders"), _order(of.order)
        case _:
            pass
    if tenant is None or isinstance(of, PendingView | OrderView):
        return  # what RDS has pending is RDS's word alone, and how far an order is the server's
    declared = f", declares {', '.join(tenant.tenant.links) or 'no link'}" if isinstance(of, LinkView) else ""
    yield _list("tenants"), f"{tenant.tenant.state}, {tenant.tenant.tier}, {tenant.tenant.region}{declared}"
    if not isinstance(of, StoreView | LinkView):
        yield _list("subscriptions"), _subscription(tenant.tenant)
    if isinstance(of, StoreView):
        if figure.startswith("rto"):
            yield _list("recovery-tests"), _tests(of.store, "internal ")
        else:
            yield _list("stores"), _mapping(of)
    elif of is None and tenant.tenant.ended_on is not None:
        yield _list("exports"), "; ".join(_export(it.export) for it in tenant.exports) or None
        yield _list("holds"), "; ".join(_hold(it.hold) for it in tenant.holds if it.arn is None) or None


def _of_backup(arn: str) -> Source:
    """The call that lists a legal hold of AWS Backup."""
    parsed = parse(arn)
    return Source("backup", "ListLegalHolds", parsed.account if parsed else None, parsed.region if parsed else None)


def _list(collection: str) -> Source:
    return Source("internal", f"GET /{collection}")


def _subscription(tenant: Tenant) -> str:
    if tenant.ended_on is None:
        return "no end is agreed"
    confirmed = tenant.termination_confirmed_at
    said = f", termination confirmed {say_instant(confirmed)}" if confirmed else ""
    return f"ends on {tenant.ended_on} {tenant.zone}{said}"


def _mapping(row: StoreView) -> str | None:
    if row.store is None:
        return None
    part = f", of it {row.part}" if row.part else ""
    return f"{row.store.name} is of {', '.join(row.store.tenants)}{part}"


def _export(export: Export) -> str:
    said = [f"{export.id}: {export.state}", f"requested {say_instant(export.requested_at)} by {export.requester}"]
    said += [f"{export.progress:.0%} prepared"] if export.progress is not None else []
    said += [f"available {say_instant(export.available_at)}"] if export.available_at else []
    said += [{True: "complete", False: "incomplete", None: "not verified"}[export.complete]]
    said += [f"delivered {say_instant(export.delivered_at)}"] if export.delivered_at else []
    said += [f"destroyed {say_instant(export.destroyed_at)}"] if export.destroyed_at else []
    said += [export.failure] if export.failure else []
    return ", ".join(said)


def _case(case: Case) -> str:
    said = [f"{case.id}: {case.kind}, {case.scope}, {case.state}", f"opened {say_instant(case.opened_at)}"]
    said += [f"delivered {say_instant(case.delivered_at)}" if case.delivered_at else "not delivered"]
    said += [f"disabled {say_instant(case.disabled_at)}"] if case.disabled_at else []
    said += [f"ended {say_instant(case.ended_at)}"] if case.ended_at else []
    return ", ".join(said)


def _order(order: Order) -> str:
    said = [f"{order.id}: {order.action}, {order.scope}, {order.state}"]
    said += [f"ordered {say_instant(order.created_at)} by {order.author} ({order.role})"]
    if order.needs_approval and order.state is OrderState.WAITING:
        said.append(f"plan {order.digest} waits for somebody other than {order.author}")
    if order.approved_by is not None:
        when = f" {say_instant(order.approved_at)}" if order.approved_at else ""
        said.append(f"agreed by {order.approved_by}{when}")
    said.append(f"{order.steps_done} of {order.steps} steps done")
    said += [f"ended {say_instant(order.ended_at)}"] if order.ended_at else []
    said += [order.failure] if order.failure else []
    return ", ".join(said)


def _hold(hold: Hold) -> str:
    said = [f"{hold.id}: {hold.basis}, of {hold.owner}", f"placed {say_instant(hold.placed_at)}"]
    said += [f"expires {say_instant(hold.expires_at)}"] if hold.expires_at else []
    said += [f"lifted {say_instant(hold.lifted_at)}"] if hold.lifted_at else []
    return ", ".join(said)


def _value(observation: Observation[object], store: Store | None, of: object) -> str | None:
    """What an answer of AWS says here; ``None``: nothing."""
    source = observation.source
    if isinstance(of, SlotView):
        windows = [it for it in of.windows if (it.account, it.region) == (source.account, source.region)]
        return _some(
            f"{it.id} {it.name}{'' if it.enabled else ', disabled'}, next execution "
            f"{say_instant(it.next_at) if it.next_at else 'none'}"
            for it in windows
        )
    if isinstance(of, PendingView):
        applied = say_instant(of.applies_at) if of.applies_at else "when somebody opts in"
        return f"{of.action}: {of.description or 'no description'}; applied {applied}"
    if isinstance(of, HoldView):
        return f"{of.hold.id}: {of.hold.reason}"
    if isinstance(of, LinkView):
        return _link(of.link) if of.link is not None and of.link.paths else None
    if store is None:
        return None
    if source == _listing(store):
        return "; ".join(
            part for part in (_resource(store), _points(_read_from(store, source)), *_troubles(store)) if part
        )
    return _tests(store, f"{source.service} {source.operation}") or _points(_read_from(store, source))


def _link(link: Link) -> str:
    words = {True: "up", False: "down", None: "unknown"}
    named = f"{link.kind} {link.id}" + (f" over {link.carrier}" if link.carrier else "")
    return f"{named}: {', '.join(f'{path.name} {words[path.up]}' for path in link.paths)}"


def _listing(store: Store) -> Source | None:
    """The call that lists the store."""
    return store.listed_by or next((seen.source for seen in store.sources), None)


def _resource(store: Store) -> str:
    said = [f"{store.engine} {store.name}".strip()]
    said += [f"created {say_instant(store.created_at)}"] if store.created_at else []
    said += [f"copy of restore test {store.scratch}"] if store.scratch else []
    said += ["multi-AZ"] if store.multi_az else []
    said += [f"standby in {store.standby}"] if store.standby else []
    return ", ".join(said)


def _troubles(store: Store) -> list[str]:
    more = [f"and {len(store.troubles) - _SHOWN} further troubles"] if len(store.troubles) > _SHOWN else []
    return [*store.troubles[:_SHOWN], *more]


def _read_from(store: Store, source: Source) -> list[RestorePoint]:
    return [point for point in store.points if (point.source or _listing(store)) == source]


def _points(points: list[RestorePoint]) -> str | None:
    return _some(map(_point, points))


def _point(point: RestorePoint) -> str:
    note = f" ({point.note})" if point.note else ""
    return f"{point.kind} {say_instant(point.at) if point.at else 'of unknown age'}{note}"


def _tests(store: Store | None, seen_in: str) -> str | None:
    if store is None:
        return None
    return _some(_test(test) for test in store.tests if test.seen_in.startswith(seen_in))


def _test(test: RecoveryTest) -> str:
    ended = {True: "succeeded", False: "failed", None: "runs"}[test.succeeded]
    took = f" in {say_length(test.duration)}" if test.duration is not None else ""
    return f"{test.kind} test of {say_instant(test.started_at)} {ended}{took}"


def _some(told: Iterable[str]) -> str | None:
    every = list(told)
    more = [f"and {len(every) - _SHOWN} more"] if len(every) > _SHOWN else []
    return "; ".join([*every[:_SHOWN], *more]) or None
