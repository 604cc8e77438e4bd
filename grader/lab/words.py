"""The lab in words: its catalogue, numbers as people read them, and the sentences about a row."""

from functools import cache

from grader.lab.experiments import Row
from grader.training import Share
from grader.words.catalogue import Catalogue, load_catalogue
from grader.words.languages import TEXTS, in_language, languages_of


@cache
def lab_texts() -> Catalogue:
    """The lab's catalogue, read once."""
    return load_catalogue(TEXTS / "lab.toml")


def lab_text(table: str, name: str, language: str, /, **values: object) -> str:
    """Return one text of the lab; language may be "both"."""
    shown = {key: str(value) for key, value in values.items()}
    return in_language(lab_texts().text(table, name, **shown), language)


def percent(share: float) -> str:
    """Return a share without its sign, e.g. "53", with a digit more near the ends, e.g. "1.5" and "99.6"."""
    value = 100 * share
    if value in (0, 100):
        return f"{value:.0f}"
    # Only none and all may look like 0 and 100: those two are claims.
    return f"{min(max(value, 0.1), 99.9):.1f}" if value < 2 or value > 98 else f"{value:.0f}"


def interval(share: Share) -> str:
    """Return the interval of a share, e.g. "47-59"; in percent, without the sign."""
    return f"{percent(share.low)}-{percent(share.high)}"


def heading(row: Row, language: str) -> str:
    """Return what a row is about, e.g. "2-2-1 sigmoid, 9 parameters, 4,000 epochs"."""
    values = {"stack": row.stack, "params": f"{row.params:,}", "epochs": f"{row.epochs:,}"}
    return lab_text("table", "heading", language, **values)


def said_in_words(row: Row, language: str) -> str:
    """Return what the lecture said; empty for a stack of one's own."""
    return "" if row.said is None else lab_text("said", row.said, language)


def found_in_words(row: Row, language: str) -> str:
    """Return what was found, in one to three sentences."""
    values = {
        "solved": percent(row.solved.value),
        "low": percent(row.solved.low),
        "high": percent(row.solved.high),
        "three": percent(row.three_of_four.value),
        "best": percent(row.best_accuracy),
        "tied": percent(row.plateaus["all tied"] / row.starts),
        "diverged": row.plateaus["diverged"],
        "dead": row.dead_starts,
        "starts": row.starts,
        "epochs": f"{row.epochs:,}",
    }
    names = [row.found]
    if row.dead_starts:
        names.append("dead")
    if row.plateaus["diverged"] and row.found != "diverged":
        names.append("some_diverged")
    # One language after the other, each whole: "both" would otherwise change the language at every sentence.
    return "\n".join(
        " ".join(lab_text("found", name, one, **values) for name in names) for one in languages_of(language)
    )
