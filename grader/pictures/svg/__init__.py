"""Pictures as SVG without matplotlib: the part of its figures and axes that the kit's pictures use."""

from grader.pictures.svg.figure import Figure, SubFigure

__all__ = ["Figure", "SubFigure"]
