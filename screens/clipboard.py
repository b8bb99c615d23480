"""Text for the operator's clipboard, over whatever stands between: OSC 52 (xterm, "Operating System Commands").

tmux takes OSC 52 from a program only where ``set-clipboard`` is ``on``, and hands a wrapped one through only where
``allow-passthrough`` is ``on``; neither is its default. Its own ``load-buffer -w`` reaches the terminal's clipboard in
every setting, so that is asked where tmux runs on this machine; where it runs before the line both forms are sent.
GNU screen knows no OSC 52, and types a long one onto the picture; what stands in a DCS it hands on, in short pieces.
"""

from __future__ import annotations

import base64
import shutil
import subprocess
from collections.abc import Mapping
from typing import Final

LIMIT: Final = 74_994
"""Bytes of text: as base64, with what stands around it, they fill the 100,000 bytes at which hterm and others cut."""
PIECE: Final = 240
"""Characters that every GNU screen hands through at once: the buffer of old ones has 256, of newer ones 768."""
PATIENCE_S: Final = 1.0
"""Seconds that tmux has to take a text."""


def too_long(text: str) -> str | None:
    """Why a text is not copied, if it is too long."""
    size = len(text.encode())
    return f"Not copied: {size:,} bytes, and terminals take {LIMIT:,}." if size > LIMIT else None


def sequence(text: str, env: Mapping[str, str]) -> str:
    """What to write to the terminal."""
    plain = f"\x1b]52;c;{base64.b64encode(text.encode()).decode()}\x07"
    term = env.get("TERM", "")
    if env.get("STY") or term.startswith("screen."):  # TERM=screen.xterm-256color is GNU screen's, after ssh as well
        return "".join(f"\x1bP{plain[at : at + PIECE]}\x1b\\" for at in range(0, len(plain), PIECE))
    if not term.startswith(("tmux", "screen")):
        return plain
    return plain + "\x1bPtmux;" + plain.replace("\x1b", "\x1b\x1b") + "\x1b\\"


def has_tmux(env: Mapping[str, str]) -> bool:
    """Whether tmux runs on this machine, around us."""
    return bool(env.get("TMUX")) and shutil.which("tmux", path=env.get("PATH")) is not None


def through_tmux(text: str, env: Mapping[str, str]) -> str | None:
    """Have tmux copy it; why it did not, ``None`` where it did. Blocks up to ``PATIENCE_S``; never has the terminal."""
    tmux = shutil.which("tmux", path=env.get("PATH")) or "tmux"
    try:
        done = subprocess.run(  # noqa: S603 - the operator's own tmux, the text by its standard input
            [tmux, "load-buffer", "-w", "-"],
            input=text.encode(),
            capture_output=True,
            timeout=PATIENCE_S,
            env=dict(env),
            check=False,
        )
    except (OSError, subprocess.SubprocessError) as error:
        return f"tmux did not copy it: {type(error).__name__}"
    return None if done.returncode == 0 else f"tmux did not copy it: {done.stderr.decode(errors='replace').strip()}"
