"""`python -m benchmarks TARGET PAGE`: collects what the benchmarks left under TARGET and writes PAGE."""

import argparse
from pathlib import Path

from benchmarks.machine import describe
from benchmarks.page import render
from benchmarks.results import BrokenResultError, collect


def main() -> None:
    """Write the page, or say which result cannot be read."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("target", type=Path, help="the build directory with criterion/ and bench/")
    parser.add_argument("page", type=Path, help="the Markdown file to write")
    arguments = parser.parse_args()
    try:
        page = render(collect(arguments.target), describe())
    except BrokenResultError as error:
        raise SystemExit(f"error: {error}") from error
    unfinished = arguments.page.with_suffix(".tmp")
    unfinished.write_text(page, encoding="utf-8")
    unfinished.replace(arguments.page)


if __name__ == "__main__":
    main()
