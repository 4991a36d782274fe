"""The model that the repository ships: it speaks, its files agree, and they are what the code exports."""

import re

import jax.numpy as jnp
import ml_dtypes
import numpy as np
from jax._src.interpreters import mlir
from jax._src.lib.mlir import ir
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from zoo import export, gemma3, models, tiny, training

FOLDER = models.REPOSITORY / "testdata" / "tiny"
TEXT = "This function returns a new list that contains all the items of the sequence, in the same order."


def test_it_has_learned_english():
    """Its loss on a plain sentence is far below that of guessing, ln 4096 = 8.3 nats a token."""
    tokenizer = Tokenizer.from_file(str(FOLDER / "tokenizer.json"))
    params = models.TINY.weights.params("tiny", gemma3, tiny.CONFIG, None)
    ids = [tokenizer.token_to_id(tiny.BOS), *tokenizer.encode(TEXT).ids]
    assert tokenizer.decode(ids) == TEXT
    assert float(training.loss(gemma3, tiny.CONFIG, params, jnp.array([ids]))) < 5.0


def test_both_weights_files_hold_the_same():
    """The bf16 file is the f32 file, rounded."""
    exact, rounded = (
        load_file(FOLDER / name) for name in ("weights.safetensors", "weights-bf16.safetensors")
    )
    assert exact.keys() == rounded.keys()
    for name, tensor in exact.items():
        np.testing.assert_array_equal(tensor.astype(ml_dtypes.bfloat16), rounded[name])


def test_modules_are_current():
    """The shipped modules are what the code exports; else: python -m zoo.tiny --modules -o testdata/tiny."""
    steps = {"model": tiny.tiny_step("argmax", "f32", 1), **dict(tiny.variants())}
    shipped = {path.stem for path in FOLDER.glob("*.mlir")}
    assert shipped == set(steps)
    for name, step in steps.items():
        text = (FOLDER / f"{name}.mlir").read_text()
        assert plain(text) == plain(export.module_text(step.lower())), name


def plain(text):
    """A module's text without locations, which hold line numbers."""
    with mlir.make_ir_context():
        return ir.Module.parse(text).operation.get_asm(enable_debug_info=False)


def test_it_is_small():
    """All of it stays below 3 MB, and names nothing of the machine it was made on."""
    files = [path for path in FOLDER.iterdir() if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 3e6
    for path in FOLDER.glob("*.mlir"):
        assert all(file.startswith("zoo/") for file in re.findall(r'"([^"]*\.py)"', path.read_text()))
