"""Exported files: names, aliasing, the two forms of the module, weights, description."""

import json
import re

import jax
import numpy as np
from conftest import CONFIGS
from jax._src.interpreters import mlir
from jax._src.lib.mlir import ir
from jax._src.lib.mlir.dialects import hlo
from safetensors.numpy import load_file

from zoo import export, heads

ARGUMENT = re.compile(r'%arg\d+: tensor<([^>]*)> loc\("([^"]*)"\)')


def make(name="gemma3", head="topk:3", dtype="f32", batch=1):
    """A step of a small model."""
    architecture, config = CONFIGS[name]
    return export.Step(architecture, config, heads.parse(head, config.vocabulary), dtype, 8, batch)


def signature(text):
    """Argument names and types of `@main`, and its line."""
    (line,) = [line for line in text.splitlines() if "func.func public @main" in line]
    return {name: kind for kind, name in ARGUMENT.findall(text)}, line


def test_arguments_are_named_as_the_weights(tmp_path):
    """Parameters carry the names and shapes of the weights file; the rest is cache, tokens, positions."""
    step = make()
    export.write_module(step, tmp_path)
    export.write_weights(export.random_params(step, 0), tmp_path / "weights.safetensors")
    weights = load_file(tmp_path / "weights.safetensors")
    text = (tmp_path / "model.mlir").read_text()
    names = re.findall(r'%arg\d+: tensor<([^>]*)>[^%]*?loc\("([^"]*)"\)', signature(text)[1])
    kinds = {name: kind for kind, name in names}
    expected = {name: "x".join(map(str, array.shape)) + "xf32" for name, array in weights.items()}
    rest = {f"cache['{half}'][{layer}]": "8x8xf32" for half in "kv" for layer in range(3)}
    assert kinds == {**expected, **rest, "tokens": "1xi32", "positions": "1xi32"}


def test_the_cache_is_donated():
    """Exactly the cache arguments alias results: those after the head's."""
    text = export.module_text(make().lower())
    aliased = re.findall(r"tf\.aliasing_output = (\d+) : i32[^%]*loc\(\"(cache[^\"]*)\"\)", text)
    assert [int(index) for index, _ in aliased] == list(range(2, 8))
    assert text.count("tf.aliasing_output") == 6


def test_locations_name_no_machine():
    """Source locations are relative to the package."""
    text = export.module_text(make("llama").lower())
    files = set(re.findall(r'loc\("([^"]*\.py)"', text))
    assert files
    assert all(file.startswith("zoo/") for file in files)
    assert "layers.1/ffn" in text


def test_portable_artifact_computes_the_same(tmp_path):
    """The artifact, read back and compiled by XLA, gives bit for bit what the jitted step gives."""
    step = make("llama")
    params = export.random_params(step, 3)
    export.write_module(step, tmp_path)
    inputs = (params, step.empty_cache(), np.array([7], np.int32), np.array([0], np.int32))
    flat = [np.asarray(leaf) for leaf in jax.tree.leaves(inputs)]
    expected = [np.asarray(leaf) for leaf in jax.tree.leaves(step.jitted()(*inputs))]
    with mlir.make_ir_context() as context:
        artifact = hlo.deserialize_portable_artifact(context, (tmp_path / "model.mlirbc").read_bytes())
        text = ir.Module.parse((tmp_path / "model.mlir").read_text())
        for module in (artifact, text):
            for result, wanted in zip(execute(module, flat), expected, strict=True):
                np.testing.assert_array_equal(result, wanted)


def execute(module, arrays):
    """Compiles a module for the CPU and runs it on `arrays`."""
    device = jax.devices("cpu")[0]
    from jax._src import compiler
    from jax._src.lib import xla_client

    options = compiler.get_compile_options(num_replicas=1, num_partitions=1)
    devices = xla_client.DeviceList((device,))
    executable = device.client.compile_and_load(module, devices, options)
    buffers = [jax.device_put(array, device) for array in arrays]
    results = executable.execute_sharded(buffers).disassemble_into_single_device_arrays()
    return [np.asarray(shards[0]) for shards in results]


def test_bf16_modules_hold_bf16_weights():
    """In a bf16 step parameters and cache are bf16, and logits f32."""
    text = export.module_text(make(dtype="bf16", batch=2).lower())
    (line,) = [line for line in text.splitlines() if "func.func public @main" in line]
    assert "tensor<96x24xbf16> loc(\"params['embedding']\")" in line
    assert "-> (tensor<2x3xf32>" in line
    assert "tensor<2x8x8xbf16>" in line


def test_description(tmp_path):
    """`model.json` says what a runner needs."""
    step = make()
    tokens = {"bos_token_id": 2, "eos_token_ids": [1], "add_bos": True}
    export.write_description(export.description("small", step, tokens), tmp_path / "model.json")
    assert json.loads((tmp_path / "model.json").read_text()) == {
        "name": "small",
        "architecture": "gemma3",
        "dtype": "f32",
        "head": {"kind": "topk", "k": 3},
        "vocabulary": 96,
        "d_model": 24,
        "layers": 3,
        "cache": 8,
        "batch": 1,
        **tokens,
    }
