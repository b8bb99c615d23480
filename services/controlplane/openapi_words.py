"""What the OpenAPI document says beside what the routes tell of themselves: who may, why not, and how it is meant.

By operation id; of the collections, which are served alike, by ``list``, ``get``, ``put`` and ``delete``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from services.wire.registry import Role

DESCRIPTION: Final = """\
The registry of tenants, parties, subscriptions and store mappings that the console reads, and what happens with them:
exports, maintenance slots, legal holds, cases, recovery tests, acknowledgements, orders, and the audit log.

**Who may.** A bearer token in `Authorization` has one of the roles `viewer`, `operator`, `approver` and `worker`; each
operation names those that it takes. Authorisation comes before all else: without a token every path but the open ones
is 401, without the role 403, whatever else is wrong with the request.

**Errors** are problem details (RFC 9457, `application/problem+json`): `detail` is for a person; where several things
are wrong, `errors` names each with `where` (`body.zone`, `query.limit`) and `what`. An answer that cannot be given
whole is an error, never a short list.

**Pages.** `{"items": […], "next": …, "total": …}`: follow `next` as `cursor` until it is null. It is never left out.

**Conditions** (RFC 9110). Records and pages bear a strong `ETag`. `If-None-Match` on GET answers 304 without a body;
`If-Match` on PUT and DELETE answers 412 where another has changed it since; `If-None-Match: *` on PUT creates only.

**Values.** Ids are the vendor's own. Instants are RFC 3339 with an offset, answered in UTC; days are `2026-12-31`. An
absent value is null. A member that the schema does not know is 422. All JSON is escaped to ASCII.

**Writing twice.** PUT may be repeated; a DELETE that is repeated finds nothing (404). `POST /orders` bears its own key,
`plan.asked.key`, made at random by who asks: the same key is the same order, however often it is sent. `POST /audit` is
told apart by the entry's `id`, `POST /import` by its `digest`.

