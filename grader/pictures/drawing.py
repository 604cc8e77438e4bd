"""What every picture of the kit shares: colours, fonts, formats, and how a figure becomes the bytes of a file.

Colours are those of TensorFlow Playground, orange for 0 and blue for 1; every colour has a marker shape of its own
beside it, so that colour is never the only carrier. matplotlib comes with the extra "grade" and is imported on use.
"""

import contextlib
import importlib.util
import io
from collections.abc import Collection, Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.errors import UsageError
from grader.words.languages import languages_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ORANGE, MIDDLE, BLUE = "#f59322", "#e8eaeb", "#0877bd"
DARK, LIGHT = "#333333", "#bbbbbb"
PLAYGROUND = "playground"
"""Name of the colours of a surface, for imshow; from 0 to 1."""
PLAYGROUND_COLORS = (ORANGE, MIDDLE, BLUE)

FORMATS = ("png", "svg", "pdf")
KOREAN_FONTS = ("NanumGothic", "Malgun Gothic", "AppleGothic", "Apple SD Gothic Neo", "Noto Sans CJK KR")
OWN_FONT = "DejaVu Sans"
"""matplotlib's; it has no Korean letters."""


def choose_format(path: Path, *, own: Collection[str] = ()) -> str:
    """Return the format of a picture by its file's ending, before anything is worked out.

    Args:
        path: the file's.
        own: formats that need no matplotlib.

    Raises:
        UsageError: another ending than .png, .svg or .pdf, or matplotlib is not installed.
    """
    fmt = path.suffix.lower().removeprefix(".")
    if fmt not in FORMATS:
        raise UsageError("bad_plot", path=path, known=", ".join(f".{name}" for name in FORMATS))
    # Looked for, not imported: the import takes half a second, and the work comes first.
    if fmt not in own and importlib.util.find_spec("matplotlib") is None:
        raise UsageError("no_matplotlib")
    return fmt


def find_korean_font() -> str | None:
    """Return the name of an installed font that has Korean letters, or None."""
    from matplotlib import font_manager

    manager = font_manager.fontManager
    # matplotlib remembers the fonts of its first run; one that was installed since has to be added.
    known = {entry.fname for entry in manager.ttflist}
    if not any(entry.name in KOREAN_FONTS for entry in manager.ttflist):
        for path in sorted(set(font_manager.findSystemFonts()) - known):
            # A broken font file is not our concern, and matplotlib says so with many types.
            with contextlib.suppress(OSError, RuntimeError, ValueError):
                manager.addfont(path)
    installed = {entry.name for entry in manager.ttflist}
    return next((name for name in KOREAN_FONTS if name in installed), None)


def label_language(language: str) -> tuple[str, str | None]:
    """Return the language that a picture's labels can have here, and a font with Korean letters if there is one.

    It is English for "both", and for Korean where no font has its letters.
    """
    font = find_korean_font()
    wanted = languages_of(language)[0]
    return ("en" if wanted == "ko" and font is None else wanted), font


@contextlib.contextmanager
def house_style(font: str | None, *, first: bool = True) -> Iterator[None]:
    """Let matplotlib draw as all pictures of the kit are drawn.

    Args:
        font: a font that has the letters of the texts; None is matplotlib's own, which has no Korean.
        first: False keeps matplotlib's own font for all letters that it has.
    """
    import matplotlib as mpl
    from matplotlib.colors import LinearSegmentedColormap

    if PLAYGROUND not in mpl.colormaps:
        mpl.colormaps.register(LinearSegmentedColormap.from_list(PLAYGROUND, PLAYGROUND_COLORS))
    settings: dict[str, Any] = {
        "axes.unicode_minus": False,
        "svg.hashsalt": "perceptron-kata",
        # Letters stay letters: half the bytes, an eighth of the time, and a browser has fonts for every language.
        "svg.fonttype": "none",
        # A dollar sign in a student's line of code is no formula.
        "text.parse_math": False,
        # No axes have ticks on top, so a title need not look for a place above them: a seventh of the time.
        "axes.titley": 1.0,
        "font.sans-serif": [OWN_FONT],
    }
    if font is not None:
        settings["font.sans-serif"] = [font, OWN_FONT] if first else [OWN_FONT, font]
    with mpl.rc_context(settings):  # type: ignore[arg-type]  # its keys are a list of 300 literals
        yield


def to_bytes(figure: "Figure", fmt: str) -> bytes:
    """Return a figure as a file's bytes, the same for the same figure: no date is inside."""
    out = io.BytesIO()
    dated = {"png": "Software", "svg": "Date", "pdf": "CreationDate"}[fmt]
    backend = import_module(f"matplotlib.backends.backend_{'agg' if fmt == 'png' else fmt}")
    # Not savefig, which draws every figure with a layout once more before: a quarter of the time.
    getattr(backend.FigureCanvas(figure), f"print_{fmt}")(out, metadata={dated: None})
    return out.getvalue()
