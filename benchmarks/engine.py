"""Seconds per start and epoch: the engine, Keras, and a plain C loop, side by side in one run.

Run it with: make bench
The network is the lecture's 9 parameters (2-2-1 sigmoid, Adam 0.001, full batch of 4). Each row is the best
of several rounds, and the rounds of all rows are interleaved, so that a busy machine disturbs them alike.
Read the ratios; the seconds belong to the machine.
"""

import argparse
import ctypes
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np

from grader.lab.experiments import X_XOR, Y_XOR
from grader.training import Adam, Recipe, dense_stack, draw_starts, train

STACK = dense_stack((2, 2, 1), "sigmoid", "sigmoid")

# One start after the other, one row after the other, as one would write it first.
C_SOURCE = r"""
#include <math.h>
static const float X[4][2] = {{0,0},{0,1},{1,0},{1,1}}, Y[4] = {0,1,1,0};
/* w: starts x 9, in the order W1[0][0] W1[0][1] W1[1][0] W1[1][1] b1[0] b1[1] W2[0] W2[1] b2 */
void train(float *all, int starts, int epochs, float rate) {
    for (int s = 0; s < starts; s++) {
        float *w = all + 9 * s, m[9] = {0}, v[9] = {0};
        float power_1 = 1, power_2 = 1;
        for (int e = 0; e < epochs; e++) {
            float g[9] = {0};
            for (int r = 0; r < 4; r++) {
                float h[2], z = w[8];
                for (int j = 0; j < 2; j++) {
                    h[j] = 1 / (1 + expf(-(X[r][0] * w[j] + X[r][1] * w[2 + j] + w[4 + j])));
                    z += h[j] * w[6 + j];
                }
                float dz = (1 / (1 + expf(-z)) - Y[r]) / 4;
                g[8] += dz;
                for (int j = 0; j < 2; j++) {
                    float dh = dz * w[6 + j] * h[j] * (1 - h[j]);
                    g[6 + j] += dz * h[j];
                    g[4 + j] += dh;
                    g[j] += dh * X[r][0];
                    g[2 + j] += dh * X[r][1];
                }
            }
            power_1 *= 0.9f;
            power_2 *= 0.999f;
            float alpha = rate * sqrtf(1 - power_2) / (1 - power_1);
            for (int i = 0; i < 9; i++) {
                m[i] += (g[i] - m[i]) * 0.1f;
                v[i] += (g[i] * g[i] - v[i]) * 0.001f;
                w[i] -= m[i] * alpha / (sqrtf(v[i]) + 1e-7f);
            }
        }
    }
}
"""

Round = Callable[[], float]


def engine_round(starts: int, epochs: int) -> Round:
    """Measure the engine."""
    weights = draw_starts(STACK, starts, seed=0, dtype="float32")
    recipe = Recipe(STACK, "binary_crossentropy", Adam(0.001), epochs)
    return timed(lambda: train(recipe, X_XOR, Y_XOR, weights=weights, seed=0), starts * epochs)


def c_round(folder: Path, name: str, flags: list[str], starts: int, epochs: int) -> Round | None:
    """Compile the C loop and measure it, after checking that it learns what the engine learns."""
    compiler = shutil.which("cc")
    if compiler is None:
        return None
    source, library = folder / "loop.c", folder / f"{name}.so"
    source.write_text(C_SOURCE, "ascii")
    subprocess.run([compiler, *flags, "-shared", "-fPIC", "-o", library, source, "-lm"], check=True)
    loop = ctypes.CDLL(str(library)).train
    loop.argtypes = [ctypes.POINTER(ctypes.c_float), ctypes.c_int, ctypes.c_int, ctypes.c_float]
    loop.restype = None
    weights = draw_starts(STACK, starts, seed=0, dtype="float32")
    begin = np.concatenate([array.reshape(starts, -1) for array in weights], axis=1)

    def run(count: int) -> np.ndarray:
        flat = np.ascontiguousarray(begin)
        loop(flat.ctypes.data_as(ctypes.POINTER(ctypes.c_float)), starts, count, 0.001)
        return flat

    ours = train(Recipe(STACK, "binary_crossentropy", Adam(0.001), 100), X_XOR, Y_XOR, weights=weights, seed=0)
    want = np.concatenate([array.reshape(starts, -1) for array in ours.weights], axis=1)
    if not np.abs(run(100) - want).max() < 1e-3:
        raise SystemExit("The C loop and the engine disagree; the comparison would mean nothing.")
    return timed(lambda: run(epochs), starts * epochs)


