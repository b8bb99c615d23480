"""``python -m services.sandbox``: what ``tenure sandbox`` becomes."""

from __future__ import annotations

import sys

from services.sandbox.options import parse_options
from services.sandbox.supervisor import run

if __name__ == "__main__":
    sys.exit(run(parse_options(sys.argv[1:])))
