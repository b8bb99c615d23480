"""``docs/settings.md`` against the settings themselves, and every example of a profile file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from console.settings import ENVIRONMENT, Scope, Settings, load_settings
from tests.docs.pages import DOCS, name, pages

PAGE = (DOCS / "settings.md").read_text("utf-8")
ROW = re.compile(r"^\| `([\w.]+)` \|([^|]*)\|", re.MULTILINE)
ROWS = {key: second.strip() for key, second in ROW.findall(PAGE)}
NO_KEYS = {"profile", "origins"}
"""What a ``Settings`` holds and no file sets: the profile's name, and where each value comes from."""
BESIDE = {"TENURE_CONFIG", "TENURE_PROFILE"}
"""Variables that lead to a profile instead of standing above it."""
EXAMPLE = re.compile(r"^```toml\n(.*?)^```", re.MULTILINE | re.DOTALL)
EXAMPLES = [
    pytest.param(text, id=f"{name(page)}-{number}")
    for page in pages()
    for number, text in enumerate(EXAMPLE.findall(page.read_text("utf-8")))
]


def keys(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, object]]:
    """Every key of the profile file, dotted, with its default."""
    for key, field in model.model_fields.items():
        below = field.annotation
        if isinstance(below, type) and issubclass(below, BaseModel):
            yield from keys(below, f"{prefix}{key}.")
        elif prefix or key not in NO_KEYS:
            yield f"{prefix}{key}", field.default


KEYS = dict(keys(Settings))


def test_every_key_is_documented() -> None:
    """Each key has its row, and no row names a key that there is not."""
    assert {row for row in ROWS if not row.startswith("TENURE_")} == {*KEYS, "default_profile"}


def test_the_parts_of_a_scope_are_documented() -> None:
    """``aws.scope`` is a list of tables, whose keys its row names."""
    assert all(f"`{key}`" in PAGE for key in Scope.model_fields)


def test_every_default_is_documented() -> None:
    """A default that is a number or a word stands in the row as it is."""
    for key, default in KEYS.items():
        if isinstance(default, float | int | str):
            assert ROWS[key] == f"`{default:g}`" if isinstance(default, float) else f"`{default}`", key


def test_every_variable_is_documented() -> None:
    """Each variable has its row, with the key that it stands for."""
    assert {row for row in ROWS if row.startswith("TENURE_")} == {*ENVIRONMENT, *BESIDE}
    for variable, key in ENVIRONMENT.items():
        assert ROWS[variable].startswith(f"`{'.'.join(key)}`"), variable


@pytest.mark.parametrize("text", EXAMPLES)
def test_every_example_can_be_used(text: str, tmp_path: Path) -> None:
    """Each profile of each example in the documentation loads."""
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")
    for profile in tomllib.loads(text).get("profiles", {"": None}):
        load_settings({"TENURE_CONFIG": str(path), "TENURE_PROFILE": profile})
