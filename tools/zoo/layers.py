"""The pieces that the architectures share: normalisation, rotary positions, attention over a cache.

Every function takes any number of leading dimensions, so that the decode step (`[batch, …]`) and the
forward pass over whole sequences (`[batch, time, …]`) run the same code. Sums, softmax and angles are
taken in float32 whatever the type of the weights.
"""

import jax
import jax.numpy as jnp
import numpy as np

from zoo import parallel


def rms_norm(x, weight, epsilon):
    """`x / sqrt(mean(x²) + epsilon) * weight` over the last dimension."""
    wide = x.astype(jnp.float32)
    scale = jax.lax.rsqrt(jnp.mean(wide * wide, axis=-1, keepdims=True) + epsilon)
    return (wide * scale * weight.astype(jnp.float32)).astype(x.dtype)


def product(x, matrix):
    """`x [..., in]` times the rows of `matrix [out, in]`: `[..., out]`.

    Rows are contiguous, so that each output reads one stretch of memory.
    """
    return jnp.einsum("...i,oi->...o", x, matrix)


def keep_largest(x, count, devices=parallel.ALONE):
    """`x` where it is among the `count` largest of the last dimension, ties included; zero elsewhere."""
    least = devices.largest(x, count)
    return jnp.where(x >= least, x, 0)


def rotary(positions, size, base):
    """Cosines and sines `[..., 1, size / 2]` of the angles at `positions [...]`, for heads of that size."""
    half = size // 2
    frequencies = (base ** (-np.arange(half) / half)).astype(np.float32)
    angles = positions[..., None, None].astype(jnp.float32) * frequencies
    return jnp.cos(angles), jnp.sin(angles)


def rotate(x, angles):
    """Rotary position encoding of `x [..., heads, size]`, pairing entry i with i + size/2 (NeoX order)."""
    cos, sin = angles
    first, second = jnp.split(x.astype(jnp.float32), 2, axis=-1)
    rotated = jnp.concatenate([first * cos - second * sin, second * cos + first * sin], axis=-1)
    return rotated.astype(x.dtype)


def visible(queries, keys, window):
    """Which key positions a query position attends to: itself and those before it, `window` in all."""
    causal = keys <= queries
    return causal if window is None else causal & (keys > queries - window)


def attend(q, k, v, mask, bias=None):
    """Softmax attention of the queries that share a key head.

    `q [..., queries, size]`, `k`, `v [..., keys, size]`; `mask`, and a `bias` of the scores if there is one,
    broadcast to `[..., queries, keys]`. The queries are already scaled.
    """
    scores = jnp.einsum("...qd,...nd->...qn", q, k, preferred_element_type=jnp.float32)
    if bias is not None:
        scores = scores + bias
    weights = jax.nn.softmax(jnp.where(mask, scores, -jnp.inf), axis=-1)
    return jnp.einsum("...qn,...nd->...qd", weights.astype(v.dtype), v)


def lines(batch, kv_heads):
    """The leading dimensions of a cache: one line for each key head of each batch row.

    A single line has no leading dimension. XLA would strip a dimension of 1 before the product, then
    compute the update twice, and copy the whole cache in every step.
    """
    count = batch * kv_heads
    return () if count == 1 else (count,)


def write_cache(buffer, rows, positions):
    """Puts `rows [batch, kv_heads, size]` at `positions [batch]` of a cache `[*lines, length, size]`.

    One dynamic_update_slice for each batch row: XLA runs the chain in place on a donated buffer. A
    position past the end is clamped to the last one.
    """
    kv_heads = rows.shape[1]
    for row, position in enumerate(positions):
        single = buffer.ndim == 2
        update = rows[row] if single else rows[row][:, None]
        start = (position, 0) if single else (row * kv_heads, position, 0)
        buffer = jax.lax.dynamic_update_slice(
            buffer, update.astype(buffer.dtype), start, allow_negative_indices=False
        )
    return buffer


def decode_attention(q, k, v, cache_k, cache_v, positions, window, bias=None):
    """One position of attention: stores `k`, `v` in the cache, attends to what is in it.

    `q [batch, heads, size]`, `k`, `v [batch, kv_heads, size]`, caches as in `write_cache`, `bias [batch,
    heads, cache]` if there is one. Returns `[batch, heads * size]` and the two caches.
    """
    batch, kv_heads, size = k.shape
    cache_k = write_cache(cache_k, k, positions)
    cache_v = write_cache(cache_v, v, positions)
    lead = lines(batch, kv_heads)
    queries = jnp.repeat(positions, kv_heads).reshape(*lead, 1, 1)
    mask = visible(queries, jnp.arange(cache_k.shape[-2]), window)
    if bias is not None:
        bias = bias.reshape(*lead, -1, bias.shape[-1])
    out = attend(q.reshape(*lead, -1, size), cache_k, cache_v, mask, bias)
    return out.reshape(batch, -1), cache_k, cache_v


def sequence_attention(q, k, v, window, bias=None):
    """Causal attention over whole sequences: `q [batch, time, heads, size]`, `k`, `v` with kv_heads.

    A `bias` of the scores broadcasts to `[batch, heads, time, time]`.
    """
    batch, time, heads, size = q.shape
    groups = heads // k.shape[2]
    k, v = (jnp.repeat(part, groups, axis=2).swapaxes(1, 2) for part in (k, v))
    steps = jnp.arange(time)
    out = attend(q.swapaxes(1, 2), k, v, visible(steps[:, None], steps, window), bias)
    return out.swapaxes(1, 2).reshape(batch, time, heads * size)
