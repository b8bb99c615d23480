"""``docs/agreement.md`` against the models: what a vendor reads is what the reader knows."""

from __future__ import annotations

import re
from pathlib import Path

from pydantic import BaseModel

from services.agreement import Policy, conduct_clock, reckon_clocks, zone
from services.agreement.explain import bare
from tests.services.agreement.nouns import NOW, tenant
from tests.services.agreement.policies import DEFAULT

PAGE = (Path(__file__).parents[3] / "docs/agreement.md").read_text(encoding="utf-8")
WORDS = set(re.findall(r"[A-Za-z][\w-]*", " ".join(re.findall(r"`([^`]*)`", PAGE))))


def keys(model: type[BaseModel]) -> set[str]:
    """Every key of a model and of the models in it that are not list items or values of a mapping."""
    found = set()
    for name, field in model.model_fields.items():
        found.add(field.alias or name)
        annotation, _ = bare(field.annotation)
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            found |= keys(annotation)
    return found


def test_every_key_is_documented() -> None:
    """No key of the policy is missing from the page."""
    assert keys(Policy) - WORDS == set()


def test_every_clock_is_documented() -> None:
    """Each clock has its row."""
    found = reckon_clocks(tenant(), DEFAULT.policy, export_available=NOW)
    names = {clock.name for clock in (*found, conduct_clock(DEFAULT.policy, NOW, zone("UTC")))}
    assert names <= set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE))
