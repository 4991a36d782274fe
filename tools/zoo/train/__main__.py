"""The command line: `python -m zoo.train [RECIPE…] -o testdata/trained`."""

import argparse
import functools
import os
import sys
from pathlib import Path

# One thread: training shares the machine, and sums come out the same on any number of cores.
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false")

import jax
import numpy as np
from tokenizers import Tokenizer

from zoo import export, heads, models, sparse, tiny
from zoo.errors import ZooError
from zoo.train import corpus, curves, loop, recipes

# The recipes whose decode step is shipped, and the positions of its cache.
SHIPPED = ("topk",)
SHIPPED_CACHE = 64


def arguments():
    """The parser."""
    parser = argparse.ArgumentParser(prog="python -m zoo.train", description="Trains the small models.")
    names = ", ".join(recipe.name for recipe in recipes.RECIPES)
    parser.add_argument("recipes", nargs="*", metavar="RECIPE", help=f"{names} (default all)")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="DIR")
    work = models.REPOSITORY / "target" / "zoo"
    parser.add_argument("--work", type=Path, default=work, metavar="DIR", help="for packages and states")
    return parser


def texts(options):
    """The tokenizer (made when missing), and as tokens what to learn from and what is held out."""
    learn, held_out = corpus.split(corpus.documents(options.work / "corpus"))
    path = options.output / "tokenizer.json"
    if path.is_file():
        tokenizer = Tokenizer.from_file(str(path))
    else:
        tokenizer = tiny.train_tokenizer(learn, recipes.VOCABULARY)
        export.replace(path, lambda partial: partial.write_text(tokenizer.to_str(), "utf-8"))
    held_out_text = "\n-----\n".join(held_out) + "\n"
    export.replace(
        options.output / "held_out.txt", lambda partial: partial.write_text(held_out_text, "utf-8")
    )
    return tokenizer, tiny.token_stream(tokenizer, learn), tiny.token_stream(tokenizer, held_out)


def chosen(names):
    """The recipes of these names, or all."""
    known = {recipe.name: recipe for recipe in recipes.RECIPES}
    if unknown := [name for name in names if name not in known]:
        raise ZooError(f"unknown recipe `{unknown[0]}`: choose from {', '.join(known)}")
    return [known[name] for name in names or known]


def shipped_step(recipe):
    """The decode step that is shipped beside a recipe's weights: all logits, in the weights' type."""
    head = heads.parse("logits", recipe.config.vocabulary)
    return export.Step(sparse, recipe.config, head, "bf16", SHIPPED_CACHE, 1)


def write_module(recipe, folder):
    """Writes the shipped step."""
    artifact = export.portable_artifact(shipped_step(recipe).lower())
    export.replace(folder / "model.mlirbc", lambda path: path.write_bytes(artifact))


def run(options):
    """Trains what was asked for, and writes weights and curves."""
    wanted = chosen(options.recipes)
    options.output.mkdir(parents=True, exist_ok=True)
    report = functools.partial(print, flush=True)
    tokenizer, learn, held_out = texts(options)
    report(f"{len(learn)} tokens to learn from, {len(held_out)} held out")
    for recipe in wanted:
        params, curve = loop.train(recipe, learn, held_out, options.work / "train", report)
        folder = options.output / recipe.name
        folder.mkdir(exist_ok=True)
        params = export.cast(jax.tree.map(np.asarray, params), "bf16")
        export.write_weights(params, folder / "weights.safetensors")
        if recipe.name in SHIPPED:
            write_module(recipe, folder)
        special = {
            "bos_token_id": tokenizer.token_to_id(tiny.BOS),
            "eos_token_ids": [tokenizer.token_to_id(tiny.EOS)],
            "add_bos": True,
        }
        values = export.description(f"trained-{recipe.name}", loop.export_step(recipe, "argmax"), special)
        export.write_description(values, folder / "model.json")
        curves.write(recipe, curve, folder / "curve.json")


def main():
    """Runs the command; an error of the request is one line and exit code 1."""
    options = arguments().parse_args()
    jax.config.update("jax_platforms", "cpu")
    try:
        run(options)
    except (ZooError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
