"""The names that JAX gives the arguments of a step, which are the tensor names of the weights file."""

import jax


def is_shape(node):
    """Whether a node of a tree of shapes is a shape: a tuple of sizes."""
    return isinstance(node, tuple)


def named_arrays(params):
    """Flattens parameters, or their shapes, to `{name: leaf}`, such as `params['layers'][0]['w1']`."""
    leaves, _ = jax.tree_util.tree_flatten_with_path(params, is_leaf=is_shape)
    return {"params" + jax.tree_util.keystr(path): leaf for path, leaf in leaves}
