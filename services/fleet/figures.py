"""The names of what is judged of stores, unique for each tenant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from services.estate.arns import parse
from services.model import Store, StoreMapping

RECOVERY = "recovery"
RTO = "rto"


def rto_figure(figure: str) -> str:
    """``rto.orders-db`` beside ``recovery.orders-db``."""
    return RTO + figure.removeprefix(RECOVERY)


def parts_of(store: Store, tenant: str) -> tuple[str | None, ...]:
    """The schemas or prefixes of a shared store that are a tenant's; ``(None,)``: all of it."""
    return tuple(part for owner, part in store.parts if owner == tenant) or (None,)


def figures_of(tenant: str, seen: Iterable[Store], absent: Iterable[StoreMapping]) -> dict[tuple[str, str | None], str]:
    """A figure for each store and part, unique for the tenant: by name, and by as much more as it takes."""
    keys = [(it.arn, part) for it in seen for part in parts_of(it, tenant)]
    keys += [(mapping.store, mapping.part) for mapping in absent]
    if len(keys) == 1:
        return {keys[0]: _named(keys[0][0])}
    forms = {key: _forms(*key) for key in keys}
    figures: dict[tuple[str, str | None], str] = {}
    for level in range(4):
        open_ = [key for key in forms if key not in figures]
        counts = Counter(forms[key][level] for key in forms) if len(open_) > 1 or level else {}
        figures |= {key: forms[key][level] for key in open_ if level == 3 or counts.get(forms[key][level], 1) == 1}
        if len(figures) == len(forms):
            break
    return figures


def _forms(arn: str, part: str | None) -> tuple[str, str, str, str]:
    parsed, named = parse(arn), _named(arn)
    whole = f"{RECOVERY}.{arn}" + (f".{part}" if part else "")
    return named, f"{named}.{part}" if part else named, f"{named}@{parsed.region if parsed else ''}", whole


def _named(arn: str) -> str:
    parsed = parse(arn)
    return f"{RECOVERY}.{parsed.name if parsed else arn}"
