"""The TPU benchmark: plans for one kind of site alone, and the table of step estimates.

`python -m benchmarks.tpu plans HIRE FOLDER` writes FOLDER/{softmax,ffn}.plan.json, the parts of what the
artifact HIRE was compiled with; `python -m benchmarks.tpu table FOLDER OUT` makes the table OUT of what
`hire inspect NAME --vs dense --json` left in FOLDER/NAME.json.
"""

import argparse
import json
from pathlib import Path

from benchmarks.page import grid
from benchmarks.results import Table, load, naming

ROWS = {
    "hire": ("softmax and top-k FFN", 1.8),
    "softmax": ("softmax alone", 1.3),
    "ffn": ("top-k FFN alone", 1.3),
}

NOTES = [
    "Gemma 3 1B's shapes with a feed-forward layer that keeps the best 5% of its neurons; bf16, batch 1, "
    "KV 1024. k'/k = 1.5, groups of 8. Estimates by the rule of docs/tpu.md from libtpu's own schedule for "
    "v5e:1x1; nothing ran. `dense` is the best dense form that is compiled: products padded to the matrix "
    "unit, the softmax matrix in 16 parts. docs/tpu.md tells of a better one made by hand.",
    "In brackets: were the fixed cost of asynchronous copies paid side by side, not one after the other.",
]


def is_head(name: str) -> bool:
    """Whether a site is a softmax layer."""
    return name.split("/")[0] == "head"


def plans(artifact: Path, folder: Path) -> None:
    """Write the plans of one kind of site alone."""
    manifest = load(artifact / "manifest.json")
    with naming(artifact / "manifest.json"):
        sites = {
            site["name"]: {key: site[key] for key in ("predictor", "k_prime", "group")}
            for site in manifest["sites"]
        }
    for name, wanted in (("softmax", True), ("ffn", False)):
        chosen = {site: plan for site, plan in sites.items() if is_head(site) == wanted}
        text = json.dumps({"version": 1, "sites": chosen}, indent=2)
        (folder / f"{name}.plan.json").write_text(text + "\n", encoding="utf-8")


def row(name: str, answer: dict) -> list[str]:
    """Return a row of the table from an answer of `hire inspect --vs`."""
    title, target = ROWS[name]
    other = answer["versus"]
    return [
        title,
        f"{answer['step_estimate_us']:,.0f} ({answer['copies_side_by_side_us']:,.0f})",
        f"{other['step_estimate_us']:,.0f} ({other['copies_side_by_side_us']:,.0f})",
        f"{other['ratio']:.2f} ({other['copies_side_by_side_ratio']:.2f})",
        f"{target:.1f}",
        f"{answer['hbm_bytes'] / 1e6:,.0f}",
        f"{other['hbm_bytes'] / 1e6:,.0f}",
        f"{answer['peak_bytes'] / 1e6:,.0f}",
    ]


def table(folder: Path) -> Table:
    """Return the table of the answers in a folder."""
    columns = ["rewritten", "us a step", "dense", "dense over HiRE", "at least", "HBM MB", "dense", "peak MB"]
    rows = []
    for name in ROWS:
        path = folder / f"{name}.json"
        answer = load(path)
        with naming(path):
            rows.append(row(name, answer))
    return Table("Step estimate on a TPU v5e, by libtpu's schedule", columns, rows, NOTES)


def main() -> None:
    """Run one of the two."""
    parser = argparse.ArgumentParser(prog="benchmarks.tpu", description=__doc__)
    parser.add_argument("what", choices=("plans", "table"))
    parser.add_argument("source", type=Path)
    parser.add_argument("output", type=Path)
    arguments = parser.parse_args()
    if arguments.what == "plans":
        plans(arguments.source, arguments.output)
        return
    made = table(arguments.source)
    content = {"title": made.title, "columns": made.columns, "rows": made.rows, "notes": made.notes}
    arguments.output.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    print(grid(made))


if __name__ == "__main__":
    main()
