"""Walks an answer beside AWS's own model of it, member by member."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from xml.etree import ElementTree as ET

from botocore.model import ListShape, MapShape, Shape, StructureShape

TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "character": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "long": (int,),
    "float": (float, int),
    "double": (float, int),
    "timestamp": (datetime,),
}


def mistyped(value: Any, shape: Shape, path: str) -> Iterator[str]:
    """Where a parsed value is not what the model says."""
    if isinstance(shape, StructureShape):
        for name, item in value.items():
            if name not in shape.members:
                yield f"{path}.{name}: not in the model"
            else:
                yield from mistyped(item, shape.members[name], f"{path}.{name}")
    elif isinstance(shape, ListShape):
        for number, item in enumerate(value):
            yield from mistyped(item, shape.member, f"{path}[{number}]")
    elif isinstance(shape, MapShape):
        for name, item in value.items():
            yield from mistyped(item, shape.value, f"{path}.{name}")
    elif type(value) not in TYPES[shape.type_name]:
        yield f"{path}: {type(value).__name__} where the model has {shape.type_name}"


def unknown_xml(element: ET.Element, shape: Shape, path: str) -> Iterator[str]:
    """Elements of an answer that the model does not know."""
    children = {}
    if isinstance(shape, StructureShape):
        children = {member.serialization.get("name", name): member for name, member in shape.members.items()}
    elif isinstance(shape, ListShape):
        children = {shape.member.serialization.get("name", "member"): shape.member}
    for child in element:
        name = child.tag.rpartition("}")[2]
        if name not in children:
            yield f"{path}.{name}"
        else:
            yield from unknown_xml(child, children[name], f"{path}.{name}")


def unknown_json(value: Any, shape: Shape, path: str) -> Iterator[str]:
    """Members of an answer that the model does not know."""
    if isinstance(shape, StructureShape):
        for name, item in value.items():
            if name not in shape.members:
                yield f"{path}.{name}"
            else:
                yield from unknown_json(item, shape.members[name], f"{path}.{name}")
    elif isinstance(shape, ListShape):
        for item in value:
            yield from unknown_json(item, shape.member, path)
