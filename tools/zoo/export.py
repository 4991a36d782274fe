"""Lowers a decode step to StableHLO and writes what a compiler needs to run it.

The step is `step(params, cache, tokens, positions) -> (head results…, cache')`. The cache is donated, so
each of its arguments carries `tf.aliasing_output`; argument locations carry JAX's names
(`params['layers'][0]['w1']`), which are the tensor names of the weights file too.
"""

import dataclasses
import json

import jax
import jax.numpy as jnp
import ml_dtypes
import numpy as np
from jax._src.lib import _jax
from jax._src.lib.mlir.dialects import hlo
from safetensors.numpy import save_file

from zoo import gemma3, heads, layers, parallel
from zoo.errors import ZooError
from zoo.naming import is_shape, named_arrays

# Locations in modules: the line of model code, named relative to this package, not who called it.
jax.config.update("jax_traceback_in_locations_limit", 1)
jax.config.update("jax_hlo_source_file_canonicalization_regex", r".*/(?=zoo/)")

# Architectures that are written for several devices.
PARTITIONED = (gemma3,)

DTYPES = {"f32": np.dtype(np.float32), "bf16": np.dtype(ml_dtypes.bfloat16)}


@dataclasses.dataclass(frozen=True)
class Step:
    """One decode step to export: an architecture with its configuration, and the choices at export."""

    architecture: object
    config: object
    head: heads.Head
    dtype: str
    cache: int
    batch: int
    plan: parallel.Plan | None = None

    def __post_init__(self):
        if self.dtype not in DTYPES:
            raise ZooError(f"unknown dtype `{self.dtype}`: choose from {', '.join(DTYPES)}")
        for name, value in (("cache", self.cache), ("batch", self.batch)):
            if value < 1:
                raise ZooError(f"{name} must be at least 1, not {value}")

    def param_specs(self):
        """Shapes and types of the parameters, nested as the step takes them."""
        return jax.tree.map(
            lambda shape: jax.ShapeDtypeStruct(shape, DTYPES[self.dtype]),
            self.architecture.shapes(self.config),
            is_leaf=is_shape,
        )

    def cache_specs(self):
        """Shapes and types of the cache: per layer `[*lines, cache, head_size]`, keys and values."""
        config = self.config
        shape = (*layers.lines(self.batch, config.kv_heads), self.cache, config.head_size)
        layer = jax.ShapeDtypeStruct(shape, DTYPES[self.dtype])
        return {"k": [layer] * config.layers, "v": [layer] * config.layers}

    def empty_cache(self):
        """The cache before the first position: zeros."""
        return jax.tree.map(lambda spec: jnp.zeros(spec.shape, spec.dtype), self.cache_specs())

    def jitted(self):
        """The step as a jitted function with its cache donated."""
        if self.plan is not None:
            return self.partitioned(self.plan)
        return jax.jit(self.function(), donate_argnums=1, keep_unused=True)

    def function(self, devices=None):
        """The step, of one device of several where they are given."""
        own = {} if devices is None else {"devices": devices}

        def step(params, cache, tokens, positions):
            hidden, new_cache = self.architecture.decode(self.config, params, cache, tokens, positions, **own)
            matrix = self.architecture.output_matrix(params)
            return (*heads.outputs(self.head, hidden, matrix, **own), new_cache)

        return step

    def partitioned(self, plan):
        """The step over a mesh, by `jit` with shardings or by `shard_map`."""
        if self.architecture not in PARTITIONED:
            raise ZooError(f"{self.architecture.__name__} is not written for several devices")
        mesh, copied = plan.mesh(), jax.sharding.PartitionSpec()
        params = plan.param_specs(self.config, self.architecture.shapes(self.config))
        cache = jax.tree.map(lambda _: plan.cache_spec(self.config, self.batch), self.cache_specs())
        outputs = [copied] * (2 if self.head.kind == "topk" else 1)
        in_specs, out_specs = (params, cache, copied, copied), (*outputs, cache)

        def shardings(specs):
            return jax.tree.map(lambda spec: jax.sharding.NamedSharding(mesh, spec), specs)

        step = self.function()
        if plan.way == "shard_map":
            own = self.function(plan.devices(self.config))
            step = jax.shard_map(own, mesh=mesh, in_specs=in_specs, out_specs=out_specs, check_vma=False)
        return jax.jit(
            step,
            donate_argnums=1,
            keep_unused=True,
            in_shardings=shardings(in_specs),
            out_shardings=shardings(out_specs),
        )

    def lower(self):
        """The step as an MLIR module."""
        index = jax.ShapeDtypeStruct((self.batch,), jnp.int32)
        lowered = self.jitted().lower(self.param_specs(), self.cache_specs(), index, index)
        return lowered.compiler_ir("stablehlo")


def cast(params, dtype):
    """The parameters in the type of the step, row-major."""
    return jax.tree.map(lambda leaf: np.ascontiguousarray(leaf, dtype=DTYPES[dtype]), params)


def random_params(step, seed):
    """Normal weights of variance 1/fan-in (the embedding: 1/d), norm weights of 1; fixed by the seed."""
    generator = np.random.default_rng(seed)

    def draw(spec):
        if len(spec.shape) == 1:
            return np.ones(spec.shape, spec.dtype)
        fan_in = spec.shape[-1]
        values = generator.standard_normal(spec.shape, dtype=np.float32)
        return (values * np.float32(fan_in**-0.5)).astype(spec.dtype)

    return jax.tree.map(draw, step.param_specs())


def portable_artifact(module):
    """The module as a portable artifact (VHLO bytecode), at the version jax.export would choose."""
    version = hlo.get_version_from_compatibility_requirement(hlo.StablehloCompatibilityRequirement.WEEK_4)
    return _jax.mlir.serialize_portable_artifact(module, version, False)


def replace(path, write):
    """Calls `write(temporary path)` and renames, so that `path` is never half written."""
    partial = path.with_name(f".{path.name}.partial")
    try:
        write(partial)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def module_text(module):
    """The module as text, with locations: the names of arguments are in them."""
    return module.operation.get_asm(enable_debug_info=True)


def write_module(step, directory):
    """Writes `model.mlir` and `model.mlirbc`."""
    module = step.lower()
    text = module_text(module)
    replace(directory / "model.mlir", lambda path: path.write_text(text))
    replace(directory / "model.mlirbc", lambda path: path.write_bytes(portable_artifact(module)))


def write_weights(params, path):
    """Writes the parameters as safetensors, named as the module's arguments."""

    def write(partial):
        partial.touch()
        mode = partial.stat().st_mode
        save_file(named_arrays(params), partial)
        partial.chmod(mode)

    replace(path, write)


def description(name, step, tokens):
    """What `model.json` says of an export. `tokens` describes the special tokens, see `vocabulary`."""
    return {
        "name": name,
        "architecture": step.architecture.__name__.rpartition(".")[2],
        "dtype": step.dtype,
        "head": {"kind": step.head.kind, "k": step.head.k},
        "vocabulary": step.config.vocabulary,
        "d_model": step.config.d_model,
        "layers": step.config.layers,
        "cache": step.cache,
        "batch": step.batch,
        **tokens,
    }


def write_description(values, path):
    """Writes `model.json`."""
    replace(path, lambda partial: partial.write_text(json.dumps(values, indent=2) + "\n"))
