"""A policy file's text into a ``Policy``, or all of its mistakes at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from importlib import resources
from typing import get_args, get_origin

from pydantic import BaseModel, ValidationError

from services.agreement.explain import KEY, bare, explain, field_of
from services.agreement.fields import Tiers
from services.agreement.periods import Period, PeriodError, extremes, parse_length
from services.agreement.policy import AtRiskHorizons, Policy
from services.agreement.problems import PolicyError, Problem
from services.agreement.tree import Path, Plain, Tree, read_tree


def default_policy_text() -> str:
    """The policy file that Tenure ships with, comments included."""
    return (resources.files("services.agreement") / "default.yaml").read_text(encoding="utf-8")


def parse_policy(text: str) -> Policy:
    """Read a policy. Raises ``PolicyError`` with every mistake: its line, its column, its path, what to write."""
    tree = read_tree(text)
    problems = [
        *tree.problems,
        *_tier_problems(tree),
        *_order_problems(tree),
        *_blackout_problems(tree),
        *_horizon_problems(tree),
    ]
    policy = None
    try:
        policy = Policy.model_validate(tree.data, context=_declared(tree) or ("",))
    except ValidationError as error:
        problems += [_problem(tree, one) for one in error.errors(include_url=False)]
    if problems or policy is None:
        raise PolicyError(problems)
    return policy


def _problem(tree: Tree, error: object) -> Problem:
    assert isinstance(error, dict)  # noqa: S101 - pydantic's ErrorDetails is a TypedDict, which is no type at run time
    loc: Path = error["loc"]
    known = tree.known(loc)
    path = (*known, loc[-1]) if error["type"] == "missing" else known
    at_key = error["type"] in ("missing", "extra_forbidden") or KEY in loc
    return tree.problem(path, explain(error, Policy), at_value=not at_key)


def _declared(tree: Tree) -> tuple[str, ...]:
    tiers = tree.data.get("tiers") if isinstance(tree.data, dict) else None
    return tuple(tiers) if isinstance(tiers, dict) else ()


def _tier_problems(tree: Tree) -> Iterator[Problem]:
    """Tiers used and not declared, and declared ones left out where every tier must be there."""
    declared = _declared(tree)
    if not declared:
        return
    for path, value, mark in _tier_places(Policy, tree.data, ()):
        steps = [(*path, name) for name in value] if isinstance(value, dict) else []
        if isinstance(value, list):
            steps = [(*path, index) for index in range(len(value))]
        names = [str(name) for name in value] if isinstance(value, dict | list) else list(declared)
        for step, name in zip(steps, names, strict=False):
            if name not in declared:
                message = f"the tier {name!a} is not declared: write {' or '.join(declared)}, or add it under tiers"
                yield tree.problem(step, message)
        if mark.every:
            for name in declared:
                if name not in names:
                    yield tree.problem((*path, name), "missing: give every declared tier a value, or one value for all")


def _tier_places(model: type[BaseModel], data: Plain, path: Path) -> Iterator[tuple[Path, Plain, Tiers]]:
    """Every place of the file in which tiers are named, whether the rest of the file is right or not."""
    if not isinstance(data, dict):
        return
    for key, value in data.items():
        field = field_of(model, key)
        if field is None:
            continue
        annotation, metadata = bare(field.annotation, tuple(field.metadata))
        mark = next((mark for mark in metadata if isinstance(mark, Tiers)), None)
        if mark:
            yield (*path, key), value, mark
        elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
            yield from _tier_places(annotation, value, (*path, key))
        elif get_origin(annotation) is tuple and isinstance(value, list):
            inner, _ = bare(get_args(annotation)[0])
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                for index, item in enumerate(value):
                    yield from _tier_places(inner, item, (*path, key, index))


_ORDER: tuple[tuple[Path, Path, str], ...] = (
    (
        ("right-to-be-forgotten", "grace"),
        ("right-to-be-forgotten", "retention"),
        "hosted data would be due before the grace has ended",
    ),
    (
        ("right-to-be-forgotten", "retention"),
        ("return-or-delete", "within"),
        "hosted data would be kept beyond the outer clock",
    ),
)
"""(what must not outlast, what it must not outlast, what would happen)."""


def _order_problems(tree: Tree) -> Iterator[Problem]:
    for inner, outer, harm in _ORDER:
        lengths = [_extremes_at(tree, path) for path in (inner, outer)]
        if lengths[0] and lengths[1] and lengths[0][1] > lengths[1][0]:
            rule = f"{harm}: write a period that is never longer than {'.'.join(map(str, outer))}"
            yield tree.problem(inner, rule, at_value=True)


def _extremes_at(tree: Tree, path: Path) -> tuple[timedelta, timedelta] | None:
    value = _value_at(tree, path)
    try:
        return extremes(Period.parse(value)) if isinstance(value, str) else None
    except PeriodError:
        return None  # reported where the value stands


def _value_at(tree: Tree, path: Path) -> Plain | None:
    value: Plain | None = tree.data
    for step in path:
        value = value.get(str(step)) if isinstance(value, dict) else None
    return value


def _blackout_problems(tree: Tree) -> Iterator[Problem]:
    blackouts = _value_at(tree, ("maintenance", "blackouts"))
    for index, item in enumerate(blackouts if isinstance(blackouts, list) else ()):
        first, last = (item.get("first"), item.get("last")) if isinstance(item, dict) else (None, None)
        if isinstance(first, str) and isinstance(last, str) and first > last:
            message = "the last day is before the first: write them in their order"
            yield tree.problem(("maintenance", "blackouts", index, "last"), message, at_value=True)


def _horizon_problems(tree: Tree) -> Iterator[Problem]:
    for name in AtRiskHorizons.model_fields:
        near, far = (_length_at(tree, (section, name)) for section in ("at_risk", "due"))
        if near is not None and far is not None and near > far:
            message = f"{name} would be at risk before it is due: write none or a length up to due.{name}"
            yield tree.problem(("at_risk", name), message, at_value=True)


def _length_at(tree: Tree, path: Path) -> timedelta | None:
    value = _value_at(tree, path)
    try:
        return parse_length(value) if isinstance(value, str) else None
    except PeriodError:
        return None  # none, or reported where the value stands
