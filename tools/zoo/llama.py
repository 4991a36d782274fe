"""Llama: SwiGLU, grouped-query attention, rotary positions; tied embeddings where the model ties them.

SmolLM2 is of this architecture. Formulas follow the Llama 2 report (arXiv 2307.09288) and its reference
implementation.
"""

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np

from zoo import layers


@dataclass(frozen=True)
class Config:
    """Shapes and constants of one model. Sizes count elements."""

    vocabulary: int
    d_model: int
    layers: int
    heads: int
    kv_heads: int
    head_size: int
    d_ff: int
    base: float = 10_000.0
    epsilon: float = 1e-5
    tied: bool = True


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
        "wg": (ff, d),
        "w1": (ff, d),
        "w2": (d, ff),
    }
    params = {
        "embedding": (config.vocabulary, d),
        "layers": [layer] * config.layers,
        "final_norm": (d,),
    }
    if not config.tied:
        params["output"] = (config.vocabulary, d)
    return params


def block(config, layer, x, angles, attention):
    """One layer. `attention(q, k, v)` mixes positions and is where decode and sequence passes differ."""
    with jax.named_scope("attention"):
        h = layers.rms_norm(x, layer["attn_norm"], config.epsilon)
        q, k, v = (
            layers.product(h, layer[name]).reshape(*h.shape[:-1], -1, config.head_size)
            for name in ("wq", "wk", "wv")
        )
        q = layers.rotate(q, angles) * config.head_size**-0.5
        k = layers.rotate(k, angles)
        x = x + layers.product(attention(q, k, v), layer["wo"])
    with jax.named_scope("ffn"):
        h = layers.rms_norm(x, layer["ffn_norm"], config.epsilon)
        hidden = jax.nn.silu(layers.product(h, layer["wg"])) * layers.product(h, layer["w1"])
        return x + layers.product(hidden, layer["w2"])


def decode(config, params, cache, tokens, positions):
    """One decode position: tokens and positions i32[batch] to hidden states [batch, d] and the new cache."""
    x = jnp.take(params["embedding"], tokens, axis=0, mode="clip")
    angles = layers.rotary(positions, config.head_size, config.base)
    new = {"k": [], "v": []}
    for index, layer in enumerate(params["layers"]):

        def attention(q, k, v, index=index):
            out, cache_k, cache_v = layers.decode_attention(
                q, k, v, cache["k"][index], cache["v"][index], positions, None
            )
            new["k"].append(cache_k)
            new["v"].append(cache_v)
            return out

        with jax.named_scope(f"layers.{index}"):
            x = block(config, layer, x, angles, attention)
    return layers.rms_norm(x, params["final_norm"], config.epsilon), new


def sequence_attention(q, k, v):
    """Attention over whole sequences: every layer sees all earlier positions."""
    return layers.sequence_attention(q, k, v, window=None)


def forward(config, params, tokens):
    """Whole sequences at once: tokens i32[batch, time] to hidden states [batch, time, d]."""
    x = jnp.take(params["embedding"], tokens, axis=0, mode="clip")
    angles = layers.rotary(jnp.arange(tokens.shape[1]), config.head_size, config.base)
    for layer in params["layers"]:
        x = block(config, layer, x, angles, sequence_attention)
    return layers.rms_norm(x, params["final_norm"], config.epsilon)


def output_matrix(params):
    """The softmax layer's matrix [vocabulary, d]: its own, or the embedding where the two are tied."""
    return params.get("output", params["embedding"])


GGUF_NAMES = {
    "attn_norm": "attn_norm",
    "wv": "attn_v",
    "wo": "attn_output",
    "ffn_norm": "ffn_norm",
    "wg": "ffn_gate",
    "w1": "ffn_up",
    "w2": "ffn_down",
}


def config_from_gguf(gguf):
    """Reads the configuration from a GGUF file's metadata."""
    heads = gguf.metadata("llama.attention.head_count")
    d_model = gguf.metadata("llama.embedding_length")
    return Config(
        vocabulary=gguf.metadata("llama.vocab_size"),
        d_model=d_model,
        layers=gguf.metadata("llama.block_count"),
        heads=heads,
        kv_heads=gguf.metadata("llama.attention.head_count_kv"),
        head_size=d_model // heads,
        d_ff=gguf.metadata("llama.feed_forward_length"),
        base=gguf.metadata("llama.rope.freq_base"),
        epsilon=gguf.metadata("llama.attention.layer_norm_rms_epsilon"),
        tied=not gguf.has_tensor("output"),
    )


def unpermute(matrix, heads):
    """Undoes GGUF's reordering of query and key rows `[heads * size, d]`.

    Llama GGUF files interleave the two halves of each head (rotary pairs 2i, 2i + 1); `layers.rotate`
    pairs i with i + size/2.
    """
    rows, columns = matrix.shape
    pairs = matrix.reshape(heads, rows // heads // 2, 2, columns)
    return np.ascontiguousarray(pairs.swapaxes(1, 2)).reshape(rows, columns)


def params_from_gguf(config, gguf):
    """The parameters as float32, matrices turned to `[out, in]`."""

    def layer(index):
        tensors = {name: gguf.tensor(f"blk.{index}.{theirs}") for name, theirs in GGUF_NAMES.items()}
        for name, theirs, heads in (("wq", "attn_q", config.heads), ("wk", "attn_k", config.kv_heads)):
            tensors[name] = unpermute(gguf.tensor(f"blk.{index}.{theirs}"), heads)
        return tensors

    params = {
        "embedding": gguf.tensor("token_embd"),
        "layers": [layer(index) for index in range(config.layers)],
        "final_norm": gguf.tensor("output_norm"),
    }
    if not config.tied:
        params["output"] = gguf.tensor("output")
    return params
