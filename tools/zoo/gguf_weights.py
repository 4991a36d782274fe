"""Reads GGUF files: metadata by key, tensors by name, dequantized to float32."""

from pathlib import Path

import numpy as np
from gguf import GGUFReader, dequantize

from zoo.errors import ZooError


class Gguf:
    """An open GGUF file."""

    def __init__(self, path):
        self.path = Path(path)
        try:
            self.reader = GGUFReader(self.path)
        except (OSError, ValueError) as error:
            raise ZooError(f"{self.path} is not a readable GGUF file: {error}") from error
        self.values = {}
        self.tensors = {tensor.name: tensor for tensor in self.reader.tensors}

    def metadata(self, key, default=None):
        """The value under `key`; an error if it is absent and no default is given.

        Numbers are stored as float32; they are returned as the shortest decimal that means the same.
        """
        if key in self.values:
            return self.values[key]
        field = self.reader.fields.get(key)
        if field is not None:
            value = field.contents()
            self.values[key] = float(str(np.float32(value))) if isinstance(value, float) else value
            return self.values[key]
        if default is None:
            raise ZooError(f"{self.path} has no metadata `{key}`")
        return default

    def has_tensor(self, name):
        """Whether the file holds `name.weight`."""
        return f"{name}.weight" in self.tensors

    def tensor(self, name):
        """`name.weight` as float32, matrices `[out, in]`."""
        tensor = self.tensors.get(f"{name}.weight")
        if tensor is None:
            raise ZooError(f"{self.path} has no tensor `{name}.weight`")
        return np.ascontiguousarray(dequantize(tensor.data, tensor.tensor_type), dtype=np.float32)
