"""What a decode step returns from the last hidden state: the token, the best k logits, or all logits."""

from dataclasses import dataclass

import jax
import jax.numpy as jnp

from zoo import parallel
from zoo.errors import ZooError


@dataclass(frozen=True)
class Head:
    """`kind` is "argmax", "topk" or "logits"; `k` is set for "topk"."""

    kind: str
    k: int | None = None


def parse(text, vocabulary):
    """Reads `argmax`, `topk:K` or `logits` as given on the command line."""
    kind, colon, count = text.partition(":")
    if kind in ("argmax", "logits") and not colon:
        return Head(kind)
    if kind != "topk" or not count.isdecimal() or int(count) == 0:
        raise ZooError(f"unknown head `{text}`: give argmax, topk:K with K at least 1, or logits")
    if int(count) > vocabulary:
        raise ZooError(f"head `{text}`: k is larger than the vocabulary of {vocabulary} tokens")
    return Head(kind, int(count))


def outputs(head, hidden, matrix, devices=parallel.ALONE):
    """The head's results for `hidden [batch, d]` and `matrix [vocabulary, d]`, as a tuple.

    argmax: token i32[batch]. topk: values f32[batch, k] from largest to smallest and indices
    i32[batch, k]. logits: f32[batch, vocabulary].
    """
    with jax.named_scope("head"):
        logits = jnp.einsum("bd,vd->bv", hidden, matrix, preferred_element_type=jnp.float32)
        logits = devices.whole(logits)
        if head.kind == "argmax":
            return (jnp.argmax(logits, axis=-1).astype(jnp.int32),)
        if head.kind == "topk":
            return tuple(jax.lax.top_k(logits, head.k))
        return (logits,)
