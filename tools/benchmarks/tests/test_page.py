"""The page says what the result files hold, and broken files are named."""

import json
from pathlib import Path

import pytest

from benchmarks.page import duration, render
from benchmarks.results import BrokenResultError, collect


def write(path: Path, content: dict) -> None:
    """Write a result file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")


def fill(target: Path) -> None:
    """Leave one result of each kind."""
    criterion = target / "criterion/parse/ordinary/new"
    write(criterion / "benchmark.json", {"full_id": "parse/ordinary", "throughput": {"Bytes": 3_000_000}})
    write(criterion / "estimates.json", {"median": {"point_estimate": 2e7}})
    run = {"ms_per_step": 22.64, "bytes_per_step": 476_700_000, "share_of_read_bandwidth": 0.62}
    dense = {"ms_per_step": 44.7, "bytes_per_step": 1_072_400_000, "share_of_read_bandwidth": 0.7}
    answer = {"runs": [run, dense], "speedup": 1.94, "read_bandwidth_gb_per_s": 34.2, "threads": 2}
    write(target / "bench/decode/gemma.json", answer)
    write(
        target / "bench/tpu.json",
        {"title": "TPU", "columns": ["a|b", "c"], "rows": [["x", 1]], "notes": ["note"]},
    )


def test_a_page_of_every_kind_of_result(tmp_path):
    """Every figure arrives on the page in its own unit."""
    fill(tmp_path)
    page = render(collect(tmp_path), "a machine")
    assert "Machine: a machine." in page
    assert "| gemma | 22.6 | 44.7 | 1.94 | 477 | 1072 | 34 (2 threads) | 0.62 |" in page
    assert "## TPU\n\n| a\\|b | c |\n| --- | --- |\n| x | 1 |\n\nnote" in page
    assert "| parse/ordinary | 20 ms | 150 |" in page


def test_no_results_leave_the_introduction(tmp_path):
    """A page without results has no empty tables."""
    assert "##" not in render(collect(tmp_path), "a machine")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bench/decode/gemma.json", {"runs": []}),
        ("bench/tpu.json", {"columns": ["a"], "rows": [["b", "c"]], "title": ""}),
    ],
)
def test_a_broken_result_is_named(tmp_path, name, content):
    """Content that a benchmark does not write is an error with the file's name."""
    write(tmp_path / name, content)
    with pytest.raises(BrokenResultError, match=name):
        collect(tmp_path)


def test_a_file_that_is_not_json_is_named(tmp_path):
    """So is one that was cut short."""
    fill(tmp_path)
    (tmp_path / "bench/tpu.json").write_text('{"title"', encoding="utf-8")
    with pytest.raises(BrokenResultError, match=r"tpu\.json"):
        collect(tmp_path)


@pytest.mark.parametrize(
    ("seconds", "text"), [(2.5, "2.5 s"), (0.0321, "32.1 ms"), (44e-6, "44 us"), (7e-9, "7 ns")]
)
def test_durations_read_well(seconds, text):
    """The unit follows the size."""
    assert duration(seconds) == text
