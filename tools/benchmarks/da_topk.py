"""The benchmark of selections over several devices: what crosses between devices, and the step estimate.

`python -m benchmarks.da_topk FOLDER OUT` makes the table OUT of FOLDER/softmax.json, which the Rust benchmark
`da_topk` writes, and of FOLDER/{hire,dense-jit,dense-shard_map}.json, which `hire inspect --json` prints of
Gemma 3 1B's steps for v5e:2x2.
"""

import argparse
import json
from pathlib import Path

from benchmarks.page import grid
from benchmarks.results import Table, load, naming

DENSE = ("dense-jit", "dense-shard_map")

NOTES = [
    "Bytes are those that a device receives in a step, from XLA's optimized programs for 4 devices.",
    "The step is Gemma 3 1B's shapes with a feed-forward layer that keeps 5% of its neurons; bf16, batch 1, "
    "KV 1024, over v5e:2x2. Both sides exchange the softmax layer's top-k by DA-TOP-k; ours selects "
    "neurons and logits on each device. Estimates by the rule of docs/tpu.md, links included; nothing ran.",
]


def answer(folder: Path) -> dict:
    """Return the measured numbers, and the table of them."""
    softmax = load(folder / "softmax.json")
    steps = {name: load(folder / f"{name}.json") for name in ("hire", *DENSE)}
    with naming(folder):
        rows = [
            [
                f"softmax, {row['platform']}",
                f"dense by {row['form']}",
                f"{row['dense_collective_bytes']:,} B",
                f"{row['collective_bytes']:,} B",
                f"{row['dense_collective_bytes'] / row['collective_bytes']:.0f}",
            ]
            for row in softmax["softmax"]
        ]
        times = {name: step["step_estimate_us"] for name, step in steps.items()}
        best = min(DENSE, key=times.get)
        speedup = times[best] / times["hire"]
        step = [
            "Gemma 3 1B step",
            best,
            f"{times[best]:,.0f} us",
            f"{times['hire']:,.0f} us",
            f"{speedup:.2f}",
        ]
        first = softmax["softmax"][0]
        return {
            "title": "Selections over 4 devices",
            "columns": ["what", "dense", "dense takes", "ours takes", "ratio"],
            "rows": [*rows, step],
            "notes": NOTES,
            "collective_bytes": first["collective_bytes"],
            "dense_collective_bytes": first["dense_collective_bytes"],
            "v5e_2x2_speedup": speedup,
            "v5e_2x2_us": times,
            "v5e_2x2_collective_bytes": {name: step["collective_bytes"] for name, step in steps.items()},
            "softmax": softmax["softmax"],
        }


def main() -> None:
    """Write the file and print the table."""
    parser = argparse.ArgumentParser(prog="benchmarks.da_topk", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("output", type=Path)
    arguments = parser.parse_args()
    made = answer(arguments.folder)
    arguments.output.write_text(json.dumps(made, indent=2) + "\n", encoding="utf-8")
    print(grid(Table(made["title"], made["columns"], made["rows"], made["notes"])))


if __name__ == "__main__":
    main()
