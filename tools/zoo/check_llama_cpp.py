"""Compares the JAX steps and the tokenizers with llama.cpp, on the same weights as float32.

    pip install llama-cpp-python==0.3.36      # builds from source: a C++ compiler and some minutes
    PYTHONPATH=tools python tools/zoo/check_llama_cpp.py gemma3-270m smollm2-135m

The shipped file is rewritten with every tensor dequantized, because llama.cpp quantizes activations too
where weights are quantized. Every position of the sample texts is predicted by both from the true
prefix (teacher-forced). Ends with exit code 1 if fewer than 99% of the tokens agree or a text is split
into different tokens. The time of a JAX step is printed beside; docs/zoo.md has the figures.
"""

import argparse
import sys
import time
from pathlib import Path

import gguf
import jax
import jax.numpy as jnp
import llama_cpp
import numpy as np
from tokenizers import Tokenizer

from zoo import export, heads, models, vocabulary
from zoo.__main__ import DOWNLOADS
from zoo.origins import open_gguf

TEXTS = (Path(__file__).parent / "sample_texts.txt").read_text("utf-8").split("-----\n")
LEAST_AGREEMENT = 0.99


def float_file(source):
    """The path of a copy of the GGUF file whose tensors are all float32."""
    path = source.path.with_suffix(".f32.gguf")
    if path.exists():
        return path
    partial = path.with_suffix(".partial")
    writer = gguf.GGUFWriter(partial, source.metadata("general.architecture"))
    skipped = ("GGUF.", "general.architecture", "general.file_type", "general.quantization_version")
    for field in source.reader.fields.values():
        if not field.name.startswith(skipped):
            nested = field.types[-1] if len(field.types) > 1 else None
            writer.add_key_value(field.name, field.contents(), field.types[0], sub_type=nested)
    for name in source.tensors:
        writer.add_tensor(name, source.tensor(name.removesuffix(".weight")))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    partial.replace(path)
    return path


def their_best(llama, tokens):
    """llama.cpp's best next token after each prefix of `tokens`."""
    llama.reset()
    llama.eval(tokens)
    return np.argmax(llama.scores[: len(tokens)], axis=-1)


def our_best(step, params, tokens):
    """The JAX step's best next token after each prefix, and the median milliseconds of a step."""
    run, cache = step.jitted(), step.empty_cache()
    best, times = [], []
    for position, token in enumerate(tokens):
        index = jnp.array([token], jnp.int32), jnp.array([position], jnp.int32)
        start = time.perf_counter()
        result, cache = run(params, cache, *index)
        best.append(int(result[0]))
        times.append(time.perf_counter() - start)
    return np.array(best), 1e3 * float(np.median(times))


def compare_tokens(tokenizer, llama):
    """Splits each text with both tokenizers; returns those that differ."""
    return [
        text
        for text in TEXTS
        if tokenizer.encode(text).ids != llama.tokenize(text.encode(), add_bos=False)
        or tokenizer.decode(tokenizer.encode(text).ids) != text
    ]


def check(name, dtype):
    """Compares one model, prints the figures, returns whether it passed."""
    model = models.find(name)
    source = open_gguf(model.weights.source, DOWNLOADS)
    tokenizer = Tokenizer.from_str(vocabulary.tokenizer_json(source))
    llama = llama_cpp.Llama(str(float_file(source)), n_ctx=2048, n_batch=2048, logits_all=True, verbose=False)
    different = compare_tokens(tokenizer, llama)
    for text in different:
        print(f"{name}: tokens differ: {text[:60]!r}")
    step = export.Step(model.architecture, model.config, heads.Head("argmax"), dtype, 1024, 1)
    params = model.weights.params(name, model.architecture, model.config, DOWNLOADS)
    params = jax.tree.map(jnp.asarray, export.cast(params, dtype))
    agreed, total, times = 0, 0, []
    special = vocabulary.special_tokens(source)
    for text in TEXTS:
        start = [special["bos_token_id"]] if special["add_bos"] else []
        tokens = start + tokenizer.encode(text).ids
        ours, milliseconds = our_best(step, params, tokens)
        agreed += int(np.sum(ours == their_best(llama, tokens)))
        total += len(tokens)
        times.append(milliseconds)
    print(
        f"{name} {dtype}: {agreed} of {total} tokens agree ({agreed / total:.2%}); "
        f"{len(TEXTS) - len(different)} of {len(TEXTS)} texts split alike; "
        f"{np.median(times):.1f} ms a step in JAX",
        flush=True,
    )
    return not different and agreed >= LEAST_AGREEMENT * total


def main():
    """Checks the models named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("models", nargs="+", metavar="MODEL")
    parser.add_argument("--dtype", default="f32", choices=export.DTYPES)
    options = parser.parse_args()
    passed = [check(name, options.dtype) for name in options.models]
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
