"""The contract: the reference's own OpenAPI document, as schemathesis reads it.

It is made of the code that serves it and not kept as a file, so that it can never be another than what ``tenure serve``
answers under ``/openapi.json``.
"""

from __future__ import annotations

import json
import tempfile
from functools import cache
from pathlib import Path
from typing import Any, Final

import schemathesis
from schemathesis.config import (
    ChecksConfig,
    PositiveDataAcceptanceConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
)
from schemathesis.schemas import BaseSchema

from services.controlplane.app import create_app
from services.now import make_now

WELL: Final = ("2xx", "304", "404", "409", "412")
"""What a well-formed request may meet: nothing there, a conflict, or a condition that does not hold."""


def document() -> dict[str, Any]:
    """Our OpenAPI document, for whoever asks to do with as they like."""
    made: dict[str, Any] = json.loads(_made())
    return made


@cache
def _made() -> str:
    """The document as text, made once a process. The application wants a database: an empty one, gone at once."""
    with tempfile.TemporaryDirectory(prefix="tenure-") as folder:
        app = create_app(f"sqlite:///{Path(folder) / 'none.db'}", now=make_now())
        try:
            return json.dumps(app.openapi())
        finally:
            app.state.database.close()


def contract() -> BaseSchema:
    """The document as what requests are generated from and answers are compared with."""
    checks = ChecksConfig(positive_data_acceptance=PositiveDataAcceptanceConfig(expected_statuses=list(WELL)))
    # given, so that no settings file of the folder where somebody happens to be is read
    config = SchemathesisConfig(projects=ProjectsConfig(default=ProjectConfig(checks=checks)))
    return schemathesis.openapi.from_dict(document(), config=config)


def operations(schema: BaseSchema) -> tuple[tuple[str, str], ...]:
    """Method and path of each operation, in the order of the document."""
    return tuple((method.upper(), path) for path in schema for method in schema[path])
