"""Sessions that end under the operator's hands: signing in inside the console, in a real terminal, on the sandbox."""

from __future__ import annotations

import http.client
import json
import re
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.support.pty import Terminal
from tests.support.sandbox import RunningSandbox, control, wait_for

TENURE = str(Path(sys.executable).with_name("tenure"))
F2 = "\x1bOQ"
SECONDS = 2.0
SETTINGS = """\
[profiles.night]
banner = "PROD"
api = {{ url = "{url}", token = "{token}" }}
refresh = {{ pace = 0.05 }}
"""
pytestmark = pytest.mark.processes


def signed_out(sandbox: RunningSandbox, home: Path, profile: str) -> dict[str, str | None]:
    """The environment of an operator who has a profile of AWS, and no session of it."""
    settings = home / "config.toml"
    settings.write_text(SETTINGS.format(url=sandbox.api_url, token=sandbox.tokens["operator"]))
    settings.chmod(0o600)
    return {
        **sandbox.environment,
        "AWS_ACCESS_KEY_ID": None,
        "AWS_SECRET_ACCESS_KEY": None,
        "AWS_CONFIG_FILE": sandbox.line["aws_config_file"],
        "AWS_PROFILE": profile,
        "HOME": str(home),
        "TENURE_CONFIG": str(settings),
        "TENURE_API_TOKEN": None,
        "TENURE_API_URL": None,
    }


def approve(sandbox: RunningSandbox, terminal: Terminal) -> None:
    """Read the code from the screen and confirm it, as in a browser."""
    terminal.wait_for("approve this code")
    terminal.wait_for(lambda: any(code in terminal.text for code in waiting(sandbox)))
    (shown,) = [code for code in waiting(sandbox) if code in terminal.text]
    control(sandbox.aws_endpoint_url, "sso", {"user_code": shown})


def waiting(sandbox: RunningSandbox) -> list[str]:
    """The codes that nobody has confirmed yet."""
    connection = http.client.HTTPConnection(urlsplit(sandbox.aws_endpoint_url).netloc, timeout=10)
    try:
        connection.request("GET", "/sandbox/sso")
        codes: list[str] = json.loads(connection.getresponse().read())["waiting"]
        return codes
    finally:
        connection.close()


def list_of(terminal: Terminal) -> tuple[str, list[str]]:
    """How many rows of how many there are; those that stand above a dialog, without what ticks in their first cells."""
    title, _, *rows = terminal.display[1:7]
    found = re.search(r"\d+ of \d+", title)
    return found.group() if found else title, [row[12:] for row in rows]


def test_a_session_ends_and_goes_on_under_a_half_typed_form(faulty: RunningSandbox, tmp_path: Path) -> None:
    """Nobody has signed in when it opens; later all sessions end: list, filter, sort, row and form are found again."""
    with Terminal([TENURE], env=signed_out(faulty, tmp_path, "sso")) as terminal:
        terminal.wait_for("FROZEN")
        terminal.wait_for("S signs in.")
        terminal.send("S")
        approve(faulty, terminal)
        terminal.wait_for(lambda: "FROZEN" not in terminal.text and "breached 1" in terminal.text)
        assert wait_for(lambda: any((tmp_path / ".aws/sso/cache").glob("*.json")))

        terminal.send("/retention\r")
        terminal.press("shift+right", "shift+right", "o", "j", "j")
        terminal.wait_for("by TENANT")
        terminal.send("a\tSam S\tT-9 hal")
        terminal.wait_for("T-9 hal")
        before = list_of(terminal)
        assert sum("▌" in line for line in terminal.display[3:7]) == 1
        row = next(index for index, line in enumerate(terminal.display) if "▌" in line)

        control(faulty.aws_endpoint_url, "sessions", {"end": True})
        terminal.wait_for("FROZEN")
        assert list_of(terminal) == before
        terminal.send("f\r")
        terminal.wait_for("F2 signs in.")
        terminal.send(F2)
        approve(faulty, terminal)
        terminal.wait_for(lambda: "FROZEN" not in terminal.text and "T-9 half" in terminal.text)
        assert "Sam S" in terminal.text
        assert list_of(terminal) == before
        assert "▌" in terminal.display[row]

        terminal.send(" done\r")
        terminal.wait_for("Recorded:")
        terminal.press("ctrl+q")
        assert terminal.wait_exit(SECONDS) == 0
        assert terminal.problems() == []


def test_a_code_of_a_device_is_asked_for_in_the_console(faulty: RunningSandbox, tmp_path: Path) -> None:
    """A wrong code is said and the next one taken; leaving while it is asked for takes no time."""
    with Terminal([TENURE], env=signed_out(faulty, tmp_path, "mfa")) as terminal:
        terminal.wait_for("S signs in.")
        terminal.send("S")
        terminal.wait_for("6 digits")
        terminal.send("000000\r")
        terminal.wait_for("Not signed in")
        terminal.wait_for("6 digits")
        terminal.send("123456\r")
        terminal.wait_for(lambda: "FROZEN" not in terminal.text and "breached 1" in terminal.text)
        assert not re.search(rb"123456(?!789012)", terminal.raw)  # which is the account of the device
        terminal.send("S")
        terminal.wait_for("6 digits")
        terminal.press("ctrl+q")
        assert terminal.wait_exit(SECONDS) == 0
        assert terminal.problems() == []
