"""The command ``tenure``: its subcommands, each imported when it is asked for, and how they end."""

from __future__ import annotations

import errno
import gc
import logging
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from console import errors

if TYPE_CHECKING:
    from cyclopts import App, CycloptsError

COMMANDS: Final = (
    ("due", "console.commands.due:due", "Print everything that is due, the most urgent first."),
    ("list", "console.commands.list:list_area", "Print the rows of an area: tenants, recovery, retention, exports …"),
    ("show", "console.commands.show:show", "Print everything about one tenant."),
    ("why", "console.commands.why:why", "Print why a figure is what it is."),
    ("handover", "console.commands.handover:handover", "Print what the next shift has to know, in Markdown."),
    ("samples", "console.commands.samples:samples", "Print what was recorded of a tenant's RPO over time."),
    ("acknowledge", "console.commands.acknowledge:acknowledge", "Say that an item of the due list is seen."),
    ("plan", "console.commands.plan:plan", "Print what a write would do, before anything happens."),
    ("apply", "console.commands.apply:apply_plan", "Hand a plan over to be carried out, and follow it to its end."),
    ("orders", "console.commands.orders:orders", "Print the orders and how far they are."),
    ("order", "console.commands.order:order", "Print one order with its steps; follow it."),
    ("approve", "console.commands.approve:approve", "Agree, as the second person, with an order that waits."),
    ("cancel", "console.commands.cancel:cancel", "Take back an order that waits for a second person."),
    ("review", "console.commands.review:review", "Say that you have looked at an order done without a second person."),
    ("notify", "console.commands.notify:notify", "Tell others what becomes due or breached: a webhook, an SNS topic."),
    ("slots", "console.commands.slots:app", "Write maintenance slots as a calendar."),
    ("tenants", "console.commands.tenants:app", "Keep the registry: import tenants, compare it with AWS."),
    ("audit", "console.commands.audit:app", "Prove that the audit log is as it was written."),
    ("clocks", "console.commands.clocks:clocks", "Print the agreement's clocks for an end date; needs no service."),
    ("agreement", "console.commands.agreement:app", "Show the policy in force, or check a policy file."),
    ("doctor", "console.commands.doctor:doctor", "Check settings, credentials, reachability, clock skew, terminal."),
    ("demo", "console.commands.demo:demo", "Open the console on a sandbox of its own."),
    ("sandbox", "console.commands.sandbox:sandbox", "Run the sandbox alone: an embedded AWS and internal API."),
    ("serve", "console.commands.serve:app", "Run the reference internal API."),
    ("worker", "console.commands.worker:worker", "Carry orders out beside a server that does not."),
    ("conformance", "console.commands.conformance:conformance", "Check an internal API of your own by the contract."),
)
"""Name, where it is, and what ``tenure --help`` says of it without importing it."""

COLLECTED_AFTER: Final = (100_000, 20, 100)
"""When the collector of garbage runs. A fleet of 100,000 tenants is millions of objects that stay: with Python's own
thresholds it looks through them 2,300 times while 40,000 are judged, a sixth of the time; with these 95 times, 3 %."""

EXIT_CODES: Final = (
    "Exit codes: 0 done; 1 (of due) something is breached, (of tenants diff) something differs; 2 the command line, a "
    "filter or the settings cannot be read; 3 a source did not answer, and what was printed says what is not known; "
    "4 refused or failed."
)


def make_app() -> App:
    """The command line, nothing behind it imported yet."""
    from importlib.metadata import version

    from cyclopts import App

    from console.commands.bare import bare

    app = App(
        name="tenure",
        help="The terminal console for the people who keep the promises of a cloud service agreement.\n\n"
        "Without a command: the console, on the current profile.",
        version=lambda: version("tenure"),
        result_action="return_value",
        help_format="plaintext",
        help_epilogue=EXIT_CODES,
        suppress_keyboard_interrupt=False,
    )
    for name, where, told in COMMANDS:
        app.command(where, name=name, help=told)
    app.default(bare)
    return app


def _console() -> int:
    from console.commands.console import console

    return console()


def run(arguments: Sequence[str]) -> int:
    """Runs one command and tells its exit code; messages have been printed."""
    try:
        result = _command(arguments) if arguments else _console()
    except errors.CommandError as error:
        _say(f"tenure: {error.message}")
        return error.code
    except BrokenPipeError:
        from console.streams import silence_stdout

        silence_stdout()
        return errors.BROKEN_PIPE
    except KeyboardInterrupt:
        return errors.INTERRUPTED
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        return _unwritable(error)
    return result if isinstance(result, int) else errors.OK


def _command(arguments: Sequence[str]) -> object:
    """A subcommand. The library that reads them is not loaded for the console alone, whose first picture it delays."""
    from cyclopts import CycloptsError

    app = make_app()
    try:
        return app(list(arguments), exit_on_error=False, print_error=False)
    except CycloptsError as error:
        return _usage(app, arguments, error)


def _usage(app: App, arguments: Sequence[str], error: CycloptsError) -> int:
    names = [name for name, _, _ in COMMANDS]
    first = arguments[0] if arguments else ""
    if first and not first.startswith("-") and first not in names:
        import difflib

        close = difflib.get_close_matches(first, names, n=1)
        hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(names)}"
        _say(f"tenure: there is no command {first!r}; {hint}")
    else:
        command = f"tenure {first}" if first in names else app.name[0]
        _say(f"tenure: {error}\nSee: {command} --help")
    return errors.USAGE


def _unwritable(error: OSError) -> int:
    """stdout takes no more, a full disk behind it; tells the exit code."""
    from console.streams import silence_stdout

    silence_stdout()
    _say(f"tenure: the output cannot be written: {error.strerror}")
    return errors.FAILED


def _say(message: str) -> None:
    from console.output import say

    say(message)


def main() -> None:
    """The entry point of the process."""
    from console.streams import settle_streams

    settle_streams()
    gc.set_threshold(*COLLECTED_AFTER)
    # Without a handler Python prints libraries' warnings to stderr, in the middle of the screen; what they warn of
    # is an observation of ours.
    logging.getLogger().addHandler(logging.NullHandler())
    code = run(sys.argv[1:])
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        code = code or errors.BROKEN_PIPE
    except OSError as error:
        code = code or _unwritable(error)
    sys.stderr.flush()
    # Reads that hang are left behind on their threads, and all that was begun here has ended: Python's own orderly end
    # would only take time.
    os._exit(code)
