"""A small Transformer with sparse feed-forward layers: `y = act(x w1) w2`, the models of `testdata/trained`.

RMSNorm before each half of a layer, heads that share one key and value head, tied and scaled embeddings. Two
activations: `relu`, and `topk`, which keeps what exceeds the kth largest pre-activation of a token. Training
takes that threshold from mean and deviation (statistical top-k, arXiv 2506.06644), the decode step from a
top-k.
Two position encodings: rotary, and FIRE (arXiv 2310.04418), a bias of attention that a small network computes
from the distance between query and key over the query's position, both on a logarithmic scale.
"""

import dataclasses
import statistics
from dataclasses import dataclass

import jax
import jax.numpy as jnp

from zoo import layers


@dataclass(frozen=True)
class Config:
    """Shapes and constants of one model. Sizes count elements; `k` is how many neurons `topk` keeps.

    `explicit`: whether sequences are computed with the top-k of the decode step, not the statistical one.
    """

    vocabulary: int
    d_model: int
    layers: int
    heads: int
    head_size: int
    d_ff: int
    k: int | None = None
    fire: bool = False
    explicit: bool = False
    kv_heads: int = 1
    base: float = 10_000.0
    epsilon: float = 1e-6


FIRE_WIDTH = 32
FIRE_C, FIRE_L = 0.1, 64.0


def shapes(config):
    """The parameters' shapes, in the nesting that `step` takes. Matrices are `[out, in]`."""
    d, ff, size = config.d_model, config.d_ff, config.head_size
    layer = {
        "attn_norm": (d,),
        "wq": (config.heads * size, d),
        "wk": (config.kv_heads * size, d),
        "wv": (config.kv_heads * size, d),
        "wo": (d, config.heads * size),
        "ffn_norm": (d,),
        "w1": (ff, d),
        "w2": (d, ff),
    }
    if config.fire:
        fire = {
            "c": (1,),
            "l": (1,),
            "w1": (FIRE_WIDTH, 1),
            "b1": (FIRE_WIDTH,),
            "w2": (config.heads, FIRE_WIDTH),
        }
        layer = {**layer, "fire": fire}
    return {"embedding": (config.vocabulary, d), "layers": [layer] * config.layers, "final_norm": (d,)}


def feed_forward(config, layer, x, explicit):
    """One feed-forward layer, norm included."""
    h = layers.product(layers.rms_norm(x, layer["ffn_norm"], config.epsilon), layer["w1"])
    if config.k is None:
        kept = jax.nn.relu(h)
    elif explicit:
        # A reduction of the k values: XLA would sort all of them for a slice.
        kept = jax.nn.relu(h - jnp.min(jax.lax.top_k(h, config.k)[0], axis=-1, keepdims=True))
    else:
        kept = statistical_top_k(h, config.k)
    return layers.product(kept, layer["w2"])


def statistical_top_k(h, k):
    """What exceeds the kth largest of `h [..., n]`, were they drawn from a normal distribution."""
    deviations = statistics.NormalDist().inv_cdf(1 - k / h.shape[-1])
    mean = jnp.mean(h, axis=-1, keepdims=True)
    return jax.nn.relu(h - mean - deviations * jnp.std(h, axis=-1, keepdims=True))


def fire_bias(fire, queries, keys):
    """FIRE's bias `[..., heads]` for positions of queries and keys that broadcast; later keys count as near.

    The distance is divided by the query's position, or by the learned `l` if that is larger; `log(c x + 1)`
    of both is taken first, with `c` and `l` kept positive by their magnitude.
    """
    c, least = (
        jnp.abs(fire[name].astype(jnp.float32)) * start for name, start in (("c", FIRE_C), ("l", FIRE_L))
    )
    queries, keys = queries.astype(jnp.float32), keys.astype(jnp.float32)
    distance = jnp.log1p(c * jnp.maximum(queries - keys, 0)) / jnp.log1p(c * jnp.maximum(queries, least))
    w1, b1, w2 = (fire[name].astype(jnp.float32) for name in ("w1", "b1", "w2"))
    hidden = jax.nn.relu(distance[..., None] * w1[:, 0] + b1)
    return layers.product(hidden, w2)


def block(config, layer, x, positions, attention, explicit):
    """One layer. `attention(q, k, v)` mixes positions and is where decode and sequence passes differ."""
    with jax.named_scope("attention"):
        h = layers.rms_norm(x, layer["attn_norm"], config.epsilon)
        q, k, v = (
            layers.product(h, layer[name]).reshape(*h.shape[:-1], -1, config.head_size)
            for name in ("wq", "wk", "wv")
        )
        if not config.fire:
            angles = layers.rotary(positions, config.head_size, config.base)
            q, k = layers.rotate(q, angles), layers.rotate(k, angles)
        x = x + layers.product(attention(q * config.head_size**-0.5, k, v), layer["wo"])
    with jax.named_scope("ffn"):
        return x + feed_forward(config, layer, x, explicit)


def embed(config, params, tokens):
    """Embedding rows, scaled by sqrt(d_model)."""
    rows = jnp.take(params["embedding"], tokens, axis=0, mode="clip")
    return rows * jnp.asarray(config.d_model**0.5, rows.dtype)


def decode(config, params, cache, tokens, positions):
    """One decode position: tokens and positions i32[batch] to hidden states [batch, d] and the new cache."""
    x = embed(config, params, tokens)
    new = {"k": [], "v": []}
    for index, layer in enumerate(params["layers"]):

        def attention(q, k, v, index=index, layer=layer):
            bias = None
            if config.fire:
                keys = jnp.arange(cache["k"][index].shape[-2])
                bias = fire_bias(layer["fire"], positions[:, None], keys).swapaxes(1, 2)
            out, cache_k, cache_v = layers.decode_attention(
                q, k, v, cache["k"][index], cache["v"][index], positions, None, bias
            )
            new["k"].append(cache_k)
            new["v"].append(cache_v)
            return out

        with jax.named_scope(f"layers.{index}"):
            x = block(config, layer, x, positions, attention, explicit=True)
    return layers.rms_norm(x, params["final_norm"], config.epsilon), new


def forward(config, params, tokens):
    """Whole sequences at once: tokens i32[batch, time] to hidden states [batch, time, d]."""
    x = embed(config, params, tokens)
    positions = jnp.arange(tokens.shape[1])
    for layer in params["layers"]:

        def attention(q, k, v, layer=layer):
            bias = None
            if config.fire:
                bias = fire_bias(layer["fire"], positions[:, None], positions).transpose(2, 0, 1)
            return layers.sequence_attention(q, k, v, None, bias)

        x = block(config, layer, x, positions, attention, config.explicit)
    return layers.rms_norm(x, params["final_norm"], config.epsilon)


def explicitly(config):
    """The configuration whose sequences keep exactly the neurons that decode steps keep."""
    return dataclasses.replace(config, explicit=True)


def output_matrix(params):
    """The softmax layer's matrix [vocabulary, d]: the embedding, tied."""
    return params["embedding"]
