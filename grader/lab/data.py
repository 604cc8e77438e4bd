"""Experiments as plain data, for whoever shows them in another way than the command line: the page of `kata site`."""

from typing import Any

from grader.lab.experiments import lecture_experiments, own_experiment, run_experiment
from grader.lab.words import found_in_words, lab_texts
from grader.training import Frames, name_plateaus
from grader.words.languages import LANGUAGES


def lecture_as_data() -> list[dict[str, Any]]:
    """Return the lecture's experiments: what to train, and by language what the lecture said of it, if anything."""
    listed = []
    for one in lecture_experiments(starts=1, seed=0):
        said = lab_texts().text("said", one.said) if one.said else None
        widths = "-".join(map(str, one.stack.widths))
        listed.append({"stack": widths, "activation": one.hidden, "epochs": one.epochs, "said": said})
    return listed


def train_as_data(settings: dict[str, Any], frames: Frames) -> dict[str, Any]:
    """Train a stack from many starts.

    Args:
        settings: the arguments of `own_experiment`.
        frames: see `run_experiment`.

    Returns:
        {"row": as `kata lab --json`, "found": the sentence by language, "rests": the plateau of each start,
        "layers": [[inputs, units, activation], ...]}.

    Raises:
        UsageError: the settings make no experiment.
    """
    experiment = own_experiment(**settings)
    finding = run_experiment(experiment, progress=None, frames=frames)
    stack = experiment.stack
    return {
        "row": finding.row.to_json(),
        "found": {language: found_in_words(finding.row, language) for language in LANGUAGES},
        "rests": name_plateaus(finding.run),
        "layers": [
            [inputs, layer.units, layer.activation] for inputs, layer in zip(stack.widths, stack.layers, strict=False)
        ],
    }
