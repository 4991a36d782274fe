"""Gemma 3 (text): GeGLU, QK-norm, sliding windows with every nth layer global, tied scaled embeddings.

The weights' names and the formulas are the report's ("Gemma 3 Technical Report", 2025) and the reference
implementation's. RMSNorm weights hold the `1 +` of the reference, as GGUF files do.
"""

from dataclasses import dataclass

import jax
import jax.numpy as jnp

from zoo import layers, parallel


@dataclass(frozen=True)
class Config:
    """Shapes and constants of one model. Sizes count elements, `window` counts positions.

    `d_ff_kept` is how many neurons of a feed-forward layer the model keeps, those with the largest gates
    (explicit top-k, "The Lazy Neuron Phenomenon", 2210.06313); None keeps all.
    """

    vocabulary: int
    d_model: int
    layers: int
    heads: int
    kv_heads: int
    head_size: int
    d_ff: int
    window: int
    global_every: int = 6
    d_ff_kept: int | None = None
    local_base: float = 10_000.0
    global_base: float = 1_000_000.0
    epsilon: float = 1e-6


def shapes(config):
    """The parameters' shapes, in the nesting that `step` takes. Matrices are `[out, in]`."""
    d, ff, size = config.d_model, config.d_ff, config.head_size
    layer = {
        "attn_norm": (d,),
        "wq": (config.heads * size, d),
        "wk": (config.kv_heads * size, d),
        "wv": (config.kv_heads * size, d),
        "q_norm": (size,),
        "k_norm": (size,),
        "wo": (d, config.heads * size),
        "post_attn_norm": (d,),
        "ffn_norm": (d,),
        "wg": (ff, d),
        "w1": (ff, d),
        "w2": (d, ff),
        "post_ffn_norm": (d,),
    }
    return {
        "embedding": (config.vocabulary, d),
        "layers": [layer] * config.layers,
        "final_norm": (d,),
    }


def window(config, index):
    """How many positions layer `index` attends to; None: all."""
    return None if (index + 1) % config.global_every == 0 else config.window


def rotary(config, positions):
    """The rotary angles of local layers (those with a window) and of global ones."""
    return {
        local: layers.rotary(positions, config.head_size, base)
        for local, base in ((True, config.local_base), (False, config.global_base))
    }


def block(config, layer, x, angles, attention, devices=parallel.ALONE):
    """One layer. `attention(q, k, v)` mixes positions and is where decode and sequence passes differ."""
    with jax.named_scope("attention"):
        attended = devices.attended(attend(config, layer, x, angles, attention))
        x = x + layers.rms_norm(attended, layer["post_attn_norm"], config.epsilon)
    with jax.named_scope("ffn"):
        h = layers.rms_norm(x, layer["ffn_norm"], config.epsilon)
        gate = jax.nn.gelu(layers.product(h, layer["wg"]), approximate=True)
        if config.d_ff_kept is not None:
            gate = layers.keep_largest(gate, config.d_ff_kept, devices)
        hidden = gate * layers.product(h, layer["w1"])
        fed = devices.total(layers.product(hidden, layer["w2"]))
        return x + layers.rms_norm(fed, layer["post_ffn_norm"], config.epsilon)


def attend(config, layer, x, angles, attention):
    """The attention half of a layer, up to its output matrix."""
    h = layers.rms_norm(x, layer["attn_norm"], config.epsilon)
    q, k, v = (
        layers.product(h, layer[name]).reshape(*h.shape[:-1], -1, config.head_size)
        for name in ("wq", "wk", "wv")
    )
    q = layers.rms_norm(q, layer["q_norm"], config.epsilon)
    k = layers.rms_norm(k, layer["k_norm"], config.epsilon)
    q = layers.rotate(q, angles) * config.head_size**-0.5
    return layers.product(attention(q, layers.rotate(k, angles), v), layer["wo"])


def embed(config, params, tokens, devices=parallel.ALONE):
    """Embedding rows, scaled by sqrt(d_model)."""
    rows = devices.rows(params["embedding"], tokens)
    return rows * jnp.asarray(config.d_model**0.5, rows.dtype)


def decode(config, params, cache, tokens, positions, devices=parallel.ALONE):
    """One decode position: tokens and positions i32[batch] to hidden states [batch, d] and the new cache.

    With `devices` it is the program of one of them, whose parameters and cache are its parts.
    """
    x = embed(config, params, tokens, devices)
    angles = rotary(config, positions)
    new = {"k": [], "v": []}
    for index, layer in enumerate(params["layers"]):
        span = window(config, index)

        def attention(q, k, v, index=index, span=span):
            out, cache_k, cache_v = layers.decode_attention(
                q, k, v, cache["k"][index], cache["v"][index], positions, span
            )
            new["k"].append(cache_k)
            new["v"].append(cache_v)
            return out

        with jax.named_scope(f"layers.{index}"):
            x = block(config, layer, x, angles[span is not None], attention, devices)
    return layers.rms_norm(x, params["final_norm"], config.epsilon), new


def forward(config, params, tokens):
    """Whole sequences at once: tokens i32[batch, time] to hidden states [batch, time, d]."""
    x = embed(config, params, tokens)
    angles = rotary(config, jnp.arange(tokens.shape[1]))
    for index, layer in enumerate(params["layers"]):
        span = window(config, index)

        def attention(q, k, v, span=span):
            return layers.sequence_attention(q, k, v, span)

        x = block(config, layer, x, angles[span is not None], attention)
    return layers.rms_norm(x, params["final_norm"], config.epsilon)


def output_matrix(params):
    """The softmax layer's matrix [vocabulary, d]: the embedding, tied."""
    return params["embedding"]


GGUF_NAMES = {
    "attn_norm": "attn_norm",
    "wq": "attn_q",
    "wk": "attn_k",
    "wv": "attn_v",
    "q_norm": "attn_q_norm",
    "k_norm": "attn_k_norm",
    "wo": "attn_output",
    "post_attn_norm": "post_attention_norm",
    "ffn_norm": "ffn_norm",
    "wg": "ffn_gate",
    "w1": "ffn_up",
    "w2": "ffn_down",
    "post_ffn_norm": "post_ffw_norm",
}


def config_from_gguf(gguf):
    """Reads the configuration from a GGUF file's metadata."""
    return Config(
        vocabulary=len(gguf.metadata("tokenizer.ggml.tokens")),
        d_model=gguf.metadata("gemma3.embedding_length"),
        layers=gguf.metadata("gemma3.block_count"),
        heads=gguf.metadata("gemma3.attention.head_count"),
        kv_heads=gguf.metadata("gemma3.attention.head_count_kv"),
        head_size=gguf.metadata("gemma3.attention.key_length"),
        d_ff=gguf.metadata("gemma3.feed_forward_length"),
        window=gguf.metadata("gemma3.attention.sliding_window"),
        global_base=gguf.metadata("gemma3.rope.freq_base"),
        epsilon=gguf.metadata("gemma3.attention.layer_norm_rms_epsilon"),
    )


def params_from_gguf(config, gguf):
    """The parameters as float32, matrices turned to `[out, in]`. GGUF keeps NeoX rotary order for Gemma."""
    return {
        "embedding": gguf.tensor("token_embd"),
        "layers": [
            {name: gguf.tensor(f"blk.{index}.{theirs}") for name, theirs in GGUF_NAMES.items()}
            for index in range(config.layers)
        ],
        "final_norm": gguf.tensor("output_norm"),
    }
