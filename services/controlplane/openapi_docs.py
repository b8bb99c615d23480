"""What the wire's models say of their own members, for the OpenAPI document: the strings that stand below them."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator, Mapping
from enum import Enum
from types import ModuleType

from pydantic import BaseModel

from services.wire import anchor, imports, operations, orders, registry, samples

MODULES: tuple[ModuleType, ...] = (registry, operations, orders, imports, samples, anchor)


def members_docs() -> Mapping[str, Mapping[str, str]]:
    """Model or enumeration by its name → member → what is said of it; of enumerations, value → what is said of it."""
    found: dict[str, Mapping[str, str]] = {}
    for module in MODULES:
        for name, value in vars(module).items():
            if not inspect.isclass(value) or not issubclass(value, BaseModel | Enum):
                continue
            docs: dict[str, str] = {}
            for base in reversed(value.__mro__):
                if base.__module__.startswith("services."):
                    docs |= dict(_docs_of(base))
            if issubclass(value, Enum):
                docs = {str(value[member].value): it for member, it in docs.items() if member in value.__members__}
            found[name] = docs
    return found


def _docs_of(model: type) -> Iterator[tuple[str, str]]:
    (tree,) = ast.parse(textwrap.dedent(inspect.getsource(model))).body
    if not isinstance(tree, ast.ClassDef):
        return
    for statement, following in zip(tree.body, tree.body[1:], strict=False):
        target: ast.expr | None = None
        if isinstance(statement, ast.AnnAssign):
            target = statement.target
        elif isinstance(statement, ast.Assign):
            target = statement.targets[0]
        is_text = isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant)
        if isinstance(target, ast.Name) and is_text:
            yield target.id, plain(inspect.cleandoc(str(following.value.value)))  # type: ignore[attr-defined] # as just seen


def plain(text: str) -> str:
    """A docstring as Markdown has it: in single backticks, one line a paragraph."""
    paragraphs = text.replace("``", "`").split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)
