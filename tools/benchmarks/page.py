"""Results as Markdown."""

from benchmarks.results import Decode, Results, Table, Timing

INTRODUCTION = """\
# Benchmarks

Written by `./x bench`; do not edit. Machine: {machine}. Times are medians; other work on the machine
moves them, so take the ratios: contenders of a ratio took turns in one run, with passes of a plain read
loop between them."""


def render(results: Results, machine: str) -> str:
    """Return the whole page; parts without results are left out."""
    parts = [INTRODUCTION.format(machine=machine)]
    if results.decodes:
        parts.append(section("Decoding one token, batch 1", decoding(results.decodes)))
    parts += [section(table.title, grid(table), *table.notes) for table in results.tables]
    if results.timings:
        parts.append(section("Reading and interpreting modules, one core", timings(results.timings)))
    return "\n\n".join(parts) + "\n"


def section(title: str, *paragraphs: str) -> str:
    """Return a heading and what stands under it."""
    return "\n\n".join([f"## {title}", *paragraphs])


def decoding(decodes: list[Decode]) -> str:
    """Return the table of artifacts against their dense forms."""
    columns = [
        "model",
        "ms a step",
        "dense",
        "times faster",
        "MB a step",
        "dense",
        "read bandwidth, GB/s",
        "share of it",
    ]
    rows = [
        [
            decode.name,
            f"{decode.first['ms_per_step']:.1f}",
            f"{decode.second['ms_per_step']:.1f}",
            f"{decode.speedup:.2f}",
            f"{decode.first['bytes_per_step'] / 1e6:.0f}",
            f"{decode.second['bytes_per_step'] / 1e6:.0f}",
            f"{decode.read_gb_per_s:.0f} ({decode.threads} threads)",
            f"{decode.first['share_of_read_bandwidth']:.2f}",
        ]
        for decode in decodes
    ]
    return grid(Table("", columns, rows, []))


def timings(found: list[Timing]) -> str:
    """Return the table of criterion's medians."""
    rows = [[one.name, duration(one.seconds), rate(one)] for one in found]
    return grid(Table("", ["benchmark", "time", "MB/s"], rows, []))


def rate(one: Timing) -> str:
    """Return the megabytes a second that a benchmark goes through, where it counts bytes."""
    return "" if one.size is None else f"{one.size / one.seconds / 1e6:,.0f}"


def duration(seconds: float) -> str:
    """Return a time in the unit that leaves one to three digits before the point."""
    for unit, scale in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if seconds >= scale:
            return f"{seconds / scale:.3g} {unit}"
    return f"{seconds / 1e-9:.3g} ns"


def grid(table: Table) -> str:
    """Return the columns and rows as a Markdown table; bars in cells are escaped."""
    lines = [table.columns, ["---"] * len(table.columns), *table.rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
