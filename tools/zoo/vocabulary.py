"""Turns the vocabulary in a GGUF file into a `tokenizer.json` of the Hugging Face `tokenizers` library.

Two kinds occur. `llama`: SentencePiece BPE, where the pair whose union has the best score merges first;
the equivalent list of merges is derived from the scores. `gpt2`: byte-level BPE with its merges given.
The file adds no beginning-of-sequence token by itself: `model.json` says whether a prompt needs one.
"""

import json

from zoo.errors import ZooError

NORMAL, CONTROL, USER_DEFINED = 1, 3, 4
END_OF_TEXT = ("<|endoftext|>", "<|im_end|>", "<end_of_turn>")


def tokenizer_json(gguf):
    """The text of `tokenizer.json` for a GGUF file's vocabulary."""
    kind = gguf.metadata("tokenizer.ggml.model")
    if kind == "llama":
        parts = sentencepiece(gguf)
    elif kind == "gpt2":
        parts = byte_level(gguf)
    else:
        raise ZooError(f"{gguf.path} has a vocabulary of the unknown kind `{kind}`")
    document = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": added_tokens(gguf),
        "post_processor": None,
        **parts,
    }
    return json.dumps(document, ensure_ascii=False)


def special_tokens(gguf):
    """The entries of `model.json` on special tokens: ids that begin and end a text."""
    tokens = gguf.metadata("tokenizer.ggml.tokens")
    ends = {gguf.metadata("tokenizer.ggml.eos_token_id")}
    ends.update(tokens.index(text) for text in END_OF_TEXT if text in tokens)
    return {
        "bos_token_id": gguf.metadata("tokenizer.ggml.bos_token_id"),
        "eos_token_ids": sorted(ends),
        "add_bos": gguf.metadata("tokenizer.ggml.add_bos_token", default=False),
    }


def added_tokens(gguf):
    """Tokens that are found in a text before anything else: control tokens and user-defined ones."""
    texts = gguf.metadata("tokenizer.ggml.tokens")
    kinds = gguf.metadata("tokenizer.ggml.token_type")
    return [
        {
            "id": index,
            "content": text,
            "single_word": False,
            "lstrip": False,
            "rstrip": False,
            "normalized": False,
            "special": kind == CONTROL,
        }
        for index, (text, kind) in enumerate(zip(texts, kinds, strict=True))
        if kind in (CONTROL, USER_DEFINED)
    ]


def sentencepiece(gguf):
    """SentencePiece BPE: spaces become `▁`, characters outside the vocabulary fall back to bytes."""
    tokens = gguf.metadata("tokenizer.ggml.tokens")
    model = {
        "type": "BPE",
        "dropout": None,
        "unk_token": tokens[gguf.metadata("tokenizer.ggml.unknown_token_id")],
        "continuing_subword_prefix": None,
        "end_of_word_suffix": None,
        "fuse_unk": True,
        "byte_fallback": True,
        "ignore_merges": False,
        "vocab": {text: index for index, text in enumerate(tokens)},
        "merges": merges_from_scores(gguf),
    }
    return {
        "normalizer": {"type": "Replace", "pattern": {"String": " "}, "content": "▁"},
        "pre_tokenizer": None,
        "decoder": {
            "type": "Sequence",
            "decoders": [
                {"type": "Replace", "pattern": {"String": "▁"}, "content": " "},
                {"type": "ByteFallback"},
                {"type": "Fuse"},
            ],
        },
        "model": model,
    }


def merges_from_scores(gguf):
    """Every pair of pieces whose union is a piece, best union first; equal unions by the pieces' ids."""
    texts = gguf.metadata("tokenizer.ggml.tokens")
    kinds = gguf.metadata("tokenizer.ggml.token_type")
    scores = gguf.metadata("tokenizer.ggml.scores")
    ids = {text: index for index, text in enumerate(texts) if kinds[index] == NORMAL}
    ranked = [
        (-scores[union], ids[text[:cut]], ids[text[cut:]])
        for text, union in ids.items()
        for cut in range(1, len(text))
        if text[:cut] in ids and text[cut:] in ids
    ]
    return [(texts[left], texts[right]) for _, left, right in sorted(ranked)]


def byte_level(gguf):
    """GPT-2's byte-level BPE, in SmolLM's variant that takes digits one by one."""
    split = gguf.metadata("tokenizer.ggml.pre")
    if split != "smollm":
        raise ZooError(f"{gguf.path} splits words by the unknown rule `{split}`")
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True}
    tokens = gguf.metadata("tokenizer.ggml.tokens")
    return {
        "normalizer": None,
        "pre_tokenizer": {
            "type": "Sequence",
            "pretokenizers": [
                {"type": "Digits", "individual_digits": True},
                {**byte_level, "use_regex": True},
            ],
        },
        "decoder": {**byte_level, "use_regex": True},
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": None,
            "continuing_subword_prefix": None,
            "end_of_word_suffix": None,
            "fuse_unk": False,
            "byte_fallback": False,
            "ignore_merges": False,
            "vocab": {text: index for index, text in enumerate(tokens)},
            "merges": [tuple(pair.split(" ")) for pair in gguf.metadata("tokenizer.ggml.merges")],
        },
    }
