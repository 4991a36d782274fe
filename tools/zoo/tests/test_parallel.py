"""Steps for several devices compute what the step for one does."""

import dataclasses

import jax
import numpy as np
import pytest

from zoo import export, gemma3, heads, llama, parallel
from zoo.errors import ZooError
from zoo.tests import conftest

CONFIG = dataclasses.replace(conftest.CONFIGS["gemma3"][1], layers=2, global_every=2)
CASES = {
    "queries dealt out, one key head for all": CONFIG,
    "key heads dealt out": dataclasses.replace(CONFIG, kv_heads=4),
    "heads do not divide": dataclasses.replace(CONFIG, heads=6),
    "top-k of the gates": dataclasses.replace(CONFIG, d_ff_kept=9),
}


def step_of(config, head, plan=None):
    """A decode step in f32."""
    return export.Step(gemma3, config, heads.parse(head, config.vocabulary), "f32", 8, 1, plan)


def run(step, params, tokens):
    """The outputs of the step fed with tokens, one after the other."""
    decode, cache, outputs = step.jitted(), step.empty_cache(), []
    for position, token in enumerate(tokens):
        *results, cache = decode(params, cache, np.array([token], np.int32), np.array([position], np.int32))
        outputs.append([np.asarray(result) for result in results])
    return outputs, cache


@pytest.mark.parametrize("way", parallel.WAYS)
@pytest.mark.parametrize("name", CASES)
def test_four_devices_compute_what_one_does(name, way):
    """Sums over devices are taken in another order: logits agree to 1e-5, the order of the best does."""
    config = CASES[name]
    params = export.random_params(step_of(config, "argmax"), seed=3)
    tokens = [5, 17, 80, 80]
    want, cache = run(step_of(config, "topk:4"), params, tokens)
    got, parallel_cache = run(step_of(config, "topk:4", parallel.Plan("x", 4, way)), params, tokens)
    for one, four in zip(want, got, strict=True):
        np.testing.assert_allclose(four[0], one[0], rtol=1e-5, atol=1e-5)
        np.testing.assert_array_equal(four[1], one[1])
    for one, four in zip(jax.tree.leaves(cache), jax.tree.leaves(parallel_cache), strict=True):
        np.testing.assert_allclose(four, one, rtol=1e-5, atol=1e-5)


def test_the_program_of_a_device_has_its_collectives():
    """Embedding and two products a layer are summed, logits gathered, and nothing else."""
    text = export.module_text(step_of(CONFIG, "topk:4", parallel.Plan("x", 4, "shard_map")).lower())
    assert text.count("stablehlo.all_gather") == 1
    assert text.count("stablehlo.all_reduce") == 1 + 2 * CONFIG.layers


def test_devices_keep_their_share_of_their_own_neurons():
    """No collective is added for it, and fewer gates than all are kept."""
    config = dataclasses.replace(CONFIG, d_ff_kept=8)
    plan = parallel.Plan("x", 4, "shard_map", own_neurons=True)
    step = step_of(config, "topk:4", plan)
    assert export.module_text(step.lower()).count("stablehlo.all_gather") == 1
    params = export.random_params(step_of(config, "argmax"), seed=3)
    got, _ = run(step, params, [5, 17])
    dense, _ = run(step_of(CONFIG, "topk:4"), params, [5, 17])
    assert not np.allclose(got[-1][0], dense[-1][0]), "gates are dropped"
    with pytest.raises(ZooError, match="in models that keep a top-k"):
        step_of(CONFIG, "argmax", plan).lower()


def test_what_does_not_divide_is_refused():
    """Before anything is traced."""
    odd = dataclasses.replace(CONFIG, vocabulary=97)
    with pytest.raises(ZooError, match="vocabulary 97 does not divide over 4 devices"):
        step_of(odd, "argmax", parallel.Plan("x", 4, "jit")).lower()
    with pytest.raises(ZooError, match="a mesh of 64 needs as many devices"):
        step_of(CONFIG, "argmax", parallel.Plan("x", 64, "jit")).lower()
    with pytest.raises(ZooError, match="llama is not written for several devices"):
        config = conftest.CONFIGS["llama"][1]
        plan = parallel.Plan("x", 2, "jit")
        export.Step(llama, config, heads.parse("argmax", config.vocabulary), "f32", 8, 1, plan).lower()
    for mesh, way in (("x", "jit"), ("x=0", "jit"), ("x=2,y=2", "jit"), ("x=2", "pmap")):
        with pytest.raises(ZooError, match="unknown"):
            parallel.parse(mesh, way)
