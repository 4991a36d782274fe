"""The benchmark of selections over several devices, on answers made up here."""

import json
from pathlib import Path

import pytest

from benchmarks import da_topk
from benchmarks.results import BrokenResultError, table


def write(folder: Path, name: str, content: dict) -> None:
    """Write one answer."""
    (folder / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")


def fill(folder: Path) -> None:
    """Write all answers."""
    row = {"platform": "cpu", "form": "jit", "collective_bytes": 10, "dense_collective_bytes": 5120}
    write(folder, "softmax", {"softmax": [row]})
    for name, time in (("hire", 100.0), ("dense-jit", 300.0), ("dense-shard_map", 150.0)):
        write(folder, name, {"step_estimate_us": time, "collective_bytes": 7.0})


def test_the_best_dense_step_counts(tmp_path: Path) -> None:
    """The speed-up is over the faster of the dense programs, and the answer is a table of the page."""
    fill(tmp_path)
    made = da_topk.answer(tmp_path)
    assert made["v5e_2x2_speedup"] == 1.5
    assert (made["collective_bytes"], made["dense_collective_bytes"]) == (10, 5120)
    write(tmp_path, "out", made)
    assert table(tmp_path / "out.json").rows[0][-1] == "512"


def test_a_missing_number_is_named(tmp_path: Path) -> None:
    """With the folder that it is missing in."""
    fill(tmp_path)
    write(tmp_path, "hire", {})
    with pytest.raises(BrokenResultError, match="step_estimate_us"):
        da_topk.answer(tmp_path)
