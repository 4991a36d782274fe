"""English text to learn from, out of packages of Debian: manuals, and a dictionary of hackers' slang.

| package | what of it | licence of the text |
|---|---|---|
| `postgresql-doc-15` | paragraphs of the manual, without the release notes | PostgreSQL |
| `perl-doc` | paragraphs of the English manual pages, without lists of changes | GPL or Artistic |
| `jargon-text` | the Jargon File 4.4.7 | public domain |

Only prose is kept: no code, tables or headings. Packages are fetched by `apt-get download`, which needs no
root, and unpacked by `dpkg-deb`; neither installs anything.
"""

import gzip
import html.parser
import re
import subprocess
from pathlib import Path

from zoo.errors import ZooError

PACKAGES = ("postgresql-doc-15", "perl-doc", "jargon-text")
# Shorter paragraphs are labels more often than sentences.
SHORTEST = 40
# Every so many documents of a package one is held out.
HELD_OUT_EVERY = 40
# Packages whose text may be shipped under terms that only ask for a notice.
SHIPPED = ("postgresql-doc-15", "jargon-text")


def documents(folder):
    """`{package: [text of a document]}` in a fixed order; packages are fetched into `folder`."""
    readers = {"postgresql-doc-15": postgresql, "perl-doc": perl, "jargon-text": jargon}
    texts = {}
    for package in PACKAGES:
        found = [text for text in readers[package](unpacked(package, folder)) if len(text) >= 400]
        if not found:
            raise ZooError(f"the package {package} holds no text where this version of the zoo looks for it")
        texts[package] = found
    return texts


def split(texts):
    """Documents to learn from, and those held out that may be shipped."""
    learn, held_out = [], []
    for package, found in texts.items():
        for index, text in enumerate(found):
            if index % HELD_OUT_EVERY != HELD_OUT_EVERY - 1:
                learn.append(text)
            elif package in SHIPPED:
                held_out.append(text)
    return learn, held_out


def unpacked(package, folder):
    """The folder that a package's files are in."""
    target = folder / package
    if target.is_dir():
        return target
    folder.mkdir(parents=True, exist_ok=True)
    if not list(folder.glob(f"{package}_*.deb")):
        run(
            ["apt-get", "download", package],
            folder,
            "run `apt-get update` first, or put the .deb there by hand",
        )
    (archive,) = folder.glob(f"{package}_*.deb")
    partial = folder / f".{package}.partial"
    run(["dpkg-deb", "-x", archive.name, partial.name], folder, f"remove {archive} and try again")
    partial.rename(target)
    return target


def run(command, folder, remedy):
    """Runs a command in a folder; its failure is told with a remedy."""
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    except OSError as error:
        raise ZooError(
            f"cannot run {command[0]}: {error}; the corpus comes from packages of Debian"
        ) from error
    if done.returncode != 0:
        raise ZooError(f"`{' '.join(command)}` in {folder} failed: {done.stderr.strip()}\nnote: {remedy}")


def postgresql(folder):
    """The pages of the manual."""
    for path in sorted(folder.rglob("html/*.html")):
        if not path.name.startswith(("release", "bookindex", "sql-keywords")):
            reader = Paragraphs()
            reader.feed(path.read_text("utf-8"))
            yield joined(reader.paragraphs)


class Paragraphs(html.parser.HTMLParser):
    """The text of `<p>` elements, each one line."""

    def __init__(self):
        super().__init__()
        self.paragraphs, self.open = [], False

    def handle_starttag(self, tag, attrs):
        """Begins a paragraph, or ends what is none."""
        if tag == "p":
            self.paragraphs.append("")
            self.open = True
        elif tag in ("pre", "table", "div"):
            self.open = False

    def handle_endtag(self, tag):
        """Ends a paragraph."""
        if tag == "p":
            self.open = False

    def handle_data(self, data):
        """Takes text inside of a paragraph."""
        if self.open:
            self.paragraphs[-1] += data


def perl(folder):
    """The manual pages."""
    foreign, changes = ("perlcn", "perljp", "perlko", "perltw"), re.compile(r"perl\d+delta|perltoc|perlhist")
    for path in sorted(folder.rglob("*.pod")):
        if not path.stem.startswith(foreign) and not changes.match(path.stem):
            text = path.read_text("utf-8", errors="replace")
            paragraphs = (p for p in re.split(r"\n\s*\n", text) if not p.startswith((" ", "\t", "=")))
            yield joined(plain_pod(p) for p in paragraphs)


ESCAPES = {"lt": "<", "gt": ">", "verbar": "|", "sol": "/"}


def plain_pod(text):
    """A paragraph without formatting codes, the innermost first: `B<a C<b>>` is `a b`."""
    text = re.sub(r"E<(\w+)>", lambda found: ESCAPES.get(found[1], ""), text.replace("E<gt>", "\x01"))
    text = re.sub(r"[XZ]<[^<>]*>", "", text)
    text = re.sub(r"[BCFILS]<<+\s(.*?)\s>>+", r"\1", text, flags=re.DOTALL)
    while (shorter := re.sub(r"[BCFILS]<([^<>]*)>", link, text)) != text:
        text = shorter
    return text.replace("\x01", ">")


def link(found):
    """What a code shows; links show their text, or where they lead."""
    return found[1].partition("|")[0] if found[0].startswith("L") else found[1]


def jargon(folder):
    """The entries of the Jargon File, in pieces of forty paragraphs."""
    text = gzip.decompress(next(folder.rglob("jargon.txt.gz")).read_bytes()).decode("utf-8")
    paragraphs = [p for p in re.split(r"\n\s*\n", text) if not re.search("[│─┌└├]|--{3,}", p)]
    for start in range(0, len(paragraphs), 40):
        yield joined(p.replace("{", "").replace("}", "") for p in paragraphs[start : start + 40])


def joined(paragraphs):
    """Paragraphs as lines, without those that are too short or are not prose."""
    lines = (" ".join(paragraph.split()) for paragraph in paragraphs)
    return "\n\n".join(line for line in lines if len(line) >= SHORTEST and is_prose(line))


def is_prose(line):
    """Whether most of a line is letters and spaces."""
    return sum(c.isalpha() or c == " " for c in line) > 0.85 * len(line)


def default_folder(repository):
    """Where packages are kept."""
    return Path(repository) / "target" / "zoo" / "corpus"
