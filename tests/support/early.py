"""What must be so before any other plugin of pytest is loaded: named by ``-p`` in ``pyproject.toml``.

The plugin that compares pictures imports Textual, which reads these variables once, when it is imported.
"""

from __future__ import annotations

import os

for name in [
    name
    for name in os.environ
    if (name.startswith("TEXTUAL_") and not name.startswith("TEXTUAL_SNAPSHOT_"))
    or name in {"NO_COLOR", "UNICODE_VERSION"}
]:
    del os.environ[name]
os.environ["TEXTUAL_ANIMATIONS"] = "none"
