"""A mistake of a policy file in words: what is wrong and what to write instead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel, Tag
from pydantic.fields import FieldInfo

from services.agreement.fields import Hint, Tiers
from services.agreement.tree import Path

KEY = "[key]"
"""The last step of pydantic's path to a key that does not fit its mapping."""

_FAULTS = {
    "missing": "missing",
    "dict_type": "this is no mapping",
    "mapping_type": "this is no mapping",
    "model_type": "this is no mapping",
    "model_attributes_type": "this is no mapping",
    "tuple_type": "this is no list",
    "string_type": "this is no text",
    "too_short": "empty",
    "string_too_short": "empty",
    "string_too_long": "too long",
}


def explain(error: Mapping[str, Any], root: type[BaseModel]) -> str:
    """The message for one error of pydantic, by the type that the place has in ``root``."""
    kind, loc = error["type"], tuple(error["loc"])
    if kind == "extra_forbidden":
        return _unknown_key(str(loc[-1]), keys_at(root, loc[:-1]))
    if kind == "value_error":
        return str(error["ctx"]["error"])
    annotation, metadata = place_of(root, loc)
    fault = _FAULTS.get(kind) or f"{_short(error['input'])} does not fit"
    if loc[-1:] == ("any",):  # a text where any or a list of regions stands
        annotation, metadata = place_of(root, loc[:-1])
    hint = hint_of(annotation, metadata)
    return f"{fault}: write {hint}" if hint else f"{fault}: {error['msg']}"


def _unknown_key(key: str, known: Iterable[str]) -> str:
    names = sorted(known)
    near = get_close_matches(key, names, n=1)
    return f"unknown key: write {near[0]}, or remove it" if near else f"unknown key: here stand {', '.join(names)}"


def _short(value: object) -> str:
    text = ascii(value)
    return text if len(text) <= 60 else text[:57] + "..."


def keys_at(root: type[BaseModel], loc: Path) -> tuple[str, ...]:
    """The keys that the model at ``loc`` knows; none where there is no model."""
    annotation, _ = place_of(root, loc)
    return _keys(annotation)


def _keys(annotation: Any) -> tuple[str, ...]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return tuple(field.alias or name for name, field in annotation.model_fields.items())
    return ()


def field_of(model: type[BaseModel], key: str | int) -> FieldInfo | None:
    """The field that a file's key fills."""
    return next((field for name, field in model.model_fields.items() if (field.alias or name) == key), None)


def place_of(root: type[BaseModel], loc: Path) -> tuple[Any, tuple[object, ...]]:
    """The type and its marks at ``loc``. Steps that only pydantic knows (the arm of a union) are passed over."""
    annotation: Any = root
    metadata: tuple[object, ...] = ()
    for step in loc:
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            field = field_of(annotation, step)
            if field is None:
                return None, ()
            annotation, metadata = bare(field.annotation, tuple(field.metadata))
        elif get_origin(annotation) is Mapping:
            key, value = get_args(annotation)
            annotation, metadata = bare(key if loc[-1:] == (KEY,) else value)
        elif get_origin(annotation) is tuple:
            annotation, metadata = bare(get_args(annotation)[0])
        else:
            arms = map(bare, get_args(annotation))
            annotation, metadata = next((arm for arm in arms if Tag(str(step)) in arm[1]), (annotation, metadata))
    return annotation, metadata


def bare(annotation: Any, metadata: tuple[object, ...] = ()) -> tuple[Any, tuple[object, ...]]:
    """A type without ``Annotated`` and without ``| None``, and the marks that it bore; the outer ones first."""
    while True:
        if get_origin(annotation) is Annotated:
            annotation, *marks = get_args(annotation)
            metadata = (*metadata, *marks)
            continue
        arms = get_args(annotation)
        if type(None) in arms and len(arms) == 2:
            annotation = next(arm for arm in arms if arm is not type(None))
            continue
        return annotation, metadata


def hint_of(annotation: Any, metadata: tuple[object, ...]) -> str:
    """What to write in a place of that type; empty where the type says nothing."""
    hint = next((mark.text for mark in metadata if isinstance(mark, Hint)), None)
    if hint:
        return hint
    if get_origin(annotation) is Literal:
        return " or ".join(map(str, get_args(annotation)))
    if get_origin(annotation) is tuple:
        inner = hint_of(*bare(get_args(annotation)[0]))
        return f"a list, each item {inner}" if inner else "a list"
    if get_origin(annotation) is Mapping:
        inner = hint_of(*bare(get_args(annotation)[1]))
        if any(isinstance(mark, Tiers) for mark in metadata):
            return f"{inner}; once for all tiers or a key for each"
        return f"a mapping, each value {inner}"
    keys = _keys(annotation)
    return f"a mapping with the keys {', '.join(keys)}" if keys else ""
