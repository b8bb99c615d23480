"""An application that ends with its terminal: close the window, or kill the connection."""

from textual.app import App, ComposeResult
from textual.widgets import Label

from screens.terminal import TerminalGuard


class Guarded(App[None]):
    def compose(self) -> ComposeResult:
        yield Label("guarded")


if __name__ == "__main__":
    app = Guarded()
    with TerminalGuard(lambda code: app.exit(return_code=code)):
        app.run()
    raise SystemExit(app.return_code)
