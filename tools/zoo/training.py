"""Trains a small language model: next-token cross-entropy, Adam, warm-up and cosine decay.

Only the tiny model of `testdata/` is trained here, for a few minutes on a CPU; nothing is distributed,
checkpointed or resumed.
"""

import dataclasses
import functools
import time

import jax
import jax.numpy as jnp
import numpy as np


@dataclasses.dataclass(frozen=True)
class Schedule:
    """How long and how fast to train. `length` is the sequence length in tokens, `seed` fixes the batches."""

    steps: int
    batch: int
    length: int
    rate: float = 4e-3
    warm_up: int = 100
    decay: float = 0.05
    seed: int = 0


def loss(architecture, config, params, tokens):
    """Mean cross-entropy, in nats, of each of `tokens [batch, time]` but the first, from those before it."""
    hidden = architecture.forward(config, params, tokens[:, :-1])
    logits = jnp.einsum("btd,vd->btv", hidden, architecture.output_matrix(params))
    right = jnp.take_along_axis(logits, tokens[:, 1:, None], axis=-1)[..., 0]
    return jnp.mean(jax.nn.logsumexp(logits, axis=-1) - right)


def learning_rate(schedule, step):
    """Linear warm-up, then half a cosine to zero."""
    progress = step / schedule.steps
    return schedule.rate * jnp.minimum(step / schedule.warm_up, 0.5 + 0.5 * jnp.cos(jnp.pi * progress))


def adam(schedule, params, moments, gradient, step):
    """One step of Adam with decoupled weight decay on matrices (arXiv 1711.05101)."""
    beta1, beta2, epsilon = 0.9, 0.98, 1e-9
    first, second = moments
    first = jax.tree.map(lambda m, g: beta1 * m + (1 - beta1) * g, first, gradient)
    second = jax.tree.map(lambda m, g: beta2 * m + (1 - beta2) * g * g, second, gradient)
    rate = learning_rate(schedule, step)

    def update(p, m, v):
        direction = m / (1 - beta1**step) / (jnp.sqrt(v / (1 - beta2**step)) + epsilon)
        return p - rate * (direction + (schedule.decay * p if p.ndim > 1 else 0))

    return jax.tree.map(update, params, first, second), (first, second)


def train(architecture, config, params, tokens, schedule, report=print):
    """Trains float32 `params` on the token stream `tokens` (1-D) and returns them."""

    @functools.partial(jax.jit, donate_argnums=(0, 1))
    def advance(params, moments, batch, step):
        value, gradient = jax.value_and_grad(functools.partial(loss, architecture, config))(params, batch)
        params, moments = adam(schedule, params, moments, gradient, step)
        return params, moments, value

    params = jax.tree.map(jnp.asarray, params)
    moments = (jax.tree.map(jnp.zeros_like, params), jax.tree.map(jnp.zeros_like, params))
    generator = np.random.default_rng(schedule.seed)
    window = np.arange(schedule.length + 1)
    start = time.monotonic()
    for step in range(1, schedule.steps + 1):
        offsets = generator.integers(0, len(tokens) - len(window), schedule.batch)
        batch = tokens[offsets[:, None] + window]
        params, moments, value = advance(params, moments, batch, jnp.float32(step))
        if step % 200 == 0 or step == schedule.steps:
            report(f"step {step}: loss {float(value):.3f}, {time.monotonic() - start:.0f} s")
    return params
