"""The files that benchmarks leave, and what is read from them.

`criterion/GROUP/NAME/new/{benchmark,estimates}.json` is criterion's; `bench/decode/NAME.json` is what
`hire bench --json` prints; `bench/NAME.json` with the key `columns` is a table that a benchmark has made.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


class BrokenResultError(Exception):
    """A result file that is not what the benchmark that names it writes."""


@dataclass(frozen=True)
class Timing:
    """One criterion benchmark: the median of an iteration, and the bytes it goes through where it says."""

    name: str
    seconds: float
    size: int | None


@dataclass(frozen=True)
class Decode:
    """One artifact against its dense form in the same run, both as `hire bench --json` describes a run."""

    name: str
    first: dict
    second: dict
    speedup: float
    read_gb_per_s: float
    threads: int


@dataclass(frozen=True)
class Table:
    """A table that a benchmark has laid out itself."""

    title: str
    columns: list[str]
    rows: list[list[str]]
    notes: list[str]


@dataclass(frozen=True)
class Results:
    """Everything found, each list in the order of names."""

    timings: list[Timing]
    decodes: list[Decode]
    tables: list[Table]


def collect(target: Path) -> Results:
    """Read all results under `target`; folders that are missing give no results."""
    return Results(
        timings=[timing(path) for path in sorted(target.glob("criterion/*/*/new/benchmark.json"))],
        decodes=[decode(path) for path in sorted(target.glob("bench/decode/*.json"))],
        tables=[table(path) for path in sorted(target.glob("bench/*.json")) if "columns" in load(path)],
    )


def timing(path: Path) -> Timing:
    """Read one criterion benchmark, given its benchmark.json."""
    about = load(path)
    estimates = load(path.with_name("estimates.json"))
    with naming(path):
        throughput = about["throughput"] or {}
        return Timing(about["full_id"], estimates["median"]["point_estimate"] / 1e9, throughput.get("Bytes"))


def decode(path: Path) -> Decode:
    """Read what `hire bench A --vs B --json` printed."""
    answer = load(path)
    with naming(path):
        first, second = answer["runs"]
        return Decode(
            path.stem,
            first,
            second,
            answer["speedup"],
            answer["read_bandwidth_gb_per_s"],
            answer["threads"],
        )


def table(path: Path) -> Table:
    """Read a table: `title`, `columns`, `rows` of as many cells, and `notes` where there are any."""
    found = load(path)
    with naming(path):
        rows = [[str(cell) for cell in row] for row in found["rows"]]
        if any(len(row) != len(found["columns"]) for row in rows):
            raise BrokenResultError(f"{path}: a row does not have {len(found['columns'])} cells")
        return Table(found["title"], found["columns"], rows, found.get("notes", []))


def load(path: Path) -> dict:
    """Parse a JSON file that holds an object."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BrokenResultError(f"{path}: {error}. Remove it and run ./x bench again") from error
    if not isinstance(content, dict):
        raise BrokenResultError(f"{path}: not a JSON object. Remove it and run ./x bench again")
    return content


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Report a key that is missing with the file it is missing in."""
    try:
        yield
    except (KeyError, TypeError, ValueError) as error:
        message = f"{path}: unexpected content ({error!r}). Remove it and run ./x bench again"
        raise BrokenResultError(message) from error
