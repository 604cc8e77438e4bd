"""Kata 07: what the gates answer as a sigmoid network, for growing k, and the square of what its hidden units say."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader import expect
from grader.pictures.axes import say_instead
from grader.pictures.drawing import DARK, LIGHT
from grader.pictures.layout import Words, columns, num
from grader.pictures.plate import Picture
from grader.pictures.reader import Reader, array, numbers, word
from perceptron.shared.figures import HIGH, LOW, draw_dots, draw_hidden, draw_key, draw_square, draw_surface
from perceptron.shared.gates import ROWS, row_text

if TYPE_CHECKING:
    import numpy as np

    from grader.pictures.svg import Axes, SubFigure

    Array = np.ndarray[Any, Any]

AND, NAND, OR = (1, 1, -1), (-0.5, -0.5, 0.7), (0.8, 0.8, -0.1)
"""The lecture's gates."""
K = (1, 5, 20, 50)
HIDDEN_K = 20
XOR = (0, 1, 1, 0)
_GRID = 41


@dataclass(frozen=True)
class Network:
    """The student's weights for one k, and what they answer."""

    k: int
    weights: tuple["Array", ...]
    """[W1 (2, 2), b1 (2,), W2 (2, 1), b2 (1,)]."""

    def hidden(self, inputs: "Array") -> "Array":
        """Return what the hidden units say, (rows, 2), for inputs (rows, 2)."""
        return _sigmoid(inputs @ self.weights[0] + self.weights[1])

    def answers(self, inputs: "Array") -> "Array":
        """Return the outputs, (rows,)."""
        return _sigmoid(self.hidden(inputs) @ self.weights[2] + self.weights[3])[:, 0]

    @property
    def p(self) -> tuple[float, ...]:
        """The outputs on the four rows."""
        import numpy as np

        return tuple(self.answers(np.array(ROWS, float)).tolist())


@dataclass(frozen=True)
class NetworkPicture(Picture):
    """Networks by the AND in them; the student's own AND is missing until she has one."""

    networks: dict[tuple[float, ...], tuple[Network | None, ...]]
    smallest: float | None
    """What smallest_k says about the last AND."""
    why: str | None

    @property
    def size(self) -> tuple[float, float]:
        """A row of squares for each AND."""
        return (12.0, 0.5 + 2.7 * len(self.networks))

    def lines(self, words: Words) -> list[str]:
        """Return the outputs on the four rows for each AND and k."""
        found = []
        for gate, networks in self.networks.items():
            head = ("k", *map(row_text, ROWS))
            rows = [(str(k), *(_outputs(network))) for k, network in zip(K, networks, strict=True)]
            found += [words.text("network", "p", gate=expect.show(gate)), *columns([head, *rows])]
            network = self._shown(networks)
            if network is not None:
                said = [
                    f"{row_text(row)}: ({num(h1)}, {num(h2)})"
                    for row, (h1, h2) in zip(ROWS, _hidden(network), strict=True)
                ]
                found += ["  " + words.text("network", "hidden_text", k=HIDDEN_K), *("    " + line for line in said)]
            found.append("")
        return found[:-1]

    def below(self, words: Words) -> list[str]:
        """Return the other answers."""
        found = [] if self.smallest is None else [words.text("network", "smallest", k=self.smallest)]
        return found if self.why is None else [*found, words.text("network", "why", why=self.why)]

    def draw(self, figure: "SubFigure", words: Words) -> None:
        """Draw a row of surfaces for each AND, and the hidden square at its end."""
        parts: Any = figure.subplots(len(self.networks), len(K) + 1, squeeze=False)
        for line, (gate, networks) in zip(parts, self.networks.items(), strict=True):
            for axes, k, network in zip(line, K, networks, strict=False):
                axes.set_title(f"AND = {expect.show(gate)}, k = {k}", fontsize=8.5)
                _draw_surface(axes, network)
            _draw_hidden(line[-1], self._shown(networks), words)
        draw_key(figure, words, ("label_0", "label_1"))

    @staticmethod
    def _shown(networks: tuple[Network | None, ...]) -> Network | None:
        return networks[K.index(HIDDEN_K)]


def read(reader: Reader) -> NetworkPicture:
    """Ask for the weights of both ANDs and each k."""
    better = reader.value("BETTER_AND", numbers(3))
    gates = [tuple(map(float, AND))] if better is None else [tuple(map(float, AND)), better]
    networks = {gate: tuple(_network(reader, gate, k) for k in K) for gate in gates}
    smallest = reader.call("smallest_k", (gates[-1], NAND, OR), _k)
    return NetworkPicture(networks, smallest, reader.value("WHY_HALF", word))


def _network(reader: Reader, gate: tuple[float, ...], k: int) -> Network | None:
    def form(answer: Any, asked: str) -> Network:
        if not isinstance(answer, (list, tuple)) or len(answer) != 4:
            expect.fail("not_weights", asked="gates_to_weights(AND, NAND, OR, k)", actual=expect.show(answer))
        shapes = ((2, 2), (2,), (2, 1), (1,))
        return Network(k, tuple(array(*shape)(part, asked) for part, shape in zip(answer, shapes, strict=True)))

    return reader.call("gates_to_weights", (gate, NAND, OR, k), form)


def _k(answer: Any, asked: str) -> float | None:
    return None if answer is None else expect.number(answer, asked=asked)


def _sigmoid(z: "Array") -> "Array":
    import numpy as np

    # tanh does not overflow; 1 / (1 + exp(-z)) would.
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * z)))


def _outputs(network: Network | None) -> tuple[str, ...]:
    return ("?",) * 4 if network is None else tuple(f"{p:.2f}" for p in network.p)


def _hidden(network: Network) -> list[list[float]]:
    import numpy as np

    return network.hidden(np.array(ROWS, float)).tolist()  # type: ignore[no-any-return]


def _draw_surface(axes: "Axes", network: Network | None) -> None:
    import numpy as np

    draw_square(axes)
    if network is None:
        draw_dots(axes, ROWS, (None,) * 4)
        return
    line = np.linspace(LOW, HIGH, _GRID)
    points = np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2)
    surface = network.answers(points).reshape(_GRID, _GRID)
    draw_surface(axes, surface)
    draw_dots(axes, ROWS, XOR, size=50, halo=True)
    for row, p in zip(ROWS, network.p, strict=True):
        box = {"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": LIGHT, "linewidth": 0.6}
        axes.text(row[0], row[1] + 0.2, f"{p:.2f}", ha="center", fontsize=8, color=DARK, bbox=box, zorder=6)


def _draw_hidden(axes: "Axes", network: Network | None, words: Words) -> None:
    axes.set_title(words.text("network", "hidden", k=HIDDEN_K), fontsize=8.5)
    if network is None:
        say_instead(axes, "?")
        return
    line = (*network.weights[2][:, 0].tolist(), float(network.weights[3][0]))
    draw_hidden(axes, _hidden(network), XOR, line)
