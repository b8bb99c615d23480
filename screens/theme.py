"""The colours: one accent, one dim, one for each status, all of them of the 256-colour palette, so that a terminal
reached over SSH shows what was chosen."""

from __future__ import annotations

from textual.theme import Theme

from services.model import Status

STATUS_COLORS: dict[Status, str] = {
    Status.OK: "#87af87",
    Status.DUE: "#d7d7af",
    Status.AT_RISK: "#ffaf00",
    Status.BREACHED: "#ff5f5f",
    Status.UNKNOWN: "#d787ff",
    Status.UNPROVEN: "#87afff",
    Status.NOT_APPLICABLE: "#8a8a8a",
}

VARIABLES: dict[str, str] = {
    "dim": "#8a8a8a",
    "bar": "#262626",
    "cursor": "#303030",
    **{f"status-{status.value}": color for status, color in STATUS_COLORS.items()},
}
"""What every theme of the application must define beyond Textual's own."""

TENURE = Theme(
    name="tenure",
    primary="#5fafd7",
    secondary="#5fafd7",
    accent="#5fafd7",
    warning="#ffaf00",
    error="#ff5f5f",
    success="#87af87",
    foreground="#d0d0d0",
    background="#121212",
    surface="#121212",
    panel="#262626",
    dark=True,
    text_alpha=1.0,
    variables=VARIABLES
    | {
        "block-cursor-background": "#303030",
        "block-cursor-foreground": "#eeeeee",
        "input-cursor-background": "#d0d0d0",
        "input-cursor-foreground": "#121212",
        "input-selection-background": "#5f5f5f",
        "scrollbar": "#444444",
        "scrollbar-hover": "#444444",
        "scrollbar-active": "#5fafd7",
        "scrollbar-background": "#121212",
        "scrollbar-background-hover": "#121212",
        "scrollbar-background-active": "#121212",
        "scrollbar-corner-color": "#121212",
    },
)
