"""Kata 06: what each of the student's Keras models holds, as a summary and as a graph with numbered parameters."""

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader.pictures.axes import say_instead
from grader.pictures.layout import Words, columns
from grader.pictures.plate import Picture
from grader.pictures.reader import Reader
from perceptron.shared import stacks
from perceptron.shared.graph import can_draw, draw_graph

if TYPE_CHECKING:
    from matplotlib.figure import SubFigure

_MOST_LAYERS = 8
"""Layers of a model that a summary lists."""


@dataclass(frozen=True)
class Built:
    """One model, read from its configuration and its weights."""

    name: str
    layers: tuple[tuple[str, str], ...]
    """Each layer's class, and its activation or nothing; empty for a model that has no configuration."""
    shapes: tuple[stacks.Shape, ...]

    @property
    def params(self) -> int:
        """Counted from the weights, not believed."""
        return sum(math.prod(shape) for shape in self.shapes)

    @property
    def widths(self) -> tuple[int, ...] | None:
        """Of the chain of dense layers; None where the weights are of no such chain, or biases are missing."""
        widths = stacks.find_widths(self.shapes)
        if widths is None or len(self.shapes) != 2 * (len(widths) - 1):
            return None
        return widths


@dataclass(frozen=True)
class StacksPicture(Picture):
    """The models by the function that builds them; None for one that cannot be shown."""

    models: dict[str, Built | None]
    size = (11.0, 7.4)

    def lines(self, words: Words) -> list[str]:
        """Return a summary of each model."""
        found = []
        for name, model in self.models.items():
            if model is None:
                found += [f"{name}(): ?", ""]
                continue
            found.append(f"{name}(): {words.text('stacks', 'params', params=model.params)}")
            head = (words.text("stacks", "layer"), words.text("stacks", "activation"))
            if model.layers:
                found += columns([head, *model.layers[:_MOST_LAYERS]])
            found += ["  " + words.text("stacks", "arrays", shapes=stacks.widths_text(list(model.shapes))), ""]
        return found[:-1]

    def draw(self, figure: "SubFigure", words: Words) -> None:
        """Draw a graph of each model with its summary above."""
        parts: Any = figure.subplots(2, 3)
        for axes, (name, model) in zip(parts.flat, self.models.items(), strict=True):
            if model is None or model.widths is None or not can_draw(model.widths):
                say_instead(axes, words.text("stacks", "no_graph"))
            else:
                draw_graph(axes, model.widths)
            title = [f"{name}()"]
            if model is not None:
                title = [f"{name}(): {words.text('stacks', 'params', params=model.params)}"]
                summary = [" ".join(filter(None, layer)) for layer in model.layers[:_MOST_LAYERS]]
                title += [" -> ".join(summary[i : i + 2]) for i in range(0, len(summary), 2)]
            axes.set_title("\n".join(title), fontsize=9, linespacing=1.3)


def read(reader: Reader) -> StacksPicture:
    """Build each model and read what it holds."""
    return StacksPicture({name: reader.attempt(name, lambda name=name: _look(reader, name)) for name in stacks.STACKS})  # type: ignore[misc]


def _look(reader: Reader, name: str) -> Built:
    model = stacks.build_model(reader.student, name, anew=True)
    shapes = tuple(stacks.weight_shapes(model))
    return Built(name, _read_layers(model.config), shapes)


def _read_layers(config: str | None) -> tuple[tuple[str, str], ...]:
    """The layers as Keras's configuration names them; nothing that reads them decides anything."""
    layers = json.loads(config).get("config", {}).get("layers", []) if config else []
    found = []
    for layer in layers:
        kind, settings = str(layer["class_name"]), layer.get("config", {})
        if kind == "InputLayer":
            continue
        units = f" {settings['units']}" if "units" in settings else ""
        activation = settings.get("activation", "")
        found.append((f"{kind}{units}"[:30], activation[:20] if isinstance(activation, str) else "?"))
    return tuple(found)
