"""A surface over a square: its colours as a bitmap inside the SVG, and the line where it crosses a height."""

import base64
import struct
import zlib
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from grader.pictures.drawing import PLAYGROUND_COLORS

Grid = npt.NDArray[np.float64]


def to_png(surface: Grid) -> str:
    """Return the address of a bitmap with a pixel for each value, in the colours of the house.

    Args:
        surface: (rows, columns) of values from 0 to 1, the first row at the top; others get the nearest colour, nan
            none.
    """
    known = np.array([[int(color[at : at + 2], 16) for at in (1, 3, 5)] for color in PLAYGROUND_COLORS], float)
    stops = np.linspace(0, 1, len(PLAYGROUND_COLORS))
    pixels = np.full((*surface.shape, 4), 255, np.uint8)
    for channel in range(3):
        pixels[..., channel] = np.interp(np.nan_to_num(surface), stops, known[:, channel]).round()
    pixels[..., 3][np.isnan(surface)] = 0
    rows, columns = surface.shape
    # Each row begins with the number of its filter, 0 for none; 8 bits for red, green, blue and alpha (type 6).
    lines = np.concatenate([np.zeros((rows, 1), np.uint8), pixels.reshape(rows, -1)], axis=1).tobytes()
    parts = ((b"IHDR", struct.pack(">IIBBBBB", columns, rows, 8, 6, 0, 0, 0)), (b"IDAT", zlib.compress(lines)))
    chunks = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in (*parts, (b"IEND", b""))
    )
    return "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\n" + chunks).decode()


def level_line(x: Any, y: Any, surface: Grid, level: float) -> Iterator[list[tuple[float, float]]]:
    """Yield the lines along which a surface has a height: marching squares.

    Args:
        x: of the columns.
        y: of the rows.
        surface: (rows, columns).
        level: the height.
    """
    crossings: dict[tuple[int, int, int], tuple[float, float]] = {}
    over = surface > level

    def cross(row: int, column: int, down: int) -> tuple[int, int, int]:
        """The place between a grid's point and the next one in its row (down = 0) or column (1)."""
        name = row, column, down
        if name not in crossings:
            here, there = surface[row, column], surface[row + down, column + 1 - down]
            part = float((level - here) / (there - here))
            along = (x[column], y[row]), (x[column + 1 - down], y[row + down])
            (x0, y0), (x1, y1) = along
            crossings[name] = (float(x0 + part * (x1 - x0)), float(y0 + part * (y1 - y0)))
        return name

    joined: dict[tuple[int, int, int], list[tuple[int, int, int]]] = {}
    # Cells whose corners are not all on one side.
    counts = over[:-1, :-1].astype(int) + over[1:, :-1] + over[:-1, 1:] + over[1:, 1:]
    for row, column in np.argwhere((counts > 0) & (counts < 4)).tolist():
        a, b, c, d = over[row, column], over[row, column + 1], over[row + 1, column + 1], over[row + 1, column]
        # Edges in turn: above, right, below, left; of a saddle's four, neighbours are joined.
        edges = [
            cross(*edge)
            for edge, is_crossed in (
                ((row, column, 0), a != b),
                ((row, column + 1, 1), b != c),
                ((row + 1, column, 0), c != d),
                ((row, column, 1), d != a),
            )
            if is_crossed
        ]
        for one, other in zip(edges[::2], edges[1::2], strict=True):
            joined.setdefault(one, []).append(other)
            joined.setdefault(other, []).append(one)
    yield from ([crossings[name] for name in run] for run in _chains(joined))


def _chains(joined: dict[Any, list[Any]]) -> Iterator[list[Any]]:
    """Yield the lines of a graph in which a point has one or two neighbours; open ones first, closed ones closed."""
    ends = [name for name, others in joined.items() if len(others) == 1]
    for begin in (*ends, *list(joined)):
        if not joined[begin]:
            continue
        run = [begin]
        while joined[run[-1]]:
            following = joined[run[-1]].pop()
            joined[following].remove(run[-1])
            run.append(following)
        yield run
