"""Makes the tiny model that the repository ships: `python -m zoo.tiny -o testdata/tiny`.

A two-layer Gemma 3 with a byte-level BPE vocabulary of 4,096, trained for a few minutes on the English
text that Python itself ships: the language reference and the docstrings of the standard library. Seeds
are fixed; another Python version has other text and gives another model of the same shape.
"""

import argparse
import ast
import functools
import pydoc_data.topics
import re
import sysconfig
from pathlib import Path

import jax
import numpy as np
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from zoo import export, gemma3, heads, parallel, training

CONFIG = gemma3.Config(
    vocabulary=4096,
    d_model=64,
    layers=2,
    heads=2,
    kv_heads=1,
    head_size=32,
    d_ff=192,
    window=64,
    global_every=2,
)
CACHE = 256
BOS, EOS = "<|bos|>", "<|eos|>"
SCHEDULE = training.Schedule(steps=1500, batch=12, length=CACHE)


def documents():
    """The texts to learn from, in a fixed order."""
    texts = [text for _, text in sorted(pydoc_data.topics.topics.items())]
    library = Path(sysconfig.get_paths()["stdlib"])
    skipped = {"test", "tests", "idlelib", "lib2to3", "site-packages", "dist-packages"}
    for path in sorted(library.rglob("*.py")):
        if not skipped & set(path.relative_to(library).parts):
            texts.extend(docstrings(path))
    return [clean(text) for text in texts if len(text) > 200]


def docstrings(path):
    """The docstrings of one Python file, top down."""
    try:
        tree = ast.parse(path.read_text("utf-8"))
    except (SyntaxError, UnicodeDecodeError):
        return []
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    found = (ast.get_docstring(node) for node in ast.walk(tree) if isinstance(node, holders))
    return [text for text in found if text]


def clean(text):
    """Drops indentation and rulers, so that the model spends itself on words."""
    lines = (line.strip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line for line in lines if not re.match(r"[=*+-]{3,}", line)))


def train_tokenizer(texts, vocabulary):
    """A byte-level BPE tokenizer of so many tokens, the two special ones first."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=[BOS, EOS],
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def token_stream(tokenizer, texts):
    """All texts, shuffled, as one i32 array: each between its begin and end token."""
    begin, end = tokenizer.token_to_id(BOS), tokenizer.token_to_id(EOS)
    order = np.random.default_rng(0).permutation(len(texts))
    encoded = tokenizer.encode_batch([texts[index] for index in order])
    return np.concatenate([np.array([begin, *one.ids, end], np.int32) for one in encoded])


def variants():
    """The modules that are shipped besides the main one: heads, types, batch sizes and meshes for tests."""
    for head, dtype, batch in (
        ("argmax", "bf16", 1),
        ("topk:40", "f32", 1),
        ("topk:40", "bf16", 1),
        ("logits", "f32", 1),
        ("argmax", "f32", 4),
        ("topk:40", "bf16", 4),
    ):
        step = tiny_step(head, dtype, batch)
        yield f"{head.replace(':', '')}-{dtype}-b{batch}", step
    for head, way in (("argmax", "shard_map"), ("topk:40", "jit")):
        plan = parallel.parse("x=4", way)
        yield f"{head.replace(':', '')}-f32-b1-x4-{way}", tiny_step(head, "f32", 1, plan)


def tiny_step(head, dtype, batch, plan=None):
    """A decode step of the tiny model."""
    return export.Step(gemma3, CONFIG, heads.parse(head, CONFIG.vocabulary), dtype, CACHE, batch, plan)


def write_modules(directory):
    """Writes the main module, argmax in f32 for batch 1, and the text of the further ones."""
    export.write_module(tiny_step("argmax", "f32", 1), directory)
    for name, variant in variants():
        text = export.module_text(variant.lower())
        export.replace(directory / f"{name}.mlir", lambda path, text=text: path.write_text(text))


def write_weights(directory, tokenizer, params):
    """Writes the weights in both types, the tokenizer and the description of the main module."""
    special = {
        "bos_token_id": tokenizer.token_to_id(BOS),
        "eos_token_ids": [tokenizer.token_to_id(EOS)],
        "add_bos": True,
    }
    values = export.description("tiny", tiny_step("argmax", "f32", 1), special)
    export.write_description(values, directory / "model.json")
    export.replace(directory / "tokenizer.json", lambda path: path.write_text(tokenizer.to_str(), "utf-8"))
    export.write_weights(export.cast(params, "f32"), directory / "weights.safetensors")
    export.write_weights(export.cast(params, "bf16"), directory / "weights-bf16.safetensors")


def train():
    """Learns the vocabulary and the weights; returns the tokenizer and the parameters."""
    texts = documents()
    tokenizer = train_tokenizer(texts, CONFIG.vocabulary)
    stream = token_stream(tokenizer, texts)
    print(f"{len(texts)} texts, {len(stream)} tokens")
    start = export.random_params(tiny_step("logits", "f32", 1), seed=0)
    report = functools.partial(print, flush=True)
    return tokenizer, training.train(gemma3, CONFIG, start, stream, SCHEDULE, report)


def main():
    """Trains and writes, or only rewrites the modules."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="DIR")
    parser.add_argument("--modules", action="store_true", help="rewrite the modules, keep the weights")
    options = parser.parse_args()
    jax.config.update("jax_platforms", "cpu")
    jax.config.update("jax_num_cpu_devices", 4)
    options.output.mkdir(parents=True, exist_ok=True)
    if not options.modules:
        write_weights(options.output, *train())
    write_modules(options.output)


if __name__ == "__main__":
    main()
