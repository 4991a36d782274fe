"""Tensor parallelism over one mesh axis: what each device holds, and where devices meet.

The vocabulary, the neurons of feed-forward layers and, where they divide, the query heads are dealt out to
the devices of the axis; norms and what does not divide are copied. Key heads are dealt out with the query
heads, but for a single one, which all share.

`jit` leaves the rest to the partitioner. `shard_map` writes the program of one device: devices meet at the
places that `Devices` marks.
"""

from dataclasses import dataclass

import jax
import jax.numpy as jnp
from jax.sharding import PartitionSpec

from zoo.errors import ZooError


@dataclass(frozen=True)
class Devices:
    """Where the devices of a mesh axis meet; without an axis there is one device, and nothing to do."""

    axis: str | None = None
    sharded_heads: bool = False
    own_neurons: bool = False

    def total(self, x):
        """The sum of all devices' `x`, of a product whose rows they share."""
        return x if self.axis is None else jax.lax.psum(x, self.axis)

    def attended(self, x):
        """The sum of what all devices' heads give, where heads are dealt out."""
        return self.total(x) if self.sharded_heads else x

    def rows(self, matrix, indices):
        """Rows of a matrix whose rows are dealt out, at `indices` into all of them."""
        if self.axis is None:
            return jnp.take(matrix, indices, axis=0, mode="clip")
        count = matrix.shape[0]
        local = indices - jax.lax.axis_index(self.axis) * count
        taken = jnp.take(matrix, local, axis=0, mode="clip")
        mine = (local >= 0) & (local < count)
        return self.total(jnp.where(mine[..., None], taken, 0))

    def largest(self, x, count):
        """The least of the `count` largest of the last dimension, which is dealt out, `[..., 1]`.

        With `own_neurons` each device finds its share among its own, and nothing crosses devices: of the true
        largest that is what a selection in buckets keeps (2506.04165), the shards being the buckets.
        """
        if self.own_neurons:
            share = -(-count // jax.lax.axis_size(self.axis))
            return jax.lax.top_k(x, share)[0][..., -1:]
        return jax.lax.top_k(self.whole(x), count)[0][..., -1:]

    def whole(self, x):
        """The last dimension of `x`, put together from all devices."""
        return x if self.axis is None else jax.lax.all_gather(x, self.axis, axis=x.ndim - 1, tiled=True)


ALONE = Devices()


@dataclass(frozen=True)
class Plan:
    """A mesh of one axis, and by which of JAX's ways a step is written for it."""

    axis: str
    size: int
    way: str
    own_neurons: bool = False

    def mesh(self):
        """The mesh; JAX must have that many devices."""
        if len(jax.devices()) < self.size:
            raise ZooError(f"a mesh of {self.size} needs as many devices, JAX has {len(jax.devices())}")
        auto = (jax.sharding.AxisType.Auto,)
        return jax.make_mesh((self.size,), (self.axis,), auto, devices=jax.devices()[: self.size])

    def sharded_heads(self, config):
        """Whether query heads can be dealt out."""
        return config.heads % self.size == 0 and (config.kv_heads == 1 or self.sharded_keys(config))

    def sharded_keys(self, config):
        """Whether key heads can."""
        return config.kv_heads % self.size == 0

    def devices(self, config):
        """What the program of one device meets the others by."""
        return Devices(self.axis, self.sharded_heads(config), self.own_neurons)

    def param_specs(self, config, shapes):
        """How the parameters are cut, nested as `shapes`."""
        if self.own_neurons and (self.way != "shard_map" or config.d_ff_kept is None):
            raise ZooError("devices select among their own neurons by shard_map, in models that keep a top-k")
        for name, count in (("vocabulary", config.vocabulary), ("d_ff", config.d_ff)):
            if count % self.size:
                raise ZooError(f"{name} {count} does not divide over {self.size} devices")
        rows, columns, copied = (
            PartitionSpec(self.axis, None),
            PartitionSpec(None, self.axis),
            PartitionSpec(),
        )
        queries = rows if self.sharded_heads(config) else copied
        keys = rows if self.sharded_keys(config) else copied
        cut = {
            "embedding": rows,
            "wg": rows,
            "w1": rows,
            "w2": columns,
            "wq": queries,
            "wk": keys,
            "wv": keys,
            "wo": columns if self.sharded_heads(config) else copied,
        }

        def spec(path, _):
            names = [part.key for part in path if isinstance(part, jax.tree_util.DictKey)]
            return cut.get(names[-1], copied)

        return jax.tree_util.tree_map_with_path(spec, shapes, is_leaf=lambda x: isinstance(x, tuple))

    def cache_spec(self, config, batch):
        """How each buffer of the cache is cut: by key heads, where they are dealt out."""
        if self.sharded_keys(config) and batch != 1:
            raise ZooError("key heads are dealt out for batch 1 only: a cache's lines go by batch row first")
        return PartitionSpec(self.axis) if self.sharded_keys(config) else PartitionSpec()


WAYS = ("jit", "shard_map")


def parse(mesh, way, own_neurons=False):
    """Reads `x=4` as given on the command line."""
    axis, equals, size = mesh.partition("=")
    if not (axis.isidentifier() and equals and size.isdecimal() and int(size) > 0):
        raise ZooError(f"unknown mesh `{mesh}`: give one axis with its size, such as x=4")
    if way not in WAYS:
        raise ZooError(f"unknown way `{way}`: choose from {', '.join(WAYS)}")
    return Plan(axis, int(size), way, own_neurons)
