"""Training curves: kept as JSON beside the weights, drawn as one SVG with a table for docs/training.md."""

import argparse
import json
from pathlib import Path

from zoo import export
from zoo.train import recipes

WIDTH, HEIGHT, MARGIN = 720, 400, 56
COLOURS = {"topk": "#c0392b", "relu": "#2c6fbb", "fire": "#2e8b57"}


def write(recipe, curve, path):
    """Keeps a curve: what was trained, and a point every so many steps."""
    values = {"recipe": recipe.name, "does": recipe.does, "points": curve}
    export.replace(path, lambda partial: partial.write_text(json.dumps(values, indent=1) + "\n", "utf-8"))


def read(folder):
    """The curves that are there, in the order of the recipes."""
    paths = [folder / recipe.name / "curve.json" for recipe in recipes.RECIPES]
    return [json.loads(path.read_text("utf-8")) for path in paths if path.is_file()]


def table(curves):
    """A table in Markdown: held-out loss by the number of tokens seen."""
    tokens = sorted({point["tokens"] for curve in curves for point in curve["points"]})
    tokens = [count for index, count in enumerate(tokens) if index % 2 == 1 or count == tokens[-1]]
    names = [curve["recipe"] for curve in curves]
    lines = ["| tokens, thousands | " + " | ".join(f"`{name}`" for name in names) + " |"]
    lines.append("|---" * (len(names) + 1) + "|")
    for count in tokens:
        losses = [next((p["held_out"] for p in c["points"] if p["tokens"] == count), None) for c in curves]
        cells = ["" if loss is None else f"{loss:.3f}" for loss in losses]
        lines.append(f"| {count / 1000:.0f} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def drawing(curves):
    """An SVG of the held-out loss (lines) and the loss of the training batches (dots) by tokens."""
    points = [point for curve in curves for point in curve["points"]]
    most = max(point["tokens"] for point in points)
    losses = [point[key] for point in points for key in ("loss", "held_out")]
    low, high = int(min(losses) * 2) / 2, int(max(losses) * 2 + 1) / 2

    def x(tokens):
        return MARGIN + (WIDTH - 2 * MARGIN) * tokens / most

    def y(loss):
        return HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * (loss - low) / (high - low)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif"'
        ' font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
    ]
    for step in range(int((high - low) * 2) + 1):
        loss = low + step / 2
        parts.append(
            f'<path d="M{MARGIN} {y(loss):.1f}H{WIDTH - MARGIN}" stroke="#ddd"/>'
            f'<text x="{MARGIN - 8}" y="{y(loss) + 4:.1f}" text-anchor="end">{loss:.1f}</text>'
        )
    for part in range(5):
        tokens = most * part / 4
        parts.append(
            f'<text x="{x(tokens):.1f}" y="{HEIGHT - MARGIN + 18}" text-anchor="middle">'
            f"{tokens / 1e6:.1f} M</text>"
        )
    for index, curve in enumerate(curves):
        colour = COLOURS[curve["recipe"]]
        line = " ".join(f"{x(p['tokens']):.1f},{y(p['held_out']):.1f}" for p in curve["points"])
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.extend(
            f'<circle cx="{x(p["tokens"]):.1f}" cy="{y(p["loss"]):.1f}" r="2" fill="{colour}"/>'
            for p in curve["points"]
        )
        parts.append(
            f'<text x="{WIDTH - MARGIN - 60}" y="{MARGIN + 18 * index}" fill="{colour}">'
            f"{curve['recipe']}</text>"
        )
    parts.append(
        f'<text x="{MARGIN}" y="{MARGIN - 24}">loss in nats a token; line: held out, dots: batches</text>'
    )
    parts.append(f'<text x="{WIDTH / 2}" y="{HEIGHT - 14}" text-anchor="middle">tokens seen</text></svg>')
    return "\n".join(parts) + "\n"


def main():
    """Draws the curves beside the weights: `python -m zoo.train.curves DIR SVG`."""
    parser = argparse.ArgumentParser(prog="python -m zoo.train.curves", description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("drawing", type=Path, metavar="SVG")
    options = parser.parse_args()
    curves = read(options.folder)
    export.replace(options.drawing, lambda partial: partial.write_text(drawing(curves), "utf-8"))
    print(table(curves))


if __name__ == "__main__":
    main()
