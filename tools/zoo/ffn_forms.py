"""Feed-forward layers in the forms that models write them: `python -m zoo.ffn_forms -o testdata/passes`.

Each form becomes a module `hire-ffn-NAME.mlir` as JAX lowers it, headed by what the tests of the passes do
with it; forms whose names begin with `no_` stay dense, and become `hire-no-ffn-NAME.mlir`.
"""

# ruff: noqa: D103 - what a form is stands in its decorator, and goes into the module that it makes.

import argparse
from pathlib import Path

import jax
import jax.numpy as jnp
from jax import lax

D, F, K = 16, 128, 8
PASSES = "inline, fold, simplify, cse, dce, hire-ffn"

FORMS = {}


def form(does, batch=1, dtype=jnp.float32, bias=False, transposed=False, stacked=0, gated=False, **header):
    """Registers a layer `f(p, x)`; the arguments say which parameters `p` has, and what the test does."""

    def register(function):
        name = function.__name__.replace("_", "-")
        first, second = ((F, D), (D, F)) if transposed else ((D, F), (F, D))
        shapes = {"w1": first, "w2": second}
        if gated:
            shapes["wg"] = first
        if bias:
            shapes.update(b1=(F,), b2=(D,))
        lead = (stacked,) if stacked else ()
        params = {key: jax.ShapeDtypeStruct(lead + shape, dtype) for key, shape in shapes.items()}
        FORMS[name] = (does, header, function, params, jax.ShapeDtypeStruct((batch, D), dtype))
        return function

    return register


def keep_largest(h, k=K):
    """`h` where it is among the k largest of its row, zero elsewhere."""
    least = lax.top_k(h, k)[0][..., -1:]
    return jnp.where(h >= least, h, 0)


@form("A ReLU layer.")
def relu(p, x):
    return jax.nn.relu(x @ p["w1"]) @ p["w2"]


@form("A squared ReLU with biases, two rows, matrices stored [out, in].", batch=2, bias=True, transposed=True)
def squared_relu(p, x):
    h = jnp.einsum("bd,fd->bf", x, p["w1"]) + p["b1"]
    return jnp.einsum("bf,df->bd", jnp.square(jax.nn.relu(h)), p["w2"]) + p["b2"]


@form("A ReLU with a threshold above zero, bf16.", dtype=jnp.bfloat16)
def fat_relu(p, x):
    h = x @ p["w1"]
    return jnp.where(h > 0.5, h, 0) @ p["w2"]


@form("A gated ReLU, bf16 with products and activation in f32.", batch=2, dtype=jnp.bfloat16, gated=True)
def reglu(p, x):
    gate, up = (jnp.dot(x, p[name], preferred_element_type=jnp.float32) for name in ("wg", "w1"))
    return (jax.nn.relu(gate) * up).astype(x.dtype) @ p["w2"]


@form("GELU by tanh as the gate, on request.", gated=True, sparsify_gates="")
def geglu_tanh(p, x):
    return (jax.nn.gelu(x @ p["wg"], approximate=True) * (x @ p["w1"])) @ p["w2"]


@form("GELU by erf as the gate, on request.", batch=2, gated=True, sparsify_gates="")
def geglu_erf(p, x):
    return (jax.nn.gelu(x @ p["wg"], approximate=False) * (x @ p["w1"])) @ p["w2"]


@form(
    "SiLU as the gate, on request; JAX writes the logistic with an exponential.",
    gated=True,
    sparsify_gates="",
)
def swiglu(p, x):
    return (jax.nn.silu(x @ p["wg"]) * (x @ p["w1"])) @ p["w2"]


@form("SiLU with the logistic written as an operation, on request.", gated=True, sparsify_gates="")
def swiglu_logistic(p, x):
    gate = x @ p["wg"]
    return (gate * lax.logistic(gate) * (x @ p["w1"])) @ p["w2"]


@form("Top-k of ReLUs by a threshold mask.", bias=True)
def top_k_mask(p, x):
    return keep_largest(jax.nn.relu(x @ p["w1"] + p["b1"])) @ p["w2"]


@form("The same for a batch, selecting together by sums of scores.", batch=3, bias=True, selection="shared")
def top_k_shared(p, x):
    return keep_largest(jax.nn.relu(x @ p["w1"] + p["b1"])) @ p["w2"]


@form("The same, selecting what each row wants most.", batch=3, bias=True, selection="union")
def top_k_union(p, x):
    return keep_largest(jax.nn.relu(x @ p["w1"] + p["b1"])) @ p["w2"]


@form("Top-k of magnitudes, without a ReLU.", batch=2)
def top_k_magnitude(p, x):
    h = x @ p["w1"]
    least = lax.top_k(jnp.abs(h), K)[0][..., -1:]
    return jnp.where(jnp.abs(h) >= least, h, 0) @ p["w2"]


@form("Top-k whose values are scattered back into zeros.", batch=2)
def top_k_scatter(p, x):
    values, places = lax.top_k(jax.nn.relu(x @ p["w1"]), K)
    rows = jnp.arange(x.shape[0])[:, None]
    return jnp.zeros((x.shape[0], F), x.dtype).at[rows, places].set(values) @ p["w2"]


@form("What exceeds the kth largest, by a reduction of the top-k; shifted by it.", batch=2)
def soft_top_k(p, x):
    h = x @ p["w1"]
    return jax.nn.relu(h - jnp.min(lax.top_k(h, K)[0], axis=-1, keepdims=True)) @ p["w2"]


