"""Trains a recipe, and can be stopped at any time: it goes on from the last state that was kept.

The batch of a step depends on the seed and the step alone, so a run that was interrupted ends with the
weights of one that was not, as far as XLA adds up in the same order.
"""

import functools
import json
import time

import jax
import jax.numpy as jnp
import numpy as np
from safetensors.numpy import load_file, save_file

from zoo import export, heads, sparse, training
from zoo.naming import is_shape
from zoo.train import recipes

# Steps between two states that are kept, and between two points of the curve.
KEEP_EVERY = 50
# Windows of held-out text that the curve is measured on.
HELD_OUT_WINDOWS = 64


def train(recipe, learn, held_out, folder, report):
    """Trains on the tokens `learn`, keeping states in `folder`; returns float32 parameters and the curve."""
    state = State.open(recipe, folder)
    windows = evaluation_windows(held_out, recipe.schedule.length)
    for first, last, config in recipes.steps_of(recipe):
        advance = functools.partial(compiled_step(), config, recipe.schedule)
        loss = functools.partial(compiled_loss(), config)
        start, begun = time.monotonic(), state.step
        while state.step < last and state.step >= first - 1:
            step = state.step + 1
            value = state.advance(advance, batch(recipe.schedule, learn, step), step)
            if step % KEEP_EVERY == 0 or step == last:
                pace = (time.monotonic() - start) / (step - begun)
                state.curve.append(
                    {
                        "step": step,
                        "tokens": step * recipe.schedule.batch * recipe.schedule.length,
                        "loss": round(float(value), 4),
                        "held_out": round(held_out_loss(loss, state.params, windows), 4),
                        "top_k": top_k_kind(config),
                    }
                )
                state.keep()
                rest = pace * (recipe.schedule.steps - step) / 60
                report(
                    f"{recipe.name}: {json.dumps(state.curve[-1])} {pace:.2f} s a step, {rest:.0f} min to go"
                )
    return state.params, state.curve


def top_k_kind(config):
    """How a configuration finds the neurons it keeps."""
    if config.k is None:
        return None
    return "explicit" if config.explicit else "statistical"


def batch(schedule, tokens, step):
    """The windows of a step, [batch, length + 1]."""
    offsets = np.random.default_rng([schedule.seed, step]).integers(
        0, len(tokens) - schedule.length, schedule.batch
    )
    return tokens[offsets[:, None] + np.arange(schedule.length + 1)]


def evaluation_windows(tokens, length):
    """The held-out windows, [windows, length + 1], spread evenly."""
    offsets = np.linspace(0, len(tokens) - length - 1, HELD_OUT_WINDOWS).astype(int)
    return tokens[offsets[:, None] + np.arange(length + 1)]


def held_out_loss(loss, params, windows):
    """The mean loss in nats a token."""
    return float(np.mean([float(loss(params, part)) for part in np.split(windows, 4)]))


@functools.cache
def compiled_loss():
    """The loss as one compiled function for each configuration."""
    return jax.jit(functools.partial(training.loss, sparse), static_argnums=0)


@functools.cache
def compiled_step():
    """A step of training as one compiled function for each configuration."""

    @functools.partial(jax.jit, static_argnums=(0, 1), donate_argnums=(2, 3))
    def advance(config, schedule, params, moments, tokens, step):
        value, gradient = jax.value_and_grad(functools.partial(training.loss, sparse, config))(params, tokens)
        params, moments = training.adam(schedule, params, moments, gradient, step)
        return params, moments, value

    return advance


class State:
    """Parameters and moments after some steps, and where they are kept."""

    def __init__(self, path, trees, step, curve):
        self.path, self.step, self.curve = path, step, curve
        self.params, self.moments = trees[0], (trees[1], trees[2])

    @classmethod
    def open(cls, recipe, folder):
        """The state that was kept, or random weights."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{recipe.name}.state.safetensors"
        start = export.random_params(export_step(recipe), seed=0)
        if not path.is_file():
            start = jax.tree.map(jnp.asarray, start)
            zeros = [jax.tree.map(jnp.zeros_like, start) for _ in range(2)]
            return cls(path, (start, *zeros), 0, [])
        tensors = load_file(path)
        structure = jax.tree.structure(sparse.shapes(recipe.config), is_leaf=is_shape)
        count = structure.num_leaves
        leaves = [jnp.asarray(tensors[f"{index:04}"]) for index in range(3 * count)]
        trees = [
            jax.tree.unflatten(structure, leaves[part * count : (part + 1) * count]) for part in range(3)
        ]
        curve = json.loads(path.with_suffix(".json").read_text("utf-8"))
        return cls(path, trees, curve[-1]["step"], curve)

    def advance(self, function, tokens, step):
        """One step; returns the loss before it."""
        self.params, self.moments, value = function(self.params, self.moments, tokens, jnp.float32(step))
        self.step = step
        return value

    def keep(self):
        """Writes the state; the curve last, as it says which step the state is of."""
        leaves = jax.tree.leaves((self.params, *self.moments))
        tensors = {f"{index:04}": np.asarray(leaf) for index, leaf in enumerate(leaves)}
        export.replace(self.path, lambda path: save_file(tensors, path))
        text = json.dumps(self.curve)
        export.replace(self.path.with_suffix(".json"), lambda path: path.write_text(text, "utf-8"))


def export_step(recipe, head="logits", dtype="f32", batch_size=1):
    """A decode step of a recipe."""
    head = heads.parse(head, recipe.config.vocabulary)
    return export.Step(sparse, recipe.config, head, dtype, recipes.CACHE, batch_size)
