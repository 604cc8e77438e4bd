"""Kata 06: what each of the student's Keras models holds, and which line or region it draws after a short training."""

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader.errors import BadInput, Unsupported
from grader.pictures.axes import say_instead
from grader.pictures.drawing import BLUE, ORANGE
from grader.pictures.layout import Words, columns, fixed
from grader.pictures.plate import Picture
from grader.pictures.reader import Reader
from perceptron.shared import gates, stacks
from perceptron.shared.figures import HIGH, LOW, draw_surface

if TYPE_CHECKING:
    from grader.pictures.svg import Axes, SubFigure

_MOST_LAYERS = 8
"""Layers of a model that a summary lists."""
XOR = (0, 1, 1, 0)
RATE, EPOCHS = 0.1, 300
"""As CAN_SOLVE asks: Adam, all four rows in one batch."""
_GRID = 41


@dataclass(frozen=True)
class Trained:
    """A model after a short training from the very weights that it was built with."""

    region: tuple[tuple[float, ...], ...]
    """p over the square, row by row from below."""
    p: tuple[float, ...]
    """On the four rows of XOR."""
    loss: float

    @property
    def right(self) -> int:
        """How many rows are right."""
        return sum((p > 0.5) == bool(want) for p, want in zip(self.p, XOR, strict=True))


@dataclass(frozen=True)
class Built:
    """One model, read from its configuration and its weights."""

    name: str
    layers: tuple[tuple[str, str], ...]
    """Each layer's class, and its activation or nothing; empty for a model that has no configuration."""
    shapes: tuple[stacks.Shape, ...]
    trained: Trained | None
    """None for a model that the engine does not cover, or whose numbers ran away."""

    @property
    def params(self) -> int:
        """Counted from the weights, not believed."""
        return sum(math.prod(shape) for shape in self.shapes)


@dataclass(frozen=True)
class StacksPicture(Picture):
    """The models by the function that builds them; None for one that cannot be shown."""

    models: dict[str, Built | None]
    size = (11.0, 8.6)

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
            found += ["  " + words.text("stacks", "arrays", shapes=stacks.widths_text(list(model.shapes)))]
            found += ["  " + _ending(model.trained, words, p=True), ""]
        return found[:-1]

    def below(self, words: Words) -> list[str]:
        """Return how the maps came about, if there is one."""
        maps = [model for model in self.models.values() if model is not None and model.trained is not None]
        return [words.text("stacks", "how", rate=RATE, epochs=EPOCHS)] if maps else []

    def draw(self, figure: "SubFigure", words: Words) -> None:
        """Draw a map of each model's answers with its summary above."""
        parts: Any = figure.subplots(2, 3)
        for axes, (name, model) in zip(parts.flat, self.models.items(), strict=True):
            if model is None or model.trained is None:
                say_instead(axes, words.text("stacks", "no_model" if model is None else "not_trained"))
            else:
                _draw_region(axes, model.trained)
            title = [f"{name}()"]
            if model is not None:
                title = [f"{name}(): {words.text('stacks', 'params', params=model.params)}"]
                summary = [" ".join(filter(None, layer)) for layer in model.layers[:_MOST_LAYERS]]
                each = 2 if len(summary) <= 4 else 3
                title += [" -> ".join(summary[i : i + each]) for i in range(0, len(summary), each)]
                title += [_ending(model.trained, words, p=False)] if model.trained else []
            axes.set_title("\n".join(title), fontsize=8.5, linespacing=1.25)


def read(reader: Reader) -> StacksPicture:
    """Build each model and read what it holds."""
    return StacksPicture({name: reader.attempt(name, lambda name=name: _look(reader, name)) for name in stacks.STACKS})  # type: ignore[misc]


def _look(reader: Reader, name: str) -> Built:
    model = stacks.build_model(reader.student, name, anew=True)
    shapes = tuple(stacks.weight_shapes(model))
    config = model.config
    return Built(name, _read_layers(config), shapes, _train(config, model.weights))


def _train(config: str | None, weights: "list[Any]") -> Trained | None:
    """Train the model as CAN_SOLVE asks, with the kit's engine; Keras would take a second for each."""
    import numpy as np

    from grader.training import Adam, Recipe, forward, read_keras_stack, train

    try:
        stack = read_keras_stack(json.loads(config or "{}").get("config", {}))
        recipe = Recipe(stack, "binary_crossentropy", Adam(learning_rate=RATE), EPOCHS)
        start = [np.asarray(array, dtype="float32")[None] for array in weights]
        run = train(recipe, np.array(gates.ROWS), np.array(XOR), weights=start, seed=0)
    except (Unsupported, BadInput):
        return None
    line = np.linspace(LOW, HIGH, _GRID)
    points = np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2)
    region, p = (forward(stack, run.weights, where)[-1][0, :, 0] for where in (points, np.array(gates.ROWS, float)))
    if run.diverged[0] or not np.isfinite(region).all():
        return None
    grid = region.reshape(_GRID, _GRID).tolist()
    return Trained(tuple(map(tuple, grid)), tuple(p.tolist()), float(run.loss[0]))


def _ending(trained: Trained | None, words: Words, *, p: bool) -> str:
    """Where the training ended, in words; with the four answers where there is room."""
    if trained is None:
        return words.text("stacks", "not_trained")
    answers = " ".join(fixed(value) for value in trained.p)
    name = "ended_with_p" if p else "ended"
    return words.text("stacks", name, right=trained.right, loss=fixed(trained.loss), **({"p": answers} if p else {}))


def _draw_region(axes: "Axes", trained: Trained) -> None:
    import numpy as np

    draw_surface(axes, np.array(trained.region))
    for label, face, shape in ((0, ORANGE, "s"), (1, BLUE, "o")):
        rows = [row for row, want in zip(gates.ROWS, XOR, strict=True) if want == label]
        x1, x2 = zip(*rows, strict=True)
        axes.scatter(x1, x2, s=60, marker=shape, facecolor=face, edgecolor="white", zorder=3)
    axes.set_xticks([0, 1], ["x1 = 0", "x1 = 1"])
    axes.set_yticks([0, 1], ["x2 = 0", "x2 = 1"], rotation=90, va="center")
    axes.tick_params(labelsize=7.5, length=2)


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
