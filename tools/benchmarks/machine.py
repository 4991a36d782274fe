"""What the measurements were taken on."""

import os
from pathlib import Path


def describe() -> str:
    """Return the processor's name, the number of usable cores, and the memory, in one line."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{processor()}, {len(os.sched_getaffinity(0))} cores, {memory:.0f} GiB of memory"


def processor() -> str:
    """Return the first `model name` of /proc/cpuinfo, or a word for its absence."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return "unknown processor"
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, "unknown processor")
