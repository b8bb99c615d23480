"""The colours: one accent, one dim, one for each status.

All are of the 256-colour palette, which is what a terminal reached over SSH usually has; each was chosen so that the
nearest of 16 colours still tells it from its neighbours (``due`` and ``dim`` fall together with the text there). With
NO_COLOR, Textual turns colours into greys: then the lightness follows the severity. Words carry the status anyway.
"""

from __future__ import annotations

from types import MappingProxyType

from textual.theme import Theme

from services.model import Status

ACCENT = "#5fafff"
TEXT = "#d0d0d0"
DIM = "#8a8a8a"
GROUND = "#121212"
FORECAST = "#d7af5f"
"""The header of a picture that is not the present."""

STATUS_COLORS: dict[Status, str] = {
    Status.OK: "#5faf5f",
    Status.DUE: "#d7d7af",
    Status.AT_RISK: "#ffaf00",
    Status.BREACHED: "#ff5f5f",
    Status.UNKNOWN: "#d787ff",
    Status.UNPROVEN: "#8787ff",
    Status.NOT_APPLICABLE: DIM,
}

GREYS: dict[Status, str] = {
    Status.OK: "#9e9e9e",
    Status.DUE: "#bcbcbc",
    Status.AT_RISK: "#eeeeee",
    Status.BREACHED: "#ffffff",
    Status.UNKNOWN: "#dadada",
    Status.UNPROVEN: "#c6c6c6",
    Status.NOT_APPLICABLE: DIM,
}


BANNERS = MappingProxyType(
    {
        "red": "#ff5f5f",
        "yellow": "#ffff5f",
        "green": "#5fff5f",
        "cyan": "#5fffff",
        "blue": "#5f5fff",
        "magenta": "#ff5fff",
    }
)
"""The colours that a profile may have."""


def variables(colors: dict[Status, str]) -> dict[str, str]:
    """What a theme of the application defines beyond Textual's own."""
    return {
        "dim": DIM,
        "bar": "#262626",
        "cursor": "#303030",
        "forecast": FORECAST,
        **{f"banner-{name}": color for name, color in BANNERS.items()},
        **{f"status-{status.value}": color for status, color in colors.items()},
    }


def _theme(name: str, accent: str, colors: dict[Status, str]) -> Theme:
    return Theme(
        name=name,
        primary=accent,
        secondary=accent,
        accent=accent,
        warning=colors[Status.AT_RISK],
        error=colors[Status.BREACHED],
        success=colors[Status.OK],
        foreground=TEXT,
        background=GROUND,
        surface=GROUND,
        panel="#262626",
        dark=True,
        text_alpha=1.0,
        variables=variables(colors)
        | {
            "block-cursor-background": "#303030",
            "block-cursor-foreground": "#eeeeee",
            "input-cursor-background": TEXT,
            "input-cursor-foreground": GROUND,
            "input-selection-background": "#5f5f5f",
            "scrollbar": "#444444",
            "scrollbar-hover": "#444444",
            "scrollbar-active": accent,
            "scrollbar-background": GROUND,
            "scrollbar-background-hover": GROUND,
            "scrollbar-background-active": GROUND,
            "scrollbar-corner-color": GROUND,
        },
    )


TENURE = _theme("tenure", ACCENT, STATUS_COLORS)
GREY = _theme("tenure-grey", "#eeeeee", GREYS)
"""For NO_COLOR."""
