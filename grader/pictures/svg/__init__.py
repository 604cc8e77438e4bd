"""Pictures as SVG without matplotlib: the part of its figures and axes that the kit's pictures use (decision 0050)."""

from grader.pictures.svg.figure import Figure, SubFigure
from grader.pictures.svg.plotting import Axes

__all__ = ["Axes", "Figure", "SubFigure"]