def keras_rounds(epochs: int) -> dict[str, Round]:
    """Measure Keras's fit and train_on_batch, one start, after a warm-up that traces the graph."""
    import keras

    layers = [keras.Input((2,))]
    layers += [keras.layers.Dense(units, activation="sigmoid") for units in (2, 1)]
    model = keras.Sequential(layers)
    model.compile(optimizer=keras.optimizers.Adam(0.001), loss="binary_crossentropy", metrics=["accuracy"])
    x, y = X_XOR.astype("float32"), Y_XOR.astype("float32")[:, None]

    def fit(count: int) -> None:
        model.fit(x, y, epochs=count, batch_size=4, verbose=0)

    def on_batch(count: int) -> None:
        for _ in range(count):
            model.train_on_batch(x, y)

    fit(2)
    on_batch(2)
    return {
        "Keras fit": timed(lambda: fit(epochs), epochs),
        "Keras train_on_batch": timed(lambda: on_batch(5 * epochs), 5 * epochs),
    }


def jax_round(starts: int, epochs: int) -> Round:
    """Measure jax.vmap over the starts, the whole run compiled."""
    import jax
    import jax.numpy as jnp

    x, y = jnp.array(X_XOR, "float32"), jnp.array(Y_XOR, "float32")

    def loss(w: list[jax.Array]) -> jax.Array:
        z = (jax.nn.sigmoid(x @ w[0] + w[1]) @ w[2] + w[3])[:, 0]
        return jnp.mean(jnp.logaddexp(0, z) - y * z)

    def one_start(w: list[jax.Array]) -> list[jax.Array]:
        def step(state: tuple, t: jax.Array) -> tuple[tuple, None]:
            w, m, v = state
            g = jax.grad(loss)(w)
            m = [a + (b - a) * 0.1 for a, b in zip(m, g, strict=True)]
            v = [a + (b * b - a) * 0.001 for a, b in zip(v, g, strict=True)]
            alpha = 0.001 * jnp.sqrt(1 - 0.999**t) / (1 - 0.9**t)
            w = [a - b * alpha / (jnp.sqrt(c) + 1e-7) for a, b, c in zip(w, m, v, strict=True)]
            return (w, m, v), None

        zeros = [jnp.zeros_like(a) for a in w]
        return jax.lax.scan(step, (w, zeros, zeros), jnp.arange(1.0, epochs + 1))[0][0]

    many = jax.jit(jax.vmap(one_start))
    weights = [jnp.array(array) for array in draw_starts(STACK, starts, seed=0, dtype="float32")]
    jax.block_until_ready(many(weights))
    return timed(lambda: jax.block_until_ready(many(weights)), starts * epochs)


def timed(work: Callable[[], object], start_epochs: int) -> Round:
    """Make a round that returns seconds per start and epoch."""

    def once() -> float:
        begin = time.perf_counter()
        work()
        return (time.perf_counter() - begin) / start_epochs

    return once


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--starts", type=int, default=256)
    parser.add_argument("--epochs", type=int, default=1000, help="of the engine, jax and C; Keras gets a 50th")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    starts, epochs = options.starts, options.epochs
    with tempfile.TemporaryDirectory() as folder:
        rows: dict[str, Round | None] = {
            "engine": engine_round(starts, epochs),
            "C loop, -O2": c_round(Path(folder), "o2", ["-O2"], starts, epochs),
            "C loop, -O3 -march=native": c_round(Path(folder), "o3", ["-O3", "-march=native"], starts, epochs),
        }
        if importlib.util.find_spec("keras"):
            rows |= keras_rounds(max(1, epochs // 50))
        if importlib.util.find_spec("jax"):
            rows["jax.vmap"] = jax_round(starts, epochs)
        measured = {name: row for name, row in rows.items() if row is not None}
        best = dict.fromkeys(measured, float("inf"))
        for _ in range(options.rounds):
            for name, one_round in measured.items():
                best[name] = min(best[name], one_round())
    print(f"{starts} starts, 9 parameters, Adam, full batch; Python {sys.version.split()[0]}, NumPy {np.__version__}")
    print(f"{'':28}{'s per start and epoch':>22}{'engine is ... times as fast':>30}")
    for name, seconds in best.items():
        print(f"{name:28}{seconds:22.3g}{seconds / best['engine']:30,.2f}")


if __name__ == "__main__":
    main()