@form("A gated layer with top-k of the gate.", batch=2, gated=True)
def top_k_gated(p, x):
    return (keep_largest(jax.nn.gelu(x @ p["wg"])) * (x @ p["w1"])) @ p["w2"]


@form("Top-k of groups of four neurons by their norms.", batch=2)
def group_top_k(p, x):
    h = jax.nn.relu(x @ p["w1"]).reshape(x.shape[0], F // 4, 4)
    norms = jnp.sum(h * h, axis=-1)
    least = lax.top_k(norms, 4)[0][..., -1:]
    return jnp.where((norms >= least)[..., None], h, 0).reshape(x.shape[0], F) @ p["w2"]


def above(h, deviations):
    """How far `h` is above its row's mean plus some deviations; zero below."""
    mean = jnp.mean(h, axis=-1, keepdims=True)
    return jax.nn.relu(h - (mean + deviations * jnp.std(h, axis=-1, keepdims=True)))


@form("Statistical top-k by mean and deviation, soft threshold.", batch=2)
def statistical_top_k(p, x):
    return jax.nn.gelu(above(x @ p["w1"], 1.5)) @ p["w2"]


@form("The gate of Spark Transformers reads a part of the input, and so predicts by itself.", batch=2)
def spark(p, x):
    r = D // 4
    gate = jax.nn.gelu(above(x[:, :r] @ p["w1"][:r], 1.5))
    return (gate * (x[:, r:] @ p["w1"][r:])) @ p["w2"]


@form("A vector instead of a batch.", group="8", k_prime="32")
def vector(p, x):
    return (keep_largest(jax.nn.relu(x[0] @ p["w1"])) @ p["w2"])[None]


@form("Matrices on the left, neurons in the first dimension.", batch=2, transposed=True)
def columns(p, x):
    h = jax.nn.relu(lax.dot(p["w1"], x.T))
    return lax.dot(p["w2"], h).T


@form("Two layers with the same weights.")
def shared(p, x):
    for _ in range(2):
        x = x + keep_largest(jax.nn.relu(x @ p["w1"])) @ p["w2"]
    return x


@form("Two layers of which the second reads the first as it is.")
def chain(p, x):
    for _ in range(2):
        x = jax.nn.relu(x @ p["w1"]) @ p["w2"]
    return x


@form("Layers in a loop over stacked weights, which is unrolled.", batch=2, bias=True, stacked=3)
def scan(p, x):
    def layer(x, p):
        with jax.named_scope("ffn"):
            return x + keep_largest(jax.nn.relu(x @ p["w1"] + p["b1"])) @ p["w2"] + p["b2"], None

    return lax.scan(layer, x, p)[0]


@form("Layers in a counted loop that indexes stacked weights.", stacked=2)
def fori(p, x):
    return lax.fori_loop(0, 2, lambda i, x: x + jax.nn.relu(x @ p["w1"][i]) @ p["w2"][i], x)


@form("A smooth gate without the request.", gated=True)
def no_request(p, x):
    return (jax.nn.silu(x @ p["wg"]) * (x @ p["w1"])) @ p["w2"]


@form("A smooth gate in bf16, where what is far out rounds to zero.", dtype=jnp.bfloat16, gated=True)
def no_request_bf16(p, x):
    return (jax.nn.gelu(x @ p["wg"]) * (x @ p["w1"])) @ p["w2"]


@form("No activation between the products.", unchanged="")
def no_activation(p, x):
    return (x @ p["w1"]) @ p["w2"]


@form("A softmax over the neurons.")
def no_softmax(p, x):
    return jax.nn.softmax(x @ p["w1"]) @ p["w2"]


@form("An activation that is returned too.")
def no_other_use(p, x):
    h = jax.nn.relu(x @ p["w1"])
    return h @ p["w2"], h


@form("A sorted threshold: the order of all neurons is needed.")
def no_sort(p, x):
    h = jax.nn.relu(x @ p["w1"])
    return jnp.where(h >= jnp.sort(h, axis=-1)[..., -K:][..., :1], h, 0) @ p["w2"]


@form("A loop whose number of steps depends on the data.", stacked=2)
def no_trip_count(p, x):
    def body(state):
        i, x = state
        return i + 1, x + jax.nn.relu(x @ p["w1"][i]) @ p["w2"][i]

    return lax.while_loop(lambda state: jnp.sum(state[1]) > 0, body, (0, x))[1]


def text(name):
    """The module of a form, with its header."""
    does, header, function, params, x = FORMS[name]
    lowered = jax.jit(function, keep_unused=True).lower(params, x)
    module = lowered.compiler_ir("stablehlo").operation.get_asm(enable_debug_info=True)
    lines = [f"// {does}", f"// passes: {PASSES}"]
    lines += [f"// {key.replace('_', '-')}{': ' if value else ''}{value}" for key, value in header.items()]
    return "\n".join([*lines, module])


def main():
    """Writes every form."""
    parser = argparse.ArgumentParser(prog="python -m zoo.ffn_forms", description=__doc__.splitlines()[0])
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="DIR")
    directory = parser.parse_args().output
    for name in FORMS:
        stem = f"hire-no-ffn-{name[3:]}" if name.startswith("no-") else f"hire-ffn-{name}"
        (directory / f"{stem}.mlir").write_text(text(name))


if __name__ == "__main__":
    jax.config.update("jax_traceback_in_locations_limit", 0)
    main()
