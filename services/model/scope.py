"""Which accounts and regions are looked at."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scope:
    """Accounts by id, regions by name; ``None``: all of them. A place is in it if both of its parts are."""

    accounts: frozenset[str] | None = None
    regions: frozenset[str] | None = None

    def has(self, account: str | None, region: str | None) -> bool:
        """Whether a place is looked at; what has no account or no region is not left out for it."""
        return (self.accounts is None or account is None or account in self.accounts) and (
            self.regions is None or region is None or region in self.regions
        )

    def within(self, other: Scope) -> Scope:
        """What is in both."""
        return Scope(_both(self.accounts, other.accounts), _both(self.regions, other.regions))

    @property
    def words(self) -> str:
        """Its parts, as they are typed; empty where nothing is left out."""
        parts = [part for parts in (self.accounts, self.regions) if parts is not None for part in sorted(parts)]
        return " ".join(parts) or ("" if self == EVERYWHERE else "nowhere")


def _both(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    if one is None or other is None:
        return other if one is None else one
    return one & other


EVERYWHERE = Scope()
