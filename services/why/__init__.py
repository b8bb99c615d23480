"""Why a figure is what it is: for the console's ``w`` and for ``tenure why``, by the same code."""

from services.why.explain import explain
from services.why.figures import NoSuchFigureError, Subject, figures, find

__all__ = ["NoSuchFigureError", "Subject", "explain", "figures", "find"]
