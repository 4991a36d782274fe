"""The decode step against the forward pass over whole sequences, in both types and for several rows."""

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from conftest import CONFIGS

from zoo import export, heads, layers

LENGTH = 11
CACHE = 13


def make(small, head="logits", dtype="f32", batch=1, cache=CACHE):
    """A step of a small model, with parameters and tokens `[batch, LENGTH]`."""
    architecture, config = small
    step = export.Step(architecture, config, heads.parse(head, config.vocabulary), dtype, cache, batch)
    tokens = np.random.default_rng(1).integers(0, config.vocabulary, (batch, LENGTH), np.int32)
    return step, export.random_params(step, seed=2), tokens


def decode(step, params, tokens, positions):
    """Runs the step over `tokens` at `positions`, both `[batch, time]`; its results stacked on axis 1."""
    run, cache = step.jitted(), step.empty_cache()
    results = []
    for column in range(tokens.shape[1]):
        *outputs, cache = run(params, cache, tokens[:, column], positions[:, column])
        results.append(outputs)
    return [np.stack(part, axis=1).astype(np.float32) for part in zip(*results, strict=True)]


def full(step, params, tokens):
    """Logits `[batch, time, vocabulary]` of the forward pass."""

    @jax.jit
    def logits(params, tokens):
        hidden = step.architecture.forward(step.config, params, tokens)
        return jnp.einsum("btd,vd->btv", hidden, step.architecture.output_matrix(params))

    return np.asarray(logits(params, tokens))


@pytest.mark.parametrize("batch", [1, 3])
def test_decode_equals_forward(small, batch):
    """Token by token through the cache gives the logits of the whole sequence at once, to 1e-5."""
    step, params, tokens = make(small, batch=batch)
    positions = np.broadcast_to(np.arange(LENGTH, dtype=np.int32), tokens.shape)
    (logits,) = decode(step, params, tokens, positions)
    np.testing.assert_allclose(logits, full(step, params, tokens), rtol=1e-5, atol=1e-5)


def test_window_matters():
    """With a window of everything, the small Gemma's last logits differ: the test above sees the mask."""
    architecture, config = CONFIGS["gemma3"]
    step, params, tokens = make((architecture, config))
    wide = export.Step(architecture, replace(config, window=CACHE), step.head, "f32", CACHE, 1)
    difference = np.abs(full(step, params, tokens) - full(wide, params, tokens))
    assert difference[0, : config.window].max() < 1e-6
    assert difference[0, -1].max() > 1e-3


def test_rows_are_independent(small):
    """Each row of a batch, at its own position, gives what it gives alone, to 1e-5."""
    step, params, tokens = make(small, batch=3)
    offsets = np.array([[0], [2], [1]])
    positions = (np.arange(LENGTH) + offsets).astype(np.int32)
    (together,) = decode(step, params, tokens, positions)
    alone, _, _ = make(small, batch=1)
    for row in range(3):
        (logits,) = decode(alone, params, tokens[row : row + 1], positions[row : row + 1])
        np.testing.assert_allclose(together[row], logits[0], rtol=1e-5, atol=1e-5)


def test_bf16_is_close(small):
    """The bf16 step stays within 3% of the f32 step, relative to the largest logit."""
    step, params, tokens = make(small)
    positions = np.arange(LENGTH, dtype=np.int32)[None]
    (exact,) = decode(step, params, tokens, positions)
    half, _, _ = make(small, dtype="bf16")
    (logits,) = decode(half, export.cast(params, "bf16"), tokens, positions)
    assert np.abs(logits - exact).max() < 0.03 * np.abs(exact).max()


def test_heads_agree(small):
    """Heads argmax and topk:5 are the best of logits, largest first, ties to the lower index."""
    step, params, tokens = make(small, batch=2)
    positions = np.broadcast_to(np.arange(LENGTH, dtype=np.int32), tokens.shape)
    (logits,) = decode(step, params, tokens, positions)
    order = np.argsort(-logits, axis=-1, kind="stable")[..., :5]
    best, _, _ = make(small, "argmax", batch=2)
    np.testing.assert_array_equal(decode(best, params, tokens, positions)[0], order[..., 0])
    top, _, _ = make(small, "topk:5", batch=2)
    values, indices = decode(top, params, tokens, positions)
    np.testing.assert_array_equal(indices, order)
    np.testing.assert_allclose(values, np.take_along_axis(logits, order, -1), rtol=1e-6)


def test_cache_is_updated_in_place(small):
    """The compiled step holds no copy of a whole cache, for one row and for several."""
    for batch in (1, 3):
        step, params, _ = make(small, batch=batch, cache=4096)
        index = jnp.zeros(batch, jnp.int32)
        compiled = step.jitted().lower(params, step.empty_cache(), index, index).compile()
        shape = jax.tree.leaves(step.cache_specs())[0].shape
        pattern = f"f32[{','.join(map(str, shape))}]"
        copies = [line for line in compiled.as_text().splitlines() if pattern in line and " copy(" in line]
        assert copies == []
        assert compiled.memory_analysis().alias_size_in_bytes >= sum(
            leaf.nbytes for leaf in jax.tree.leaves(step.empty_cache())
        )


def test_position_past_the_end_is_clamped():
    """A write past the end of a cache goes to its last position."""
    buffer = layers.write_cache(jnp.zeros((4, 2)), jnp.ones((1, 1, 2)), jnp.array([9], jnp.int32))
    np.testing.assert_array_equal(buffer[:, 0], [0, 0, 0, 1])