Every answer bears an `X-Request-Id`, the request's own if it had one. Bodies have 1 MiB at most, `POST /orders` 8 MiB,
`POST /import` 64 MiB; instants lie in the years 1 to 9999.
"""

TAGS: Final[Mapping[str, str]] = {
    "parties": "Customers, resellers, service providers and their end customers.",
    "tenants": "Instances of the service.",
    "subscriptions": "What a tenant is subscribed to, and until when.",
    "stores": "Which store, or which part of one, is whose.",
    "exports": "Customers' requests for their data, and the packages.",
    "slots": "Maintenance slots.",
    "holds": "Legal holds.",
    "cases": "Cases with a clock: acceptable use, assistance.",
    "recovery-tests": "Tests that somebody made and recorded.",
    "acknowledgements": "That an item of the due list is seen, and whose it is.",
    "audit": "The audit log: entries form a chain, and nobody changes or deletes one.",
    "import": "Many records at once.",
    "orders": "Every write of the daily work: planned, confirmed, carried out by a worker, followed.",
    "samples": "What was recorded while no console was open.",
    "service": "The service itself.",
}

SUMMARIES: Final[Mapping[str, str]] = {
    "whoami": "Whose the token is",
    "healthz": "Whether server and database answer, and the server's clock",
    "readyz": "Whether requests and orders can be sent here",
    "metrics": "The server's figures, for Prometheus",
}

DESCRIPTIONS: Final[Mapping[str, str]] = {
    "list": "Ordered by id. A collection of which there is nothing is an empty page, never 404.",
    "put": "Another record is replaced whole. The `id` of the body is that of the path.",
    "put_tenants": "Another record is replaced whole. The `id` of the body is that of the path. A new tenant is "
    "entered in any state; one that is there keeps its own, and one that was deleted comes back in the state that it "
    "had: an order alone changes it.",
    "put_acknowledgements": "The `id` follows from tenant and figure, and `by` is the bearer.",
    "delete_tenants": "Not while a record names it, nor while an order of it waits or is under way.",
    "list_audit": "Newest first; `tenant` chooses.",
    "add_audit": "The server gives `position`, `previous` and `hash`. Sent again it is the same entry.",
    "audit_head": "Position and hash of the last entry, to be kept where who keeps the log cannot write.",
    "add_anchor": "An object of its own each time, never written over.",
    "import_registry": "`digest` says what the records were compared with: where something else stands by now, nothing "
    "is written. Nothing is deleted.",
    "plan_order": "Nothing happens by it. The same question onto the same state is the same plan, of the same digest.",
    "add_order": "The server makes the plan anew and compares it: nobody hands in calls of their own. Sent again with "
    "the same key and plan it is the same order. It waits for a second person where `plan.approval` says so, else it "
    "is accepted; `break_glass_until` lets an approver do without, for a `reason`, within 24 hours.",
    "list_orders": "Newest first. `open` leaves those that wait, are under way, or have to be looked at.",
    "approve_order": "An approver, another one than the author. Where the plan would be another one now, the order is "
    "void from then on.",
    "cancel_order": "Its author, or an approver's no. What one that is under way has done is undone by its worker.",
    "review_order": "Of one that went without a second person, by another than its author, or of one that was left "
    "half done.",
    "readyz": "The database answers and is this version's; the worker of this process, where it has one, takes orders. "
    "`chores` tells of what the servers do by themselves; that they failed makes nobody unready.",
}

_LOOKED_AT: Final = "the digest is not that of its plan, or what the plan rests on has changed: `errors` says what"
ANSWERS: Final[Mapping[str, Mapping[int, str]]] = {
    "list": {200: "the page"},
    "get": {200: "the record"},
    "put": {
        409: "the registry would not hold together, or a tenant's state would change: `errors` says where",
        412: "it is not, or no longer, what `If-Match` or `If-None-Match` says",
    },
    "delete": {
        204: "deleted",
        409: "others name it: `errors` says which",
        412: "it is no longer what `If-Match` says",
    },
    "put_acknowledgements": {403: "the bearer's role may not do this, or `by` is not the bearer"},
    "list_audit": {200: "the page"},
    "add_audit": {409: "there is another entry of that id; entries are never changed"},
    "audit_head": {200: "position 0 and a hash of zeros where there is no entry"},
    "add_anchor": {409: "this server keeps no anchors", 502: "S3 did not take it, or did not answer"},
    "import_registry": {
        200: "all of it is written",
        409: "the registry would not hold together, or a tenant's state would change: `errors` says where",
        412: "something else stands there than `digest` says: nothing is written",
        422: "the request is malformed, or a record is not as it must be: `errors` says where and what",
    },
    "plan_order": {
        200: "the plan",
        409: "refused: `errors` names the field (`fields.until`), the tenant or the action that it is about",
        503: "not planned: AWS did not answer what has to be known, or the database did not answer",
    },
    "add_order": {
        200: "the order that this key has already, with the same plan",
        201: "the order is kept",
        403: "the bearer's role may not do this, or not without a second person",
        409: "the plan is not that of its digest, its key is another order's, it is refused by its time alone, or "
        "another order of one of its tenants is under way, which `errors` names (`order`)",
        412: "what the plan rests on has changed: `errors` says what, a line each, and why it is refused now if it is",
        503: "AWS did not answer what has to be known, or the database did not answer: send it again",
    },
    "list_orders": {200: "the page"},
    "get_order": {200: "the order", 404: "there is no order of that key"},
    "approve_order": {
        200: "the order, accepted",
        403: "the bearer is no approver, or the author",
        404: "there is no order of that key",
        409: "it does not wait, it is refused by its time alone, or another order of a tenant is under way, which "
        "`errors` names (`order`)",
        412: _LOOKED_AT,
        503: "AWS did not answer what has to be known, or the database did not answer: send it again",
    },
    "cancel_order": {
        200: "the order: cancelled, or under way still and being undone",
        403: "the bearer is neither its author nor an approver",
        404: "there is no order of that key",
        409: "it has ended, is being undone already, or a step of it has begun that cannot be undone",
        412: "the digest is not that of its plan",
    },
    "review_order": {
        200: "the order, reviewed",
        403: "the bearer is no approver, or did without a second person",
        404: "there is no order of that key",
        409: "there is nothing to review, or it has not ended",
        412: "the digest is not that of its plan",
    },
    "list_samples": {200: "the page"},
    "whoami": {200: "user, role, and when the token ends"},
    "healthz": {200: "both answer"},
    "readyz": {200: "they can", 503: "they cannot: `errors` names `database`, `migrations` or `worker`"},
    "metrics": {200: "Prometheus' text format"},
}

PARAMETERS: Final[Mapping[str, str]] = {
    "get if-none-match": "the tags that you have; 304 where one of them is the present one",
    "put if-none-match": "`*`: create it, replace none",
    "if-match": "the tag that was read; 412 where it is another one by now",
    "open": "those that wait, are under way, or have to be looked at",
    "id": "the vendor's own",
    "key": "the order's, 32 hexadecimal digits",
}

ROLES: Final[Mapping[str, frozenset[Role]]] = dict.fromkeys(("approve_order", "review_order"), frozenset({"approver"}))
"""Narrower than those of the path."""

HEADERS: Final[Mapping[str, Mapping[str, Any]]] = {
    "X-Request-Id": {"description": "the request's own, or one made for it", "schema": {"type": "string"}},
    "WWW-Authenticate": {
        "description": "how to come back, and what was wrong (RFC 6750)",
        "schema": {"type": "string"},
    },
    "Retry-After": {"description": "in how many seconds it may be otherwise", "schema": {"type": "string"}},
    "Collection-Tag": {
        "description": "the tag of the whole list: the same, and no page of it has changed",
        "schema": {"type": "string"},
    },
}

EXAMPLES: Final[Mapping[str, Mapping[str, Any]]] = {
    "PartyRecord": {"id": "northwind", "kind": "customer", "name": "Northwind"},
    "TenantRecord": {
        "id": "acme",
        "name": "Acme",
        "tier": "public",
        "region": "eu-central-1",
        "account": "111122223333",
        "zone": "Europe/Rome",
        "state": "active",
        "customer": "northwind",
    },
    "SubscriptionRecord": {
        "id": "so-1",
        "tenant": "acme",
        "order": "SO-1",
        "started_on": "2026-01-01",
        "ended_on": "2027-12-31",
    },
    "StoreRecord": {
        "id": "acme-orders",
        "tenant": "acme",
        "store": "arn:aws:rds:eu-central-1:111122223333:db:orders",
    },
    "Asked": {
        "key": "7f3c1e0a9b5d4c2f8e6a1b3d5f7c9e0b",
        "action": "renew",
        "tenants": ["acme"],
        "fields": {"until": "2030-12-31"},
    },
    "Decision": {"digest": "9ac6085b9806c015" * 4, "reason": "the contract is signed"},
    "AuditRecord": {
        "id": "2026-11-23-1",
        "at": "2026-11-23T12:00:00Z",
        "who": "worker@example.org",
        "role": "worker",
        "action": "disable",
        "outcome": "done",
        "tenant": "acme",
        "ticket": "T-1",
    },
}
"""Of bodies, by schema."""
