"""YAML text as plain data in which every key and value knows its place.

Scalars stay text. What has no use in a policy file (anchors, aliases, tags, more than one document) is a mistake
with a place like any other, and so is a key that is written twice.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias

import yaml
from yaml.reader import Reader

from services.agreement.problems import PolicyError, Problem

Plain: TypeAlias = "str | list[Plain] | dict[str, Plain]"
Path: TypeAlias = tuple[str | int, ...]
Place: TypeAlias = tuple[int, int]
"""Line and column, from 1."""

_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""libyaml reads ten times faster; a build of PyYAML without it has the same positions."""

_PLAIN_TAGS = frozenset({"tag:yaml.org,2002:str", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map"})
_TOP = "."
_DEEPEST = 16


@dataclass(slots=True)
class Tree:
    """The data, and where each of its parts stands."""

    data: Plain = ""
    keys: dict[Path, Place] = field(default_factory=dict)
    """Of the keys of mappings and the items of lists."""
    values: dict[Path, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def known(self, path: Path) -> Path:
        """The longest part of ``path`` that the file has; steps that it lacks are left out."""
        found: Path = ()
        for step in path:
            if (*found, step) in self.values:
                found = (*found, step)
        return found

    def problem(self, path: Path, message: str, *, at_value: bool = False) -> Problem:
        """A mistake at ``path``, or at the nearest place above it that the file has."""
        known = self.known(path)
        place = (None if at_value else self.keys.get(known)) or self.values.get(known, (1, 1))
        return Problem(*place, say_path(path), message)


def say_path(path: Path) -> str:
    """``maintenance.blackouts[0].first``; ``.`` for the whole file."""
    words = ""
    for step in path:
        words += f"[{step}]" if isinstance(step, int) else f".{step if step.isprintable() else ascii(step)}"
    return words.removeprefix(".") or _TOP


def read_tree(text: str) -> Tree:
    """Read YAML. Raises ``PolicyError`` where the text is not YAML at all; other mistakes are in ``problems``."""
    _refuse_unprintable(text)
    try:
        _refuse_shapes(text)
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        said = " ".join(part for part in (error.context, error.problem) if part)
        raise PolicyError([Problem(*place, _TOP, f"this is no YAML: {said}")]) from None
    tree = Tree()
    if node is None:
        raise PolicyError([Problem(1, 1, _TOP, "the file is empty: start from `tenure agreement show -o yaml`")])
    tree.data = _plain(node, (), tree)
    return tree


def _refuse_unprintable(text: str) -> None:
    found = Reader.NON_PRINTABLE.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        column = found.start() - text.rfind("\n", 0, found.start())
        message = f"the character {found.group()!a} has no place in YAML: remove it"
        raise PolicyError([Problem(line, column, _TOP, message)])


def _refuse_shapes(text: str) -> None:
    """Aliases let a short file stand for a huge one and a mistake stand in two places; depth exhausts the stack."""
    problems: list[Problem] = []
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        place = (event.start_mark.line + 1, event.start_mark.column + 1) if event.start_mark else (1, 1)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            problems.append(Problem(*place, _TOP, f"nested too deeply: no policy needs more than {_DEEPEST} levels"))
            break
        if isinstance(event, yaml.AliasEvent):
            message = f"anchors and aliases are not used here: write the value of {event.anchor!a} out"
            problems.append(Problem(*place, _TOP, message))
    if problems:
        raise PolicyError(problems)


def _plain(node: yaml.Node, path: Path, tree: Tree) -> Plain:
    place = (node.start_mark.line + 1, node.start_mark.column + 1)
    tree.values[path] = place
    if node.tag not in _PLAIN_TAGS:
        tree.problems.append(Problem(*place, say_path(path), f"tags are not used here: leave out {node.tag!a}"))
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, tree)
    if isinstance(node, yaml.SequenceNode):
        items: list[Plain] = []
        for index, item in enumerate(node.value):
            tree.keys[*path, index] = (item.start_mark.line + 1, item.start_mark.column + 1)
            items.append(_plain(item, (*path, index), tree))
        return items
    return str(node.value)


def _mapping(node: yaml.MappingNode, path: Path, tree: Tree) -> Plain:
    members: dict[str, Plain] = {}
    for key, value in node.value:
        place = (key.start_mark.line + 1, key.start_mark.column + 1)
        if not isinstance(key, yaml.ScalarNode):
            tree.problems.append(Problem(*place, say_path(path), "a key is a word: write `name: value`"))
            continue
        name = str(key.value)
        step = (*path, name)
        if step in tree.keys:
            first = tree.keys[step]
            message = f"written twice, first in line {first[0]}: remove one of the two"
            tree.problems.append(Problem(*place, say_path(step), message))
            continue
        tree.keys[step] = place
        members[name] = _plain(value, step, tree)
    return members
