"""Records that a run writes and deletes again: their ids begin with ``conformance-``, but an acknowledgement's, which
follows from its tenant's."""

from __future__ import annotations

from typing import Any, Final

from services.model import acknowledgement_id

PREFIX: Final = "conformance-"
TENANT: Final = f"{PREFIX}tenant"
PARTIES: Final = {
    "customer": f"{PREFIX}customer",
    "reseller": f"{PREFIX}reseller",
    "service-provider": f"{PREFIX}provider",
    "sp-end-customer": f"{PREFIX}end-customer",
}
"""Kind → id."""
ABSENT: Final = f"{PREFIX}absent"
"""An id that nothing ever stands under."""
ABSENT_KEY: Final = "c0" * 16
"""The same for an order."""
_ACCOUNT: Final = "000000000000"
_STORE: Final = f"arn:aws:rds:eu-central-1:{_ACCOUNT}:db:{PREFIX}store"
EARLY, LATE = "2026-11-24T21:00:00Z", "2026-11-24T23:00:00Z"


def party(kind: str) -> dict[str, Any]:
    return {"id": PARTIES[kind], "kind": kind, "name": f"Conformance {kind}"}


def tenant(id_: str = TENANT) -> dict[str, Any]:
    return {
        "id": id_,
        "name": "Conformance",
        "tier": "public",
        "region": "eu-central-1",
        "account": _ACCOUNT,
        "zone": "Europe/Rome",
        "state": "active",
        "customer": PARTIES["customer"],
    }


def sample(collection: str, word: str, user: str) -> dict[str, Any]:
    """A record of the collection; ``word`` tells one from another. ``user`` is the bearer, who acknowledges."""
    of = {"id": f"{PREFIX}{word}", "tenant": TENANT}
    if collection == "acknowledgements":
        figure = f"{PREFIX}{word}"
        of["id"] = acknowledgement_id(TENANT, figure)
        return of | {"figure": figure, "by": user, "at": EARLY, "until": LATE}
    if collection == "parties":
        return {"id": of["id"], "kind": "customer", "name": "Conformance"}
    if collection == "tenants":
        return tenant(of["id"])
    return of | _REST[collection]


_REST: Final[dict[str, dict[str, Any]]] = {
    "subscriptions": {"started_on": "2026-01-01", "ended_on": "2026-12-31"},
    "stores": {"store": _STORE},
    "exports": {"state": "requested", "requested_at": EARLY, "requester": "conformance@example.org"},
    "slots": {
        "starts_at": EARLY,
        "ends_at": LATE,
        "zone": "Europe/Rome",
        "local_start": "2026-11-24T22:00:00",
        "state": "scheduled",
        "reason": "conformance",
        "scheduled_at": "2026-11-20T12:00:00Z",
    },
    "holds": {"basis": "litigation", "owner": "Legal", "reason": "conformance", "placed_at": EARLY},
    "cases": {"kind": "acceptable-use", "scope": "conformance", "state": "open", "opened_at": EARLY},
    "recovery-tests": {
        "store": _STORE,
        "kind": "restore",
        "started_at": EARLY,
        "ended_at": LATE,
        "succeeded": True,
    },
}
CHANGED: Final[dict[str, dict[str, Any]]] = {
    "parties": {"name": "Conformance, renamed \u202e\u001b"},
    "tenants": {"name": "Conformance, renamed \u202e\u001b"},
    "subscriptions": {"ended_on": "2027-12-31"},
    "stores": {"part": "conformance"},
    "exports": {"reference": "conformance"},
    "slots": {"reason": "conformance, changed"},
    "holds": {"reason": "conformance, changed"},
    "cases": {"summary": "conformance, changed"},
    "recovery-tests": {"reference": "conformance"},
    "acknowledgements": {"note": "conformance, changed"},
}
"""What is changed of a record of each collection."""


def agree(body: dict[str, Any], path: str, id_: str, user: str) -> dict[str, Any]:
    """A generated record of the collection under ``path``, made to agree with what JSON Schema cannot say: its path,
    the registry, the calendar."""
    body = body | {"id": id_}
    for member, kind in (("customer", "customer"), ("reseller", "reseller"), ("service_provider", "service-provider")):
        if body.get(member) is not None:
            body[member] = PARTIES[kind]
    if body.get("sp_end_customers"):
        body["sp_end_customers"] = [PARTIES["sp-end-customer"]]
    if body.get("zone") is not None:
        body["zone"] = "Asia/Dubai"
    if body.get("ended_on") is not None and body["ended_on"] < body["started_on"]:
        body["ended_on"] = body["started_on"]
    if "tenant" in body:
        body["tenant"] = TENANT
    match path.split("/")[1]:
        case "tenants":
            body["state"] = "active"  # the state of what is there already does not change
        case "slots":
            body |= {"starts_at": EARLY, "ends_at": LATE, "local_start": "2026-11-24T22:00:00", "tenant": TENANT}
        case "exports":
            body |= {"requested_at": EARLY, "available_at": EARLY, "delivered_at": LATE}
        case "recovery-tests":
            body |= {"started_at": EARLY, "ended_at": LATE}
        case "acknowledgements":
            body |= {"tenant": TENANT, "figure": f"{PREFIX}generated", "by": user, "at": EARLY, "until": LATE}
        case _:
            pass
    return body
